"""Turns at hosts, as the database remembers them for all processes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from crawler.turns import Pace
from jobs.processes import is_gone
from storage import frontier, host_turns


# The moment is asked for within the transaction: to wait for its lock may have taken long.
def take_turn(conn: Connection, host: str, holder: str, pace: Pace) -> float | None:
    """See `crawler.turns.TurnMemory`."""
    now = datetime.now(UTC)
    if frontier.held_until(conn, host, now) is not None:
        return None
    return host_turns.take_turn(
        conn,
        host,
        holder,
        delay_seconds=pace.delay_seconds,
        connections=pace.connections,
        now=now,
        lapse_seconds=pace.lapse_seconds,
        is_gone=is_gone,
    )


def end_turn(conn: Connection, host: str, holder: str, pace: Pace, answered_at: datetime) -> None:
    """See `crawler.turns.TurnMemory`."""
    host_turns.end_turn(conn, host, holder, delay_seconds=pace.delay_seconds, now=answered_at)
