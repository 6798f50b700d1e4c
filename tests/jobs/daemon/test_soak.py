"""The daemon over hours that pass in a minute. The whole day: `python tests/benchmarks/soak.py`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select, update

import storage
from storage.schema import articles, leads, runs
from tests.soak.articles_verdict import judge_articles
from tests.soak.judging import judge
from tests.soak.manners_verdict import judge_manners
from tests.soak.runs_verdict import judge_runs
from tests.soak.taking_verdict import Growth
from tests.soak.trial import Evidence, Plan, run_trial

HOURS = 3.0
OUTLETS = 6
"""One of each kind."""

RATE = 360.0
"""30 seconds; the shortest interval, two minutes, is a third of one then."""

WARMING_UP = Growth(memory_ratio=4.0, number=10)
"""In so short a time a process does not come to rest, and on a busy machine the readers begin in
the midst of it: this would show what grows with each page. The day is for the rest.
"""


def test_three_hours_of_six_outlets(tmp_path: Path, empty_database_url: str) -> None:
    plan = Plan(tmp_path, empty_database_url, HOURS, OUTLETS, RATE, seed=3, lock_at=0.5)
    evidence = run_trial(plan)
    verdict = judge(evidence, WARMING_UP)
    assert verdict.breaches == [], "\n".join(verdict.table())
    assert verdict.articles.stored > 0
    assert verdict.runs.finished > 0  # on a busy machine few; on a quiet one some forty
    assert_told_if_it_were_otherwise(evidence)


def assert_told_if_it_were_otherwise(evidence: Evidence) -> None:
    """Each promise is one that can be seen broken: here the evidence is."""
    with storage.open(evidence.plan.database_url) as database, database.write() as conn:
        lost = conn.execute(select(leads.c.article_id).where(leads.c.state == "stored")).scalar()
        conn.execute(update(articles).where(articles.c.id == lost).values(url="http://x.example/"))
        conn.execute(update(runs).values(due_at=runs.c.started_at))
    assert any("is stored and of no paper" in said for said in judge_articles(evidence).breaches)
    assert any("was due" in said for said in judge_runs(evidence).breaches)
    answered = next(v for v in evidence.visits if v.answered and v.path != "/robots.txt")
    evidence.visits.append(replace(answered, started=answered.answered))
    assert any("requests before" in said for said in judge_manners(evidence).breaches)
    half = len(evidence.samples) // 2
    more = [replace(s, daemon_mib=9 * s.daemon_mib) for s in evidence.samples[half:]]
    evidence.samples[half:] = more
    assert any("daemon_mib grew" in said for said in judge(evidence, WARMING_UP).taking.breaches)
