"""Whether an outlet lists as much as it is wont to: the last hours and days against the same
hours of the same weekdays before.

How much is counted in slots of two hours, `{slot: newly listed addresses}`; a slot in which
nobody looked is not there, and one of silence is 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean, median
from typing import Any, Self

from jobs.health.chances import chance_of_so_small_a_count

SLOT = timedelta(hours=2)
WEEK_SLOTS = int(timedelta(weeks=1) / SLOT)
PAST_WEEKS = 8
LEAST_PAST_WEEKS = 3

WINDOWS = (9, 11, 12, 24, 48, 84, 168)
"""In slots: 18, 22 and 24 hours, 2, 4, 7 and 14 days. The silence of an outlet that lists 40 a day
shows in the second, so that it is told within a day whatever the hour it began."""

ALARM_CHANCE = 1e-5
"""Seven windows, looked at twelve times a day, each much like the last: three false alarms in ten
simulated years, of outlets with holidays at a tenth too, see `tests/benchmarks/health.py`."""
QUIET_CHANCE = 1e-3  # a silence so improbable is told, and nobody is woken for it

# Of the rate, in units of its mean, whatever the past weeks showed: a holiday week brings half
# as much, or a tenth for a day or two, and is no fault of a reader.
LEAST_SPREAD = 0.35
LONGEST_UNSEEN = timedelta(hours=8)
"""The longest pause between two looks after which the slots between count as seen: a source
still lists what is a few hours old."""

_ENOUGH_SEEN = 0.9  # of a window's slots
_BACK_AT = 0.5  # of what is usual


@dataclass(frozen=True, slots=True)
class Lack:
    """What was listed anew in the last `hours`, and what is usual in these hours of the week.

    `began` is when the window began, `told` when it was found; `sample_url` is an article that
    was read before.
    """

    found: int
    usual: float
    hours: int
    weeks: int
    began: datetime
    told: datetime
    sample_url: str | None = None

    @property
    def sentence(self) -> str:
        """`volume: 0 new addresses in the last 24 hours, 40 are usual (5 weeks)`."""
        return (
            f"volume: {self.found} new addresses in the last {self.hours} hours,"
            f" {self.usual:.0f} are usual ({self.weeks} weeks)"
            + (f"; the last good page was {self.sample_url}" if self.sample_url else "")
        )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"began": self.began.isoformat(), "told": self.told.isoformat()}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        times = {name: datetime.fromisoformat(said[name]) for name in ("began", "told")}
        return cls(**{**said, **times})


def slot_of(moment: datetime) -> int:
    return int(moment.timestamp() // SLOT.total_seconds())


def start_of(slot: int) -> datetime:
    return datetime.fromtimestamp(slot * SLOT.total_seconds(), UTC)


def count_in(
    slots: Mapping[int, int], listed: int, now: datetime, last_seen: datetime | None
) -> dict[int, int]:
    """`slots` after a look that found so many new addresses; those too old are left out."""
    current = slot_of(now)
    oldest = current - (PAST_WEEKS + 2) * WEEK_SLOTS
    kept = {slot: number for slot, number in slots.items() if slot >= oldest}
    # What is new after a long pause, or at the first look, has come at no known time.
    if last_seen is not None and timedelta(0) <= now - last_seen <= LONGEST_UNSEEN:
        for slot in range(slot_of(last_seen), current):
            kept.setdefault(slot, 0)
        kept[current] = kept.get(current, 0) + listed
    return kept


def find_lack(slots: Mapping[int, int], now: datetime, chance: float = ALARM_CHANCE) -> Lack | None:
    """The shortest window that held far less than is usual, null if none did."""
    for size in WINDOWS:
        found = _window(slots, slot_of(now), size)
        past = _past(slots, slot_of(now), size)
        if found is None or len(past) < LEAST_PAST_WEEKS:
            continue
        usual = float(median(past))  # a day of catching up among them does not count
        if found >= usual * _BACK_AT:
            continue
        if chance_of_so_small_a_count(found, usual, _spread(past)) < chance:
            hours = round(size * SLOT / timedelta(hours=1))
            return Lack(found, usual, hours, len(past), start_of(slot_of(now) - size), now)
    return None


def is_quiet(slots: Mapping[int, int], now: datetime) -> Lack | None:
    """A window without anything new that is clearly longer than is usual."""
    lack = find_lack(slots, now, QUIET_CHANCE)
    return lack if lack and lack.found == 0 else None


def is_volume_back(lack: Lack, listed: Mapping[int, int], now: datetime) -> bool:
    """Whether since then as long a window held at least half of what is usual.

    `listed` are the slots since it was told. A window that is not over yet may do: a source
    that is mended lists at once what it has.
    """
    size = max(1, round(timedelta(hours=lack.hours) / SLOT))
    newest = (listed.get(slot_of(now) - back, 0) for back in range(size + 1))
    return sum(newest) >= max(1.0, lack.usual * _BACK_AT)


def _window(slots: Mapping[int, int], end: int, size: int) -> int | None:
    """What was listed in the slots before `end`; null where too few were looked at."""
    seen = [slots[slot] for slot in range(end - size, end) if slot in slots]
    return sum(seen) if len(seen) >= _ENOUGH_SEEN * size else None


def _past(slots: Mapping[int, int], end: int, size: int) -> list[int]:
    """The same window of each week before that does not overlap it."""
    first = 1 + (size - 1) // WEEK_SLOTS
    windows = (
        _window(slots, end - week * WEEK_SLOTS, size) for week in range(first, first + PAST_WEEKS)
    )
    return [window for window in windows if window is not None]


def _spread(past: Sequence[int]) -> float:
    """How much the rate itself varies, beyond what chance would, in units of its mean."""
    mean = fmean(past)
    if mean <= 0:
        return LEAST_SPREAD
    variance = sum((count - mean) ** 2 for count in past) / (len(past) - 1)
    excess: float = max(0.0, variance - mean) ** 0.5 / mean
    return max(LEAST_SPREAD, excess)
