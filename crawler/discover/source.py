"""A source, what reading it gives, and how much of it a crawl wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import nlargest
from typing import Literal, TypeVar

from crawler.items import Listing

SourceKind = Literal["feed", "sitemap", "page"]

EVERYTHING = datetime(1970, 1, 1, tzinfo=UTC)
"""As a time to read back to: all that a source lists."""

MAX_SOURCE_BYTES = 50 * 1024 * 1024
"""Of a source, after decompression: what a sitemap may have (sitemaps.org)."""

MAX_BACKFILL_ITEMS = 50_000
"""Taken from one source by a backfill: what a sitemap may list (sitemaps.org)."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """An address that lists articles. `depth` counts the sources that led to it from the
    outlet's entry: indexes in indexes, or the pages of a list before this one.
    """

    url: str
    kind: SourceKind
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Where a source leads on to; `changed` is when it says that this changed last."""

    url: str
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back a crawl reads: the newest of each source, or with `is_backfill` all that is
    not older than `since`; null is all there is.
    """

    since: datetime | None = None
    is_backfill: bool = False

    @property
    def back_to(self) -> datetime | None:
        """From when on everything is wanted; null where the newest will do."""
        return (self.since or EVERYTHING) if self.is_backfill else None


ORDINARY = Reach()


@dataclass(slots=True)
class Discovery:
    """What a source lists, what it leads on to, and what is wrong with it, in sentences.

    `read_back_to`: everything the source lists from then on is in `listings`; null where only
    the newest is.
    """

    listings: list[Listing] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    read_back_to: datetime | None = EVERYTHING


def chosen(
    entries: Sequence[T], moment_of: Callable[[T], datetime | None], reach: Reach, most: int
) -> tuple[list[T], datetime | None]:
    """The entries that a crawl takes, in their order, and back to when these are all there are.

    A backfill takes all that are not older than `since`, undated ones too; any other crawl the
    `most` newest, and more only where `since` asks for them.
    """
    is_wanted = [
        moment is None or reach.since is None or moment >= reach.since
        for moment in map(moment_of, entries)
    ]
    if reach.is_backfill:
        wanted = [entry for entry, is_so in zip(entries, is_wanted, strict=True) if is_so]
        back_to = reach.since or EVERYTHING
        return wanted[:MAX_BACKFILL_ITEMS], back_to if len(wanted) <= MAX_BACKFILL_ITEMS else None
    if len(entries) <= most:
        return list(entries), EVERYTHING
    if reach.since is not None:
        most = min(max(most, sum(is_wanted)), MAX_BACKFILL_ITEMS)
    return newest(entries, moment_of, most), None


def is_past(moments: Iterable[datetime | None], reach: Reach) -> bool:
    """Whether all that is dated is older than is wanted: then what comes after it is, too."""
    known = [moment for moment in moments if moment is not None]
    return reach.since is not None and bool(known) and max(known) < reach.since


def newest(entries: Sequence[T], moment_of: Callable[[T], datetime | None], most: int) -> list[T]:
    """The `most` newest, in their order.

    Undated ones come last; where none is dated they are taken from both ends, since lists
    begin with the newest or end with it.
    """
    if len(entries) <= most:
        return list(entries)
    moments = [moment_of(entry) or EVERYTHING for entry in entries]
    if max(moments) == EVERYTHING:
        return [*entries[: most - most // 2], *entries[len(entries) - most // 2 :]]
    places = nlargest(most, range(len(entries)), key=lambda place: (moments[place], -place))
    return [entries[place] for place in sorted(places)]
