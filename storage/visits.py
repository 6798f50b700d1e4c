"""When an article page is asked for again: a pure rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

State = Literal[
    "pending", "stored", "off_topic", "unreadable", "failed", "refused", "forbidden", "gone"
]

# Corrections come mostly within the first hours; a week later a page has settled.
REVISIT_AGES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=7))
# A time-out or a 5xx passes soon: so many runs in a row ask at once, then only the ladder.
PROMPT_ATTEMPTS = 3
NEVER_AGAIN: frozenset[State] = frozenset({"refused", "off_topic"})


def next_fetch(
    state: State, first_seen: datetime, attempts: int, now: datetime, *, temporary: bool = False
) -> datetime | None:
    """When to fetch a page that is now in `state`, null for never again.

    `attempts` counts the failures in a row, this one included. `temporary` is for `failed`:
    the fault may pass by itself. `forbidden` is asked again because robots.txt may change.
    """
    if state in NEVER_AGAIN:
        return None
    if state == "pending":
        return now
    if state == "failed" and temporary and attempts <= PROMPT_ATTEMPTS:
        return now
    visits = (first_seen + age for age in REVISIT_AGES)
    return next((visit for visit in visits if visit > now), None)
