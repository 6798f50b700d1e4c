"""Words as they are searched: cut to their stem by the script they are in.

The units of a text are its stems and, of the scripts without spaces, its single characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from threading import Lock

from Stemmer import Stemmer

from storage.words import begins_with_character, is_character, runs_of

# No word is longer; a PostgreSQL lexeme may have 2,046 bytes.
WORD_CHARACTERS = 64
# Different words of some hundred thousand articles in three languages: 40 MB at most.
CACHED_WORDS = 262_144
# Scripts by the first letter of a word: Latin with its accents, Cyrillic.
_FIRST_LATIN, _LAST_LATIN = "a", "\u024f"
_FIRST_CYRILLIC, _LAST_CYRILLIC = "\u0400", "\u052f"
# Kana and Han begin above; a quick way to pass over all other single letters.
_BELOW_CHARACTERS = "\u303f"

# The Russian stemmer takes the genitive of these for a feminine adjective: Китая -> кит, a whale.
_NOUNS = ("китай", "шанхай", "алтай", "николай", "цинхай", "парагвай", "уругвай")
_NOUN_STEMS = {noun[:-1] + ending: noun[:-1] for noun in _NOUNS for ending in "й я ю ем е".split()}

# Without a cache of their own: `_Remembered` is one.
_english, _russian = Stemmer("english", 0), Stemmer("russian", 0)
_one_at_a_time = Lock()  # a stemmer keeps the word it works on


class _Remembered(dict[str, str]):
    """What a function makes of words. Emptied when full: to know the oldest costs more."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self._make = make

    def __missing__(self, word: str) -> str:
        if len(self) >= CACHED_WORDS:
            self.clear()
        found = self._make(word)
        self[word] = found
        return found


def _stem(word: str) -> str:
    word = word[:WORD_CHARACTERS]
    first = word[0]
    if _FIRST_LATIN <= first <= _LAST_LATIN:
        with _one_at_a_time:
            word = _english.stemWord(word)
    elif _FIRST_CYRILLIC <= first <= _LAST_CYRILLIC:
        if word in _NOUN_STEMS:
            return _NOUN_STEMS[word]
        with _one_at_a_time:
            word = _russian.stemWord(word)
    return whole(word)


def whole(word: str) -> str:
    """The normalised word itself, without apostrophes, a decimal comma as a point."""
    return word[:WORD_CHARACTERS].replace("'", "").replace(",", ".")


_stems = _Remembered(_stem)


def stem(word: str) -> str:
    """The stem of a normalised word; figures and words of other scripts are their own."""
    return _stems[word]


def units(words: Iterable[str]) -> list[str]:
    """The words' stems, in order."""
    return list(map(_stems.__getitem__, words))


def paired(of: Sequence[str]) -> list[str]:
    """The units as tokens: a character becomes a pair with the one after it.

    The last of a run stays alone, so that each character begins one token: 中俄关 -> 中俄 俄关 关.
    """
    if not of or max(of) < _BELOW_CHARACTERS:
        return list(of)
    tokens = []
    for unit, following in zip(of, chain(of[1:], [""]), strict=True):
        is_pair = (
            unit > _BELOW_CHARACTERS
            and following > _BELOW_CHARACTERS
            and is_character(unit)
            and is_character(following)
        )
        tokens.append(unit + following if is_pair else unit)
    return tokens


def tokens(normal: str) -> list[str]:
    """A normalised text as tokens: `paired(units(words_of(normal)))`, run by run."""
    found = runs_of(normal)
    if not found or max(found) < _BELOW_CHARACTERS:
        return units(found)
    made: list[str] = []
    run = ""
    for word in found:
        if begins_with_character(word):
            run += word
            continue
        if run:
            made += _pairs(run)
            run = ""
        made.append(_stems[word])
    return made + _pairs(run)


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run))]
