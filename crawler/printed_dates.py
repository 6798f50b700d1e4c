"""Dates as people print them: the months, clocks and zones of the languages we read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

_LONGEST = 300  # characters looked at; a longer text is no date
_CENTURY = 2000  # of a year printed with two digits

# Nominative, genitive and common short forms, without the full stop: English, German, French,
# Spanish, Portuguese, Italian, Dutch, Polish, Czech, Scandinavian, Turkish, Russian, Ukrainian.
_MONTH_WORDS = (
    "january jan januar jänner januari janvier janv enero ene janeiro gennaio gen styczeń"
    " stycznia ledna leden ocak январь января янв січень січня січ",
    "february feb februar februari février fevrier févr fevr febrero fevereiro fev febbraio febr"
    " luty lutego února únor şubat февраль февраля фев февр лютий лютого лют",
    "march mar märz marz maart mars marzo março marzec marca března mart март марта мар"
    " березень березня бер",
    "april apr avril avr abril abr aprile kwiecień kwietnia dubna nisan апрель апреля апр"
    " квітень квітня квіт",
    "may mai mei mayo maio maggio mag maj maja května mayıs май мая травень травня трав",
    "june jun juni juin junio junho giugno giu czerwiec czerwca června haziran июнь июня июн"
    " червень червня черв",
    "july jul juli juillet juil julio julho luglio lug lipiec lipca července temmuz июль июля"
    " июл липень липня лип",
    "august aug août aout agosto ago augustus sierpień sierpnia srpna ağustos augusti"
    " август августа авг серпень серпня серп",
    "september sep sept septembre septiembre setembro set settembre wrzesień września září eylül"
    " сентябрь сентября сен сент вересень вересня вер",
    "october oct oktober okt octobre octubre outubro out ottobre ott październik października"
    " října ekim октябрь октября окт жовтень жовтня жовт",
    "november nov novembre noviembre novembro listopad listopada kasım ноябрь ноября ноя нояб"
    " листопада",  # "листопад" and "listopad" are this month in Ukrainian, Polish and Czech
    "december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre grudzień"
    " grudnia prosince aralık desember des декабрь декабря дек грудень грудня груд",
)
MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}

_HOUR = timedelta(hours=1)
# Only abbreviations that mean one offset everywhere in news: "CST" and "IST" mean three.
ZONES: dict[str, tzinfo] = {
    name: timezone(hours * _HOUR)
    for hours, names in {
        0: "utc gmt z wet",
        1: "cet mez bst west",
        2: "cest mesz eet",
        3: "msk мск eest trt по московскому московскому",
        8: "hkt sgt 北京时间 北京時間 香港时间 香港時間",
        9: "jst kst",
        -4: "edt",
        -5: "est cdt",
        -6: "mdt",
        -7: "pdt mst",
        -8: "pst",
    }.items()
    for name in names.split()
}

_WORD = r"[^\W\d_]{3,12}"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|-го)?[.,]?\s*(?:de\s+|of\s+|-)?"
    rf"(?P<month>{_WORD})[.,]*\s*(?:de[l]?\s+|-)?(?P<year>\d{{4}})(?!\d)"
)
_MONTH_FIRST = re.compile(
    rf"(?P<month>{_WORD})[.,]?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    r"(?:,\s*|\s+(?:\d{1,2}:\d{2}:\d{2}\s+(?:\w{1,5}\s+)?)?)(?P<year>\d{4})(?!\d)"
)
_CJK = re.compile(
    r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日号號일]"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<day>\d{1,2})(?!\d)"
)
_DOTTED = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d{2})(?!\d)"
)
_SLASHED = re.compile(r"(?<!\d)(?P<day>\d{1,2})([/-])(?P<month>\d{1,2})\2(?P<year>\d{4})(?!\d)")
_CLOCK = re.compile(
    r"(?P<before>上午|凌晨|早上|下午|晚上|中午|午前|午後|오전|오후)?\s*(?<![\d.,])(?P<hour>\d{1,2})"
    r"(?::|h|\.(?=\d{2}(?:\s*uhr|\s*$))|[时時点點시]\s?)(?P<minute>\d{2})?(?![\d.]\d)"
    r"(?::(?P<second>\d{2}))?[分분]?\s*(?P<after>[ap]\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_LATE = frozenset({"下午", "晚上", "午後", "오후"})
_OFFSET = re.compile(r"(?:utc|gmt)?\s?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?\b")
_ZONE_WORDS = re.compile(r"[^\W\d_]{1,12}")
_MOST_ZONE_WORDS = 3


class PrintedDate(NamedTuple):
    """A date as printed. `moment` is naive where no zone is; `has_time` says if a clock is."""

    moment: datetime
    has_time: bool


def read_printed(text: str) -> PrintedDate | None:
    """The first date of a text; null where there is none or day and month are not told apart."""
    text = text[:_LONGEST]
    lowered = text.lower()
    found = _day_of(lowered)
    if found is None:
        return None
    day, (start, end) = found
    rest = lowered[:start] + " " * (end - start) + lowered[end:]
    inside = lowered[start:end]  # "Apr 28 19:20:36 CEST 2023" has its clock in the date
    for part in (lowered[end:], rest, inside):
        clock = _time_of(part)
        if clock:
            hour, minute, second, zone = clock
            moment = day.replace(hour=hour, minute=minute, second=second, tzinfo=zone)
            return PrintedDate(moment, True)
    return PrintedDate(day, False)


def _day_of(text: str) -> tuple[datetime, tuple[int, int]] | None:
    for pattern in (_CJK, _YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST, _DOTTED, _SLASHED):
        for found in pattern.finditer(text):
            day = _made(found["year"], found["month"], found["day"], pattern is _SLASHED)
            if day:
                return day, found.span()
    return None


def _made(year: str, month: str, day: str, is_unordered: bool) -> datetime | None:
    months = int(month) if month.isdigit() else MONTHS.get(month.rstrip("."), 0)
    days = int(day)
    if is_unordered:
        if months > 12 >= days:  # 04/24/2024 can only be April
            months, days = days, months
        elif days <= 12 and days != months:
            return None
    years = int(year) + (_CENTURY if len(year) == 2 else 0)
    try:
        return datetime(years, months, days)  # noqa: DTZ001 - as printed
    except ValueError:
        return None


def _time_of(text: str) -> tuple[int, int, int, tzinfo | None] | None:
    for found in _CLOCK.finditer(text):
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        second = int(found["second"] or 0)
        after = (found["after"] or "")[:1]
        if hour > 23 or minute > 59 or second > 59 or (after and hour > 12):
            continue
        if (after == "p" or found["before"] in _LATE) and hour < 12:
            hour += 12
        elif after == "a" and hour == 12:
            hour = 0
        return hour, minute, second, _zone_of(text[found.end() : found.end() + 40])
    return None


def _zone_of(text: str) -> tzinfo | None:
    """The zone named right after a clock."""
    offset = _OFFSET.match(text.lstrip(" (,"))
    if offset:
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if offset["sign"] == "-" else minutes))
    for word in _ZONE_WORDS.findall(text)[:_MOST_ZONE_WORDS]:
        if zone := ZONES.get(word):
            return zone
    return None
