"""A page of an outlet with other words in it.

`tests/parsers` has for each outlet a page in the structure of its site, and the record of it.
Here headline, summary, paragraphs, days and address of that page are exchanged for those of
another article, in the page and in the record, and everything else stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tests.newsrooms.texts import Text

_CASES = Path(__file__).parents[1] / "parsers"
_DATES = ("date_published", "date_modified")

_BOLD_LETTERS = 6
_TAG = re.compile("<[^>]*>")
_BETWEEN_WORDS = r"(?:\s|&nbsp;|<[^>]*>)+"
_SIGNS = {'"': r'(?:\\*"|&quot;)', "&": "&(?:amp;)?", "'": "(?:'|&#39;|&apos;)"}

_NUMBER = re.compile(r"(?<!\d)\d{6,}(?!\d)")

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
# A day as the pages print it; times of day stay as they are.
_DAYS = (
    "{0:%Y-%m-%d}",
    "{0:%Y/%m/%d}",
    "{0:%d.%m.%Y}",
    "{0:%d-%b-%Y}",
    "{0:%b %d, %Y}",
    "{0:%Y年%m月%d日}",
    "{0.day} {0:%b} {0:%Y}",
    "{0.day} {0:%b}, {0:%Y}",
    "{0.day} {ru} {0:%Y}",
    "{0.day} {en} {0:%Y}",
    "{en} {0:%d}, {0:%Y}",
    "{en} {0.day}, {0:%Y}",
)


@dataclass(frozen=True)
class Case:
    """A page and its record. `instead` are words of the page that another edition has not."""

    name: str
    charset: str
    zone: ZoneInfo
    language: str
    instead: Mapping[str, str] = field(default_factory=dict)

    def published(self, days_ago: int, now: datetime) -> datetime:
        """So many days before today, at the time of day of the case."""
        return _moment(self._record["date_published"]) + self._shift(days_ago, now)

    def written(
        self, text: Text, url: str, days_ago: int, now: datetime
    ) -> tuple[bytes, dict[str, Any]]:
        """The page with that text in it, and what its record must be.

        Paragraphs that the page has with marks within stay those of the case.
        """
        record, html = dict(self._record), self._html
        html = _at(html, record["url"], url)
        html, record["paragraphs"] = _exchanged(html, record["paragraphs"], text.paragraphs)
        html, record["summary"] = _exchanged(html, record["summary"], text.summary)
        html, (record["headline"],) = _exchanged(html, [record["headline"]], [text.headline])
        assert record["headline"] == text.headline, self.name
        assert record["paragraphs"][0] == text.paragraphs[0], self.name
        for theirs, ours in self.instead.items():
            html = html.replace(theirs, ours)
        html = self._on_other_days(html, self._shift(days_ago, now))
        for name in filter(record.get, _DATES):
            moment = _moment(record[name]) + self._shift(days_ago, now)
            record[name] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        # Who was named in a paragraph, and not in the page's head, went with it.
        paragraphs, head = " ".join(self._record["paragraphs"]), html.partition("</head>")[0]
        record["authors"] = [n for n in record["authors"] if n not in paragraphs or n in head]
        return html.encode(self.charset), record

    @property
    def _record(self) -> dict[str, Any]:
        return _read_record(self.name)

    @property
    def _html(self) -> str:
        return (_CASES / self.name / "page.html").read_bytes().decode(self.charset)

    def _shift(self, days_ago: int, now: datetime) -> timedelta:
        """Whole days from the case's to the wanted one."""
        day = _moment(self._record["date_published"]).date()
        return timedelta(days=(now.date() - day).days - days_ago)

    def _on_other_days(self, html: str, shift: timedelta) -> str:
        """The page with its dates moved, each in the form it has."""
        moved: dict[str, str] = {}
        for said in filter(None, (self._record.get(name) for name in _DATES)):
            moment = _moment(said)
            # By the offset of that day: a page prints it, and keeps it.
            offset = moment.astimezone(self.zone).utcoffset() or timedelta(0)
            local = moment.astimezone(timezone(offset))
            moved[str(int(moment.timestamp()))] = str(int((moment + shift).timestamp()))
            for day in (moment, local):
                for form in _DAYS:
                    ours = _day(form, day + shift, self.language)
                    moved.update((_day(form, day, other), ours) for other in _MONTHS)
        longest_first = sorted(moved, key=len, reverse=True)
        pattern = "|".join(rf"(?<!\d){re.escape(day)}" for day in longest_first)
        return re.sub(pattern, lambda found: moved[found[0]], html)


@cache
def _read_record(name: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((_CASES / name / "article.json").read_text("utf-8"))
    return record


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)


def _day(form: str, day: datetime, language: str) -> str:
    names = {key: months.split()[day.month - 1] for key, months in _MONTHS.items()}
    return form.format(day, **(names | {"ru": names.get(language, names["ru"])}))


def _at(html: str, theirs: str, ours: str) -> str:
    """The page under another address: whole, as a path, and the article's number alone."""
    html = html.replace(theirs, ours).replace(urlsplit(theirs).path, urlsplit(ours).path)
    for number, other in zip(*(_NUMBER.findall(url) for url in (theirs, ours)), strict=False):
        html = re.sub(rf"(?<![\dA-Za-z]){number}(?![\dA-Za-z])", other, html)
    return html


def _exchanged(html: str, old: Sequence[str], new: Sequence[str]) -> tuple[str, list[str]]:
    """The markup with texts exchanged as far as it has them in one piece, and what it has then."""
    there: list[str] = []
    for theirs, ours in zip(old, new, strict=False):
        html, times = re.subn(_pattern(theirs), partial(_instead, ours), html)
        there.append(ours if times else theirs)
    return html, [*there, *old[len(there) :]]


def _instead(ours: str, found: re.Match[str]) -> str:
    """The text, after its first letters the tags of the one before: it may begin in bold."""
    begin = len(ours.split(maxsplit=1)[0][:_BOLD_LETTERS])
    return ours[:begin] + "".join(_TAG.findall(found[0])) + ours[begin:]


def _pattern(text: str) -> str:
    """Finds a text with its words apart by any space and any tags, and its signs escaped or not."""
    words = ["".join(_SIGNS.get(sign, re.escape(sign)) for sign in word) for word in text.split()]
    return _BETWEEN_WORDS.join(words)
