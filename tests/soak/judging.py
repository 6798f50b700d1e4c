"""The whole verdict on a soak, and its figures as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from storage.check import check_address
from tests.soak.articles_verdict import ArticlesVerdict, judge_articles
from tests.soak.manners_verdict import MannersVerdict, judge_manners
from tests.soak.runs_verdict import RunsVerdict, judge_runs
from tests.soak.taking_verdict import NAMES, Growth, TakingVerdict, judge_taking
from tests.soak.trial import Evidence

LEAST_SPANS = 4
"""Of the last process: the second and the last one must be told apart."""


@dataclass(frozen=True)
class Verdict:
    evidence: Evidence
    runs: RunsVerdict
    articles: ArticlesVerdict
    manners: MannersVerdict
    taking: TakingVerdict
    findings: list[str]

    @property
    def breaches(self) -> list[str]:
        """The promises that were broken, a sentence each."""
        parts = (self.runs, self.articles, self.manners, self.taking)
        found = [breach for part in parts for breach in part.breaches]
        return found + [f"db check: {finding}" for finding in self.findings]

    def table(self) -> Iterator[str]:
        """Lines for a person."""
        plan, runs, articles = self.evidence.plan, self.runs, self.articles
        yield f"time          {plan.hours:g} h at {plan.rate:g} times, {plan.outlets} outlets"
        yield f"runs          {runs.finished} finished, {runs.cut_short} cut short"
        latest = max(runs.late, default=0.0)
        yield f"late          median {runs.median_late:.2f} s, at most {latest:.2f} s (machine)"
        told = f"{articles.revisions} revisions, {articles.gone} gone"
        yield f"articles      {articles.stored}, {told}"
        kinds = ", ".join(f"{kind}: {n}" for kind, n in self.manners.visits.most_common())
        yield f"requests      {len(self.evidence.visits)} ({kinds})"
        yield from self._taken()
        yield from self._waits()
        yield f"db check      {len(self.findings)} findings"

    def _taken(self) -> Iterator[str]:
        for name in NAMES:
            then, last = self.taking.then[name], self.taking.last[name]
            growth = f", {last / then - 1:+.1%}" if then else ""
            yield f"{name:13} {then:.1f} in the second span, {last:.1f} in the last{growth}"
        for number, life in enumerate(self.evidence.lives, 1):
            end = f"ended in {life.stop_seconds or 0:.1f} s with {life.code}"
            yield f"process {number}     {life.how}, {end}"

    def _waits(self) -> Iterator[str]:
        for paper in self.evidence.papers.values():
            wait = self.articles.median_wait(paper.id)
            told = "nothing new" if wait is None else f"stored after {wait:.1f} min (median)"
            yield f"{paper.id:13} an article in {paper.minutes_between:g} min; {told}"


def judge(evidence: Evidence, most: Growth | None = None) -> Verdict:
    """What it takes is told by spans of an hour; shorter ones where it was soon over."""
    last = evidence.lives[-1]
    assert last.ended is not None
    span = min(timedelta(hours=1), (last.ended - last.began) / LEAST_SPANS)
    found = check_address(evidence.plan.database_url, data_dir=evidence.plan.folder / "data")
    return Verdict(
        evidence,
        judge_runs(evidence),
        judge_articles(evidence),
        judge_manners(evidence),
        judge_taking(evidence, span, most or Growth()),
        [str(finding) for finding in found],
    )
