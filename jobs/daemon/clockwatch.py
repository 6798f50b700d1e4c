"""Notices when the clock jumps: set by hand or by a time server, or after the machine slept."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from jobs.clock import Clock

JUMP = timedelta(seconds=5)
"""Time servers correct in slower steps; nothing here minds less."""


class ClockWatch:
    """Compares the clock with one that only goes forward, as often as it is asked."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._wall = clock.now()
        self._steady = monotonic()

    def jump(self) -> timedelta | None:
        """By how much the clock was set since the last question, backwards below 0; null where
        it just went on.
        """
        wall, steady = self._clock.now(), self._monotonic()
        passed = timedelta(seconds=(steady - self._steady) * self._clock.rate)
        shift = wall - self._wall - passed
        self._wall, self._steady = wall, steady
        return shift if abs(shift) > JUMP * self._clock.rate else None
