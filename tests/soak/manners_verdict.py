"""Whether the daemon was polite, from the servers' side, in the machine's time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from storage.visits import REVISIT_AGES
from tests.soak.press import RETRY_AFTER_SECONDS, Visit
from tests.soak.trial import Evidence

TOLERANCE_SECONDS = 0.002  # between two readings of the clock of one machine
_TRIES = 3  # of a page that is no article, beside those of the ladder


@dataclass(frozen=True)
class MannersVerdict:
    """`visits` counts by what befell them, else by status."""

    breaches: list[str]
    visits: Counter[str]


def judge_manners(evidence: Evidence) -> MannersVerdict:
    breaches = _in_vain(evidence)
    for host in sorted({paper.host for paper in evidence.papers.values()}):
        visits = sorted((v for v in evidence.visits if v.host == host), key=lambda v: v.started)
        faults = [
            *_too_soon(visits, _delay(evidence, host)),
            *_at_once(visits),
            *_impatient(visits),
        ]
        breaches += [f"{host}: {fault}" for fault in faults]
    kinds = Counter(visit.trouble or str(visit.status) for visit in evidence.visits)
    return MannersVerdict(breaches, kinds)


def _delay(evidence: Evidence, host: str) -> float:
    """The longest that a paper of this host, or its robots.txt, asks for."""
    papers = [paper for paper in evidence.papers.values() if paper.host == host]
    return max(max(paper.delay_seconds, paper.crawl_delay_seconds or 0.0) for paper in papers)


def _too_soon(visits: list[Visit], delay: float) -> list[str]:
    """Requests that did not keep the delay, counted from the answer before."""
    if visits and visits[0].path != "/robots.txt":
        return [f"{visits[0].path} was asked for before robots.txt"]
    gaps = [
        later.started - (earlier.answered or earlier.started)
        for earlier, later in pairwise(visits[1:])  # until robots.txt is read it names no delay
        if not _is_repeated(earlier, later)
    ]
    close = [gap for gap in gaps if gap < delay - TOLERANCE_SECONDS]
    return [f"{len(close)} requests before {delay} s, one after {min(close):.3f}"] if close else []


def _at_once(visits: list[Visit]) -> list[str]:
    return [
        f"{later.path} while {earlier.path} was under way"
        for earlier, later in pairwise(visits)
        if earlier.answered and later.started < earlier.answered - TOLERANCE_SECONDS
    ]


def _is_repeated(earlier: Visit, later: Visit) -> bool:
    """The same request again, as HTTP has it where a connection that was kept open ends before
    its answer (RFC 9112, 9.3.1): nobody can tell that from one that timed out meanwhile.
    """
    return earlier.trouble == "reset" and later.path == earlier.path


def _impatient(visits: list[Visit]) -> list[str]:
    """Requests before the time that a Retry-After named."""
    return [
        f"{later.path} {later.started - earlier.answered:.3f} s after a Retry-After"
        for earlier, later in pairwise(visits)
        if earlier.status == 429
        and earlier.answered
        and later.started < earlier.answered + RETRY_AFTER_SECONDS - TOLERANCE_SECONDS
    ]


def _in_vain(evidence: Evidence) -> list[str]:
    """Pages asked for more often than their edits, the ladder of visits and faults explain."""
    length = evidence.ended - evidence.began
    ladder = sum(1 for age in REVISIT_AGES if age < length)
    starts = len(evidence.lives)
    asked = Counter(visit.path for visit in evidence.visits if visit.trouble is None)
    breaches = []
    for paper in evidence.papers.values():
        for path, story in paper.by_path.items():
            edits = sum(1 for edit in story.edits if edit.is_announced)
            most = {
                "on_topic": starts + ladder + edits,
                "off_topic": starts,
            }.get(story.kind, starts + ladder + edits + _TRIES)
            if asked[path] > most:
                breaches.append(
                    f"{path} ({story.kind}) was asked for {asked[path]} times, not {most}"
                )
    return breaches
