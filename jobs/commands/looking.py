"""Commands that look at pages and the state of things: `parse` and `status`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.errors import ConfigurationError
from jobs import options as opt
from jobs.output import print_json


def parse(
    file: Annotated[str, typer.Argument(metavar="FILE|-")],
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Where the page came from.")],
    outlet: Annotated[
        str | None, typer.Option("--outlet", metavar="ID", help="Its outlet, if not found by URL.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also say where each field came from.")
    ] = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """One saved page to its record as JSON; nothing is stored.

    Example: sinorus parse page.html --url https://www.scmp.com/news/china/article/1/x
    """
    from crawler.parsers import explain_article, read_article
    from crawler.urls import absolute

    settings = opt.settings_of(config, database_url, outlets_file)
    address = absolute("", url)
    if address is None:
        raise ConfigurationError(f"--url {url}: not an http(s) address")
    catalogue = settings.catalogue()
    judge = settings.judge()
    entry = catalogue.require(outlet) if outlet else catalogue.outlet_of(address)
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from error
    if explain:
        print_json(explain_article(body, address, entry, judge=judge))
    else:
        print_json(read_article(body, address, entry, judge=judge).to_dict())


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
