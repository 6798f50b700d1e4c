"""The demo: serve the fictional newsrooms, crawl them, let one revise a story, crawl again."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import storage
from crawler.outlets import load_catalogue
from crawler.urls import host_of
from jobs import exits
from jobs.crawl import CrawlPlan, Crawls, silence_libraries
from jobs.demo.newsrooms import COURIER, outlets_toml
from jobs.demo.server import DemoServer
from jobs.output import print_json, say, tell
from jobs.progress import CrawlProgress
from jobs.reactor import Interrupted, run
from jobs.report import print_articles, print_report, say_problems
from jobs.settings import Settings
from jobs.tally import CrawlReport
from storage import StorageError, frontier

FIRST_PORT = 8471
PORTS_TRIED = 50
_POLL_SECONDS = 0.2
"""For a database that knows no demo yet; below the ports that systems hand out by themselves."""

WAIT_SECONDS = 30.0
"""For the port of a demo that runs at the same moment; one lasts a few seconds."""


def run_demo(settings: Settings, *, as_json: bool) -> int:
    """Run it all; the exit code."""
    silence_libraries()
    with storage.open(settings.database_url, create=True) as database, _server(database) as server:
        say(f"three fictional newsrooms are open at {server.base_url}/ until this ends")
        try:
            reports = _crawl_twice(settings, database, server)
        except Interrupted:
            return exits.INTERRUPTED
        _tell(settings, database, reports, as_json=as_json)
    return exits.FAILED if any(report.is_failed for report in reports) else 0


@contextmanager
def _server(database: storage.Database) -> Iterator[DemoServer]:
    """The site on the port under which this database knows it, else on the first free one.

    On another port its articles would have other addresses, and be others.
    """
    known = _known_port(database)
    ports = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED) if known is None else [known]
    deadline = time.monotonic() + WAIT_SECONDS
    while (server := _first_free(ports)) is None:
        if time.monotonic() > deadline:
            raise StorageError(
                f"{database.place} knows the demo's articles under port {ports[0]}, which is "
                "taken: free it, or name another database with --database-url"
            )
        time.sleep(_POLL_SECONDS)
    with server:
        yield server


def _known_port(database: storage.Database) -> int | None:
    with database.read() as conn:
        urls = frontier.source_urls(conn, COURIER.id)
    hosts = [host for url in urls if (host := host_of(url))]
    return hosts[-1][1] if hosts else None


def _first_free(ports: Sequence[int]) -> DemoServer | None:
    for port in ports:
        with suppress(OSError):
            return DemoServer(port)
    return None


def _crawl_twice(
    settings: Settings, database: storage.Database, server: DemoServer
) -> list[CrawlReport]:
    """A crawl, and a second one after the newsroom revised a story.

    Where an earlier demo stored the revised story already, it stays revised.
    """
    edited = database.article(server.site.edited_url)
    server.edited = edited is not None and edited.revision > 1
    with tempfile.TemporaryDirectory(prefix="sinorus-demo-") as folder:
        path = Path(folder) / "outlets.toml"
        path.write_text(outlets_toml(server.base_url), "utf-8")
        plan = CrawlPlan(list(load_catalogue(path)))
    with closing(Crawls(settings, database, "demo")) as crawls, CrawlProgress() as progress:

        async def both() -> list[CrawlReport]:
            first = await crawls.crawl(plan, progress.update)
            if server.edited:
                return [first]
            server.edited = True
            return [first, await crawls.crawl(plan, progress.update)]

        hosts = {host[0] for outlet in plan.outlets for host in outlet.hosts}
        return run(both, crawls.stop, hosts, crawls.note_order)


def _tell(
    settings: Settings, database: storage.Database, reports: list[CrawlReport], *, as_json: bool
) -> None:
    """What was stored, what the database holds, and what to type next."""
    if as_json:
        print_json([report.to_dict() for report in reports])
        return
    for report in reports:
        print_report(report)
        say_problems(report)
        tell()
    new, updated = (sum(r.total(name) for r in reports) for name in ("new", "updated"))
    if new or updated:
        tell(f"stored {new} new and {updated} revised articles in {database.place}\n")
    else:
        tell(f"nothing new: {database.place} holds all of it already\n")
    print_articles(database, storage.Filters(outlet=[o for r in reports for o in r.outlets]))
    _say_next(settings, database)


def _say_next(settings: Settings, database: storage.Database) -> None:
    default = Settings().database_url
    where = "" if settings.database_url == default else f" --database-url {settings.database_url}"
    revised = next((a for a in database.articles(sort="-id") if a.revision > 1), None)
    name = _command_name()
    tell("\nNext:")
    if revised:
        tell(f"  {name} show {revised.id} --revisions{where}")
    tell(f"  {name} articles --search Россия{where}")
    tell(f"  {name} export --format csv --output articles.csv{where}")
    tell(f"  {name} crawl scmp{where}   # for real: asks www.scmp.com, ten seconds a page")


def _command_name() -> str:
    """How to call this program again: by its name if that finds it, else as it was called."""
    called = Path(sys.argv[0])
    found = shutil.which("sinorus")
    if called.name != "sinorus" or (found and Path(found).samefile(called)):
        return "sinorus"
    return str(called)
