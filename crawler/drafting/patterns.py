"""Patterns for `article_urls`, drafted from addresses of articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from crawler.addresses import desktop_form
from crawler.drafting.segments import Segment, number_length, pattern_of, segment_of

MOST_PATTERNS = 6
"""That are drafted; an outlet with more kinds of addresses is better served by a person."""

_LEAST_MEMBERS = 2  # addresses of one shape: one alone shows nothing that is common
_LEAST_SHARE = 0.03  # of all addresses; rarer shapes are strays
_LEAST_FOR_ID = 3  # addresses with different numbers: two differ by chance
_MOST_ADDRESSES = 2000  # looked at; more change no pattern
_END = r"/?(?:[?#]|$)"

_Shape = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class DraftedPattern:
    """A regular expression, how many of the addresses have its form, and the first of these."""

    pattern: str
    addresses: int
    example: str

    @property
    def has_number(self) -> bool:
        return "(?P<id>" in self.pattern


@dataclass(frozen=True, slots=True)
class _Address:
    url: str
    segments: list[Segment]
    parameter: str | None = None  # of the query, that has the article's number
    number: str = ""


def drafted_patterns(urls: Iterable[str]) -> list[DraftedPattern]:
    """The forms that addresses of articles have, the commonest first.

    Digits, days and names are left open; a number that is another one in each address is the
    group `id`.
    """
    forms = list(dict.fromkeys(map(desktop_form, urls)))[:_MOST_ADDRESSES]
    groups: dict[_Shape, list[_Address]] = defaultdict(list)
    for address in map(_cut, forms):
        groups[_shape(address)].append(address)
    least = max(_LEAST_MEMBERS, _LEAST_SHARE * len(forms))
    found: dict[str, DraftedPattern] = {}
    for group in sorted(groups.values(), key=len, reverse=True):
        if len(group) >= least and any(address.segments for address in group):
            pattern = _pattern(group)
            same = found.get(pattern)
            number = len(group) + (same.addresses if same else 0)
            found[pattern] = DraftedPattern(pattern, number, group[0].url)
    return list(found.values())[:MOST_PATTERNS]


def _cut(url: str) -> _Address:
    parts = urlsplit(url)
    segments = [segment_of(text) for text in parts.path.split("/") if text]
    numbered = [pair for pair in parse_qsl(parts.query) if re.fullmatch(r"\d{3,}", pair[1])]
    name, number = numbered[0] if numbered else (None, "")
    return _Address(url, segments, name, number)


def _shape(address: _Address) -> _Shape:
    return (address.parameter, *(segment.shape for segment in address.segments))


def _pattern(group: Sequence[_Address]) -> str:
    """Without the host: entries have several, and copies theirs."""
    columns = [list(column) for column in zip(*(a.segments for a in group), strict=True)]
    by_query = group[0].parameter is not None and _are_own([a.number for a in group])
    is_enough = len(group) >= _LEAST_FOR_ID
    lengths = [0 if by_query or not is_enough else number_length(column) for column in columns]
    longest = max(lengths, default=0)
    place = lengths.index(longest) if longest else None
    has_sign = by_query or any(column[0].core for column in columns)
    last = None if has_sign else len(columns) - 1
    path = "".join(
        "/" + pattern_of(column, tells=index == last, is_id=index == place)
        for index, column in enumerate(columns)
    )
    if not by_query:
        return f"//[^/]+{path}{_END}"
    number = r"(?P<id>\d+)" if is_enough else r"\d+"
    return rf"//[^/]+{path}/?\?(?:[^#]*&)?{re.escape(group[0].parameter or '')}={number}"


def _are_own(numbers: Sequence[str]) -> bool:
    return len(set(numbers)) == len(numbers)
