"""Dates as pages print them, read into aware UTC times. Unknown is null, never a guess."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache

from crawler.printed_dates import read_printed

FUTURE_TOLERANCE = timedelta(days=1)
"""Clocks and zones differ by up to a day; a later date is an error of the page."""

OLDEST_YEAR = 1900
UNSET_CLOCK_YEAR = 1970
"""Where a zero, or seconds taken for milliseconds, end up: no newsroom means that year."""

_MILLISECONDS_FROM = 100_000_000_000  # as seconds this would be the year 5138

_TIME = r"\d{1,2}[:.]\d{2}(?:\s*[ap]\.?m\b\.?)?"
_PRINTED = re.compile(
    rf"(?P<time>{_TIME})?,?\s*(?:\w+day,?\s*)?"
    r"\b(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]{3,9})\.?,?\s+(?P<year>\d{4})"
    rf"(?:,?\s*(?P<late_time>{_TIME}))?",
    re.IGNORECASE,
)
_RFC2822 = re.compile(
    r"\d{1,2} [A-Za-z]{3} \d{2,4} \d{1,2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|[A-Z]{1,3}T?\b)"
)
_LOOSE_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?"
)

# As a count of milliseconds these are of the years before the web.
_RUN_TOGETHER = re.compile(r"(?:19|20)\d{2}[01]\d[0-3]\d(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?")


def is_plausible(moment: datetime, now: datetime | None = None) -> bool:
    """Neither in the future, nor older than any newsroom's archive, nor an unset clock's."""
    now = now or datetime.now(UTC)
    is_meant = moment.year >= OLDEST_YEAR and moment.year != UNSET_CLOCK_YEAR
    return is_meant and moment <= now + FUTURE_TOLERANCE


def parse_date(raw: object, zone: tzinfo | None = None) -> datetime | None:
    """A date in ISO 8601, RFC 2822, epoch seconds or milliseconds, or as printed, as UTC.

    `zone` is the outlet's and is used only where the date names none; without it such a date
    is null. A date without a time is null too: its minute would be a guess.
    """
    moment = read_date(raw)
    return in_utc(moment, zone) if isinstance(moment, datetime) else None


def read_date(raw: object) -> datetime | date | None:
    """What a date says: an aware moment, a naive one where it names no zone, or only a day."""
    if isinstance(raw, bool) or raw is None:
        return None
    if isinstance(raw, int | float):
        return _from_epoch(raw)
    return _read_text(str(raw).strip())


@lru_cache(maxsize=64)  # a page says its date in many places
def _read_text(text: str) -> datetime | date | None:
    if _RUN_TOGETHER.fullmatch(text):
        return _from_run_together(text)
    if re.fullmatch(r"\d{9,13}", text):
        return _from_epoch(float(text))
    moment = _from_iso(text) or _from_rfc2822(text)
    if moment is not None:
        return moment
    printed = read_printed(text)
    if printed is not None and printed.has_time:
        return printed.moment
    return _from_print(text) or (printed.moment.date() if printed is not None else None)


def in_utc(moment: datetime, zone: tzinfo | None) -> datetime | None:
    """A moment in UTC, a naive one by `zone`; null without one or outside the calendar."""
    if moment.tzinfo is None:
        if zone is None:
            return None
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _from_epoch(number: int | float) -> datetime | None:
    try:
        seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _from_iso(text: str) -> datetime | None:
    if len(text) <= len("2026-01-01"):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        loose = _LOOSE_ISO.fullmatch(text)
    if loose is None:
        return None
    try:
        return datetime.fromisoformat(f"{loose[1]}T{loose[2]}{loose[3] or ''}")
    except ValueError:
        return None


def _from_run_together(text: str) -> datetime | date | None:
    """`20240301`, `202403011830` and `20240301183007`, as content systems write them."""
    clock = "%H%M%S"[: len(text) - len("20240301")]
    try:
        said = datetime.strptime(text, f"%Y%m%d{clock}")  # noqa: DTZ007 - as printed
    except ValueError:
        return None
    return said if clock else said.date()


def _from_rfc2822(text: str) -> datetime | None:
    if not _RFC2822.search(text):
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else None  # it knows few zones by name


def printed_date(text: str) -> str | None:
    """The date and time that a text begins with, as printed; null where it begins otherwise."""
    found = _PRINTED.match(text[:200])
    return found[0].strip(" ,") if found else None


def _from_print(text: str) -> datetime | None:
    """`10:00am, 20 Jan, 2020`, `Monday, 19 May, 2014, 4:17pm` and `16:17, 19 May 2014`."""
    found = _PRINTED.search(text[:200])
    time = found and (found["time"] or found["late_time"])
    if not found or not time:
        return None
    time = re.sub(r"[\s.]+(?=[ap])|\.(?=m|$)", "", time.lower()).replace(".", ":")
    clock = "%I:%M%p" if time.endswith("m") else "%H:%M"
    words = f"{found['day']} {found['month'][:3]} {found['year']} {time}"
    try:
        return datetime.strptime(words, f"%d %b %Y {clock}")  # noqa: DTZ007 - as printed
    except ValueError:
        return None


LONGEST_DURATION = 36_000  # seconds; a greater number of a video's is milliseconds

_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)")
_ISO_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?")


def is_clock(text: str) -> bool:
    """Whether a text is a duration as players print it: `09:43`, `1:02:03`."""
    return bool(_CLOCK.fullmatch(text))


def parse_duration(raw: object) -> int | None:
    """Seconds of `09:43`, `1:02:03`, `PT9M43S` or a number; null for anything else."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return _from_number(raw)
    text = str(raw or "").strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", text):
        return _from_number(float(text))
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds or None
    iso = _ISO_DURATION.fullmatch(text)
    if iso and any(iso.groups()):
        days, hours, minutes, seconds = (int(part or 0) for part in iso.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds or None
    return None


def _from_number(number: float) -> int | None:
    if not 0 < number < _MILLISECONDS_FROM:
        return None
    seconds = number / 1000 if number > LONGEST_DURATION else number
    return int(seconds) or None
