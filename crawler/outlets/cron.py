"""Cron expressions, as cron has them: what an entry's `schedule` may say.

Five fields: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday). Times
are UTC. A day is one that the month's field or the week's field names, if neither begins with a
star, else one that both do (crontab(5), POSIX.1-2024 crontab).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAYS = "sun mon tue wed thu fri sat".split()
_DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_PART = re.compile(r"(?:\*|(\w+)(?:-(\w+))?)(?:/(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Cron:
    """The moments an expression names, by field; days of the week from 0, Sunday.

    `is_either_day`: a day that one of the two day fields names is enough.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    is_either_day: bool


def parse_cron(expression: str) -> Cron:
    """Raises ValueError with a sentence for what cron would not take, or would never run."""
    fields = _MACROS.get(expression.strip().lower(), expression).split()
    if len(fields) != 5:
        raise ValueError("a cron expression has five fields, as in */15 * * * *")
    minute, hour, day, month, weekday = fields
    cron = Cron(
        minutes=_values(minute, "minute", 0, 59),
        hours=_values(hour, "hour", 0, 23),
        days=_values(day, "day of the month", 1, 31),
        months=_values(month, "month", 1, 12, _MONTHS),
        weekdays=tuple(sorted({n % 7 for n in _values(weekday, "day of the week", 0, 7, _DAYS)})),
        is_either_day=not day.startswith("*") and not weekday.startswith("*"),
    )
    if not cron.is_either_day and min(cron.days) > max(
        _DAYS_OF_MONTHS[number - 1] for number in cron.months
    ):
        raise ValueError(f"none of its months has a day {min(cron.days)}")
    return cron


def _values(
    field: str, name: str, least: int, most: int, words: list[str] | None = None
) -> tuple[int, ...]:
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{name}: {part!r} is no number, range or step")
        first, last, step = match.groups()
        start = _number(first, name, least, most, words) if first else least
        if last:
            end = _number(last, name, least, most, words)
        else:
            end = most if first is None or step else start
        if words is _DAYS and last and end == 0 and last.isalpha():
            end = most  # Fri-Sun
        if start > end:
            raise ValueError(f"{name}: {part!r} runs backwards")
        if step == "0":
            raise ValueError(f"{name}: a step of 0")
        found.update(range(start, end + 1, int(step or 1)))
    return tuple(sorted(found))


def _number(text: str, name: str, least: int, most: int, words: list[str] | None) -> int:
    if words and text[:3].lower() in words and text.isalpha() and len(text) == 3:
        return words.index(text.lower()) + (1 if words is _MONTHS else 0)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ValueError(f"{name}: {text!r} is not within {least} to {most}")
    return int(text)
