"""What a check comes to: whether an outlet works, what does not, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jobs.checking.advice import advice_on
from jobs.checking.fields import field_notes, field_problems, sample_problem
from jobs.checking.memory import OutletFindings, Sample
from jobs.checking.sources import Problem, SourceFinding, note_dead
from jobs.crawl import NO_SOURCES


@dataclass(slots=True)
class Verdict:
    """Whether an outlet works: it does without problems. `notes` are no faults."""

    findings: OutletFindings
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def works(self) -> bool:
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        return {
            "outlet": self.findings.outlet.id,
            "works": self.works,
            "sources": [found.to_dict() for found in self.findings.sources.values()],
            "samples": [_sample_record(sample) for sample in self.findings.samples],
            "problems": [problem.to_dict() for problem in self.problems],
            "notes": self.notes,
        }


def verdict_of(findings: OutletFindings, now: datetime) -> Verdict:
    """Judges what was seen by the outlet's entry."""
    outlet, found = findings.outlet, list(findings.sources.values())
    problems: list[Problem] = []
    if not found:
        problems.append(Problem(NO_SOURCES, f"sinorus outlets new {outlet.home}"))
    _judge_parts(found, now)
    for source in found:
        if source.status is None and not source.problems:
            source.note("fetch: asked for and never heard of")
        problems += [Problem(f"{said}: {source.url}", advice) for said, advice in source.problems]
    for sample in findings.samples:
        if sample.article is None:
            advice = advice_on(sample.error, outlet) if sample.error else None
            problems.append(Problem(sample_problem(sample.error, sample.url), advice))
    articles = [sample.article for sample in findings.samples if sample.article]
    problems += field_problems(outlet, articles)
    return Verdict(findings, list(dict.fromkeys(problems)), field_notes(outlet, articles))


def _judge_parts(sources: list[SourceFinding], now: datetime) -> None:
    """Old parts of an index are its archive; where all that were read are old, it is dead."""
    parts = [source for source in sources if source.depth and source.newest]
    if parts and all(part.is_dead(now) for part in parts):
        note_dead(max(parts, key=lambda part: part.newest or now))


def _sample_record(sample: Sample) -> dict[str, Any]:
    return {
        "url": sample.url,
        "source": sample.source_url,
        "problem": None if sample.article else sample_problem(sample.error, sample.url),
        "article": sample.article.to_dict() if sample.article else None,
    }
