"""Commands that read what is stored: `articles`, `show` and `export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs import options as opt
from jobs.output import print_json


def articles(
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
    """List and search what is stored, newest first; a page of 50 unless --limit says more.

    A search lists first what has the words in its headline, then what is about them, then what
    only mentions them, each newest first.

    Example: sinorus articles --search '"gas pipeline" -Turkey' --since 30d
    """
    from jobs.report import article_records, print_articles

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
    with opt.database_of(settings) as database:
        if as_json:
            print_json(article_records(database, filters))
        else:
            print_articles(database, filters)


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


def export(
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="jsonl, csv, parquet or atom.")
    ],
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file, whole or not at all; - is stdout.")
    ] = None,
    raw_cells: Annotated[
        bool,
        typer.Option(
            "--raw-cells", help="CSV without the ' before cells that a spreadsheet would run."
        ),
    ] = False,
    feed_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Where an Atom feed will be had: its id and its link to itself."
        ),
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
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Write records out.

    Example: sinorus export --format csv --output articles.csv --since 7d
    """
    from jobs.export import check_request, export_records

    check_request(form, feed_url)
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
    with opt.database_of(settings) as database:
        export_records(database, filters, form, output, raw_cells=raw_cells, feed_url=feed_url)
