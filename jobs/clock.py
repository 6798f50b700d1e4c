"""What time it is, and when the machine will think that it is some other time."""

from __future__ import annotations

from datetime import UTC, datetime


class Clock:
    """The machine's own clock. Whatever runs for months asks one of these and no other.

    A faster one lets a day pass in minutes: then due times are counted in its time, and
    everything towards sites (delays, Retry-After, time limits) still in the machine's.
    """

    rate = 1.0
    """Seconds that pass on it in a second of the machine's."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)

    def machine_time(self, moment: datetime) -> datetime:
        """What the machine's clock will show when this one shows `moment`."""
        return datetime.now(UTC) + (moment - self.now()) / self.rate

    def time_at(self, machine_moment: datetime) -> datetime:
        """What this one will show when the machine's shows that."""
        return self.now() + (machine_moment - datetime.now(UTC)) * self.rate
