"""The keys by which copies of a text find each other, and where they are kept.

A key is a hash that a text's signature holds anyway, so that two texts with nothing in common
share none. It is stored as one number: the period of four weeks in which the article was
published, counted from 1970, times 2^32, plus the hash. So the keys of new articles lie side by
side at the end of the table, and a look-up reads the few periods that copies may be from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from storage.stories.resemblance import DAYS_APART, Telling

# Of 4,000 pairs of openings that share 42 %, the least that copies do, 3 had no key in common
# where the rest was 500 words of their own, else none.
OPENING_KEYS = 16
WHOLE_KEYS = 8
# Half of the keys are of the beginning, so that a flash of some lines has as many in common
# with the beginning of a long article.
LEAD_SHINGLES = 64
LEAD_KEYS = 8

# An article without a date is looked for in all periods there are, so it has fewer. Of short
# texts that share 42 % 1 in 300 is missed then, of long ones with nothing else in common 1 in 20,
# of those cut, or continued, or with a caption in front, next to none.
UNDATED_LEAD_KEYS = 5
UNDATED_WHOLE_KEYS = 5

UNDATED_PERIOD = 0
"""Where articles without a date are kept. They may be copies of any, and any of them."""

# Days in which copies may follow reach into two periods at most; shorter ones make a look-up
# dearer, longer ones spread the new rows over more pages: some 5 MB at 300 articles a day.
_PERIOD = timedelta(days=28)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PERIOD_FACTOR = 1 << 32


def keys(telling: Telling) -> list[int]:
    """Up to 25 hashes, of 32 bits; texts that tell one story have at least one in common."""
    signature = telling.signature
    lead = sorted(signature.opening[:LEAD_SHINGLES])
    if telling.published is None:
        found = dict.fromkeys(lead[:UNDATED_LEAD_KEYS])
        _add(found, signature.whole, len(found) + UNDATED_WHOLE_KEYS)
    else:
        found = dict.fromkeys(lead[:LEAD_KEYS])
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
    first = _period(published) * PERIOD_FACTOR
    return [first + key for key in hashes]


def rows_near(
    published: datetime | None, hashes: Sequence[int], known_periods: Iterable[int]
) -> list[int]:
    """The rows under which a copy of it may be kept.

    `known_periods` are all that rows are kept under; they matter for an article without a date.
    """
    periods = {UNDATED_PERIOD}
    if published is None:
        periods.update(known_periods)
    else:
        periods.update(range(_period(published - DAYS_APART), _period(published + DAYS_APART) + 1))
    return [period * PERIOD_FACTOR + key for period in periods for key in hashes]


def _period(published: datetime | None) -> int:
    """From 1 on; what is said to be older than the web is no date that copies agree on."""
    return UNDATED_PERIOD if published is None else max((published - _EPOCH) // _PERIOD, 1)
