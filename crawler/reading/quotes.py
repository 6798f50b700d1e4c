"""Whether a pull quote only repeats what the text says."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = 3  # in a row: the least that two texts do not share by chance
_REPEATED_SHARE = 0.6  # of its phrases; pull quotes are cut and joined, so not all of them

Phrases = set[tuple[str, ...]]


def phrases(texts: Iterable[str]) -> Phrases:
    """Every run of three words, case and punctuation aside."""
    found: Phrases = set()
    for text in texts:
        found.update(_runs(text))
    return found


def is_repeated(quote: str, said: Phrases) -> bool:
    """Whether most of a quote stands in a text of these phrases."""
    runs = _runs(quote)
    return bool(runs) and sum(run in said for run in runs) >= _REPEATED_SHARE * len(runs)


def _runs(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    if len(words) < _WORDS:
        return []
    return [tuple(words[at : at + _WORDS]) for at in range(len(words) - _WORDS + 1)]
