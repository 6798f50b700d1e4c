"""What one run says of an outlet by itself: did it work, and if not, is it us they keep out?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jobs.output import counted
from jobs.tally import Asked, FaultKind, OutletTally
from storage.outlet_states import FailureKind

LEAST_FAILED_PAGES = 3  # with none that was read: fewer may have been odd ones


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """`trouble` null is a good run. `kind` null is a trouble that no pause would help."""

    trouble: Literal["failing", "blocked"] | None
    kind: FailureKind | None
    sentence: str


def judge_run(tally: OutletTally) -> RunVerdict | None:
    """Null where the run asked nothing of the outlet, or too little came of it to tell."""
    sources, pages = tally.sources, tally.pages
    if not sources.good and sources.faults:
        return _trouble("sources", sources)
    failed_pages = pages.faults.total() - pages.faults["gone"]
    if not pages.good and failed_pages >= LEAST_FAILED_PAGES:
        return _trouble("pages", pages)
    if not sources.good and not pages.good:
        return None
    read = f"{counted(pages.good, 'page')} read" if pages.good else "no page was due"
    missed = f", {counted(sources.faults.total(), 'source')} failed" if sources.faults else ""
    return RunVerdict(None, None, f"{counted(sources.good, 'source')} answered, {read}{missed}")


def _trouble(what: Literal["sources", "pages"], asked: Asked) -> RunVerdict:
    (worst, number), *_ = asked.faults.most_common(1)
    sentence = f"none of its {what} could be read: {asked.sentences[worst]}"
    total = asked.faults.total()
    if number < total:
        sentence += f" ({number} of {total} so)"
    trouble: Literal["failing", "blocked"] = "blocked" if worst == "blocked" else "failing"
    return RunVerdict(trouble, _pause_for(worst, what), sentence)


def _pause_for(worst: FaultKind, what: str) -> FailureKind | None:
    if worst in ("temporary", "blocked"):
        return worst
    # Sources answer and pages do not read: what is new is worth finding all the same.
    return None if what == "pages" else "hard"
