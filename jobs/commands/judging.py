"""The command that judges again what is stored: `rejudge`."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs import options as opt
from jobs.output import print_json


def rejudge(
    off_topic: Annotated[
        bool,
        typer.Option(
            "--off-topic",
            help="Also ask again, at the next crawl, for pages of these outlets that were judged "
            "off topic and not kept.",
        ),
    ] = False,
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
    """Judge again what is stored, by today's terms or another topic_file.

    May be stopped at any moment and run again: what is judged already stays as it is.
    Another verdict is a change that `sinorus changes` tells of, and no revision.

    Example: sinorus rejudge --since 30d --json
    """
    import storage
    from jobs.progress import RejudgeProgress
    from jobs.rejudge import ask_again, print_rejudged, rejudge_stored

    settings = opt.settings_of(config, database_url, outlets_file)
    filters = opt.filters_of(
        search=search,
        outlet=outlet,
        since=since,
        until=until,
        topic=topic,
        author=author,
        language=language,
        story=story,
        sort=sort,
        limit=limit,
    )
    judge, catalogue = settings.judge(), settings.catalogue()
    with storage.open(settings.database_url) as database:
        with RejudgeProgress() as progress:
            done = rejudge_stored(database, filters, judge, catalogue, progress.update)
        if off_topic:
            done.due_again = ask_again(database, filters.outlets())
    if as_json:
        print_json(done.to_dict())
    else:
        print_rejudged(done)
