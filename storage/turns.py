"""Writers of articles take turns."""

from __future__ import annotations

from sqlalchemy import Connection, text

# Any number that no other program is likely to have chosen: "stories" as seven bytes.
_ADVISORY_LOCK = 0x73746F72696573


def take_turn(conn: Connection) -> None:
    """Waits until no other transaction is placing an article, and keeps others waiting."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
