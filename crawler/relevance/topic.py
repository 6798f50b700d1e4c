"""A topic: which two sides, and the terms that are its own."""

from __future__ import annotations

from dataclasses import dataclass, field

LANGUAGES = ("en", "ru", "zh")
KINDS = (
    "adjective", "country", "people", "money", "organisations", "offices", "places", "home",
    "toward", "war",
)  # fmt: skip
"""How a party may be named; `home` is "our country", `toward` "on visit there". `offices` are
words for a ministry or the like that are another country's when its name stands beside them.
"""

Lists = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Topic:
    """Two sides and the terms of this topic, beside those of the language files.

    `sides` are party ids: of the language files, or of `parties`, which adds terms by language,
    party and kind. `pairs`, `masks` and `cues` are by language; `cues` then by kind.
    `home_language` is the one whose texts speak from the first side, `second_home_language` from
    the second. `war_with` and
    `sanctioned_by` are parties in the second side's war and in measures over it: beside the
    two they do not make a story one of others.
    """

    name: str
    sides: tuple[str, str]
    names: tuple[str, str]
    home_language: str | None = None
    second_home_language: str | None = None
    war_with: tuple[str, ...] = ()
    sanctioned_by: tuple[str, ...] = ()
    pairs: Lists = field(default_factory=dict)
    masks: Lists = field(default_factory=dict)
    cues: dict[str, Lists] = field(default_factory=dict)
    parties: dict[str, dict[str, Lists]] = field(default_factory=dict)
