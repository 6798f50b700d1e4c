"""How much an outlet lists, against its own past: silence is told, a quiet Sunday is not."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import exp
from zoneinfo import ZoneInfo

import pytest

from jobs.health.volume import count_in, find_lack, is_quiet
from jobs.health.watching import Watch, watch_volume

MONDAY = datetime(2026, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)
EVERY = timedelta(hours=1)
LONDON = ZoneInfo("Europe/London")

Rate = Callable[[datetime], float]


def poisson(chance: random.Random, mean: float) -> int:
    """A random count; Knuth's way, good for small means."""
    number, left, floor = 0, chance.random(), exp(-mean)
    while left > floor:
        number += 1
        left *= chance.random()
    return number


def usual(a_day: float, zone: ZoneInfo | None = None) -> Rate:
    """By day most, at night little, on Sundays a sixth."""

    def rate(moment: datetime) -> float:
        local = moment.astimezone(zone or UTC)
        by_hour = 1.4 if 7 <= local.hour < 23 else 0.2
        return a_day / 24 * by_hour * (1 / 6 if local.weekday() == 6 else 1)

    return rate


def watch_over(rate: Rate, until: datetime, seed: int = 1, lumps: float = 0.0) -> list[Watch]:
    """What was told at each look; `lumps` is how much a day's rate varies."""
    chance = random.Random(seed)
    slots: dict[int, int] = {}
    looked, watch, watches = None, Watch(), []
    moment, of_day = MONDAY, 1.0
    while moment < until:
        if moment.hour == 0:
            of_day = chance.gammavariate(1 / lumps**2, lumps**2) if lumps else 1.0
        slots = count_in(slots, poisson(chance, rate(moment) * of_day), moment, looked)
        looked = moment
        watch = Watch.from_dict(watch.to_dict())
        slots = watch_volume(watch, slots, "https://news.example/1", moment)
        watches.append(watch)
        moment += EVERY
    return watches


def alarms(watches: list[Watch]) -> int:
    return sum(watch.has_news for watch in watches)


def changed(rate: Rate, begin: datetime, factor: float, days: float = 1000) -> Rate:
    """The rate times a factor for so many days from `begin` on."""
    return lambda m: rate(m) * (factor if begin <= m < begin + days * DAY else 1)


@pytest.mark.parametrize("weekday", [0, 2, 5])
@pytest.mark.parametrize("hour", [0, 10, 16])
def test_silence_of_a_busy_outlet_is_told_within_a_day(weekday: int, hour: int) -> None:
    begin = MONDAY + timedelta(weeks=6, days=weekday, hours=hour)
    watches = watch_over(changed(usual(40), begin, 0), begin + DAY + (weekday == 5) * DAY)
    assert alarms(watches) == 1
    lack = watches[-1].lack
    assert lack is not None
    assert lack.told >= begin
    assert lack.sentence.startswith(f"volume: {lack.found} new addresses in the last {lack.hours}")
    assert lack.sentence.endswith("the last good page was https://news.example/1")


def test_a_tenth_of_what_is_usual_is_told_too() -> None:
    begin = MONDAY + timedelta(weeks=6)
    watches = watch_over(changed(usual(60), begin, 0.05), begin + 4 * DAY)
    assert alarms(watches) == 1


@pytest.mark.parametrize("seed", range(2))
def test_sundays_holidays_and_a_change_of_the_clock_are_no_alarm(seed: int) -> None:
    """The clock of London changes on 29 March."""
    rate = changed(usual(40, LONDON), MONDAY + timedelta(weeks=6), 0.5, days=7)
    assert alarms(watch_over(rate, MONDAY + timedelta(weeks=10), seed)) == 0


def test_outlet_of_busy_and_idle_days_is_no_alarm() -> None:
    assert alarms(watch_over(usual(30), MONDAY + timedelta(weeks=16), lumps=0.5)) == 0


def test_without_weeks_of_history_nothing_is_told() -> None:
    begin = MONDAY + timedelta(weeks=2)
    assert alarms(watch_over(changed(usual(40), begin, 0), begin + 4 * DAY)) == 0


def test_silence_is_over_when_it_lists_again_and_the_next_is_told() -> None:
    begin = MONDAY + timedelta(weeks=6)
    once = changed(usual(40), begin, 0, days=9)
    twice = changed(once, begin + 14 * DAY, 0)
    watches = watch_over(twice, begin + 16 * DAY)
    assert alarms(watches) == 2
    assert not watches[-4 * 24].lack


def test_after_a_month_silence_is_its_way() -> None:
    begin = MONDAY + timedelta(weeks=6)
    watches = watch_over(changed(usual(40), begin, 0), begin + 40 * DAY)
    assert alarms(watches) == 1
    assert not watches[-1].lack


def test_slow_outlet_is_quiet_before_anybody_is_told() -> None:
    begin = MONDAY + timedelta(weeks=8)
    watches = watch_over(changed(usual(4), begin, 0), begin + 5 * DAY)
    assert alarms(watches) == 0
    assert watches[-1].quiet
    assert not any(watch.quiet for watch in watches[: -5 * 24])


def test_pause_of_ours_is_no_silence() -> None:
    slots = dict.fromkeys(range(8 * 400), 5)
    now = datetime.fromtimestamp(400 * 86_400, UTC)
    assert find_lack(slots, now) is None
    later = now + 3 * DAY
    slots = count_in(slots, 40, later, last_seen=now)
    assert find_lack(slots, later) is None
    assert is_quiet(slots, later) is None
