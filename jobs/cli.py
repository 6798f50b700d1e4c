"""The commands. Each parses its options, calls one thing, prints and sets the exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.errors import ConfigurationError, SinorusError
from jobs import options as opt
from jobs.__main__ import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from jobs.output import print_json, print_table, say
from jobs.settings import VERSION
from jobs.times import parse_moment

app = typer.Typer(
    name="sinorus",
    help="Watches what newsrooms write about China–Russia relations and keeps it as records.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
db = typer.Typer(help="Schema of the database.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(db, name="db")


@contextmanager
def fault_sentences() -> Iterator[None]:
    """Print a foreseeable fault as one sentence and exit as the contract says."""
    try:
        yield
    except ConfigurationError as error:
        say(f"sinorus: {error}")
        sys.exit(EXIT_USAGE)
    except SinorusError as error:
        say(f"sinorus: {error}")
        sys.exit(EXIT_FAILED)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"sinorus {VERSION}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Version.")
    ] = False,
) -> None:
    """Watches what newsrooms write about China–Russia relations and keeps it as records."""


@app.command()
def crawl(
    outlets: Annotated[list[str] | None, typer.Argument(metavar="[OUTLET]...")] = None,
    urls: Annotated[
        list[str] | None,
        typer.Option("--url", metavar="URL", help="Just this article page; repeatable."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Leave out what is dated earlier: 2d, 2026-11-01."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="At most N pages of each outlet.")
    ] = None,
    keep_off_topic: Annotated[
        bool, typer.Option("--all", help="Also store articles judged off topic.")
    ] = False,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """One crawl now: of all enabled outlets, of those named, or of just these pages.

    Example: sinorus crawl scmp --since 2d
    """
    from jobs.crawl import crawl_now, plan_crawl
    from jobs.memory import CrawlOptions
    from jobs.progress import CrawlProgress
    from jobs.report import print_report, say_problems

    settings = opt.settings_of(config, database_url, outlets_file)
    moment = parse_moment(since, "--since", datetime.now(UTC)) if since else None
    wanted = CrawlOptions(since=moment, limit=limit, keep_off_topic=keep_off_topic)
    plan = plan_crawl(settings.catalogue(), outlets or [], urls or [], wanted)
    if not settings.names_contact:
        say(
            f"sinorus: publishers can write to {settings.contact_address}; set `contact` in "
            "sinorus.toml to name a better address"
        )
    with CrawlProgress() as progress:
        report = crawl_now(settings, plan, progress.update)
    if as_json:
        print_json(report.to_dict())
    else:
        print_report(report)
    say_problems(report)
    if report.is_interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)
    if report.is_failed:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def articles(
    search: opt.Search = None,
    outlet: opt.OutletIds = None,
    since: opt.Since = None,
    until: opt.Until = None,
    topic: opt.Topic = None,
    language: opt.Language = None,
    sort: opt.Sort = "published",
    limit: opt.Limit = None,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """List and search what is stored, newest first; a page of 50 unless --limit says more.

    Example: sinorus articles --search "gas pipeline" --since 30d
    """
    from jobs.report import print_articles

    settings = opt.settings_of(config, database_url, outlets_file)
    filters = opt.filters_of(
        search=search,
        outlet=outlet,
        since=since,
        until=until,
        topic=topic,
        language=language,
        sort=sort,
        limit=limit,
    )
    with opt.database_of(settings) as database:
        if as_json:
            print_json([article.to_dict() for article in database.articles(filters)])
        else:
            print_articles(database, filters)


@app.command()
def show(
    id_or_url: Annotated[str, typer.Argument(metavar="ID_OR_URL")],
    revisions: Annotated[
        bool, typer.Option("--revisions", help="Also what changed, revision by revision.")
    ] = False,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """One article, whole, by its id or any address it was met under.

    Example: sinorus show 12 --revisions
    """
    from jobs.show import find_article, print_article, print_revisions, revisions_record

    settings = opt.settings_of(config, database_url, outlets_file)
    with opt.database_of(settings) as database:
        article = find_article(database, settings, id_or_url)
        history = database.revisions(article.id or 0) if revisions else []
    if as_json:
        record = article.to_dict()
        print_json({**record, "revisions": revisions_record(history)} if revisions else record)
        return
    print_article(article)
    if revisions:
        print_revisions(history)


@app.command()
def export(
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="jsonl or csv.")],
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file, whole or not at all; - is stdout.")
    ] = None,
    raw_cells: Annotated[
        bool,
        typer.Option(
            "--raw-cells", help="CSV without the ' before cells that a spreadsheet would run."
        ),
    ] = False,
    search: opt.Search = None,
    outlet: opt.OutletIds = None,
    since: opt.Since = None,
    until: opt.Until = None,
    topic: opt.Topic = None,
    language: opt.Language = None,
    sort: opt.Sort = "published",
    limit: opt.Limit = None,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Write records out.

    Example: sinorus export --format csv --output articles.csv --since 7d
    """
    from storage.export import open_output, write_csv, write_jsonl

    if form not in ("jsonl", "csv"):
        raise ConfigurationError(f"--format {form}: use jsonl or csv")
    settings = opt.settings_of(config, database_url, outlets_file)
    filters = opt.filters_of(
        search=search,
        outlet=outlet,
        since=since,
        until=until,
        topic=topic,
        language=language,
        sort=sort,
        limit=limit,
    )
    with opt.database_of(settings) as database, open_output(output) as stream:
        records = database.articles(filters)
        if form == "csv":
            write_csv(records, stream, safe=not raw_cells)
        else:
            write_jsonl(records, stream)


@app.command()
def parse(
    file: Annotated[str, typer.Argument(metavar="FILE|-")],
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Where the page came from.")],
    outlet: Annotated[
        str | None, typer.Option("--outlet", metavar="ID", help="Its outlet, if not found by URL.")
    ] = None,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """One saved page to its record as JSON; nothing is stored.

    Example: sinorus parse page.html --url https://www.scmp.com/news/china/article/1/x
    """
    from crawler.parsers import read_article
    from crawler.urls import absolute

    settings = opt.settings_of(config, database_url, outlets_file)
    address = absolute("", url)
    if address is None:
        raise ConfigurationError(f"--url {url}: not an http(s) address")
    catalogue = settings.catalogue()
    entry = catalogue.require(outlet) if outlet else catalogue.outlet_of(address)
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from error
    print_json(read_article(body, address, entry).to_dict())


@app.command()
def outlets(
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """The catalogue, with what became of each outlet.

    Example: sinorus outlets --json
    """
    from jobs.status import outlet_rows

    settings = opt.settings_of(config, database_url, outlets_file)
    rows = outlet_rows(settings)
    if as_json:
        print_json(rows)
        return
    columns = ("id", "name", "language", "enabled", "articles", "last success", "problem")
    names = ("id", "name", "language", "enabled", "articles", "last_success", "problem")
    print_table(columns, ([row[name] for name in names] for row in rows))


@app.command()
def status(
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Last runs, counts, backlog and problems.

    Example: sinorus status --json
    """
    from jobs.status import print_status, status_record

    settings = opt.settings_of(config, database_url, outlets_file)
    with opt.database_of(settings) as database:
        record = status_record(database, datetime.now(UTC))
    if as_json:
        print_json(record)
    else:
        print_status(record)


@app.command()
def demo(
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """A whole run against a small news site that this command serves itself on loopback.

    Needs no internet. Example: sinorus demo --database-url sqlite:///demo.db
    """
    from jobs.demo.run import run_demo

    settings = opt.settings_of(config, database_url, outlets_file)
    code = run_demo(settings, as_json=as_json)
    if code:
        raise typer.Exit(code)


@db.command()
def upgrade(
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Bring the database to this version's schema, or create it; repeatable.

    Example: sinorus db upgrade
    """
    from storage.engine import parse_address, place
    from storage.migrate import upgrade as migrate

    settings = opt.settings_of(config, database_url, outlets_file)
    reached = migrate(settings.database_url)
    say(f"database {place(parse_address(settings.database_url))} is at {reached}")
