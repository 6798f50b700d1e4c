"""The state of things, from the database alone: problems first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import storage
from crawler.items import utc_iso
from jobs.outlook import Outlook, ago, fresh_words, iso, read_outlook
from jobs.output import console, counted, print_table, printable, shortened
from jobs.settings import Settings
from storage import frontier, leadership, runs
from storage.outlet_states import TROUBLES
from storage.runs import Run

_RUNS_SHOWN = 5
_PROBLEMS_SHOWN = 3  # of a run
_NAME_CHARACTERS = 22
_WHY_CHARACTERS = 56  # in a table; `outlets explain` has all of it

LOST = "lost"
"""What a run is that its process did not live to end."""
LONGEST_RUN = timedelta(hours=24)  # of a crawl by hand that nobody hears of; a backfill may be long
_SILENCE = timedelta(minutes=2)  # of a daemon, after which its runs are nobody's


def outlet_rows(settings: Settings, now: datetime) -> list[dict[str, Any]]:
    """One row for each outlet of the catalogue; its health is null where it never ran.

    A database that is not there yet is no fault here: the catalogue can be read without.
    """
    catalogue = settings.catalogue()
    outlook = Outlook()
    try:
        with storage.open(settings.database_url) as database, database.read() as conn:
            outlook = read_outlook(conn, now)
    except storage.DatabaseMissing:
        pass
    names = (
        "id", "name", "country", "language", "home", "feeds", "sitemaps", "pages", "evidence",
        "paywall", "notes", "parser", "enabled",
    )  # fmt: skip
    rows = []
    for outlet in catalogue:
        row = {name: getattr(outlet, name) for name in names} | outlook.record(outlet.id)
        if not outlet.enabled:
            row["state"] = "disabled"
        rows.append(row)
    return rows


def status_record(database: storage.Database, now: datetime) -> dict[str, Any]:
    """Problems, outlets with their backlog, counts and the last runs, for `--json`."""
    with database.read() as conn:
        outlook = read_outlook(conn, now)
        backlog = frontier.backlog(conn, now)
        recent = runs.recent_runs(conn, _RUNS_SHOWN)
        leader = leadership.last_leader(conn)
    outlets = []
    for outlet in outlook.outlets:
        waiting = backlog.get(outlet, frontier.Backlog())
        outlets.append(
            {"outlet": outlet, "due": waiting.due, "leads": waiting.states} | outlook.record(outlet)
        )
    problems = [
        {
            "outlet": state.outlet,
            "state": state.state,
            "since": iso(state.since),
            "reason": state.reason,
            "next_due": iso(state.next_due),
        }
        for state in outlook.in_trouble()
    ]
    return {
        "database": database.place,
        "now": utc_iso(now),
        "articles": database.count(),
        "daemon": _daemon_record(leader, now),
        "due": sum(row["due"] for row in outlets),
        "problems": problems,
        "outlets": outlets,
        "runs": [_run_record(run, _status_of(run, leader, now)) for run in recent],
    }


def _daemon_record(leader: leadership.Leader | None, now: datetime) -> dict[str, Any] | None:
    """Null where there never was one. `problem` is what a person must mend."""
    if leader is None:
        return None
    return {
        "runs": _lives(leader, now),
        "holder": leader.holder,
        "since": iso(leader.since),
        "heartbeat": iso(leader.heartbeat),
        "problem": leader.problem,
    }


def _lives(leader: leadership.Leader, now: datetime) -> bool:
    return now - leader.heartbeat <= _SILENCE


def _status_of(run: Run, leader: leadership.Leader | None, now: datetime) -> str:
    """A run whose process was killed stays `running` in its row: here it is lost."""
    if run.status != "running":
        return run.status
    if run.command != "daemon":
        return LOST if now - run.started_at > LONGEST_RUN else run.status
    is_its = leader is not None and _lives(leader, now) and leader.since <= run.started_at
    return run.status if is_its else LOST


def _run_record(run: Run, status: str) -> dict[str, Any]:
    rows = [{"outlet": o.outlet, **o.counts, "problems": o.problems} for o in run.outlets]
    return {
        "id": run.id,
        "command": run.command,
        "status": status,
        "started_at": iso(run.started_at),
        "finished_at": iso(run.finished_at),
        "outlets": rows,
    }


def print_status(record: dict[str, Any]) -> None:
    """The same for people."""
    out = console()
    now = datetime.fromisoformat(record["now"])
    due = f", {counted(record['due'], 'page')} due" if record["due"] else ""
    out.print(printable(f"{record['articles']} articles in {record['database']}{due}"))
    daemon = record["daemon"]
    if daemon and not daemon["runs"]:
        out.print(
            printable(f"no daemon runs; the last gave a sign {ago(daemon['heartbeat'], now)}")
        )
    if daemon and daemon["problem"]:
        out.print(printable(f"daemon: {daemon['problem']}"), soft_wrap=True)
    for problem in record["problems"]:
        state, since = problem["state"].replace("_", " "), ago(problem["since"], now)
        next_try = f"; next try {ago(problem['next_due'], now)}" if problem["next_due"] else ""
        out.print(f"\n{problem['outlet']}: {state}, began {since}{next_try}")
        out.print(printable(f"  {problem['reason']}"), soft_wrap=True)
    if record["outlets"]:
        out.print()
        _print_outlets(record["outlets"], now)
    for row in record["outlets"]:
        if row["problem"] and row["state"] not in TROUBLES:
            out.print(printable(f"{row['outlet']}: {row['problem']}"), soft_wrap=True)
    if record["runs"]:
        out.print()
    for run in record["runs"]:
        _print_run(run)


def print_outlets(rows: list[dict[str, Any]], now: datetime) -> None:
    """The catalogue for people, those in trouble first."""
    rows = sorted(rows, key=lambda row: row["state"] not in TROUBLES)
    columns = ("id", "name", "language", "state", "articles", "last success", "next run", "problem")
    print_table(
        columns,
        (
            (
                row["id"],
                shortened(row["name"], _NAME_CHARACTERS),
                row["language"],
                row["state"].replace("_", " "),
                row["articles"],
                ago(row["last_success"], now),
                ago(row["next_due"], now),
                shortened(_why(row), _WHY_CHARACTERS),
            )
            for row in rows
        ),
    )


def _why(row: dict[str, Any]) -> str | None:
    """What is wrong; of an outlet that is well, what one of its sources has."""
    said: str | None = row["reason"] if row["state"] in TROUBLES else row["problem"]
    return said


def _print_outlets(rows: list[dict[str, Any]], now: datetime) -> None:
    columns = (
        "outlet", "state", "articles", "due", "fresh within", "last run", "last new", "next run",
    )  # fmt: skip
    # Those in trouble first, then by name, as they come.
    rows = sorted(rows, key=lambda row: row["state"] not in TROUBLES)
    print_table(
        columns,
        (
            (
                row["outlet"],
                row["state"].replace("_", " "),
                row["articles"],
                row["due"],
                fresh_words(row),
                ago(row["last_run"], now),
                ago(row["last_new"], now),
                ago(row["next_due"], now),
            )
            for row in rows
        ),
    )


def _print_run(run: dict[str, Any]) -> None:
    out = console()
    ended = f", ended {run['finished_at']}" if run["finished_at"] else ""
    status = "ended without a word" if run["status"] == LOST else run["status"]
    problems = [
        f"  {row['outlet']}: {problem}" for row in run["outlets"] for problem in row["problems"]
    ]
    new = sum(row["new"] for row in run["outlets"])
    out.print(f"run {run['id']}: {run['command']}, {status}{ended}, {new} new")
    for line in problems[:_PROBLEMS_SHOWN]:
        out.print(printable(line), soft_wrap=True)
    if len(problems) > _PROBLEMS_SHOWN:
        out.print(f"  and {len(problems) - _PROBLEMS_SHOWN} more, see `sinorus status --json`")
