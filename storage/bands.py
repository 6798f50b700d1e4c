"""The keys by which copies of a text find each other, and where they are kept.

A key is a hash that a text's signature holds anyway, so that two texts with nothing in common
share none. It is stored as one number: the week of publication, counted from 1970, times 2^32,
plus the hash. So the keys of new articles lie side by side at the end of the table, and a
look-up reads the few weeks that copies may be from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from storage.resemblance import DAYS_APART
from storage.signatures import Signature

# Of two openings of one length that share 42 %, the least that copies do, 1 in 500 has no key
# in common; of those that share all of a half, 1 in 1,000 (measured, tests/benchmarks/stories.py).
OPENING_KEYS = 16
WHOLE_KEYS = 8
# Half of the keys are of the beginning, so that a flash of some lines has as many in common
# with the beginning of a long article.
LEAD_SHINGLES = 64
LEAD_KEYS = 8

UNDATED_WEEK = 0
"""Where articles without a date are kept. They may be copies of any, and any of them."""

_WEEK = timedelta(weeks=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEK_FACTOR = 1 << 32


def keys(signature: Signature) -> list[int]:
    """Up to 25 hashes, of 32 bits; texts that tell one story have at least one in common."""
    found = dict.fromkeys(sorted(signature.opening[:LEAD_SHINGLES])[:LEAD_KEYS])
    _add(found, sorted(signature.opening), OPENING_KEYS)
    _add(found, signature.whole, len(found) + WHOLE_KEYS)
    if signature.headline is not None:
        found[signature.headline] = None
    return list(found)


def _add(found: dict[int, None], hashes: Iterable[int], limit: int) -> None:
    for hashed in hashes:
        if len(found) >= limit:
            return
        found[hashed] = None


def rows_of(published: datetime | None, hashes: Iterable[int]) -> list[int]:
    """The rows under which an article of that time, with these keys, is kept."""
    first = _week(published) * _WEEK_FACTOR
    return [first + key for key in hashes]


def rows_near(
    published: datetime | None, hashes: Sequence[int], known_weeks: Iterable[int]
) -> list[int]:
    """The rows under which a copy of it may be kept.

    `known_weeks` are all that rows are kept under; they matter for an article without a date.
    """
    weeks = {UNDATED_WEEK}
    if published is None:
        weeks.update(known_weeks)
    else:
        weeks.update(range(_week(published - DAYS_APART), _week(published + DAYS_APART) + 1))
    return [week * _WEEK_FACTOR + key for week in weeks for key in hashes]


def week_of_row(row: int) -> int:
    return row // _WEEK_FACTOR


def first_row_after(week: int) -> int:
    return (week + 1) * _WEEK_FACTOR


def _week(published: datetime | None) -> int:
    """From 1 on; what is said to be older than the web is no date that copies agree on."""
    return UNDATED_WEEK if published is None else max((published - _EPOCH) // _WEEK, 1)
