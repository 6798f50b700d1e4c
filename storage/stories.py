"""Stories for reading: what several outlets tell, each with all its articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from crawler.errors import ConfigurationError
from crawler.items import utc_iso
from storage.filters import Filters
from storage.numbers import as_parameter, numbers
from storage.schema import articles

TOLD_BY = 2
"""Outlets that must tell a story for it to be one, when not told how many."""

# So many a round trip: some hundred kilobytes.
IDS_PER_FETCH = 5_000


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """One telling. `published` is as printed, or when first seen where the page is silent."""

    id: int
    outlet: str
    url: str
    headline: str
    published: datetime
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """The articles that are copies or rewrites of one text, the earliest first.

    `headline` and `language` are those of the earliest; `outlets` come in the order in which
    they told it. `id` is the `story_id` of the articles.
    """

    id: int
    headline: str
    language: str | None
    outlets: list[str]
    articles: list[StoryArticle]
    first_published: datetime
    last_published: datetime

    def to_dict(self) -> dict[str, Any]:
        """Ready for `json.dumps`."""
        record = asdict(self)
        for entry in (record, *record["articles"]):
            for name, value in entry.items():
                if isinstance(value, datetime):
                    entry[name] = utc_iso(value)
        return record


def matching_story_ids(conn: Connection, filters: Filters, told_by: int) -> Iterator[int]:
    """The ids of the stories, those told last first, as they are read.

    A story is met by one of its articles that meets the filters. Read from one index, of which
    a filter picks out a part: among a million articles half a second without any.
    """
    if told_by < 1:
        raise ConfigurationError(f"told_by: {told_by} is below 1")
    columns = articles.c
    statement = select(columns.story_id).where(columns.story_id.is_not(None))
    if conditions := filters.conditions():
        met = select(columns.story_id).where(columns.story_id.is_not(None), *conditions)
        statement = statement.where(columns.story_id.in_(met))
    statement = statement.group_by(columns.story_id)
    if told_by > 1:  # the cheaper test first
        statement = statement.having(func.min(columns.outlet) != func.max(columns.outlet))
    if told_by > TOLD_BY:
        statement = statement.having(func.count(columns.outlet.distinct()) >= told_by)
    statement = statement.order_by(func.max(columns.published).desc(), columns.story_id.desc())
    found = conn.execute(
        statement.limit(filters.limit), execution_options={"yield_per": IDS_PER_FETCH}
    )
    yield from found.scalars()


def stories(conn: Connection, ids: Sequence[int]) -> list[Story]:
    """The stories of `ids` in that order; those that are none are left out."""
    columns = articles.c
    rows = conn.execute(
        select(
            columns.story_id,
            columns.id,
            columns.outlet,
            columns.language,
            columns.published,
            columns.first_seen,
            columns.url,
            columns.headline,
        )
        .where(columns.story_id.in_(numbers(conn.dialect.name, "ids")))
        .order_by(columns.story_id, columns.published, columns.id),
        {"ids": as_parameter(conn, ids)},
    )
    found = {
        story_id: _story(story_id, list(told))
        for story_id, told in groupby(rows, key=lambda row: row.story_id)
    }
    return [found[story_id] for story_id in ids if story_id in found]


def _story(story_id: int, rows: Sequence[Any]) -> Story:
    return Story(
        id=story_id,
        headline=rows[0].headline,
        language=rows[0].language,
        outlets=list(dict.fromkeys(row.outlet for row in rows)),
        articles=[
            StoryArticle(row.id, row.outlet, row.url, row.headline, row.published, row.first_seen)
            for row in rows
        ],
        first_published=rows[0].published,
        last_published=rows[-1].published,
    )
