"""A term found in a text, and what it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

CHINA, RUSSIA, PAIR, OTHER, CUE = "china", "russia", "pair", "other", "cue"
PAIR_TERM = "pair.terms"
WAR = "russia.war"


@dataclass(frozen=True, slots=True)
class Mention:
    """A term at `start` to `end` of a passage; `text` is it as printed there."""

    start: int
    end: int
    text: str
    tags: frozenset[str]

    @property
    def parties(self) -> frozenset[str]:
        """Who is named: `china`, `russia`, or another country's id; both for a pair term.

        A war named after Russia names nobody.
        """
        return _parties(self.tags)

    @property
    def cues(self) -> frozenset[str]:
        """The kinds of cue it is: `trade`, `sport`, `threat` and so on."""
        return _kinds(self.tags, CUE)

    def has(self, tag: str) -> bool:
        return tag in self.tags

    def is_kind(self, kind: str) -> bool:
        """Whether it names China or Russia by such a term: `people`, `places`, `war`."""
        return f"china.{kind}" in self.tags or f"russia.{kind}" in self.tags


@cache
def _parties(tags: frozenset[str]) -> frozenset[str]:
    if WAR in tags:
        return frozenset()
    if PAIR_TERM in tags:
        return frozenset((CHINA, RUSSIA))
    sides = frozenset(side for side in (CHINA, RUSSIA) if _kinds(tags, side))
    return sides | _kinds(tags, OTHER)


@cache
def _kinds(tags: frozenset[str], group: str) -> frozenset[str]:
    return frozenset(tag.split(".")[1] for tag in tags if tag.startswith(f"{group}."))
