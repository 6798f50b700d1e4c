"""What a hit shows of itself: the words that were found, where most of them stand together.

Made from the article as printed, by the rules by which its tokens were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crawler.items import Article
from storage.search.endings import other_stems
from storage.search.query import Leaf, parse
from storage.search.spans import Span, spans_of
from storage.search.stems import units, whole
from storage.words import is_character, normalise, words

# Of a snippet: 30 words, or 60 characters of a script without spaces.
SNIPPET_WEIGHT = 60
WORD_WEIGHT = 2
CHARACTER_WEIGHT = 1
# Words before the first that was found, so that one reads where it comes from.
LEAD_IN = 5
# A text of thousands of matches is judged by its first.
MATCHES_PER_PART = 200
# A longer stem may end in another letter than the word has there: `parti` of `party`.
SHORT_STEM = 2
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, and what to mark in its headline and in a snippet of its text.

    The snippet is a part of the summary or the body, `…` where it was cut; its marks count in it.
    """

    article: Article
    headline_marks: list[Span] = field(default_factory=list)
    snippet: str = ""
    snippet_marks: list[Span] = field(default_factory=list)


class _Text:
    """A part of an article as its units; where they stand is asked for only where it matters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words(text)
        self.units = units(self.words)

    def spans(self) -> list[Span]:
        """One for each word: the whole text, should they be of different minds."""
        spans = spans_of(self.text)
        is_same = len(spans) == len(self.words)
        return spans if is_same else [(0, len(self.text))] * len(self.words)


@dataclass(frozen=True, slots=True)
class _Match:
    """Units `first` to `last`, both included, are what a leaf asks for."""

    leaf: Leaf
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Window:
    """Units `first` to `last` of a text, both included, with the matches in them."""

    text: _Text
    first: int
    last: int
    matches: Sequence[_Match]

    def worth(self) -> tuple[int, int]:
        """The more different words the better, then the more of any."""
        return len({match.leaf for match in self.matches}), len(self.matches)


def hit_of(article: Article, search: str) -> Hit:
    """The article as found by that search."""
    leaves = parse(search).leaves()
    headline = _Text(article.headline)
    everywhere = [leaf for leaf in leaves if not leaf.in_headline]
    parts = [*article.summary, *article.paragraphs]
    window = _best(parts, everywhere) or _first(parts)
    snippet, marks = _cut(window) if window else ("", [])
    return Hit(article, _marks(headline, _matches(leaves, headline)), snippet, marks)


def _best(parts: Sequence[str], leaves: Sequence[Leaf]) -> _Window | None:
    """The window worth most; of the first part where all words stand together, if there is one.

    To read a text word by word takes ten times as long as to look for some letters, so the
    parts that have the beginning of a word are read, and all of them only if that is in vain.
    """
    beginnings = {_beginning_of(leaf) for leaf in leaves}
    likely = (part for part in parts if any(map(normalise(part).__contains__, beginnings)))
    return _best_of(likely, leaves) or (_best_of(parts, leaves) if leaves else None)


def _best_of(parts: Iterable[str], leaves: Sequence[Leaf]) -> _Window | None:
    best: _Window | None = None
    for part in parts:
        for window in _windows(leaves, _Text(part)):
            if best is None or window.worth() > best.worth():
                best = window
        if best and best.worth()[0] == len(leaves):
            break
    return best


def _first(parts: Sequence[str]) -> _Window | None:
    """Where a text begins in which nothing is to be marked."""
    texts = (_Text(part) for part in parts)
    return next((_window(text, [], 0) for text in texts if text.units), None)


def _beginning_of(leaf: Leaf) -> str:
    """Letters that the leaf's first word has in nearly all its forms."""
    first = leaf.units[0]
    if len(leaf.units) == 1 and leaf.beginning is not None:
        return leaf.beginning
    if first[0].isdecimal():  # the point may be printed as a comma
        return first.partition(".")[0]
    return first if len(first) <= SHORT_STEM else first[:-1]


def _matches(leaves: Sequence[Leaf], text: _Text) -> list[_Match]:
    """Where each leaf occurs among the units, in their order."""
    found = []
    for leaf in leaves:
        length = len(leaf.units)
        if length == 1 and leaf.beginning is not None:
            firsts = _beginnings(leaf.beginning, text)
        else:
            firsts = _phrases(leaf, text)
        found += [_Match(leaf, first, first + length - 1) for first in firsts]
    found.sort(key=lambda match: match.first)
    return found[:MATCHES_PER_PART]


def _beginnings(beginning: str, text: _Text) -> list[int]:
    others = other_stems(beginning)
    return [
        index
        for index, (unit, word) in enumerate(zip(text.units, text.words, strict=True))
        if unit.startswith(beginning) or unit in others or whole(word).startswith(beginning)
    ]


def _phrases(leaf: Leaf, text: _Text) -> list[int]:
    start = leaf.units[0]
    if start not in text.units and len(leaf.units) > 1:
        return []
    length = len(leaf.units)
    found = []
    for first in (index for index, unit in enumerate(text.units) if unit == start):
        there = text.units[first : first + length]
        if len(there) == length and there[:-1] == list(leaf.units[:-1]):
            is_whole = there[-1] == leaf.units[-1]
            if is_whole or _begins(leaf.beginning, there[-1]):
                found.append(first)
    return found


def _begins(beginning: str | None, unit: str) -> bool:
    if beginning is None:
        return False
    return unit.startswith(beginning) or unit in other_stems(beginning)


def _windows(leaves: Sequence[Leaf], text: _Text) -> list[_Window]:
    """One for each match."""
    matches = _matches(leaves, text)
    return [_window(text, matches, match.first) for match in matches]


def _window(text: _Text, matches: Sequence[_Match], start: int) -> _Window:
    """As many units as a snippet may have, from a little before `start` on."""
    first = last = max(0, start - LEAD_IN)
    weight = _weight(text.units[first])
    while last + 1 < len(text.units) and weight + _weight(text.units[last + 1]) <= SNIPPET_WEIGHT:
        last += 1
        weight += _weight(text.units[last])
    while first > 0 and weight + _weight(text.units[first - 1]) <= SNIPPET_WEIGHT:
        first -= 1
        weight += _weight(text.units[first])
    inside = [match for match in matches if first <= match.first and match.last <= last]
    return _Window(text, first, last, inside)


def _weight(unit: str) -> int:
    return CHARACTER_WEIGHT if is_character(unit) else WORD_WEIGHT


def _cut(window: _Window) -> tuple[str, list[Span]]:
    """The window's text, and the marks in it."""
    text, spans = window.text.text, window.text.spans()
    is_from_start = window.first == 0
    is_to_end = window.last >= len(spans) - 1
    start = 0 if is_from_start else spans[window.first][0]
    end = len(text) if is_to_end else spans[window.last][1]
    before = "" if is_from_start else ELLIPSIS
    body = "".join(" " if letter.isspace() else letter for letter in text[start:end])
    shift = len(before) - start
    marks = _marks(window.text, window.matches)
    snippet = before + body + ("" if is_to_end else ELLIPSIS)
    return snippet, [(first + shift, last + shift) for first, last in marks]


def _marks(text: _Text, matches: Sequence[_Match]) -> list[Span]:
    """Where the matches stand, in order; those that touch are one."""
    if not matches:
        return []
    spans = text.spans()
    found: list[Span] = []
    for start, end in sorted((spans[match.first][0], spans[match.last][1]) for match in matches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
