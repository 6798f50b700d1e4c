"""Articles that nobody wrote: invented sentences in English, Russian and Chinese.

The same language, kind and key give the same text. Names, goods and numbers differ from one
text to the next, so that no two are copies but those of the wire.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Kind = Literal["on_topic", "off_topic", "wire"]

_FOLDER = Path(__file__).parent / "texts"
_PARAGRAPHS = 8  # as many as the longest case has
_NUMBERS = range(12, 98)


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says, before it is printed anywhere."""

    headline: str
    summary: tuple[str, ...]
    paragraphs: tuple[str, ...]


def invent(language: str, kind: Kind, key: str) -> Text:
    """The text of that key; all keys of the wire have one."""
    words = _words(language)
    if kind == "wire":
        told = words["wire"]
        return Text(told["headline"], tuple(told["summary"]), tuple(told["paragraphs"]))
    chance = random.Random(f"{language} {kind} {key}")
    forms = words[kind]
    sentences = chance.sample(forms["sentences"], min(_PARAGRAPHS, len(forms["sentences"])))
    leads = chance.sample(forms["leads"], 2)
    return Text(
        _filled(chance.choice(forms["headlines"]), words, chance),
        tuple(_filled(lead, words, chance) for lead in leads),
        tuple(_filled(sentence, words, chance) for sentence in sentences),
    )


@cache
def _words(language: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))


def _filled(form: str, words: dict[str, Any], chance: random.Random) -> str:
    return form.format(
        place=_name(words, "place_endings", chance),
        firm=_name(words, "firm_endings", chance),
        goods=chance.choice(words["goods"]),
        n=chance.choice(_NUMBERS),
        m=chance.choice(_NUMBERS),
    )


def _name(words: dict[str, Any], endings: str, chance: random.Random) -> str:
    syllables = "".join(chance.sample(words["syllables"], 2))
    return syllables.capitalize() + chance.choice(words[endings])
