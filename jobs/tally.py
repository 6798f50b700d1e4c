"""What came of a crawl, counted by outlet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Result = Literal["new", "updated", "unchanged", "off_topic", "forbidden", "failed"]

RESULTS: tuple[Result, ...] = (
    "new",
    "updated",
    "unchanged",
    "off_topic",
    "forbidden",
    "failed",
)


@dataclass(slots=True)
class OutletTally:
    """One outlet's articles of one run, by identity, each with what came of it.

    Null is an article that was listed and is left for a later run. `problems` are sentences;
    any of them makes the run a failed one.
    """

    articles: dict[str, Result | None] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note_problem(self, sentence: str) -> None:
        if sentence not in self.problems:
            self.problems.append(sentence)

    @property
    def counts(self) -> dict[str, int]:
        """`found`, then one number for each result."""
        counted = Counter(self.articles.values())
        return {"found": len(self.articles), **{name: counted[name] for name in RESULTS}}

    @property
    def sentence(self) -> str | None:
        """All that failed in one line, or null if nothing did."""
        if not self.problems:
            return None
        more = len(self.problems) - 1
        return self.problems[0] + (f" (and {more} more, see `sinorus status`)" if more else "")


@dataclass(slots=True)
class CrawlReport:
    """A run's tallies by outlet id, in the catalogue's order."""

    outlets: dict[str, OutletTally] = field(default_factory=dict)
    is_interrupted: bool = False

    @property
    def is_failed(self) -> bool:
        return any(tally.problems for tally in self.outlets.values())

    def total(self, name: str) -> int:
        return sum(tally.counts[name] for tally in self.outlets.values())

    def to_dict(self) -> dict[str, Any]:
        """The report for `--json`."""
        rows = [
            {"outlet": outlet, **tally.counts, "problems": tally.problems}
            for outlet, tally in self.outlets.items()
        ]
        return {"outlets": rows, "interrupted": self.is_interrupted}
