"""`INSERT … ON CONFLICT`, which both databases have under the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

# So many keys in one IN list stay well under the 32,766 parameters that SQLite takes.
ROWS_PER_STATEMENT = 500

Row = TypeVar("Row")


def insert(conn: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if conn.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def chunks(rows: Iterable[Row], size: int = ROWS_PER_STATEMENT) -> Iterator[list[Row]]:
    """`rows` in lists short enough for one statement."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, size)):
        yield chunk
