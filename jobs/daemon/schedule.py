"""When an outlet is due next: pure rules.

By its entry's cron expression, in UTC; else as often as it deserves: half of the time that its
own publishing rhythm lets pass between two articles at this hour, and no sooner than its sources
say that they may have changed (Cache-Control, Expires: RFC 9111, 4.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from apscheduler.triggers.cron import CronTrigger

from crawler.outlets.cron import Cron, parse_cron
from jobs.times import spell

SHORTEST = timedelta(minutes=2)
LONGEST = timedelta(hours=6)
UNKNOWN_RHYTHM = timedelta(minutes=30)
"""Until an outlet has told something of itself."""

RHYTHM_PERIOD = timedelta(days=14)
"""Of what an outlet published in it its rhythm is made; a week would know each weekday once."""

_HOURS_AROUND = 1.5  # news come in hours of the day: as many to either side are alike
_LEAST_ARTICLES = 10  # fewer in two weeks tell no hour apart
_JITTER = 0.1  # of the interval, to either side: many outlets must not become due together
_WEEKDAYS = "sun mon tue wed thu fri sat".split()  # APScheduler counts Monday as 0


FURTHEST = timedelta(hours=24)
"""For so long an outlet is left alone at most, be it that it fails or that its host asks for it."""


@dataclass(frozen=True, slots=True)
class Due:
    """When, UTC, and a sentence that says why."""

    at: datetime
    reason: str


def next_cron(expression: str, after: datetime) -> datetime:
    """The first moment after `after` that the expression names. Raises ValueError for a wrong
    one."""
    cron = parse_cron(expression)
    moments = [
        trigger.get_next_fire_time(None, after + timedelta(seconds=1))
        for trigger in _triggers(cron)
    ]
    first: datetime = min(moment for moment in moments if moment is not None)
    return first.astimezone(UTC)


def due_still(
    at: datetime | None, schedule: str | None, now: datetime, *, is_failing: bool
) -> datetime | None:
    """When an outlet is due that was to be `at`; null is at once. Its schedule may be another
    than it was then, and what is beyond any pause was written by a clock that ran ahead.
    """
    if at is None:
        return None
    if schedule is None:
        return at if at <= now + FURTHEST else None
    named = next_cron(schedule, now)
    return min(at, max(named, now + FURTHEST) if is_failing else named)


def _triggers(cron: Cron) -> list[CronTrigger]:
    days, weekdays = _list(cron.days), ",".join(_WEEKDAYS[number] for number in cron.weekdays)
    choices = [(days, "*"), ("*", weekdays)] if cron.is_either_day else [(days, weekdays)]
    return [
        CronTrigger(
            month=_list(cron.months),
            day=day,
            day_of_week=weekday,
            hour=_list(cron.hours),
            minute=_list(cron.minutes),
            timezone=UTC,
        )
        for day, weekday in choices
    ]


def _list(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def rhythm(published: Sequence[datetime], now: datetime) -> timedelta | None:
    """The time between two articles at this hour of the day, by the moments of the last
    RHYTHM_PERIOD; null where these are too few to tell.
    """
    recent = [moment for moment in published if now - RHYTHM_PERIOD <= moment <= now]
    if len(recent) < _LEAST_ARTICLES:
        return None
    near = sum(1 for moment in recent if _hours_apart(moment, now) <= _HOURS_AROUND)
    days = max((now - min(recent)) / timedelta(days=1), 1.0)
    # One half more: an hour without any in two weeks is a slow one and not an endless one.
    return timedelta(hours=2 * _HOURS_AROUND * days) / (near + 0.5)


def _hours_apart(one: datetime, other: datetime) -> float:
    """Of their times of day, at most 12."""
    hours = abs((one - other) / timedelta(hours=1)) % 24
    return min(hours, 24 - hours)


def adaptive(
    published: Sequence[datetime], fresh_for: timedelta | None, now: datetime
) -> tuple[timedelta, str]:
    """How long to wait, and why. `fresh_for` is how long the sources say that they stay as they
    are; null where they say nothing.
    """
    between = rhythm(published, now)
    if between is None:
        interval, reason = UNKNOWN_RHYTHM, "its rhythm is not known yet"
    else:
        interval = between / 2
        reason = f"an article in {spell(between)} at this hour"
    if fresh_for is not None and fresh_for > interval:
        interval, reason = fresh_for, f"its sources stay as they are for {spell(fresh_for)}"
    return min(max(interval, SHORTEST), LONGEST), reason


def jittered(interval: timedelta, random: Random) -> timedelta:
    """A tenth more or less, within the bounds."""
    return min(max(interval * random.uniform(1 - _JITTER, 1 + _JITTER), SHORTEST), LONGEST)
