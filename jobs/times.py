"""Times as people type them: `2d`, `2026-11-01`, `2026-11-01T08:00+08:00`; and lengths of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from crawler.errors import ConfigurationError

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_moment(text: str, option: str, now: datetime) -> datetime:
    """The aware UTC time meant; an age counts back from `now`, a time without zone is UTC.

    Raises ConfigurationError that names the option.
    """
    age = re.fullmatch(r"(\d{1,5})([mhdw])", text.strip())
    try:
        if age:
            return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ConfigurationError(
            f"{option} {text}: not a time; use an age such as 30m, 12h, 2d, 1w or a date such "
            "as 2026-11-01"
        ) from error


def spell(length: timedelta) -> str:
    """To the full minute, hour or day: `40 s`, `15 min`, `3 h`, `2 days`."""
    seconds = length.total_seconds()
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size or (unit == "min" and seconds >= size):
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s"
