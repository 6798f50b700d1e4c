"""How long an outlet that fails is left alone, by what failed."""

from __future__ import annotations

from datetime import timedelta

from storage.outlet_states import FailureKind

# (for each run in a row that failed, at most): what passes by itself is soon tried again, and
# whoever does not want us is not asked all day.
_STEPS: dict[FailureKind, tuple[timedelta, timedelta]] = {
    "temporary": (timedelta(minutes=5), timedelta(hours=1)),
    "hard": (timedelta(minutes=30), timedelta(hours=12)),
    "blocked": (timedelta(hours=1), timedelta(hours=24)),
}


def backoff_of(kind: FailureKind, failures: int) -> timedelta:
    """The pause after so many failed runs in a row, the last of that kind; none after 0."""
    step, most = _STEPS[kind]
    return min(step * failures, most)
