"""Pauses that a host asked for with Retry-After, kept over restarts and between machines."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from storage.inserts import insert
from storage.schema import holds

LONGEST = timedelta(hours=25)
"""Nobody is left alone for more than 24 hours, by clocks that agree; what is beyond was written by
one that ran ahead."""


def hold(conn: Connection, host: str, until: datetime, reason: str) -> None:
    """Leaves the host alone until then. A later end already promised stays."""
    statement = insert(conn, holds).values(host=host.lower(), until=until, reason=reason)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["host"],
            set_={"until": statement.excluded.until, "reason": statement.excluded.reason},
            where=holds.c.until < statement.excluded.until,
        )
    )


def held_until(conn: Connection, host: str, now: datetime) -> datetime | None:
    """When the host may be asked again, null if now."""
    return conn.execute(
        select(holds.c.until).where(
            holds.c.host == host.lower(), holds.c.until > now, holds.c.until <= now + LONGEST
        )
    ).scalar_one_or_none()


def drop_expired_holds(conn: Connection, now: datetime) -> None:
    """Forgets the pauses that are over, or that nobody can have asked for."""
    conn.execute(delete(holds).where((holds.c.until <= now) | (holds.c.until > now + LONGEST)))
