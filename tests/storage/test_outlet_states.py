"""An outlet's schedule and its health share a row and leave each other alone."""

from __future__ import annotations

from datetime import timedelta

from storage.database import Database
from storage.outlet_states import (
    OutletState,
    load_state,
    load_states,
    save_health,
    save_schedule,
)
from tests.storage.samples import NOW

SICK = OutletState(
    "example",
    state="failing",
    since=NOW,
    reason="fetch: HTTP 500",
    evidence={"waiting": {"state": "healthy", "runs": 1}},
    failures=3,
    failure_kind="temporary",
    last_good_url="https://news.example/1",
    last_good_at=NOW,
    last_looked=NOW,
    listed={100: 3, 101: 0},
)


def test_unknown_outlet_is_healthy_and_due_at_once(database: Database) -> None:
    with database.read() as conn:
        assert load_state(conn, "example") == OutletState("example")
        assert load_states(conn) == {}


def test_health_and_schedule_do_not_overwrite_each_other(database: Database) -> None:
    later = NOW + timedelta(minutes=20)
    with database.write() as conn:
        save_schedule(conn, "example", next_due=NOW, due_reason="cron")
        save_health(conn, SICK)
        save_schedule(conn, "example", next_due=later, due_reason="adaptive")
    with database.read() as conn:
        row = load_state(conn, "example")
    assert (row.next_due, row.due_reason) == (later, "adaptive")
    assert (row.state, row.since, row.reason) == ("failing", NOW, "fetch: HTTP 500")
    assert row.evidence == {"waiting": {"state": "healthy", "runs": 1}}
    assert (row.failures, row.failure_kind) == (3, "temporary")
    assert (row.last_good_url, row.last_good_at) == ("https://news.example/1", NOW)
    assert (row.last_looked, row.listed) == (NOW, {100: 3, 101: 0})

    with database.write() as conn:
        save_health(conn, OutletState("example", since=later))
    with database.read() as conn:
        row = load_states(conn)["example"]
    assert (row.state, row.next_due) == ("healthy", later)
    assert (row.reason, row.failure_kind, row.evidence) == (None, None, {})


def test_health_alone_makes_a_row_that_is_due_at_once(database: Database) -> None:
    with database.write() as conn:
        save_health(conn, SICK)
    with database.read() as conn:
        assert load_state(conn, "example").next_due is None
