"""A desk to crawl from: a working directory, an outlets file, and the command as its user has
it. And the pages and feeds that its newsrooms serve.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from importlib import import_module
from itertools import count
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

import storage
from jobs.__main__ import main
from storage.engine import BEGIN_OPTION

TIMEOUT_SECONDS = 60.0
POLL_SECONDS = 0.01
CONTACT = "mailto:desk@newsroom.example"
SETTINGS = {
    "SINORUS_CONTACT": CONTACT,
    "SINORUS_OUTLETS_FILE": "outlets.toml",
    # Processes take a second to start: for hundreds of crawls, minutes.
    "SINORUS_READING_PROCESSES": "0",
}
IN_PROCESSES = {"SINORUS_READING_PROCESSES": "2"}
"""As whoever sets nothing has it: pages are read in processes of their own."""

IN, OUT, ERR = ".stdin", ".stdout", ".stderr"
SLUG = "china-and-russia-sign-gas-accord"

_TEXTS = (
    "The foreign ministers of China and Russia signed an accord on "
    "natural gas in Beijing, the first of its kind in five years.",
    "Beijing and Moscow also agreed to lengthen the hours of four crossings on the Amur, where "
    "lorries from Russia wait for days to enter China.",
    "Trade between China and Russia rose by a tenth last year, customs figures show.",
)
_TIMES = ("first_seen", "last_seen", "last_changed")


@dataclass(frozen=True)
class Ran:
    """A command that ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def row(self) -> dict[str, Any]:
        """The only outlet's row of a crawl's report."""
        (row,) = self.json["outlets"]
        return dict(row)

    def of(self, outlet: str) -> dict[str, Any]:
        """That outlet's row of a crawl's report."""
        return self.rows[outlet]

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        return {row["outlet"]: row for row in self.json["outlets"]}


@dataclass
class Desk:
    """Runs commands in `folder`, where the database is `sinorus.db`."""

    folder: Path

    def outlets(self, *entries: Mapping[str, Any]) -> None:
        """Writes the outlets file; a value is the same thing in JSON and in TOML."""
        lines: list[str] = []
        for entry in entries:
            lines.append("[[outlet]]")
            lines += [f"{name} = {json.dumps(value)}" for name, value in entry.items()]
        (self.folder / "outlets.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def run(self, *arguments: str, **options: Any) -> Ran:
        """The command to its end, with the options of `fork_command`.

        What no command may print is checked here, once for all.
        """
        started = time.monotonic()
        process = fork_command(self.folder, *arguments, **options)
        process.join(TIMEOUT_SECONDS)
        process.kill()
        seconds = time.monotonic() - started
        out, err = (self.folder.joinpath(name).read_bytes().decode() for name in (OUT, ERR))
        assert process.exitcode is not None, "it did not end in time"
        assert "Traceback" not in err, err
        assert "\x1b" not in out + err
        return Ran(process.exitcode, out, err, seconds)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """The command as a shell starts it: for what is sent to it, and who reads from it."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("SINORUS_")}
        root = str(Path(__file__).parents[2])
        return subprocess.Popen(
            [sys.executable, "-m", "jobs", *arguments],
            cwd=self.folder,
            env={**inherited, **SETTINGS, "PYTHONPATH": root},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def crawl(self, *arguments: str, **options: Any) -> Ran:
        """`sinorus crawl --json`; its report must come whatever came of the crawl."""
        ran = self.run("crawl", "--json", *arguments, **options)
        assert ran.code in (0, 1), ran.err
        return ran

    @contextmanager
    def database(self) -> Iterator[storage.Database]:
        with storage.open(f"sqlite:///{self.folder / 'sinorus.db'}") as database:
            yield database

    def articles(self, outlet: str | None = None) -> list[dict[str, Any]]:
        """All records, or an outlet's, the first stored first."""
        with self.database() as database:
            found = database.articles(sort="id", outlet=outlet)
            return [article.to_dict() for article in found]

    def contents(self) -> list[dict[str, Any]]:
        """Records with their revisions, by address: all but keys and times of our own."""
        with self.database() as database:
            found = []
            for article in database.articles():
                record = article.to_dict()
                history = [
                    (entry.revision, entry.content) for entry in database.revisions(record["id"])
                ]
                for name in ("id", "story_id", *_TIMES):
                    del record[name]
                found.append({**record, "revisions": history})
        return sorted(found, key=lambda record: record["url"])


_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(
    [
        "crawler.parsers.generic",
        "jobs.alerts.sending",
        "jobs.cli",
        "jobs.crawl",
        "jobs.daemon.run",
        "pytest",
        "scrapy.core.downloader.handlers.http11",
        "tests.jobs.desk",
    ]
)


def fork_command(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    changed: Mapping[str, Any] | None = None,
    kill_at: tuple[str, int] | None = None,
    kill_by: signal.Signals = signal.SIGKILL,
    is_alone: bool = False,
) -> ForkServerProcess:
    """The command in a process of its own that begins with its libraries loaded.

    That saves most of its time, and there are hundreds of them. What it prints goes to files in
    the folder. `changed` sets constants (`module.NAME`) in it. `kill_at` is `commit` or `fsync`
    and a number: it kills itself as its n-th transaction is to be committed, or its n-th file to
    be synced; or sends itself `kill_by`. One that `is_alone` leads a session of processes
    (setsid), and has none in common with us: those that it starts are all in it.
    """
    (folder / IN).write_bytes(stdin)
    settings = {**SETTINGS, **(env or {})}
    work = (str(folder), arguments, settings, dict(changed or {}), kill_at, kill_by, is_alone)
    process = _forks.Process(target=_be_command, args=work)
    process.start()
    return process


def _be_command(
    folder: str,
    arguments: Sequence[str],
    settings: Mapping[str, str],
    changed: Mapping[str, Any],
    kill_at: tuple[str, int] | None,
    kill_by: signal.Signals,
    is_alone: bool,
) -> None:
    os.chdir(folder)
    if is_alone:
        os.setsid()
        forkserver._forkserver.__init__()  # type: ignore[attr-defined, misc]
    for name in [name for name in os.environ if name.startswith("SINORUS_")]:
        del os.environ[name]
    os.environ |= settings
    sys.stdin = os.fdopen(os.open(IN, os.O_RDONLY))
    for name, stream in ((OUT, sys.stdout), (ERR, sys.stderr)):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream.fileno())
    for place, value in changed.items():
        module, _, name = place.rpartition(".")
        assert hasattr(import_module(module), name), place
        setattr(import_module(module), name, value)
    if kill_at:
        _prepare_to_die(*kill_at, kill_by)
    sys.argv = ["sinorus", *arguments]
    main()


def _prepare_to_die(moment: str, number: int, by: signal.Signals) -> None:
    reached = count(1)
    sync = os.fsync

    def die_at_the_last() -> None:
        if next(reached) == number:
            os.kill(os.getpid(), by)

    def commit(connection: Connection) -> None:
        if connection.get_execution_options().get(BEGIN_OPTION):  # not those that only read
            die_at_the_last()

    def fsync(descriptor: int) -> None:
        die_at_the_last()
        sync(descriptor)

    if moment == "commit":
        event.listen(Engine, "commit", commit)
    else:
        os.fsync = fsync


def end_by_signal(process: subprocess.Popen[bytes], number: signal.Signals) -> Ran:
    """What became of a command that is sent a signal now."""
    started = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=TIMEOUT_SECONDS)
    return Ran(process.returncode, out.decode(), err.decode(), time.monotonic() - started)


def wait_until(is_so: Callable[[], bool], seconds: float = TIMEOUT_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(POLL_SECONDS)


def an_outlet(base_url: str, outlet_id: str = "desk", **changes: Any) -> dict[str, Any]:
    """An entry whose one feed is `/feed`, asked without delay."""
    return {
        "id": outlet_id,
        "name": outlet_id.title(),
        "language": "en",
        "home": f"{base_url}/",
        "feeds": [f"{base_url}/feed"],
        "on_topic": True,
        "delay_seconds": 0.0,
        **changes,
    }


def a_numbered_outlet(base_url: str, **changes: Any) -> dict[str, Any]:
    """One whose articles have a number in their address, as SCMP's have."""
    return an_outlet(base_url, article_urls=["/article/\\d+/"], parser="scmp", **changes)


def number_path(number: int, slug: str = SLUG) -> str:
    return f"/news/china/diplomacy/article/{number}/{slug}"


def an_article(
    headline: str = "China and Russia sign gas accord",
    texts: Sequence[str] = _TEXTS,
    *,
    canonical: str = "",
    head: str = "",
) -> str:
    """A plain page that the generic reader reads."""
    link = f'<link rel="canonical" href="{escape(canonical)}">' if canonical else ""
    body = "".join(f"<p>{escape(text)}</p>" for text in texts)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{escape(headline)}</title>{link}{head}'
        '<meta property="article:published_time" content="2026-11-02T08:00:00Z"></head>'
        f"<body><article><h1>{escape(headline)}</h1>{body}</article></body></html>"
    )


def a_rendered_article(number: int, headline: str = "China and Russia sign gas accord") -> str:
    """A page of SCMP's kind without its state."""
    body = "".join(f'<p data-qa="Component-Component">{escape(text)}</p>' for text in _TEXTS)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{escape(headline)}</title>'
        f'<link rel="canonical" href="{number_path(number)}"></head><body><main><article>'
        '<div data-qa="ContentHeadline-Topic"><a href="/t">China-Russia relations</a></div>'
        f'<h1 data-qa="ContentHeadline-Headline"><span>{escape(headline)}</span></h1>'
        '<ul data-qa="ContentSubHeadline"><li>The first in five years</li></ul>'
        '<time datetime="2026-11-02T08:00:00.000Z">Published: 4:00pm, 2 Nov 2026</time>'
        f'<section data-qa="ContentBody">{body}</section></article></main></body></html>'
    )


def item(link: str, title: str = "China and Russia sign gas accord", day: int = 2) -> str:
    """An RSS item, published on that day of November 2026."""
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        f'<guid isPermaLink="false">{escape(link)}</guid>'
        f"<pubDate>{day:02} Nov 2026 08:00:00 +0000</pubDate></item>"
    )


def rss(*items: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Desk</title>'
        f"<link>/</link><description>All</description>{''.join(items)}</channel></rss>"
    )
