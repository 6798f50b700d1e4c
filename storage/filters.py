"""Which articles, and in what order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Select

from crawler.errors import ConfigurationError
from storage.schema import articles
from storage.search import matches_search, matches_topic

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
SORT_KEYS = tuple(_ORDERS)


class Criteria(TypedDict, total=False):
    """`Filters` as keyword arguments."""

    search: str | None
    outlet: str | Sequence[str] | None
    since: datetime | None
    until: datetime | None
    topic: str | None
    language: str | None
    relevant: bool | None
    sort: str
    limit: int | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What an article must meet; null asks nothing.

    `since` is inclusive and `until` exclusive, both over the time of publication, or of the
    first sight where none is printed. `topic` is one whole label. `sort` is one of SORT_KEYS,
    a leading `-` turns it round. Raises ConfigurationError for values that make no sense.
    """

    search: str | None = None
    outlet: str | Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    topic: str | None = None
    language: str | None = None
    relevant: bool | None = None
    sort: str = "published"
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.sort.removeprefix("-") not in SORT_KEYS:
            raise ConfigurationError(
                f"sort: {self.sort!r} is none of {', '.join(SORT_KEYS)} (or one with a leading -)"
            )
        if self.limit is not None and self.limit < 0:
            raise ConfigurationError(f"limit: {self.limit} is below 0")
        for name, moment in (("since", self.since), ("until", self.until)):
            if moment is not None and moment.tzinfo is None:
                raise ConfigurationError(f"{name}: {moment.isoformat()} has no time zone")

    def conditions(self) -> list[ColumnElement[bool]]:
        """The WHERE of it."""
        found: list[ColumnElement[bool]] = []
        if self.search:
            found.append(matches_search(self.search))
        if self.outlet is not None:
            outlets = [self.outlet] if isinstance(self.outlet, str) else list(self.outlet)
            found.append(articles.c.outlet.in_(outlets))
        if self.since is not None:
            found.append(self.since <= PUBLISHED)
        if self.until is not None:
            found.append(self.until > PUBLISHED)
        if self.topic is not None:
            found.append(matches_topic(self.topic))
        if self.language is not None:
            found.append(articles.c.language == self.language.lower())
        if self.relevant is not None:
            found.append(articles.c.relevant.is_(self.relevant))
        return found

    def ordered(self, statement: Select[Any]) -> Select[Any]:
        """`statement` in the order and the number asked for."""
        reverse = self.sort.startswith("-")
        columns = _ORDERS[self.sort.removeprefix("-")]
        order = [
            column.desc() if descending != reverse else column.asc()
            for column, descending in columns
        ]
        return statement.order_by(*order).limit(self.limit)
