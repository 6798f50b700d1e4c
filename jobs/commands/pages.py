"""Commands on the raw pages: `page`, `reparse` and `db prune`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from crawler.errors import ConfigurationError
from jobs import exits
from jobs import options as opt
from jobs.output import counted, print_json, say, tell
from jobs.times import parse_moment

_GOES_ON = "what was read so far is kept, and the same command goes on"


def page(
    id_or_url: Annotated[str, typer.Argument(metavar="ID_OR_URL")],
    revision: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Of this revision, not the latest page.")
    ] = None,
    info: Annotated[
        bool, typer.Option("--info", help="Tell where it lies; not the page itself.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As --info, as JSON.")] = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """The raw page that an article was read from, as it came, on standard output.

    Example: sinorus page 12 --revision 1 > page.html
    """
    from jobs.show import find_article
    from storage.errors import StorageError
    from storage.kept_pages import page_of, read_kept

    is_raw = not (info or as_json)
    if is_raw and sys.stdout.isatty():
        raise ConfigurationError(
            "page: a raw page may command a terminal; send it to a file or a program, or ask for "
            "--info"
        )
    settings = opt.settings_of(config, database_url, outlets_file)
    with opt.database_of(settings) as database:
        article = find_article(database, settings, id_or_url)
        with database.read() as conn:
            kept = page_of(conn, article.id or 0, revision)
    if kept is None:
        which = f"article {article.id}" if revision is None else f"revision {revision}"
        raise StorageError(f"{which} has no page: it came of a listing, or its page was gone")
    if is_raw:
        sys.stdout.buffer.write(read_kept(settings.data_dir, kept).body)
    elif as_json:
        print_json(kept.to_dict())
    else:
        for name, value in kept.to_dict().items():
            tell(f"{name:>16}  {'–' if value is None else value}")


def reparse(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only report what would be other; write nothing.")
    ] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="From the beginning, though one was ended midway.")
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(min=1, max=64, metavar="N", help="Pages at once; reading_processes."),
    ] = None,
    search: opt.Search = None,
    outlet: opt.OutletIds = None,
    since: opt.Since = None,
    until: opt.Until = None,
    topic: opt.Topic = None,
    author: opt.Author = None,
    language: opt.Language = None,
    story: opt.Story = None,
    sort: opt.Sort = None,
    limit: opt.Limit = None,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Read the stored raw pages again with today's readers, and keep what is other.

    May be ended at any moment: the same command goes on. What is other is a revision `reread`.
    Pages that could not be read before are tried too, unless articles are chosen by their words.

    Example: sinorus reparse --outlet scmp --dry-run
    """
    import storage
    from jobs.progress import ReparseProgress
    from jobs.reparse.report import print_reparsed, say_faults
    from jobs.reparse.run import Reparse, ReparsePlan, reparse_key

    settings = opt.settings_of(config, database_url, outlets_file)
    asked: dict[str, Any] = {
        "search": search,
        "outlet": outlet,
        "since": since,
        "until": until,
        "topic": topic,
        "author": author,
        "language": language,
        "story": story,
        "sort": sort,
        "limit": limit,
    }
    filters, catalogue = opt.filters_of(**asked), settings.catalogue()
    settings.judge()  # a faulty topic_file is told here, not by every reading process
    key = reparse_key(settings, catalogue, asked)
    # Never in this process, whatever the setting: a page may hang or kill its reader.
    at_once = processes or settings.reading_processes or 1
    plan = ReparsePlan(filters, key, at_once, dry_run, restart)
    with storage.open(settings.database_url) as database:
        try:
            with ReparseProgress() as progress:
                report = Reparse(database, settings, catalogue, plan).run(progress.update)
        except KeyboardInterrupt:
            say("interrupted" if dry_run else f"interrupted: {_GOES_ON}")
            raise
    if as_json:
        print_json({"dry_run": dry_run, **report.to_dict()})
    else:
        print_reparsed(report, is_dry=dry_run)
    say_faults(report)
    if report.is_failed:
        raise typer.Exit(exits.FAILED)


def prune(
    before: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Fetched before: 365d, 2026-11-01. keep_pages_days."),
    ] = None,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Delete old raw pages, by whole WARC files. Records and revisions stay.

    Without --before as old as the setting keep_pages_days says; the daemon does it by itself.
    Example: sinorus db prune --before 365d
    """
    import storage
    from jobs.retention import oldest_kept
    from storage.retention import remove_old_pages

    settings, now = opt.settings_of(config, database_url, outlets_file), datetime.now(UTC)
    limit = parse_moment(before, "--before", now) if before else oldest_kept(settings, now)
    if limit is None:
        raise ConfigurationError(
            "db prune: keep_pages_days is not set, so pages are kept for ever; name a time with "
            "--before"
        )
    with storage.open(settings.database_url) as database:
        removed = remove_old_pages(database, settings.data_dir, limit, now)
    for name in removed.in_use:
        say(f"left: {name} is being written to")
    if as_json:
        print_json(removed.to_dict())
    else:
        pages, files = counted(removed.pages, "page"), counted(removed.files, "file")
        say(f"{pages} removed with {files}, {removed.bytes} bytes")
