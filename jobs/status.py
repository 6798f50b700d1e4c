"""The state of things, from the database alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import storage
from crawler.items import utc_iso
from jobs.output import console, print_table, printable
from jobs.settings import Settings
from storage import frontier, runs
from storage.runs import OutletHealth, Run

_RUNS_SHOWN = 5


def outlet_rows(settings: Settings) -> list[dict[str, Any]]:
    """One row for each outlet of the catalogue; its health is null where it never ran.

    A database that is not there yet is no fault here: the catalogue can be read without.
    """
    catalogue = settings.catalogue()
    health: dict[str, OutletHealth] = {}
    try:
        with storage.open(settings.database_url) as database, database.read() as conn:
            health = runs.outlet_health(conn)
    except storage.DatabaseMissing:
        pass
    rows = []
    for outlet in catalogue:
        known = health.get(outlet.id, OutletHealth())
        rows.append(
            {
                "id": outlet.id,
                "name": outlet.name,
                "country": outlet.country,
                "language": outlet.language,
                "home": outlet.home,
                "feeds": outlet.feeds,
                "sitemaps": outlet.sitemaps,
                "pages": outlet.pages,
                "evidence": outlet.evidence,
                "paywall": outlet.paywall,
                "notes": outlet.notes,
                "parser": outlet.parser,
                "enabled": outlet.enabled,
                "articles": known.articles,
                "last_run": _iso(known.last_run),
                "last_success": _iso(known.last_success),
                "last_new": _iso(known.last_new),
                "problem": known.problem,
            }
        )
    return rows


def status_record(database: storage.Database, now: datetime) -> dict[str, Any]:
    """Counts, backlog, problems and the last runs, for `--json`."""
    with database.read() as conn:
        health = runs.outlet_health(conn)
        backlog = frontier.backlog(conn, now)
        recent = runs.recent_runs(conn, _RUNS_SHOWN)
    outlets = [
        {
            "outlet": outlet,
            "articles": known.articles,
            "due": backlog[outlet].due if outlet in backlog else 0,
            "leads": backlog[outlet].states if outlet in backlog else {},
            "last_run": _iso(known.last_run),
            "last_success": _iso(known.last_success),
            "last_new": _iso(known.last_new),
            "problem": known.problem,
        }
        for outlet, known in sorted(health.items())
    ]
    return {
        "database": database.place,
        "articles": database.count(),
        "outlets": outlets,
        "runs": [_run_record(run) for run in recent],
    }


def _run_record(run: Run) -> dict[str, Any]:
    rows = [{"outlet": o.outlet, **o.counts, "problems": o.problems} for o in run.outlets]
    return {
        "id": run.id,
        "command": run.command,
        "status": run.status,
        "started_at": _iso(run.started_at),
        "finished_at": _iso(run.finished_at),
        "outlets": rows,
    }


def print_status(record: dict[str, Any]) -> None:
    """The same for people."""
    out = console()
    out.print(printable(f"{record['articles']} articles in {record['database']}"))
    if record["outlets"]:
        out.print()
        names = ("outlet", "articles", "due", "last_success", "last_new", "problem")
        columns = ("outlet", "articles", "due", "last success", "last new", "problem")
        print_table(columns, ([row[name] for name in names] for row in record["outlets"]))
    for run in record["runs"]:
        ended = run["finished_at"] or "not finished"
        out.print(f"\nrun {run['id']}: {run['command']}, {run['status']}, ended {ended}")
        for row in run["outlets"]:
            for problem in row["problems"]:
                out.print(printable(f"  {row['outlet']}: {problem}"), soft_wrap=True)


def _iso(moment: datetime | None) -> str | None:
    return utc_iso(moment) if moment else None
