"""Text as searching and comparing see it: one normaliser for every language.

No case, no width, ё as е; words are runs of letters, figures keep their decimal part, and each
Han or kana character is a word of its own, since those scripts put no space between words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CHARACTER = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTERS = rf"[^\W\d_{_CHARACTER}]+"
_WORD = re.compile(rf"\d+(?:[.,]\d+)*|[{_CHARACTER}]|{_LETTERS}(?:'{_LETTERS})*")
# The same for texts without such characters, in half the time, and for ASCII in a quarter.
_SPACED_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*")
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+(?:[.,][0-9]+)*")
_CHARACTERS = re.compile(f"[{_CHARACTER}]")
_RUN = re.compile(rf"\d+(?:[.,]\d+)*|[{_CHARACTER}]+|{_LETTERS}(?:'{_LETTERS})*")
# Han and kana begin above: a quick way to pass over all other words.
_BELOW_CHARACTERS = "\u303f"


@lru_cache(256)  # searching and comparing ask for the same paragraphs, one after the other
def normalise(text: str) -> str:
    """`text` in NFKC, case folded, ё as е, one apostrophe, one space between words."""
    return " ".join(folded(text).split())


def folded(text: str) -> str:
    """The same with its white space as it was."""
    if text.isascii():
        return text.lower()
    compatible = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return compatible.replace("ё", "е").replace("’", "'")


def words(text: str) -> list[str]:
    """The words of `text` in its order, normalised; figures as `1,234.5` are one word."""
    return words_of(normalise(text))


def words_of(normal: str) -> list[str]:
    """The words of a text that is normalised already."""
    if not has_characters(normal):
        return runs_of(normal)
    found: list[str] = []
    for run in runs_of(normal):
        if begins_with_character(run):
            found += run  # each character
        else:
            found.append(run)
    return found


def runs_of(normal: str) -> list[str]:
    """The same, with neighbouring characters of scripts without spaces in one string."""
    pattern = _RUN if has_characters(normal) else pattern_of(normal)
    found: list[str] = pattern.findall(normal)
    return found


def pattern_of(normal: str) -> re.Pattern[str]:
    """What finds the words of a normalised text."""
    if normal.isascii():
        return _ASCII_WORD
    return _WORD if _CHARACTERS.search(normal) else _SPACED_WORD


def has_characters(normal: str) -> bool:
    """There is a word of a script without spaces in a normalised text."""
    return not normal.isascii() and _CHARACTERS.search(normal) is not None


def is_character(word: str) -> bool:
    """A word of a script without spaces: one Han or kana character."""
    return len(word) == 1 and begins_with_character(word)


def begins_with_character(word: str) -> bool:
    """The word, or run, is of a script without spaces."""
    return word > _BELOW_CHARACTERS and _CHARACTERS.match(word) is not None
