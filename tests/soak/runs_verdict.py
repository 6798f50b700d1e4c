"""Whether each outlet ran when it was due: by the runs in the database against what was logged."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import select

import storage
from crawler.items import utc_iso
from jobs.daemon.timetable import CROWD_SPREAD
from storage.schema import run_outlets, runs
from tests.soak.trial import Evidence

LATE_SECONDS = 120.0
"""Of the machine's time: twelve outlets run at once, the others wait for a place, and at a start
all have much to read.
"""

EARLY_SECONDS = 0.05
"""As exactly as two clocks are read; the machine's time."""

_ENDED = {"run finished", "run failed", "run broke"}


@dataclass(frozen=True, slots=True)
class Run:
    outlet: str
    due: datetime
    started: datetime
    finished: datetime | None
    status: str


@dataclass(frozen=True)
class RunsVerdict:
    """`breaches` are promises broken, as sentences; `late` are seconds of the machine's."""

    breaches: list[str]
    finished: int
    cut_short: int
    late: list[float]

    @property
    def median_late(self) -> float:
        return median(self.late) if self.late else 0.0


def judge_runs(evidence: Evidence) -> RunsVerdict:
    found, killed = _runs(evidence)
    breaches = []
    late: list[float] = []
    for life, events in enumerate(evidence.log):
        began, ended = evidence.lives[life].began, evidence.lives[life].ended
        assert ended is not None
        for outlet in evidence.papers:
            ran = [run for run in found[outlet] if began <= run.started < ended]
            said = [
                event for event in events if event["event"] in _ENDED and event["outlet"] == outlet
            ]
            sentences = _compare(ran, said, ended, killed)
            breaches += [f"{outlet}: {sentence}" for sentence in sentences]
            breaches += [f"{outlet}: {sentence}" for sentence in _in_time(ran, began, evidence)]
            late += [(run.started - run.due).total_seconds() / evidence.plan.rate for run in ran]
        breaches += [
            f"{event['event']}: {event}" for event in events if event["event"] == "run broke"
        ]
    kills = sum(1 for life in evidence.lives if life.how == "SIGKILL")
    if killed and not kills:
        breaches.append(f"{len(killed)} runs have no end though nothing was killed")
    every = [run for ran in found.values() for run in ran]
    interrupted = sum(1 for run in every if run.status == "interrupted")
    cut_short = interrupted + len(killed)
    return RunsVerdict(breaches, len(every) - interrupted, cut_short, late)


def _compare(
    ran: list[Run], said: list[dict[str, Any]], ended: datetime, killed: set[str]
) -> list[str]:
    """What was planned against what ran, in one life of the daemon."""
    whole = [run for run in ran if run.status != "interrupted"]
    breaches = []
    if not 0 <= len(whole) - len(said) <= 1:  # a killed daemon could not tell of its last
        breaches.append(f"{len(whole)} runs, {len(said)} of them told of")
    for earlier, later in pairwise(ran):
        if earlier.finished is None or later.started < earlier.finished:
            breaches.append(f"runs of {earlier.started} and {later.started} overlap")
    for event, later in zip(said, ran[1:], strict=False):
        planned = event.get("next_due")
        if planned and planned != utc_iso(later.due):
            breaches.append(f"was due {planned} and ran for {later.due}")
    if len(said) == len(ran) and said and said[-1].get("next_due"):
        due = datetime.fromisoformat(said[-1]["next_due"])
        if due < ended - timedelta(minutes=20) and said[-1]["next_due"] not in killed:
            breaches.append(f"was due {due} and did not run until {ended}")
    return breaches


def _in_time(ran: list[Run], began: datetime, evidence: Evidence) -> list[str]:
    late = timedelta(seconds=LATE_SECONDS * evidence.plan.rate)
    early = timedelta(seconds=EARLY_SECONDS * evidence.plan.rate)
    breaches = [
        f"was due {run.due} and started {run.started}"
        for run in ran
        if not -early <= run.started - run.due <= late
    ]
    if ran and ran[0].due > max(began, ran[0].started) + CROWD_SPREAD + late:
        breaches.append(f"was not made up for until {ran[0].due}")
    return breaches


def _runs(evidence: Evidence) -> tuple[dict[str, list[Run]], set[str]]:
    """By outlet, in order; and when those were due that have no end."""
    with storage.open(evidence.plan.database_url) as database, database.read() as conn:
        rows = conn.execute(
            select(
                run_outlets.c.outlet, runs.c.due_at, runs.c.started_at, runs.c.finished_at,
                runs.c.status,
            )
            .join(run_outlets, run_outlets.c.run_id == runs.c.id)
            .where(runs.c.command == "daemon")
            .order_by(runs.c.started_at)
        ).all()  # fmt: skip
        endless = conn.execute(select(runs.c.due_at).where(runs.c.finished_at.is_(None)))
        killed = {utc_iso(due) for due in endless.scalars()}
    found = defaultdict(list)
    for row in rows:
        found[row.outlet].append(Run(*row))
    return found, killed
