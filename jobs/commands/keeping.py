"""Commands that keep the database sound and move it: `db check` and `db copy`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from jobs import exits
from jobs import options as opt
from jobs.output import print_json, print_table, say, tell


def check(
    quick: Annotated[
        bool, typer.Option("--quick", help="Without what reads every text and the whole file.")
    ] = False,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Look at every row for what must always hold, and at the WARC files; changes nothing.

    Exits with 1 if anything is found. Example: sinorus db check --quick
    """
    from storage.check import check_address
    from storage.engine import parse_address, place

    settings = opt.settings_of(config, database_url, outlets_file)
    number = 0
    found = check_address(settings.database_url, data_dir=settings.data_dir, quick=quick)
    for finding in found:
        if as_json:
            opening = "," if number else "["
            tell(f"{opening} {json.dumps(finding.to_dict(), ensure_ascii=False)}")
        else:
            tell(f"{finding.kind}: {finding.sentence}")
        number += 1
    if as_json:
        tell("]" if number else "[]")
    say(f"database {place(parse_address(settings.database_url))}: {number or 'nothing'} found")
    if number:
        raise typer.Exit(exits.FAILED)


def copy(
    to: Annotated[
        str,
        typer.Option("--to", metavar="URL", help="A database that is empty or not there yet."),
    ],
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Copy the whole database into another, SQLite or PostgreSQL, ids kept; all or nothing.

    The raw pages in the data directory are files: copy them as such.
    Example: sinorus db copy --to postgresql+psycopg://sinorus@db.example/sinorus
    """
    from jobs.progress import CopyProgress
    from storage.copying import copy_database

    settings = opt.settings_of(config, database_url, outlets_file)
    with CopyProgress() as progress:
        copied = copy_database(settings.database_url, to, progress.update)
    if as_json:
        print_json(copied)
    else:
        print_table(("table", "rows"), copied.items())
