"""The command `stories`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from jobs import options as opt
from jobs.times import parse_moment


def stories(
    since: opt.Since = None,
    until: opt.Until = None,
    outlet: opt.OutletIds = None,
    told_by: Annotated[
        int, typer.Option("--told-by", min=1, metavar="N", help="At least so many outlets.")
    ] = 2,
    limit: opt.Limit = None,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """The same story as told by several outlets, the latest first; 20 unless --limit says more.

    A story counts as of the time and the outlet of any of its articles, and is shown whole.
    With --json and no --limit all are given.

    Example: sinorus stories --since 7d --outlet scmp
    """
    from jobs.stories import STORIES_SHOWN, print_stories, print_stories_json

    settings = opt.settings_of(config, database_url, outlets_file)
    now = datetime.now(UTC)
    if limit is None and not as_json:
        limit = STORIES_SHOWN
    with opt.database_of(settings) as database:
        found = database.stories(
            since=parse_moment(since, "--since", now) if since else None,
            until=parse_moment(until, "--until", now) if until else None,
            outlet=outlet or None,
            limit=limit,
            told_by=told_by,
        )
        if as_json:
            print_stories_json(found)
        else:
            print_stories(found)
