"""One segment of an article's address, cut into what is its own and what all of them share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

CoreKind = Literal["", "number", "hex", "day"]

_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_DAY = re.compile(r"\d{4}([-_.])\d{1,2}(?:\1\d{1,2})?")
_LEADING = re.compile(r"(?P<core>\d{5,})(?P<after>[-_].*)")  # less may be a word of the slug
_TRAILING = re.compile(
    r"(?P<before>.*?)(?P<core>(?=[a-z]{0,40}\d)(?=\d{0,40}[a-f])[0-9a-f]{12,}|\d{5,})"
)
_DIGITS = re.compile(r"\d+")
_SEPARATOR = re.compile(r"[-_]")
_MOST_WORDS = 3  # that a name must have: sections have one or two
_MONTHS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july"
    " august september october november december".split()
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_SHORTEST_ID = 3  # digits; less are pages, parts and months
_NAME = r"[^/?#]+"


@dataclass(frozen=True, slots=True)
class Segment:
    """`before` + `core` + `after` + `extension`. Without a core all of it is `before`."""

    before: str
    core: str = ""
    after: str = ""
    extension: str = ""
    kind: CoreKind = ""

    @property
    def shape(self) -> tuple[CoreKind, bool, bool, str]:
        """What segments at the same place have in common where one pattern is for all."""
        return (self.kind, bool(self.before), bool(self.after), self.extension)


def segment_of(text: str) -> Segment:
    extension = found[0] if (found := _EXTENSION.search(text)) else ""
    stem = text.removesuffix(extension)
    if stem.isascii() and stem.isdigit():
        return Segment("", stem, "", extension, "number")
    if _DAY.fullmatch(stem):
        return Segment("", stem, "", extension, "day")
    if leading := _LEADING.fullmatch(stem):
        return Segment("", leading["core"], leading["after"], extension, "number")
    if trailing := _TRAILING.fullmatch(stem):
        kind: CoreKind = "number" if trailing["core"].isdigit() else "hex"
        return Segment(trailing["before"], trailing["core"], "", extension, kind)
    return Segment(stem, extension=extension)


def pattern_of(segments: Sequence[Segment], *, tells: bool, is_id: bool) -> str:
    """The regular expression of all these segments of one shape. With `is_id` the core is the
    group `id`; with `tells` nothing else in the address has a number or a day.
    """
    core = _core_pattern(segments)
    if is_id:
        core = f"(?P<id>{core})"
    before = _text_pattern([segment.before for segment in segments])
    if before is None:
        has_core = bool(segments[0].core)
        before = _prefix_pattern(segments) if has_core else _name_pattern(segments, tells=tells)
    after = _text_pattern([segment.after for segment in segments])
    return before + core + (_name_or(after)) + _escaped(segments[0].extension)


def number_length(segments: Sequence[Segment]) -> int:
    """How long the shortest core is where each is another and may be an article's number; else 0.

    Dates are none, however many of them there are.
    """
    cores = [segment.core for segment in segments]
    is_own = len(set(cores)) == len(cores) and segments[0].kind in ("number", "hex")
    shortest = min(map(len, cores))
    return shortest if is_own and shortest >= _SHORTEST_ID and not _are_dates(cores) else 0


def _are_dates(cores: Sequence[str]) -> bool:
    return all(map(_is_year, cores)) or all(map(_is_compact_day, cores))


def _is_year(text: str) -> bool:
    return len(text) == len("2026") and text.isdigit() and _FIRST_YEAR <= int(text) <= _LAST_YEAR


def _is_compact_day(text: str) -> bool:
    """`20261102` or `202611`."""
    if not (text.isdigit() and len(text) in (6, 8) and _is_year(text[:4])):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:8] or 1))
    except ValueError:
        return False
    return True


def _core_pattern(segments: Sequence[Segment]) -> str:
    cores = [segment.core for segment in segments]
    kind = segments[0].kind
    if kind == "":
        return ""
    if kind == "hex":
        return "[0-9a-f]{12,}"
    if kind == "day":
        return _digits_for(cores[0])
    if _are_dates(cores):
        return rf"\d{{{len(cores[0])}}}"
    in_a_name = bool(segments[0].before or segments[0].after)
    return r"\d{5,}" if in_a_name else r"\d+"


def _text_pattern(texts: Sequence[str]) -> str | None:
    """The text that all have, its digits left open; null where they differ, or where the next
    address will: a headline's words, a month, a key of letters and digits.
    """
    forms = {_digits_for(text) for text in texts}
    text = texts[0]
    is_open = (
        not text.isascii()
        or "%" in text
        or text.lower() in _MONTHS
        or any(len(_words(other)) >= _MOST_WORDS for other in texts)
        or len(_DIGITS.findall(text)) > 1
    )
    return forms.pop() if len(forms) == 1 and not is_open else None


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATOR.split(text) if word]


def _digits_for(text: str) -> str:
    return r"\d+".join(_escaped(part) for part in _DIGITS.split(text))


def _prefix_pattern(segments: Sequence[Segment]) -> str:
    """What stands before a core: any name, and the sign between them where it is always one."""
    last = {segment.before[-1] for segment in segments}
    return f"{_NAME}{_escaped(last.pop())}" if len(last) == 1 else _NAME


def _name_or(after: str | None) -> str:
    return _NAME if after is None else after


def _name_pattern(segments: Sequence[Segment], *, tells: bool) -> str:
    """A name. Where it alone tells articles from sections it has several words: one fewer than
    the shortest met, since others will be shorter.
    """
    fewest = min(len(_words(segment.before)) for segment in segments)
    words = min(_MOST_WORDS, max(fewest - 1, 2)) if tells and fewest > 1 else 1
    return "[^/?#_-]+[_-]" * (words - 1) + _NAME


def _escaped(text: str) -> str:
    """As a person would write it: a hyphen outside of brackets means itself."""
    return re.escape(text).replace(r"\-", "-")
