"""What a hit shows of itself: the words that were found, where most of them stand together.

Made from the article as printed, by the rules by which its tokens were made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.items import Article
from storage.search.query import Leaf, parse
from storage.search.wordmap import Place, places_of
from storage.words import is_character

Mark = tuple[int, int]
"""From where to where a text is to be marked: `text[start:end]`."""

# Of a snippet: 30 words, or 60 characters of a script without spaces.
SNIPPET_WEIGHT = 60
WORD_WEIGHT = 2
# Words before the first that was found, so that one reads where it comes from.
LEAD_IN = 5
# A text of thousands of matches is judged by its first.
MATCHES_PER_PART = 200
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, and what to mark in its headline and in a snippet of its text.

    The snippet is a part of the summary or the body, `…` where it was cut; its marks count in it.
    """

    article: Article
    headline_marks: list[Mark] = field(default_factory=list)
    snippet: str = ""
    snippet_marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Match:
    """Units `first` to `last`, both included, are what a leaf asks for."""

    leaf: Leaf
    first: int
    last: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class _Window:
    """Units `first` to `last` of a part, both included, with the matches in them."""

    text: str
    places: Sequence[Place]
    first: int
    last: int
    matches: Sequence[_Match]

    def worth(self) -> tuple[int, int]:
        """The more different words the better, then the more of any."""
        return len({match.leaf for match in self.matches}), len(self.matches)


def hit_of(article: Article, search: str) -> Hit:
    """The article as found by that search."""
    leaves = parse(search).leaves()
    headline = _matches(leaves, places_of(article.headline))
    everywhere = [leaf for leaf in leaves if not leaf.in_headline]
    best: _Window | None = None
    for text in (*article.summary, *article.paragraphs):
        window = _best_window(everywhere, text)
        if window is not None and (best is None or window.worth() > best.worth()):
            best = window
    snippet, marks = _cut(best) if best else ("", [])
    return Hit(article, _joined([match.mark for match in headline]), snippet, marks)


def _matches(leaves: Sequence[Leaf], places: Sequence[Place]) -> list[_Match]:
    """Where each leaf occurs among the units, in their order."""
    by_unit: dict[str, list[int]] = {}
    for index, place in enumerate(places):
        by_unit.setdefault(place.unit, []).append(index)
    found = []
    for leaf in leaves:
        length = len(leaf.units)
        if length == 1 and leaf.beginning is not None:
            firsts = list(range(len(places)))
        else:
            firsts = by_unit.get(leaf.units[0], [])
        for first in firsts:
            if _occurs(leaf, places[first : first + length]):
                last = first + length - 1
                mark = (places[first].start, places[last].end)
                found.append(_Match(leaf, first, last, mark))
    found.sort(key=lambda match: match.first)
    return found[:MATCHES_PER_PART]


def _occurs(leaf: Leaf, places: Sequence[Place]) -> bool:
    if len(places) < len(leaf.units):
        return False
    units = [place.unit for place in places]
    if leaf.beginning is None:
        return units == list(leaf.units)
    last = places[-1]
    begins = last.unit.startswith(leaf.beginning)
    if len(units) == 1:
        return begins or last.word.startswith(leaf.beginning)
    return units[:-1] == list(leaf.units[:-1]) and (begins or last.unit == leaf.units[-1])


def _best_window(leaves: Sequence[Leaf], text: str) -> _Window | None:
    """Null for a text without a word."""
    places = places_of(text)
    if not places:
        return None
    matches = _matches(leaves, places)
    found = [_window(text, places, matches, match) for match in matches]
    return max(found, key=_Window.worth) if found else _window(text, places, [], None)


def _window(
    text: str, places: Sequence[Place], matches: Sequence[_Match], start: _Match | None
) -> _Window:
    """As many units as a snippet may have, from a little before `start` on."""
    first = max(0, start.first - LEAD_IN) if start else 0
    last = first
    weight = _weight(places[first])
    while last + 1 < len(places) and weight + _weight(places[last + 1]) <= SNIPPET_WEIGHT:
        last += 1
        weight += _weight(places[last])
    while first > 0 and weight + _weight(places[first - 1]) <= SNIPPET_WEIGHT:
        first -= 1
        weight += _weight(places[first])
    inside = [match for match in matches if first <= match.first and match.last <= last]
    return _Window(text, places, first, last, inside)


def _weight(place: Place) -> int:
    return 1 if is_character(place.unit) else WORD_WEIGHT


def _cut(window: _Window) -> tuple[str, list[Mark]]:
    """The window's text, and the marks in it."""
    is_from_start = window.first == 0
    is_to_end = window.last == len(window.places) - 1
    start = 0 if is_from_start else window.places[window.first].start
    end = len(window.text) if is_to_end else window.places[window.last].end
    before = "" if is_from_start else ELLIPSIS
    body = "".join(" " if letter.isspace() else letter for letter in window.text[start:end])
    shift = len(before) - start
    marks = _joined([match.mark for match in window.matches])
    snippet = before + body + ("" if is_to_end else ELLIPSIS)
    return snippet, [(first + shift, last + shift) for first, last in marks]


def _joined(marks: Sequence[Mark]) -> list[Mark]:
    """The marks in order; those that touch are one."""
    found: list[Mark] = []
    for start, end in sorted(marks):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
