"""Where a crawl goes on from a source: which parts of an index, how many pages of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crawler.discover.source import MAX_BACKFILL_ITEMS, Part, Reach, Source, newest

MAX_INDEX_DEPTH = 3
"""Indexes in indexes: real ones go by year, month and day."""

NEWEST_PARTS = 5
"""Of an index that an ordinary crawl reads. News sitemaps are read beside them."""

NEWEST_PAGES = 3
"""Of a paginated list that an ordinary crawl reads, if what comes before had anything new."""

BACKFILL_PAGES = 1000
"""Of one paginated list that a backfill reads; at thirty a page, thirty thousand articles."""

_NEWS = re.compile(r"(?<![a-z])(?:google-?)?news(?![a-z])[^/]*(?:sitemap|\.xml|$)"
                   r"|sitemap[^/]{0,40}(?<![a-z])news(?![a-z])", re.IGNORECASE)  # fmt: skip
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([/_.-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_DECEMBER = 12
_ZONES = timedelta(days=1)  # an outlet's month ends up to so much later than in UTC


def following(
    source: Source, parts: Sequence[Part], reach: Reach, *, has_new: bool
) -> list[Source]:
    """The sources to read after `source`, which led on to `parts` and listed anything new or not.

    The parts of an index may be too deep: see `is_too_deep`.
    """
    depth = source.depth + 1
    if source.kind == "sitemap":
        wanted = [part for part in parts if not _is_over(part, reach.since)]
        if not reach.is_backfill:
            wanted = _newest_parts(wanted)
        return [Source(part.url, "sitemap", depth) for part in wanted[:MAX_BACKFILL_ITEMS]]
    if reach.is_backfill:
        return [Source(part.url, source.kind, depth) for part in parts if depth < BACKFILL_PAGES]
    if source.kind == "feed" or not has_new or depth >= NEWEST_PAGES:
        return []
    return [Source(part.url, source.kind, depth) for part in parts]


def is_too_deep(source: Source) -> bool:
    """Whether a sitemap is further down than indexes go."""
    return source.kind == "sitemap" and source.depth > MAX_INDEX_DEPTH


def _newest_parts(parts: Sequence[Part]) -> list[Part]:
    news = [part for part in parts if _NEWS.search(part.url)]
    others = [part for part in parts if not _NEWS.search(part.url)]
    return [*newest(news, _end_of, NEWEST_PARTS), *newest(others, _end_of, NEWEST_PARTS)]


def _is_over(part: Part, since: datetime | None) -> bool:
    """Whether nothing in a part can be as new as `since`."""
    end = _end_of(part)
    return since is not None and end is not None and end + _ZONES < since


def _end_of(part: Part) -> datetime | None:
    """When a part changed last, else the end of the day, month or year that its address names."""
    return part.changed or period_end(part.url)


def period_end(url: str) -> datetime | None:
    """The end of the time that an archive's address names, or null where it names none.

    The host is not looked at. A number that may be something else, as `sitemap-12.xml` has,
    names nothing.
    """
    path = url.partition("://")[2].partition("/")[2]
    if day := _DAY.search(path):
        return _after(int(day[1]), int(day[3]), int(day[4]) + 1)
    if month := _MONTH.search(path):
        return _after(int(month[1]), int(month[2]) + 1)
    if year := _YEAR.search(path):
        return _after(int(year[1]) + 1)
    return None


def _after(year: int, month: int = 1, day: int = 1) -> datetime | None:
    if month > _DECEMBER:
        year, month = year + 1, 1
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:  # the day after a month's last
        return _after(year, month + 1) if day > 1 else None
