"""A term found in a text, and what it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

A, B = "a", "b"
"""The two sides of a topic: its first and its second."""
OTHER, CUE, PAIR, FOE, SANCTIONER = "other", "cue", "pair", "foe", "sanctioner"
PAIR_TERM = f"{PAIR}.terms"
SIDES = frozenset((A, B))
WARS = frozenset((f"{A}.war", f"{B}.war"))


@dataclass(frozen=True, slots=True)
class Mention:
    """A term at `start` to `end` of a passage; `text` is it as printed there."""

    start: int
    end: int
    text: str
    tags: frozenset[str]

    @property
    def parties(self) -> frozenset[str]:
        """Who is named: `a`, `b`, or another party's id; both sides for a pair term.

        A war named after a side names nobody.
        """
        return _parties(self.tags)

    @property
    def is_pair(self) -> bool:
        """Whether it names the two sides together and nobody else."""
        return _parties(self.tags) == SIDES

    @property
    def cues(self) -> frozenset[str]:
        """The kinds of cue it is: `trade`, `sport`, `threat` and so on."""
        return _kinds(self.tags, CUE)

    def has(self, tag: str) -> bool:
        return tag in self.tags

    def is_kind(self, kind: str) -> bool:
        """Whether it names a side by such a term: `people`, `places`, `war`."""
        return f"{A}.{kind}" in self.tags or f"{B}.{kind}" in self.tags

    def group(self, name: str) -> frozenset[str]:
        """What stands behind the dot in its tags of that group."""
        return _kinds(self.tags, name)


@cache
def _parties(tags: frozenset[str]) -> frozenset[str]:
    if not WARS.isdisjoint(tags):
        return frozenset()
    if PAIR_TERM in tags:
        return SIDES
    sides = frozenset(side for side in SIDES if _kinds(tags, side))
    return sides | _kinds(tags, OTHER)


@cache
def _kinds(tags: frozenset[str], group: str) -> frozenset[str]:
    return frozenset(tag.split(".")[1] for tag in tags if tag.startswith(f"{group}."))
