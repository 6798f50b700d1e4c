"""Notes how an outlet is after each of its runs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from crawler.outlets import Outlet
from jobs.health.runs import RunVerdict, judge_run
from jobs.health.states import disable, next_state, seen_now
from jobs.health.volume import count_in
from jobs.health.watching import Watch, watch_pages, watch_volume
from jobs.tally import OutletTally
from storage.outlet_states import (
    OutletState,
    StateChange,
    load_state,
    save_health,
    save_schedule,
)
from storage.page_readings import load_readings


def note_health(
    conn: Connection, outlet: Outlet, outcome: OutletTally, now: datetime
) -> StateChange | None:
    """Judges the outlet by the run that ends and by its past, within the caller's transaction.

    The change is what people are to be told, null where there is none.
    """
    if not outlet.enabled:
        return note_disabled(conn, outlet.id, now)
    state = load_state(conn, outlet.id, to_change=True)
    verdict = judge_run(outcome)
    if verdict is None:
        return None
    watch = Watch.from_dict(state.evidence)
    if outcome.pages_noted:
        watch_pages(watch, load_readings(conn, outlet.id), now)
    if outcome.sources.good:
        _watch_sources(state, watch, outcome, now)
    _count(state, verdict, outcome, now)
    after, change = next_state(state, seen_now(verdict, watch, now), watch, now)
    save_health(conn, after)
    return change


def note_disabled(
    conn: Connection, outlet_id: str, now: datetime, *, has_entry: bool = True
) -> StateChange | None:
    """Nobody crawls the outlet any more: whatever it was is no problem, and it is never due."""
    reason = "its entry says `enabled = false`" if has_entry else "the outlets file has no such one"
    state, change = disable(load_state(conn, outlet_id, to_change=True), reason, now)
    if change:
        save_health(conn, state)
        save_schedule(conn, outlet_id, next_due=None, due_reason=None)
    return change


def _watch_sources(state: OutletState, watch: Watch, outcome: OutletTally, now: datetime) -> None:
    """A run that read archives too tells nothing of how much is usual."""
    if outcome.listed_new is not None:
        state.listed = count_in(state.listed, outcome.listed_new, now, state.last_looked)
        state.last_looked = now
        state.listed = watch_volume(watch, state.listed, state.last_good_url, now)


def _count(state: OutletState, verdict: RunVerdict, outcome: OutletTally, now: datetime) -> None:
    state.failures = state.failures + 1 if verdict.trouble else 0
    state.failure_kind = verdict.kind
    if outcome.last_good_url:
        state.last_good_url, state.last_good_at = outcome.last_good_url, now
