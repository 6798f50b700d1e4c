"""Stories for reading: what several outlets tell, each with all its articles."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from crawler.errors import ConfigurationError
from crawler.items import utc_iso
from storage.filters import Filters
from storage.numbers import as_parameter, numbers
from storage.schema import articles

TOLD_BY = 2
"""Outlets that must tell a story for it to be one, when not told how many."""

# So many a round trip: some hundred kilobytes.
IDS_PER_FETCH = 5_000
# Where the first few stories are looked for before all are.
RECENT_DAYS = (7, 90)


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


def matching_story_ids(conn: Connection, filters: Filters, told_by: int) -> array[int]:
    """The ids of the stories, those told last first; eight bytes each in memory.

    A story is met by one of its articles that meets the filters. Read from one index, of which
    a filter picks out a part; the first few are looked for among the latest articles first.
    """
    if told_by < 1:
        raise ConfigurationError(f"told_by: {told_by} is below 1")
    statement = _matching(filters, told_by)
    latest = conn.execute(select(func.max(articles.c.published))).scalar_one()
    for days in RECENT_DAYS if filters.limit is not None and latest is not None else ():
        recent = articles.c.published >= latest - timedelta(days=days)
        found = _ids(conn, statement.where(articles.c.story_id.in_(_in_a_story(recent))))
        if len(found) == filters.limit:
            return found
    return _ids(conn, statement)


def _matching(filters: Filters, told_by: int) -> Select[Any]:
    columns = articles.c
    statement = _in_a_story()
    if conditions := filters.conditions():
        statement = statement.where(columns.story_id.in_(_in_a_story(*conditions)))
    statement = statement.group_by(columns.story_id)
    if told_by > 1:  # the cheaper test first
        statement = statement.having(func.min(columns.outlet) != func.max(columns.outlet))
    if told_by > TOLD_BY:
        statement = statement.having(func.count(columns.outlet.distinct()) >= told_by)
    order = (func.max(columns.published).desc(), columns.story_id.desc())
    return statement.order_by(*order).limit(filters.limit)


def _in_a_story(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(articles.c.story_id).where(articles.c.story_id.is_not(None), *conditions)


def _ids(conn: Connection, statement: Select[Any]) -> array[int]:
    found = conn.execute(statement, execution_options={"yield_per": IDS_PER_FETCH})
    return array("q", found.scalars())


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
