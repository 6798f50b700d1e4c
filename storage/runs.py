"""What ran, when, and what came of it for each outlet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, func, select, update

from storage.inserts import chunks, insert
from storage.schema import articles, run_outlets, runs, sources

RunStatus = Literal["running", "done", "failed", "interrupted"]
KEPT_FOR = timedelta(days=90)
"""Of a daemon with 50 outlets some 200,000 runs: what `status` reads in a tenth of a second."""

COUNTS = ("found", "new", "updated", "unchanged", "off_topic", "forbidden", "failed")


@dataclass(frozen=True, slots=True)
class OutletCounts:
    """One outlet's row of a run; `counts` has every name of COUNTS."""

    outlet: str
    counts: dict[str, int]
    problems: list[str]


@dataclass(frozen=True, slots=True)
class Run:
    """`finished_at` is null while it runs, or for good when its process was killed; `due_at`
    for a run that a person started.
    """

    id: int
    command: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    due_at: datetime | None = None
    outlets: list[OutletCounts] = field(default_factory=list)


@dataclass(slots=True)
class OutletHealth:
    """Null where it never happened. `problem` is of a source now, else of the last run."""

    last_run: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    articles: int = 0
    problem: str | None = None


def start_run(conn: Connection, command: str, now: datetime, due_at: datetime | None = None) -> int:
    """The id of a new run, `running`. `due_at` is when a schedule wanted it to begin."""
    statement = runs.insert().values(
        command=command, started_at=now, status="running", due_at=due_at
    )
    return int(conn.execute(statement.returning(runs.c.id)).scalar_one())


def finish_run(conn: Connection, run_id: int, status: RunStatus, now: datetime) -> None:
    """Ends a run."""
    conn.execute(update(runs).where(runs.c.id == run_id).values(status=status, finished_at=now))


def note_outlet(
    conn: Connection,
    run_id: int,
    outlet: str,
    counts: Mapping[str, int],
    problems: Sequence[str],
) -> None:
    """What a run did for an outlet, in place of what it noted before. Missing counts are 0."""
    unknown = set(counts) - set(COUNTS)
    if unknown:
        raise ValueError(f"no such counts: {', '.join(sorted(unknown))}")
    values = {name: counts.get(name, 0) for name in COUNTS} | {"problems": list(problems)}
    statement = insert(conn, run_outlets).values(run_id=run_id, outlet=outlet, **values)
    conn.execute(statement.on_conflict_do_update(index_elements=["run_id", "outlet"], set_=values))


def drop_old_runs(conn: Connection, now: datetime) -> None:
    """Forgets the runs of over KEPT_FOR ago, but of each outlet its last one."""
    is_old = runs.c.started_at < now - KEPT_FOR
    last = select(func.max(run_outlets.c.run_id)).group_by(run_outlets.c.outlet)
    old = list(conn.execute(select(runs.c.id).where(is_old, runs.c.id.not_in(last))).scalars())
    for some in chunks(old):
        conn.execute(delete(run_outlets).where(run_outlets.c.run_id.in_(some)))
        conn.execute(delete(runs).where(runs.c.id.in_(some)))


def recent_runs(conn: Connection, limit: int) -> list[Run]:
    """The last runs, the newest first."""
    rows = conn.execute(select(runs).order_by(runs.c.id.desc()).limit(limit)).all()
    found = {row.id: Run(**row._mapping) for row in rows}
    per_outlet = conn.execute(
        select(run_outlets).where(run_outlets.c.run_id.in_(found)).order_by(run_outlets.c.outlet)
    ).mappings()
    for row in per_outlet:
        counts = {name: row[name] for name in COUNTS}
        found[row["run_id"]].outlets.append(OutletCounts(row["outlet"], counts, row["problems"]))
    return list(found.values())


def outlet_health(conn: Connection) -> dict[str, OutletHealth]:
    """By outlet, of all that were ever crawled."""
    health: dict[str, OutletHealth] = {}
    last_runs = (
        select(run_outlets.c.outlet, func.max(run_outlets.c.run_id).label("run_id"))
        .group_by(run_outlets.c.outlet)
        .subquery()
    )
    rows = conn.execute(
        select(run_outlets.c.outlet, runs.c.started_at, run_outlets.c.problems)
        .join(last_runs, last_runs.c.run_id == run_outlets.c.run_id)
        .join(runs, runs.c.id == run_outlets.c.run_id)
        .where(last_runs.c.outlet == run_outlets.c.outlet)
    )
    for outlet, started_at, problems in rows:
        problem = problems[-1] if problems else None
        health[outlet] = OutletHealth(last_run=started_at, problem=problem)
    checked = conn.execute(
        select(sources.c.outlet, sources.c.last_success, sources.c.problem).order_by(
            sources.c.last_checked
        )
    )
    for outlet, last_success, problem in checked:
        entry = health.setdefault(outlet, OutletHealth())
        if last_success and (entry.last_success is None or last_success > entry.last_success):
            entry.last_success = last_success
        entry.problem = problem or entry.problem
    stored = conn.execute(
        select(articles.c.outlet, func.count(), func.max(articles.c.first_seen)).group_by(
            articles.c.outlet
        )
    )
    for outlet, number, newest in stored:
        entry = health.setdefault(outlet, OutletHealth())
        entry.articles, entry.last_new = number, newest
    return health
