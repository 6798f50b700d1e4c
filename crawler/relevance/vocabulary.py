"""The terms of a topic and of the languages, made ready for matching.

A term carries tags, `group.kind`: `a.people` and `b.places` for the two sides, `other.india`,
`cue.trade`, `mask.terms`. One term may stand in several lists and then carries all their tags.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from crawler.errors import ConfigurationError
from crawler.relevance.characters import CharacterIndex
from crawler.relevance.mentions import CUE, FOE, OTHER, PAIR_TERM, SANCTIONER, A, B
from crawler.relevance.topic import KINDS, LANGUAGES, Topic
from crawler.relevance.topic_file import CHARACTER_LANGUAGE
from crawler.relevance.words import WordIndex

ACTING_KINDS = ("adjective", "country", "people", "organisations", "offices", "toward")
"""Of a country that is no side only these count: its towns and its money do not name it."""

Tags = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The small words that tell how two names stand to each other.

    `joins` between two names pair them; `places_before` before a name makes it a place,
    where the name ends in one of `place_endings` if there are any. Behind a name one of
    `reporting` makes it who says so. Behind one of `toward` it is the other end of what an
    unnamed home country does.
    """

    joins: frozenset[str] = frozenset()
    places_before: frozenset[str] = frozenset()
    place_endings: tuple[str, ...] = ()
    reporting: frozenset[str] = frozenset()
    toward: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The matchers for words and for Chinese characters."""

    words: WordIndex
    characters: CharacterIndex


def build_vocabulary(topic: Topic) -> Vocabulary:
    """The terms of a topic. Raises ConfigurationError for a side that has none."""
    words = WordIndex()
    characters: Tags = {}
    sides: set[str] = set()
    for language in LANGUAGES:
        tagged = _tagged(topic, language)
        sides |= {tag[0] for tags in tagged.values() for tag in tags if tag[:2] in ("a.", "b.")}
        if language == CHARACTER_LANGUAGE:
            characters = tagged
            continue
        endings = frozenset(language_file(language)["endings"])
        for term, tags in tagged.items():
            words.add(term, tags, endings)
    for side, party in zip((A, B), topic.sides, strict=True):
        if side not in sides:
            raise ConfigurationError(f"topic “{topic.name}”: the side {party!r} has no terms")
    traditional = language_file(CHARACTER_LANGUAGE)["traditional"]
    return Vocabulary(words, CharacterIndex(characters, _character_pairs(traditional)))


@cache
def grammars() -> dict[str, Grammar]:
    """Each language's grammar."""
    found = {}
    for language in LANGUAGES:
        table = language_file(language)["grammar"]
        found[language] = Grammar(
            joins=frozenset(table["joins"]),
            places_before=frozenset(table["places_before"]),
            place_endings=tuple(table["place_endings"]),
            reporting=frozenset(table["reporting"]),
            toward=frozenset(table["toward"]),
        )
    return found


@cache
def language_file(language: str) -> dict[str, Any]:
    """The packaged terms of a language, whatever the topic."""
    source = resources.files("crawler.relevance").joinpath("terms", f"{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _tagged(topic: Topic, language: str) -> Tags:
    """All terms of a language with their tags, as the topic sees them."""
    data = language_file(language)
    found: Tags = {}

    def add(terms: list[str], *tags: str) -> None:
        for term in terms:
            found[term] = found.get(term, frozenset()).union(tags)

    parties = {name: table for name, table in data.items() if _is_party(table)}
    for party, kinds in parties.items():
        for kind, terms in kinds.items():
            add(terms, *_party_tags(topic, party, kind))
    for party, terms in data["other"].items():
        add(terms, *_party_tags(topic, party, "country"))
    for party, kinds in topic.parties.get(language, {}).items():
        for kind, terms in kinds.items():
            add(terms, *_party_tags(topic, party, kind))
    for cues in (data["cue"], topic.cues.get(language, {})):
        for kind, terms in cues.items():
            add(terms, f"{CUE}.{kind}")
    add(topic.pairs.get(language, []), PAIR_TERM)
    add([*data["mask"]["terms"], *topic.masks.get(language, [])], "mask.terms")
    return found


def _is_party(table: Any) -> bool:
    return isinstance(table, dict) and bool(table) and set(table) <= set(KINDS)


def _party_tags(topic: Topic, party: str, kind: str) -> list[str]:
    if party in topic.sides:
        return [f"{(A, B)[topic.sides.index(party)]}.{kind}"]
    if kind not in ACTING_KINDS:
        return []
    groups = [OTHER]
    groups += [FOE] if party in topic.war_with else []
    groups += [SANCTIONER] if party in topic.sanctioned_by else []
    return [f"{group}.{party}" for group in groups]


def _character_pairs(text: str) -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in text.split()}
