"""Which articles, and in what order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Select, false

from crawler.errors import ConfigurationError
from storage.schema import articles
from storage.search.query import check_length

PUBLISHED = articles.c.published
"""When an article counts as published: as printed, or first seen where the page is silent."""

# Each key's columns and whether its natural order is descending (times: newest first).
_ORDERS: dict[str, list[tuple[ColumnElement[Any], bool]]] = {
    "published": [(PUBLISHED, True), (articles.c.id, True)],
    "first_seen": [(articles.c.first_seen, True), (articles.c.id, True)],
    "last_changed": [(articles.c.last_changed, True), (articles.c.id, True)],
    "headline": [(articles.c.headline, False), (articles.c.id, False)],
    "outlet": [(articles.c.outlet, False), (PUBLISHED, True), (articles.c.id, True)],
    "id": [(articles.c.id, False)],
}
RANK = "rank"
"""How well an article answers a search: see `storage.search.tiers`."""
SORT_KEYS = (RANK, *_ORDERS)
# The largest key either database can hold; beyond it the drivers raise.
MAX_ID = 2**63 - 1


class Criteria(TypedDict, total=False):
    """`Filters` as keyword arguments."""

    search: str | None
    outlet: str | Sequence[str] | None
    since: datetime | None
    until: datetime | None
    topic: str | None
    author: str | None
    language: str | None
    story: int | None
    relevant: bool | None
    sort: str | None
    limit: int | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What an article must meet; null asks nothing.

    `search` is what a person typed: see `storage.search.query`; with no word in it, but signs,
    it finds nothing. `since` is inclusive and `until` exclusive, both over the time of
    publication, or of the first sight where none is printed. `topic` is one whole label and
    `author` one whole name, in any case. `sort` is one of SORT_KEYS, a leading `-` turns it
    round; null is `rank` where there is a search and else `published`. Raises
    ConfigurationError for values that make no sense.
    """

    search: str | None = None
    outlet: str | Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    topic: str | None = None
    author: str | None = None
    language: str | None = None
    story: int | None = None
    relevant: bool | None = None
    sort: str | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.sort is not None and self.sort.removeprefix("-") not in SORT_KEYS:
            raise ConfigurationError(
                f"sort: {self.sort!r} is none of {', '.join(SORT_KEYS)} (or one with a leading -)"
            )
        if self.search is not None:
            check_length(self.search)
        if self.limit is not None and self.limit < 0:
            raise ConfigurationError(f"limit: {self.limit} is below 0")
        for name, moment in (("since", self.since), ("until", self.until)):
            if moment is not None and moment.tzinfo is None:
                raise ConfigurationError(f"{name}: {moment.isoformat()} has no time zone")

    def has_search(self) -> bool:
        """Something was typed; a blank box asks nothing."""
        return bool(self.search and self.search.strip())

    def needs_index(self) -> bool:
        """What is asked for stands in no column."""
        return self.has_search() or self.topic is not None or self.author is not None

    def order(self) -> tuple[str, bool]:
        """The key to sort by, and whether it is turned round."""
        sort = self.sort or (RANK if self.has_search() else "published")
        key = sort.removeprefix("-")
        if key == RANK and not self.has_search():
            key = "published"  # all answer alike
        return key, sort.startswith("-")

    def outlets(self) -> list[str] | None:
        """The outlets asked for, null for all."""
        return [self.outlet] if isinstance(self.outlet, str) else _list_or_null(self.outlet)

    def conditions(self) -> list[ColumnElement[bool]]:
        """The WHERE of what stands in columns: all, unless the index is needed."""
        found: list[ColumnElement[bool]] = []
        outlets = self.outlets()
        if outlets is not None:
            found.append(articles.c.outlet.in_(outlets))
        if self.since is not None:
            found.append(self.since <= PUBLISHED)
        if self.until is not None:
            found.append(self.until > PUBLISHED)
        if self.language is not None:
            found.append(articles.c.language == self.language.lower())
        if self.story is not None:
            is_key = abs(self.story) <= MAX_ID
            found.append(articles.c.story_id == self.story if is_key else false())
        if self.relevant is not None:
            found.append(articles.c.relevant.is_(self.relevant))
        return found

    def ordered(self, statement: Select[Any]) -> Select[Any]:
        """`statement` in the order and the number asked for; not by rank, which is no column."""
        key, reverse = self.order()
        order = [
            column.desc() if descending != reverse else column.asc()
            for column, descending in _ORDERS[key]
        ]
        return statement.order_by(*order).limit(self.limit)


def _list_or_null(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else list(values)
