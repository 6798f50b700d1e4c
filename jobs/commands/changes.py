"""The command that follows what changes: `changes`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from jobs import options as opt
from jobs.output import print_table, say, when


def changes(
    since_cursor: Annotated[
        str | None,
        typer.Option(
            "--since-cursor", metavar="CURSOR", help="Only what changed after it; all without."
        ),
    ] = None,
    limit: opt.Limit = None,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Articles in the order in which they last changed, each with the cursor to go on from.

    With --json one line a change, {"cursor": …, "article": {…}}; else a table of 50 unless
    --limit says more, and the last cursor on standard error.

    Example: sinorus changes --since-cursor 1200 --json
    """
    from jobs.report import PAGE_LENGTH
    from storage.cleaning import clean_values
    from storage.export.output import open_output

    settings = opt.settings_of(config, database_url, outlets_file)
    last = since_cursor
    with opt.database_of(settings) as database:
        if as_json:
            with open_output(None) as stream:
                for change in database.changes(since_cursor, limit):
                    record = {"cursor": change.cursor, "article": change.article.to_dict()}
                    stream.write(json.dumps(clean_values(record), ensure_ascii=False) + "\n")
            return
        rows = []
        for change in database.changes(since_cursor, limit or PAGE_LENGTH):
            last, a = change.cursor, change.article
            rows.append([last, when(a.last_changed), a.id, a.outlet, a.revision, a.headline])
    if rows:
        print_table(("cursor", "changed", "id", "outlet", "revision", "headline"), rows)
    say(f"cursor {last}" if last else "no change yet")
