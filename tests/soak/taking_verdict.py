"""Whether the daemon takes as much at the end as it took when it was warm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from tests.soak.trial import STOP_LIMIT_SECONDS, Evidence
from tests.soak.watching import Sample

NAMES = ("daemon_mib", "readers_mib", "threads", "descriptors", "readers")


@dataclass(frozen=True)
class Growth:
    """What is allowed: of memory a part, of threads, descriptors and processes a number, which
    one moment has more than another.
    """

    memory_ratio: float = 0.1
    number: int = 3


@dataclass(frozen=True)
class TakingVerdict:
    """`then` and `last` are medians of the last life's second span and of its last one."""

    breaches: list[str]
    span: timedelta
    then: dict[str, float]
    last: dict[str, float]


def judge_taking(evidence: Evidence, span: timedelta, most: Growth) -> TakingVerdict:
    """`span` is an hour, in a soak that is long enough."""
    life = len(evidence.lives)
    samples = [sample for sample in evidence.samples if sample.life == life]
    began, ended = samples[0].moment, samples[-1].moment
    then = _medians([s for s in samples if began + span <= s.moment < began + 2 * span])
    last = _medians([s for s in samples if s.moment > ended - span])
    breaches = []
    for name in ("daemon_mib", "readers_mib"):
        if last[name] > then[name] * (1 + most.memory_ratio):
            breaches.append(f"{name} grew from {then[name]:.1f} to {last[name]:.1f}")
    for name in ("threads", "descriptors", "readers"):
        if last[name] > then[name] + most.number:
            breaches.append(f"{name} grew from {then[name]:g} to {last[name]:g}")
    return TakingVerdict(breaches + _ends(evidence), span, then, last)


def _medians(samples: list[Sample]) -> dict[str, float]:
    return {name: median(getattr(sample, name) for sample in samples) for name in NAMES}


def _ends(evidence: Evidence) -> list[str]:
    """How each process ended."""
    breaches = []
    for number, life in enumerate(evidence.lives, 1):
        if life.left_behind:
            breaches.append(f"process {number} left {life.left_behind} others behind")
        if life.how == "SIGTERM" and life.code != 0:
            breaches.append(f"process {number} ended with {life.code} on SIGTERM")
        if life.stop_seconds is None or life.stop_seconds > STOP_LIMIT_SECONDS:
            breaches.append(f"process {number} took {life.stop_seconds} s to end")
    return breaches
