"""The terms of `terms/*.toml`, made ready for matching once, at first use.

A term carries tags, `group.kind`: `china.people`, `other.india`, `cue.trade`, `mask.terms`.
One term may stand in several lists and then carries all their tags.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from crawler.relevance.characters import CharacterIndex
from crawler.relevance.words import WordIndex

WORD_LANGUAGES = ("en", "ru")
CHARACTER_LANGUAGE = "zh"
TERM_GROUPS = ("china", "russia", "pair", "other", "cue", "mask")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The small words that tell how two names stand to each other.

    `joins` between two names pair them; `places_before` before a name makes it a place,
    where the name ends in one of `place_endings` if there are any.
    """

    joins: frozenset[str] = frozenset()
    places_before: frozenset[str] = frozenset()
    place_endings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The matchers for words and for Chinese characters, and each language's grammar."""

    words: WordIndex
    characters: CharacterIndex
    grammars: dict[str, Grammar] = field(default_factory=dict)


@cache
def vocabulary() -> Vocabulary:
    """The packaged terms. Read and built at the first call, then shared; never changed."""
    words = WordIndex()
    grammars = {}
    for language in WORD_LANGUAGES:
        data = _read_terms(language)
        endings = frozenset(data["endings"])
        for term, tags in _tagged(data).items():
            words.add(term, tags, endings)
        grammars[language] = _grammar(data)
    data = _read_terms(CHARACTER_LANGUAGE)
    characters = CharacterIndex(_tagged(data), _character_pairs(data["traditional"]))
    grammars[CHARACTER_LANGUAGE] = _grammar(data)
    return Vocabulary(words, characters, grammars)


def _read_terms(language: str) -> dict[str, Any]:
    source = resources.files("crawler.relevance").joinpath("terms", f"{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _tagged(data: dict[str, Any]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in TERM_GROUPS:
        for kind, terms in data.get(group, {}).items():
            for term in terms:
                found[term] = found.get(term, frozenset()) | {f"{group}.{kind}"}
    return found


def _grammar(data: dict[str, Any]) -> Grammar:
    table = data["grammar"]
    return Grammar(
        joins=frozenset(table["joins"]),
        places_before=frozenset(table["places_before"]),
        place_endings=tuple(table["place_endings"]),
    )


def _character_pairs(text: str) -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in text.split()}
