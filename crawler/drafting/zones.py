"""A time zone, as far as dates with an offset tell it."""

from __future__ import annotations

import re
from collections.abc import Iterable

UNKNOWN = "UTC"
"""The entry's value where nothing is known."""

_OFFSET = re.compile(
    rb"T?\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?\s?([+-])(\d{2}):?(\d{2})\s*"
    rb"(?:\]\]>\s*)?</(?:pubDate|published|updated|dc:date|news:publication_date)>"
)
_AT_END = re.compile(r"\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?\s?([+-])(\d{2}):?(\d{2})$")
_MOST_MINUTES = 14 * 60  # east of Greenwich; no zone is further (Kiribati)


def offsets_of(body: bytes) -> set[int]:
    """The offsets, in minutes east of UTC, of the dates in a feed or a news sitemap."""
    found = _OFFSET.findall(body)
    return {_minutes(sign.decode(), int(hours), int(minutes)) for sign, hours, minutes in found}


def offset_of(raw: str | None) -> set[int]:
    """That of a date as a page has it; empty for none."""
    found = _AT_END.search(raw.strip()) if raw else None
    return {_minutes(found[1], int(found[2]), int(found[3]))} if found else set()


def zone_of(offsets: Iterable[int]) -> tuple[str, str]:
    """The zone's name and what is to be said of it.

    UTC says nothing: feeds are written in it everywhere. Two offsets may be summer and winter.
    """
    own = sorted({offset for offset in offsets if offset and abs(offset) <= _MOST_MINUTES})
    if not own:
        return UNKNOWN, "unknown: no date told it; matters for dates without a zone"
    told = " and ".join(map(_written, own))
    if len(own) > 1 or own[0] % 60:
        return UNKNOWN, f"unknown: its dates have {told}; name its zone, as Europe/Moscow"
    # POSIX signs: what is east of Greenwich is negative in these names.
    return (
        f"Etc/GMT{-own[0] // 60:+d}",
        f"{told} in its dates; better its zone's name, as Asia/Shanghai",
    )


def _minutes(sign: str, hours: int, minutes: int) -> int:
    return (hours * 60 + minutes) * (-1 if sign == "-" else 1)


def _written(offset: int) -> str:
    hours, minutes = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"
