"""Two times: the clock's, and the machine's, which sites live in."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from tests.soak.compressed import FastClock

BEGAN = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
A_MOMENT = timedelta(seconds=0.5)  # of the machine's time, between two looks at the clock


def test_a_minute_of_the_machine_is_two_hours_of_a_fast_clock() -> None:
    clock = FastClock(BEGAN, time.monotonic(), rate=120.0)
    minute = timedelta(minutes=1)
    before, machine = clock.now(), datetime.now(UTC)
    late = clock.time_at(machine + minute) - before - 120 * minute
    assert abs(late) < 120 * A_MOMENT
    late = clock.machine_time(before + 120 * minute) - machine - minute
    assert abs(late) < A_MOMENT
