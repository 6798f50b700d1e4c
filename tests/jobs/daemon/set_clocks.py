"""Clocks of daemons under test, which are set, or run fast, as the environment says."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jobs.clock import Clock

OFFSET = Path("clock.offset")
"""In the daemon's folder: by how many seconds its clock was set."""

BEGIN, RATE = "TEST_CLOCK_BEGIN", "TEST_CLOCK_RATE"


class SetClock(Clock):
    """The machine's, set by as much as the file says at the moment."""

    def now(self) -> datetime:
        offset = float(OFFSET.read_text("ascii")) if OFFSET.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=offset)


class FastClock(Clock):
    """Shows the moment of the environment as it begins, and runs at the rate that it gives."""

    def __init__(self) -> None:
        self.rate = float(os.environ[RATE])
        self._began = datetime.now(UTC)
        self._shown = datetime.fromisoformat(os.environ[BEGIN])

    def now(self) -> datetime:
        return self._shown + (datetime.now(UTC) - self._began) * self.rate


def set_clock(folder: Path, offset: timedelta) -> None:
    """Moves the daemon's clock to so far from the machine's."""
    new = folder / "clock.new"
    new.write_text(str(offset.total_seconds()))
    new.rename(folder / OFFSET)
