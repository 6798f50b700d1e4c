"""`INSERT … ON CONFLICT`, which both databases have under the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

# So many keys in one IN list stay well under the 32,766 parameters that SQLite takes.
ROWS_PER_STATEMENT = 500

Row = TypeVar("Row")


def insert(conn: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if conn.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def new_ids(conn: Connection, table: Table, number: int) -> list[int]:
    """Ids for so many new rows; on SQLite the transaction must hold the write lock.

    With ids known beforehand rows go in by `executemany`, which is prepared once: with
    RETURNING they would go as one statement of thousands of parameters, parsed each time.
    """
    if conn.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        statement = select(func.nextval(sequence)).select_from(func.generate_series(1, number))
        return list(conn.execute(statement).scalars())
    last: int = conn.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    return list(range(last + 1, last + 1 + number))


def chunks(rows: Iterable[Row], size: int = ROWS_PER_STATEMENT) -> Iterator[list[Row]]:
    """`rows` in lists short enough for one statement."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, size)):
        yield chunk
