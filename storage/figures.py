"""The few figures of the database that a running daemon shows, cheap enough for every scrape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.outbox import outbox_counts
from storage.schema import leads, outlet_states


@dataclass(frozen=True, slots=True)
class Figures:
    """By outlet its state and how many article pages are due now; messages by state."""

    outlet_states: dict[str, str]
    due: dict[str, int]
    outbox: dict[str, int]


def read_figures(conn: Connection, now: datetime) -> Figures:
    states = select(outlet_states.c.outlet, outlet_states.c.state)
    due = (
        select(leads.c.outlet, func.count())
        .where(leads.c.next_fetch <= now)
        .group_by(leads.c.outlet)
    )
    return Figures(
        dict(map(tuple, conn.execute(states))),
        dict(map(tuple, conn.execute(due))),
        dict(outbox_counts(conn).items()),
    )
