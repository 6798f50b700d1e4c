"""What came of a crawl, counted by outlet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from crawler.errors import (
    BlockedError,
    CrawlError,
    GoneError,
    HostDownError,
    KeptOutError,
    RefusedError,
    TemporaryError,
    UnreadableError,
)

Result = Literal["new", "updated", "unchanged", "off_topic", "forbidden", "failed"]

RESULTS: tuple[Result, ...] = (
    "new",
    "updated",
    "unchanged",
    "off_topic",
    "forbidden",
    "failed",
)


FaultKind = Literal["temporary", "hard", "gone", "blocked", "refused", "unreadable"]


def fault_kind(error: CrawlError) -> FaultKind:
    """What to do about it, as `crawler.errors` tells faults apart."""
    kinds: tuple[tuple[type[CrawlError] | tuple[type[CrawlError], ...], FaultKind], ...] = (
        ((TemporaryError, HostDownError), "temporary"),
        ((BlockedError, KeptOutError), "blocked"),
        (RefusedError, "refused"),
        (UnreadableError, "unreadable"),
        (GoneError, "gone"),
    )
    return next((kind for classes, kind in kinds if isinstance(error, classes)), "hard")


@dataclass(slots=True)
class Asked:
    """What came of the requests of one sort, sources or pages, of one outlet and run.

    `good` are those that gave what was due, 304 included. `sentences` has one of each kind.
    """

    good: int = 0
    faults: Counter[FaultKind] = field(default_factory=Counter)
    sentences: dict[FaultKind, str] = field(default_factory=dict)

    def note_fault(self, error: CrawlError) -> None:
        kind = fault_kind(error)
        self.faults[kind] += 1
        self.sentences.setdefault(kind, f"{error.reason}: {error.url}")


@dataclass(slots=True)
class OutletTally:
    """One outlet's articles of one run, by identity, each with what came of it.

    Null is an article that was listed and is left for a later run. `problems` are sentences;
    any of them makes the run a failed one. `sources` and `pages` are what the outlet's health
    is judged by; `listed_new` are addresses that no source had listed before, null where the
    run read archives too; `delays_seconds` are from publication to storage, of new articles
    whose source dates them; `is_at_limit`: it had no more pages, or no more time, to spend;
    `pages_noted` are readings noted, `last_good_url` the last of them that was an article.
    """

    articles: dict[str, Result | None] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sources: Asked = field(default_factory=Asked)
    pages: Asked = field(default_factory=Asked)
    listed_new: int | None = 0
    pages_noted: int = 0
    delays_seconds: list[float] = field(default_factory=list)
    is_at_limit: bool = False
    last_good_url: str | None = None

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

    def note_limit(self) -> None:
        """The run's time was over."""
        for tally in self.outlets.values():
            tally.is_at_limit = True

    def total(self, name: str) -> int:
        return sum(tally.counts[name] for tally in self.outlets.values())

    def to_dict(self) -> dict[str, Any]:
        """The report for `--json`."""
        rows = [
            {"outlet": outlet, **tally.counts, "problems": tally.problems}
            for outlet, tally in self.outlets.items()
        ]
        return {"outlets": rows, "interrupted": self.is_interrupted}
