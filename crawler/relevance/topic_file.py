"""Reads a topic's TOML file. Faults name the file, the line and the key."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from crawler.errors import ConfigurationError
from crawler.outlets.catalogue import toml_fault
from crawler.relevance.topic import KINDS, LANGUAGES, Lists, Topic
from crawler.relevance.words import WORD

PACKAGED = "china-russia.toml"
CHARACTER_LANGUAGE = "zh"
_LANGUAGE_LISTS = ("pair", "mask")
_HOMES = ("home_language", "second_home_language")
_KEYS = {"name", "sides", "names", *_HOMES, "war_with", "sanctioned_by", *LANGUAGES}
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*\Z")


@cache
def packaged_topic() -> Topic:
    """China and Russia."""
    text = resources.files("crawler.relevance").joinpath("topics", PACKAGED).read_text("utf-8")
    return read_topic(text, "the packaged topic")


def load_topic(path: Path | None) -> Topic:
    """The topic of a file, or the packaged one for null.

    Raises ConfigurationError, with file and line, for anything wrong with it.
    """
    if path is None:
        return packaged_topic()
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not UTF-8 at byte {error.start}") from error
    return read_topic(text, str(path))


def read_topic(text: str, source: str) -> Topic:
    """The topic of a TOML text. Raises ConfigurationError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(toml_fault(text, source, error)) from error
    return _Checker(text, source).topic(data)


class _Checker:
    """Takes the values out of a file's data, and says where it is wrong."""

    def __init__(self, text: str, source: str) -> None:
        self._lines = text.splitlines()
        self._source = source

    def topic(self, data: dict[str, Any]) -> Topic:
        for key in data:
            if key not in _KEYS:
                raise self._fault("", key, f"no such key; there are {', '.join(sorted(_KEYS))}")
        sides = self._two(data, "sides")
        if len(set(sides)) < len(sides):
            raise self._fault("", "sides", "must be two different parties")
        for side in sides:
            self._check_id(side, "", "sides")
        name = data.get("name")
        if not isinstance(name, str) or not name.strip():
            raise self._fault("", "name", "must be a text, such as “China and Russia”")
        for home in _HOMES:
            if data.get(home) is not None and data[home] not in LANGUAGES:
                raise self._fault("", home, f"must be one of {', '.join(LANGUAGES)}")
        tables = {language: self._language(language, data) for language in LANGUAGES}
        return Topic(
            name=name.strip(),
            sides=sides,
            names=self._two(data, "names"),
            home_language=data.get("home_language"),
            second_home_language=data.get("second_home_language"),
            war_with=tuple(self._texts(data, "", "war_with")),
            sanctioned_by=tuple(self._texts(data, "", "sanctioned_by")),
            pairs={one: self._terms(table, one, "pair") for one, table in tables.items()},
            masks={one: self._terms(table, one, "mask") for one, table in tables.items()},
            cues={one: self._kinds(one, table, "cue") for one, table in tables.items()},
            parties={one: self._parties(one, table) for one, table in tables.items()},
        )

    def _language(self, language: str, data: dict[str, Any]) -> dict[str, Any]:
        table = data.get(language, {})
        if not isinstance(table, dict):
            raise self._fault("", language, "must be a table of terms")
        return table

    def _parties(self, language: str, table: dict[str, Any]) -> dict[str, Lists]:
        found = {}
        for party in table:
            if party in _LANGUAGE_LISTS or party == "cue":
                continue
            self._check_id(party, language, party)
            found[party] = self._kinds(language, table, party, KINDS)
        return found

    def _kinds(
        self, language: str, table: dict[str, Any], name: str, known: tuple[str, ...] = ()
    ) -> Lists:
        kinds = table.get(name, {})
        place = f"{language}.{name}"
        if not isinstance(kinds, dict):
            raise self._fault(language, name, f"must be a table [{place}] of lists of terms")
        for kind in kinds:
            if known and kind not in known:
                raise self._fault(place, kind, f"no such kind; there are {', '.join(known)}")
        return {kind: self._terms(kinds, place, kind) for kind in kinds}

    def _terms(self, table: dict[str, Any], place: str, key: str) -> list[str]:
        terms = self._texts(table, place, key)
        for term in terms:
            is_chinese = place.startswith(CHARACTER_LANGUAGE)
            parts = [term.strip()] if is_chinese else term.split()
            if not parts or not all(part if is_chinese else WORD.search(part) for part in parts):
                raise self._fault(place, key, f"the term {term!r} has no word in it")
        return terms

    def _texts(self, table: dict[str, Any], place: str, key: str) -> list[str]:
        values = table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise self._fault(place, key, "must be a list of texts")
        return values

    def _two(self, data: dict[str, Any], key: str) -> tuple[str, str]:
        values = self._texts(data, "", key)
        if len(values) != len(("first", "second")) or not all(one.strip() for one in values):
            raise self._fault("", key, "must be a list of two texts")
        return values[0], values[1]

    def _check_id(self, party: str, place: str, key: str) -> None:
        if not _IDENTIFIER.match(party) or party in (*_LANGUAGE_LISTS, "cue"):
            raise self._fault(place, key, f"{party!r} is no id: small letters, digits and _")

    def _fault(self, table: str, key: str, sentence: str) -> ConfigurationError:
        where = f"{table}.{key}" if table else key
        line = self._line_of(table, key)
        return ConfigurationError(f"{self._source}:{line}: {where}: {sentence}")

    def _line_of(self, table: str, key: str) -> int:
        """Where the key of the table is set, else the table's own line, else 1."""
        start = self._find(rf"\s*\[\s*{re.escape(table)}\s*\]", 0) if table else 0
        own = f"{table}.{key}" if table else key
        pattern = rf"\s*(?:[\"']?{re.escape(key)}[\"']?\s*=|\[\s*{re.escape(own)}[\s.\]])"
        return (self._find(pattern, start or 0) or start or 0) + 1

    def _find(self, pattern: str, start: int) -> int | None:
        matches = (n for n in range(start, len(self._lines)) if re.match(pattern, self._lines[n]))
        return next(matches, None)
