"""How each outlet is, since when and why, and when it is due: the daemon's two halves of a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, select

from storage.inserts import insert
from storage.schema import outlet_states

State = Literal["healthy", "quiet", "failing", "blocked", "reader_broken", "disabled"]
STATES: tuple[State, ...] = get_args(State)
TROUBLES: tuple[State, ...] = ("reader_broken", "blocked", "failing")
"""The states that a person should look at, the most telling first."""

FailureKind = Literal["temporary", "hard", "blocked"]
"""What a failed run is waited out by; null in a state where the last run was none."""


@dataclass(slots=True)
class OutletState:
    """A row. `next_due` null is at once; other times are null where it never happened.

    `evidence` holds what the state was judged by: figures, a sample address, the state that
    waits to be confirmed. `failures` are the runs in a row that failed, each of
    `failure_kind`. `last_good_url` is the last page that was read as an article. `last_looked`
    is when its sources last answered, and `listed` how many new addresses they had, by slot
    of time: see `jobs.health.volume`.
    """

    outlet: str
    next_due: datetime | None = None
    due_reason: str | None = None
    state: State = "healthy"
    since: datetime | None = None
    reason: str | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    failures: int = 0
    failure_kind: FailureKind | None = None
    last_good_url: str | None = None
    last_good_at: datetime | None = None
    last_looked: datetime | None = None
    listed: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StateChange:
    """An outlet's state became another: what people are told of. `reason` is a sentence."""

    outlet: str
    before: State
    after: State
    since: datetime
    reason: str
    evidence: dict[str, Any]


def load_states(conn: Connection) -> dict[str, OutletState]:
    """Of all outlets that were ever scheduled or judged, by id."""
    rows = conn.execute(select(outlet_states).order_by(outlet_states.c.outlet)).mappings()
    return {row["outlet"]: _state(dict(row)) for row in rows}


def load_state(conn: Connection, outlet: str, *, to_change: bool = False) -> OutletState:
    """One outlet's; that of an outlet nobody knows yet is healthy, since never.

    `to_change` keeps others from changing the row until the transaction ends.
    """
    query = select(outlet_states).where(outlet_states.c.outlet == outlet)
    if to_change:
        query = query.with_for_update()
    row = conn.execute(query).mappings().one_or_none()
    return _state(dict(row)) if row else OutletState(outlet)


def save_schedule(
    conn: Connection,
    outlet: str,
    *,
    next_due: datetime | None,
    due_reason: str | None,
) -> None:
    """When the outlet is due next and why."""
    _upsert(conn, outlet, {"next_due": next_due, "due_reason": due_reason})


def save_health(conn: Connection, state: OutletState) -> None:
    """All of a state but its schedule."""
    values = {
        "state": state.state,
        "since": state.since,
        "reason": state.reason,
        "evidence": state.evidence,
        "failures": state.failures,
        "failure_kind": state.failure_kind,
        "last_good_url": state.last_good_url,
        "last_good_at": state.last_good_at,
        "last_looked": state.last_looked,
        "listed": {str(slot): number for slot, number in state.listed.items()},
    }
    _upsert(conn, state.outlet, values)


def _upsert(conn: Connection, outlet: str, values: dict[str, Any]) -> None:
    statement = insert(conn, outlet_states).values(outlet=outlet, **values)
    conn.execute(statement.on_conflict_do_update(index_elements=["outlet"], set_=values))


def _state(row: dict[str, Any]) -> OutletState:
    row["evidence"] = row["evidence"] or {}
    row["listed"] = {int(slot): number for slot, number in (row["listed"] or {}).items()}
    return OutletState(**row)
