"""Commands that fetch: `crawl` and `demo`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from jobs import exits
from jobs import options as opt
from jobs.output import print_json, say
from jobs.times import parse_moment


def crawl(
    outlets: Annotated[
        list[str] | None, typer.Argument(metavar="[OUTLET]...", help="Ids; all enabled without.")
    ] = None,
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
    backfill: Annotated[
        bool,
        typer.Option("--backfill", help="Read sitemaps, archives and lists back to --since."),
    ] = False,
    keep_off_topic: Annotated[
        bool, typer.Option("--all", help="Also store articles judged off topic.")
    ] = False,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """One crawl now: of all enabled outlets, of those named, or of just these pages.

    Example: sinorus crawl scmp --backfill --since 30d
    """
    from jobs.crawl import crawl_now, plan_crawl
    from jobs.ledger import CrawlOptions
    from jobs.progress import CrawlProgress
    from jobs.report import print_report, say_problems

    settings = opt.settings_of(config, database_url, outlets_file)
    moment = parse_moment(since, "--since", datetime.now(UTC)) if since else None
    wanted = CrawlOptions(moment, limit, keep_off_topic, backfill)
    plan = plan_crawl(settings.catalogue(), outlets or [], urls or [], wanted)
    if not settings.names_contact and sys.stderr.isatty():
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
        raise typer.Exit(exits.INTERRUPTED)
    if report.is_failed:
        raise typer.Exit(exits.FAILED)


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
