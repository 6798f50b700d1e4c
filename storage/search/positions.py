"""Where an article stands in the index: one number that is its time and its id.

So both databases sort and cut by time with one column, and the id is part of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.search.tokens import TIME_LIMIT_SECONDS, seconds_of

# 536 million articles; with 34 bits of seconds it stays a 64-bit number.
ID_BITS = 29
ID_MASK = (1 << ID_BITS) - 1


def position_of(published: datetime, article_id: int) -> int:
    """Later articles, and of one second those stored later, have the higher one."""
    return first_position(seconds_of(published)) | (article_id & ID_MASK)


def first_position(seconds: int) -> int:
    """The lowest that an article of that second can have."""
    return seconds << ID_BITS


def time_span(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """The lowest position of that time, and the one above its highest.

    Positions know no parts of a second: both limits are rounded up, which is exact for what is
    published at whole seconds, as all printed times are.
    """
    lowest = -TIME_LIMIT_SECONDS if since is None else _rounded_up(since)
    highest = TIME_LIMIT_SECONDS + 1 if until is None else _rounded_up(until)
    return first_position(lowest), first_position(highest)


def _rounded_up(moment: datetime) -> int:
    return seconds_of(moment) if moment.microsecond == 0 else seconds_of(moment) + 1


def newest_spans(
    lowest: int, highest: int, newest_seconds: int, window_days: tuple[int, ...]
) -> list[tuple[int, int]]:
    """The span cut into windows, the newest first: later than `newest_seconds`, so many days
    before it each, and all that is older. Windows with nothing in them are left out.
    """
    day = int(timedelta(days=1).total_seconds())
    edges = [newest_seconds + 1, *(newest_seconds + 1 - days * day for days in window_days)]
    found = []
    upper = highest
    for edge in map(first_position, edges):
        if lowest < edge < upper:
            found.append((edge, upper))
            upper = edge
    if lowest < upper:
        found.append((lowest, upper))
    return found
