"""The options that commands share: the same flags everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

import storage
from jobs.settings import Settings, load_settings
from jobs.times import parse_moment

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings file; sinorus.toml if there is one."),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database-url", metavar="URL", help="sqlite:///FILE or postgresql+psycopg://…"),
]
OutletsFile = Annotated[
    Path | None,
    typer.Option("--outlets-file", metavar="FILE", help="Outlets instead of the packaged ones."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
Search = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT",
        help='Words that must all occur, in any form and script; "a phrase", begin*, '
        "headline:word, -without, one OR other.",
    ),
]
OutletIds = Annotated[
    list[str] | None, typer.Option("--outlet", metavar="ID", help="Of this outlet; repeatable.")
]
Since = Annotated[
    str | None, typer.Option(metavar="TIME", help="Published at or after: 2d, 2026-11-01.")
]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="Published before.")]
Topic = Annotated[str | None, typer.Option(metavar="LABEL", help="With this topic label or tag.")]
Author = Annotated[str | None, typer.Option(metavar="NAME", help="By this author, whole name.")]
Story = Annotated[int | None, typer.Option(metavar="ID", help="Of this story, by whatever outlet.")]
Language = Annotated[str | None, typer.Option(metavar="TAG", help="en, ru, zh …")]
Sort = Annotated[
    str | None,
    typer.Option(
        metavar="KEY",
        help="rank (of a search: the words in the headline first), published, first_seen, "
        "last_changed, headline, outlet or id; with - reversed.",
    ),
]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="At most so many.")]


def settings_of(
    config: Path | None, database_url: str | None, outlets_file: Path | None
) -> Settings:
    return load_settings(config, database_url=database_url, outlets_file=outlets_file)


@contextmanager
def database_of(settings: Settings) -> Iterator[storage.Database]:
    """The database, for reading."""
    with storage.open(settings.database_url) as database:
        yield database


def filters_of(
    *,
    search: str | None,
    outlet: list[str] | None,
    since: str | None,
    until: str | None,
    topic: str | None,
    author: str | None,
    language: str | None,
    story: int | None,
    sort: str | None,
    limit: int | None,
) -> storage.Filters:
    """Raises ConfigurationError for a time or a sort key that is none."""
    now = datetime.now(UTC)
    return storage.Filters(
        search=search,
        outlet=outlet or None,
        since=parse_moment(since, "--since", now) if since else None,
        until=parse_moment(until, "--until", now) if until else None,
        topic=topic,
        author=author,
        language=language,
        story=story,
        sort=sort,
        limit=limit,
    )
