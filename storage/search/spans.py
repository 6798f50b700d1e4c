"""Where the words of a text stand in it, as printed.

Normalising changes lengths: `ﬁ` becomes two letters, `…` three points. A word is normalised with
the rest of its text, and its place is that of the characters it was made of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from storage.words import folded, pattern_of

_SPACED = re.compile(r"\S+")


Span = tuple[int, int]
"""From where to where: `text[start:end]`."""


def spans_of(text: str) -> list[Span]:
    """Where each word of `text` stands, in the order of `storage.words.words`."""
    normal = folded(text)
    if len(normal) == len(text):
        return [word.span() for word in pattern_of(normal).finditer(normal)]
    found: list[Span] = []
    for chunk in _SPACED.finditer(text):
        found += _spans_of_chunk(chunk[0], chunk.start())
    return found


def _spans_of_chunk(chunk: str, offset: int) -> Iterator[Span]:
    normal = folded(chunk)
    origins = list(range(len(chunk) + 1))
    if len(normal) != len(chunk):
        origins = _origins(chunk, normal)
    for word in pattern_of(normal).finditer(normal):
        # To where the next one begins: a letter and its accents are one.
        yield offset + origins[word.start()], offset + _end(origins, word.end())


def _end(origins: list[int], end: int) -> int:
    """Where in the text the characters before `end` end; what became several is never cut."""
    last = origins[end - 1]
    return next((origin for origin in origins[end:] if origin > last), origins[-1])


def _origins(chunk: str, normal: str) -> list[int]:
    """Where each character of `normal` comes from in `chunk`; after them where `chunk` ends."""
    found: list[int] = []
    start = 0
    for end in range(1, len(chunk) + 1):
        if end == len(chunk) or not unicodedata.combining(chunk[end]):
            found += [start] * len(folded(chunk[start:end]))
            start = end
    # Clusters that become one when they meet are the rare rest: as good a place as can be had.
    found = found[: len(normal)]
    return found + [len(chunk)] * (len(normal) + 1 - len(found))
