"""What goes wrong at the sites, by the seed: spells of bad weather, and single mishaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

SPELLS = ("busy", "reset", "silent", "robots busy")
_SPELL_MINUTES = (5.0, 15.0)
_HOURS_BETWEEN_SPELLS = (1.0, 7.0)

# Of all requests that fall into no spell.
_MISHAPS = (("busy", 0.01), ("reset", 0.01), ("silent", 0.004), ("truncated", 0.01), ("wait", 0.01))


@dataclass(frozen=True)
class Spell:
    kind: str
    begins: datetime
    ends: datetime


class Weather:
    """Of all hosts. What a single request meets depends on how many the host had before."""

    def __init__(self, seed: int, hosts: Iterable[str], began: datetime, until: datetime) -> None:
        self._chances = {host: Random(f"{seed} {host} mishaps") for host in sorted(hosts)}
        self.spells = {
            host: list(_spells(Random(f"{seed} {host} spells"), began, until))
            for host in self._chances
        }

    def at(self, host: str, path: str, now: datetime) -> str | None:
        """What befalls this request; null is fair weather."""
        is_robots = path == "/robots.txt"
        for spell in self.spells[host]:
            if spell.begins <= now < spell.ends:
                if spell.kind == "robots busy":
                    return "busy" if is_robots else None
                return spell.kind
        if is_robots:
            return None
        dice = self._chances[host].random()
        for kind, share in _MISHAPS:
            dice -= share
            if dice < 0:
                return kind
        return None


def _spells(chance: Random, began: datetime, until: datetime) -> Iterable[Spell]:
    begins, kinds = began, chance.sample(SPELLS, len(SPELLS))
    for number in count():
        begins += timedelta(hours=chance.uniform(*_HOURS_BETWEEN_SPELLS))
        if begins >= until:
            return
        ends = begins + timedelta(minutes=chance.uniform(*_SPELL_MINUTES))
        yield Spell(kinds[number % len(kinds)], begins, ends)
        begins = ends
