"""Writers of articles take turns, and their changes are numbered in the order of commits.

Whoever holds the turn holds it to the end of the transaction, so that a number is never given
out below one that is committed already: a reader that has seen all up to some number has missed
nothing (https://www.postgresql.org/docs/current/functions-admin.html, advisory locks).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from sqlalchemy import Connection, func, select, text

from storage.engine import LOCK_TIMEOUT_MILLISECONDS
from storage.schema import articles

# Any number that no other program is likely to have chosen: "turns" as five bytes.
_ADVISORY_LOCK = 0x7475726E73
# As long as SQLite waits for its write lock: several batches of other writers.
_TURN_TIMEOUT_MILLISECONDS = 30_000

_TAKE = text(
    "SELECT set_config('lock_timeout', :patient, true), pg_advisory_xact_lock(:key), "
    "set_config('lock_timeout', :usual, true)"
)


def take_turn(conn: Connection) -> None:
    """Waits until no other transaction writes articles, and keeps others waiting.

    To be called before the transaction locks a row of `articles`; a second call does nothing.
    SQLite's writers take turns from BEGIN IMMEDIATE on.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(
            _TAKE,
            {
                "patient": str(_TURN_TIMEOUT_MILLISECONDS),
                "key": _ADVISORY_LOCK,
                "usual": str(LOCK_TIMEOUT_MILLISECONDS),
            },
        )


def next_changes(conn: Connection) -> Iterator[int]:
    """The numbers for the changes of this transaction, in turn; the turn must be held."""
    return count(last_change(conn) + 1)


def last_change(conn: Connection) -> int:
    """The highest number given out, 0 before the first."""
    found: int = conn.execute(select(func.coalesce(func.max(articles.c.change), 0))).scalar_one()
    return found
