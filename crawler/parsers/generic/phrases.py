"""What sites print around and among the paragraphs, by its words; they are in `phrases.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_LONGEST_LABEL = 70  # characters of a line that is only a label
LONGEST_NOTE = 300  # characters of a notice; a paragraph that begins like one is longer
_NAMES = r"(?:[A-ZÀ-ÞА-ЯЁ][\w.’'-]*(?:[ ,&/]+(?:and|und|et|y|e|i|и|van|von|de|der|la)?[ ]?)?){1,8}"
_DATE = (
    r"(?:\d{1,4}[./年-]\s?\d{1,2}[./月-]\s?\d{1,4}日?|\d{1,2}\.? \w+\.? \d{4}"
    r"|\w+ \d{1,2}, \d{4}|\d{1,2}:\d{2})"
)
_MARKS = r"(?:(?![\"“„«‘'])\W)*"  # before the words; but what begins with a quotation mark is said
_DATED = re.compile(rf"\b{_DATE}")
_WORD = r"\b"
_MARKED = re.compile(r"(?P<mark>[^:：|»>]{3,25}[:：|»>])\s*(?P<rest>\S.*)")
_LONGEST_SEPARATOR = 12  # characters
_SEPARATOR = re.compile(r"[*＊◇◆○●■□◎※~_—–-]+(?:\s*[*＊◇◆○●■□◎※~_—–-])*")
_NOTHING = re.compile(r"[\W_]*")


def is_teaser_heading(text: str) -> bool:
    """Whether a line stands above links to other articles."""
    return len(text) <= _LONGEST_LABEL and bool(_begins("teaser_heading", r"\W*$").match(text))


def is_teaser(text: str) -> bool:
    """Whether a line says that what it names is another text."""
    return len(text) <= LONGEST_NOTE and bool(_begins("teaser").match(text))


def without_teaser_mark(text: str) -> str:
    """A related headline without the words that call it one: `READ MORE: Two ports …`."""
    found = _MARKED.match(text)
    if found is None or not (is_teaser(found["mark"]) or is_teaser_heading(found["mark"])):
        return text
    return found["rest"]


def is_notice(text: str, *, has_promise: bool = True) -> bool:
    """Whether a line asks for something or is a control, and tells nothing.

    `has_promise`: whether words anywhere in it may tell.
    """
    if len(text) > LONGEST_NOTE:
        return False
    if _begins("notice").match(text):
        return True
    return has_promise and _has("promise", text)


def is_byline(text: str) -> bool:
    """Whether a line only names who wrote the article."""
    return len(text) <= _LONGEST_LABEL and bool(_bylines().match(text))


def is_label(text: str) -> bool:
    """Whether a line is a date, a time, or no letters at all."""
    if len(text) > _LONGEST_LABEL:
        return False
    if _NOTHING.fullmatch(text):
        return True
    return not text.endswith("。") and bool(_dates().match(text))


def has_date(text: str) -> bool:
    """Whether a date or a time stands in a line."""
    return bool(_DATED.search(text))


def is_separator(text: str) -> bool:
    """Whether a line is a mark between parts of a text."""
    return len(text) <= _LONGEST_SEPARATOR and bool(_SEPARATOR.fullmatch(text))


def is_vita(text: str) -> bool:
    """Whether a line that names a person says what that person does for a living."""
    return _has("vita", text)


def is_wall(text: str) -> bool:
    """Whether a line says that the rest is for those who pay or sign in."""
    return _has("wall", text)


def is_no_article(text: str) -> bool:
    """Whether a line is what walls, challenges and error pages say."""
    return _has("no_article", text)


@cache
def _phrases() -> dict[str, list[str]]:
    """The expressions of each table of the file, all languages together."""
    text = files(__package__ or "").joinpath("phrases.toml").read_text("utf-8")
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return {
        name: [phrase for phrases in table.values() for phrase in phrases]
        for name, table in tables.items()
    }


def _any_of(name: str) -> str:
    return "|".join(_phrases()[name])


@cache
def _begins(name: str, rest: str = "") -> re.Pattern[str]:
    return re.compile(rf"{_MARKS}(?:{_any_of(name)}){rest}", re.IGNORECASE)


def _has(name: str, text: str) -> bool:
    """Whether a phrase of a table stands anywhere in a text."""
    return any(pattern.search(text.lower()) for pattern in _anywhere(name))


@cache
def _anywhere(name: str) -> list[re.Pattern[str]]:
    """Those that begin with a word are tried where a word begins, which takes a sixth of the
    time; all are in small letters, which takes half.
    """
    phrases = _phrases()[name]
    words = [phrase.removeprefix(_WORD) for phrase in phrases if phrase.startswith(_WORD)]
    others = [phrase for phrase in phrases if not phrase.startswith(_WORD)]
    tried = [rf"{_WORD}(?:{'|'.join(words)})"] * bool(words) + ["|".join(others)] * bool(others)
    return [re.compile(pattern) for pattern in tried]


@cache
def _bylines() -> re.Pattern[str]:
    return re.compile(rf"(?i:{_any_of('byline')})\s*[:：]?\s+{_NAMES}$")


@cache
def _dates() -> re.Pattern[str]:
    said = _any_of("dated")
    return re.compile(rf"\W*(?:{said})?\W*(?:\w+,? )?{_DATE}.{{0,30}}$", re.IGNORECASE)
