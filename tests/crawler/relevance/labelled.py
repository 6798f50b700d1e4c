"""Labelled items: those of the shared folder (JSON Lines) and those invented for these tests."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from crawler.relevance import judge

REPOSITORY = Path(__file__).resolve().parents[3]
INVENTED = sorted(Path(__file__).parent.joinpath("items").glob("*.txt"))
BETWEEN_PARTS = " ||"


@dataclass(frozen=True, slots=True)
class Item:
    """A headline and lead, and whether they are about the relation; `why` is a note or a kind."""

    language: str
    headline: str
    lead: str
    is_relevant: bool
    why: str

    @property
    def is_held_out(self) -> bool:
        """Half of the invented items, by chance: no rule and no term was made for them."""
        return bool(hashlib.sha256(self.headline.encode()).digest()[0] % 2)


@dataclass(slots=True)
class Tally:
    """How judgments met the labels."""

    right: int = 0
    false_alarms: int = 0
    misses: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.false_alarms, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.misses, 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.false_alarms + self.misses, 1)


def shared_items_file() -> Path:
    """Where the labelled items of real headlines are, if the shared folder is there."""
    shared = os.environ.get("SINORUS_SHARED") or REPOSITORY.parent / "shared"
    return Path(shared) / "sources" / "relevance-dev.jsonl"


def read_items(path: Path) -> list[Item]:
    """The items of a file: JSON Lines, else lines `+ kind || headline || lead`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".jsonl":
        return [_of_json(line) for line in lines if line.strip()]
    return [_of_line(line, path.stem) for line in lines if line[:1] in "+-"]


def _of_json(line: str) -> Item:
    item = json.loads(line)
    is_relevant = item["label"] == "relevant"
    return Item(item["language"], item["title"], item["lead"] or "", is_relevant, item["why"])


def _of_line(line: str, language: str) -> Item:
    kind, headline, lead = (part.strip() for part in line[1:].split(BETWEEN_PARTS))
    return Item(language, headline, lead, line[0] == "+", kind)


def measure(items: list[Item]) -> dict[str, Tally]:
    """The tally of each language in which there are items, and of all, as `all`."""
    tallies: dict[str, Tally] = {}
    for item in items:
        found = judge(item.headline, item.lead, language=item.language)
        kind = "missed" if item.is_relevant else "false alarm"
        line = f"{kind} {found.score:.2f}  {item.headline} || {item.lead}  ({item.why})"
        for name in (item.language, "all"):
            tally = tallies.setdefault(name, Tally())
            tally.right += found.relevant and item.is_relevant
            tally.false_alarms += found.relevant and not item.is_relevant
            tally.misses += item.is_relevant and not found.relevant
            if found.relevant != item.is_relevant:
                tally.wrong.append(line)
    return tallies
