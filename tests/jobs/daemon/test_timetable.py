"""Runs as they are due, in compressed time: hours pass in a second."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from jobs.clock import Clock
from jobs.daemon.clockwatch import ClockWatch
from jobs.daemon.timetable import CROWD_SPREAD, Timetable

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class FastClock(Clock):
    """Runs `rate` times as fast, and can be set."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._began = datetime.now(UTC)
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return START + (datetime.now(UTC) - self._began) * self.rate + self.offset


class Watcher:
    """Runs that last a while, and what was seen of them."""

    def __init__(self, clock: Clock, lasts: timedelta, interval: timedelta) -> None:
        self.clock, self.lasts, self.interval = clock, lasts, interval
        self.runs: list[tuple[str, datetime, datetime]] = []  # outlet, due, begun
        self.at_once: Counter[str] = Counter()
        self.most_at_once = 0

    async def run(self, outlet: str, due: datetime) -> datetime:
        begun = self.clock.now()
        self.runs.append((outlet, due, begun))
        self.at_once[outlet] += 1
        self.most_at_once = max(self.most_at_once, *self.at_once.values())
        await asyncio.sleep(self.lasts.total_seconds() / self.clock.rate)
        self.at_once[outlet] -= 1
        return max(begun + self.interval, self.clock.now())

    def of(self, outlet: str) -> list[tuple[datetime, datetime]]:
        return [(due, begun) for name, due, begun in self.runs if name == outlet]


def scenario(
    work: Callable[[FastClock, Timetable, Watcher], Awaitable[None]],
    *,
    rate: float = 12_000.0,
    lasts: timedelta = MINUTE,
    interval: timedelta = 30 * MINUTE,
) -> Watcher:
    async def main() -> Watcher:
        clock = FastClock(rate)
        watcher = Watcher(clock, lasts, interval)
        timetable = Timetable(watcher.run, clock)
        timetable.start()
        try:
            await work(clock, timetable, watcher)
        finally:
            timetable.pause()
            await timetable.drain(5)
            timetable.shutdown()
        return watcher

    return asyncio.run(main())


async def until(clock: Clock, moment: datetime) -> None:
    while clock.now() < moment:
        await asyncio.sleep(0.01)


async def until_runs(timetable: Timetable, *outlets: str) -> None:
    while timetable.running != set(outlets):
        await asyncio.sleep(0.005)


def test_each_due_time_is_run_once_and_begun_in_time() -> None:
    async def work(clock: FastClock, timetable: Timetable, watcher: Watcher) -> None:
        timetable.plan({f"o{n}": START + (9 + n) * MINUTE for n in range(1, 11)})
        await until(clock, START + 3 * HOUR)

    watcher = scenario(work, rate=3000.0, interval=15 * MINUTE)
    for n in range(1, 11):
        runs = watcher.of(f"o{n}")
        dues = [due for due, _ in runs]
        assert dues[0] == START + (9 + n) * MINUTE
        assert len(set(dues)) == len(dues)
        assert len(dues) >= 6
        assert all(begun >= due for due, begun in runs)


def test_runs_longer_than_their_interval_do_not_overlap() -> None:
    async def work(clock: FastClock, timetable: Timetable, watcher: Watcher) -> None:
        timetable.plan({"slow": START + 10 * MINUTE})
        await until(clock, START + 10 * HOUR)

    watcher = scenario(work, lasts=2 * HOUR, interval=10 * MINUTE)
    assert watcher.most_at_once == 1
    assert 4 <= len(watcher.runs) <= 5


def test_what_was_missed_is_caught_up_with_once_and_not_in_a_crowd() -> None:
    async def work(clock: FastClock, timetable: Timetable, watcher: Watcher) -> None:
        timetable.plan({f"o{n}": START - 10 * HOUR for n in range(20)} | {"new": None})
        await until(clock, START + CROWD_SPREAD + 5 * MINUTE)

    watcher = scenario(work, rate=600.0, interval=6 * HOUR)
    assert Counter(outlet for outlet, _, _ in watcher.runs) == {
        **{f"o{n}": 1 for n in range(20)},
        "new": 1,
    }
    due = sorted(moment for _, moment, _ in watcher.runs)
    assert due[10] - due[0] >= CROWD_SPREAD / 3
    assert all(begun >= due for _, due, begun in watcher.runs)


def test_a_clock_set_forward_makes_no_storm() -> None:
    async def work(clock: FastClock, timetable: Timetable, watcher: Watcher) -> None:
        watch = ClockWatch(clock)
        timetable.plan({f"o{n}": START + (10 + n) * MINUTE for n in range(20)})
        await until(clock, START + 5 * MINUTE)
        assert watch.jump() is None
        clock.offset += DAY
        shift = watch.jump()
        assert shift is not None
        assert abs(shift - DAY) < 2 * MINUTE
        assert watch.jump() is None
        timetable.replan(shift)
        await until(clock, START + DAY + 5 * MINUTE + CROWD_SPREAD + MINUTE)

    watcher = scenario(work, rate=600.0)
    assert Counter(outlet for outlet, _, _ in watcher.runs) == {f"o{n}": 1 for n in range(20)}


def test_a_clock_set_back_makes_no_stall() -> None:
    async def work(clock: FastClock, timetable: Timetable, watcher: Watcher) -> None:
        timetable.plan({"one": START + 10 * MINUTE})
        await until(clock, START + 5 * MINUTE)
        clock.offset -= HOUR
        timetable.replan(-HOUR)
        await until(clock, START - 45 * MINUTE)

    watcher = scenario(work, rate=600.0)
    assert len(watcher.runs) == 1
    _, due, begun = watcher.runs[0]
    assert due == START - 50 * MINUTE
    assert begun - due < 2 * MINUTE


def test_an_outlet_that_left_is_not_run_again_and_a_new_one_is() -> None:
    async def work(clock: FastClock, timetable: Timetable, watcher: Watcher) -> None:
        timetable.plan({"old": START + MINUTE, "stays": START + MINUTE})
        await until_runs(timetable, "old", "stays")
        timetable.plan({"stays": timetable.due["stays"], "new": clock.now() + 3 * MINUTE})
        await until(clock, START + 4 * HOUR)

    watcher = scenario(work, rate=6000.0, lasts=20 * MINUTE)
    assert len(watcher.of("old")) == 1
    assert len(watcher.of("new")) >= 3
    assert len(watcher.of("stays")) >= 3


def test_an_outlet_that_left_and_is_back_while_it_runs_runs_again() -> None:
    async def work(clock: FastClock, timetable: Timetable, watcher: Watcher) -> None:
        timetable.plan({"one": START + MINUTE})
        await until_runs(timetable, "one")
        timetable.plan({})
        timetable.plan({"one": None})
        assert timetable.running == {"one"}
        await until(clock, START + HOUR)

    assert len(scenario(work, rate=1200.0, lasts=10 * MINUTE, interval=15 * MINUTE).runs) >= 2


def test_a_pause_begins_nothing_and_lets_what_runs_end() -> None:
    async def work(clock: FastClock, timetable: Timetable, watcher: Watcher) -> None:
        timetable.plan({"runs": START + MINUTE, "waits": START + 8 * MINUTE})
        await until_runs(timetable, "runs")
        timetable.pause()
        await timetable.drain(10)
        assert watcher.at_once["runs"] == 0
        await until(clock, START + 20 * MINUTE)
        assert watcher.of("waits") == []

    scenario(work, rate=600.0, lasts=3 * MINUTE)


def test_a_run_that_was_cut_short_does_not_begin_again_at_its_end() -> None:
    """It is due still, as it was, and for the next daemon."""

    async def work(clock: FastClock, timetable: Timetable, watcher: Watcher) -> None:
        timetable.plan({"one": START + MINUTE})
        await until(clock, START + 2 * MINUTE)
        assert timetable.running == {"one"}
        timetable.order_end()
        await until(clock, START + 10 * MINUTE)

    watcher = scenario(work, rate=600.0, lasts=5 * MINUTE, interval=timedelta(0))
    assert len(watcher.runs) == 1


def test_what_does_not_end_is_cancelled() -> None:
    async def work(clock: FastClock, timetable: Timetable, watcher: Watcher) -> None:
        timetable.plan({"stuck": START + MINUTE})
        await until_runs(timetable, "stuck")
        await timetable.drain(0.1)
        assert timetable.running == frozenset()

    scenario(work, rate=600.0, lasts=DAY)


@pytest.mark.parametrize("seconds", [0.5, -0.5, 4.0])
def test_small_corrections_of_the_clock_are_none(seconds: float) -> None:
    clock = FastClock(1.0)
    watch = ClockWatch(clock)
    clock.offset += timedelta(seconds=seconds)
    assert watch.jump() is None
