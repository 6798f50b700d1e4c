"""How an outlet is, for programs and for people: its state, its runs, its freshness."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from crawler.items import utc_iso
from jobs.times import spell
from storage import runs
from storage.freshness import Freshness, freshness
from storage.outlet_states import TROUBLES, OutletState, load_states
from storage.runs import OutletHealth


@dataclass(slots=True)
class Outlook:
    """What is known of all outlets that ever ran; those that never did are as new."""

    health: dict[str, OutletHealth] = field(default_factory=dict)
    states: dict[str, OutletState] = field(default_factory=dict)
    freshness: dict[str, Freshness] = field(default_factory=dict)

    @property
    def outlets(self) -> list[str]:
        return sorted({*self.health, *self.states})

    def record(self, outlet: str) -> dict[str, Any]:
        """Of one outlet, for `--json`; null where it never happened."""
        known = self.health.get(outlet, OutletHealth())
        state = self.states.get(outlet, OutletState(outlet))
        fresh = self.freshness.get(outlet)
        return {
            "articles": known.articles,
            "last_run": iso(known.last_run),
            "last_success": iso(known.last_success),
            "last_new": iso(known.last_new),
            "problem": known.problem,
            "state": state.state,
            "since": iso(state.since),
            "reason": state.reason,
            "next_due": iso(state.next_due),
            "due_reason": state.due_reason,
            "freshness": asdict(fresh) if fresh else None,
        }

    def in_trouble(self) -> list[OutletState]:
        """The worst kind first, and of a kind what is so the longest."""
        troubled = [state for state in self.states.values() if state.state in TROUBLES]
        return sorted(troubled, key=lambda s: (TROUBLES.index(s.state), iso(s.since) or ""))


def read_outlook(conn: Connection, now: datetime) -> Outlook:
    return Outlook(runs.outlet_health(conn), load_states(conn), freshness(conn, now))


def iso(moment: datetime | None) -> str | None:
    return utc_iso(moment) if moment else None


def ago(said: str | None, now: datetime) -> str | None:
    """A time of a record as people read it: `5 min ago`, `in 3 h`, `now`."""
    if said is None:
        return None
    length = now - datetime.fromisoformat(said)
    if abs(length) < timedelta(minutes=1):
        return "now"
    return f"{spell(length)} ago" if length > timedelta(0) else f"in {spell(-length)}"


def fresh_words(record: dict[str, Any]) -> str | None:
    """The median delay of the last 7 days."""
    fresh = record["freshness"]
    return spell(timedelta(seconds=fresh["median_seconds"])) if fresh else None
