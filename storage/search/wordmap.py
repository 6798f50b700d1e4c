"""Where the words of a text stand in it, as printed.

Normalising changes lengths: `ﬁ` becomes two letters, `…` three points. A word is normalised with
the rest of its text, and its place is that of the characters it was made of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from storage.search.stems import stem, whole
from storage.words import normalise, pattern_of

_SPACED = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Place:
    """One unit of the text and where it stands: `text[start:end]`."""

    unit: str
    word: str
    start: int
    end: int


def places_of(text: str) -> list[Place]:
    """The units of `text`, in order."""
    return [
        Place(stem(word), whole(word), start, end) for word, start, end in _words_with_places(text)
    ]


def _words_with_places(text: str) -> Iterator[tuple[str, int, int]]:
    normal = normalise(text)
    if len(normal) == len(text):
        for word in pattern_of(normal).finditer(normal):
            yield word[0], word.start(), word.end()
        return
    for chunk in _SPACED.finditer(text):
        yield from _of_chunk(chunk[0], chunk.start())


def _of_chunk(chunk: str, offset: int) -> Iterator[tuple[str, int, int]]:
    normal = normalise(chunk)
    origins = list(range(len(chunk) + 1))
    if len(normal) != len(chunk):
        origins = _origins(chunk, normal)
    for word in pattern_of(normal).finditer(normal):
        yield word[0], offset + origins[word.start()], offset + origins[word.end() - 1] + 1


def _origins(chunk: str, normal: str) -> list[int]:
    """Of each character of `normal` the place in `chunk` of the one it was made of."""
    found: list[int] = []
    start = 0
    for end in range(1, len(chunk) + 1):
        if end == len(chunk) or not unicodedata.combining(chunk[end]):
            found += [start] * len(normalise(chunk[start:end]))
            start = end
    # A blank that normalising makes or joins is the rare rest: as good a place as can be had.
    found = found[: len(normal)]
    return found + [len(chunk) - 1] * (len(normal) + 1 - len(found))
