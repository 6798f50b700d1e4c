"""A whole database copied into an empty one, of either kind.

The source is read as it is at one moment, the target written in one transaction: a copy that
is killed leaves an empty target, and is repeated. Memory holds one batch of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Table, func, select, text

from crawler.errors import ConfigurationError
from storage.database import open_database
from storage.engine import parse_address, place, sqlite_file, without_limits
from storage.errors import StorageError, storage_errors
from storage.schema import metadata
from storage.search.entries import rebuild_all

# A record is some 20 kB with its search text: a batch stays under ten megabytes.
ROWS_PER_BATCH = 200

DERIVED = frozenset({"search_entries"})
"""Names of tables that are made from others: `rebuild` fills them, they are not copied."""

OF_THE_MOMENT = frozenset({"host_turns", "leaders"})
"""Names of tables that tell what goes on just now, in one database: a copy's are its own."""

Progress = Callable[[str, int, int], None]
"""Told a table's name, how many of its rows are copied, and how many there are."""


def rebuild(conn: Connection) -> None:
    """Fills the tables of DERIVED from the others, within the copy's transaction."""
    rebuild_all(conn)


def copied_tables() -> list[Table]:
    """The tables to copy, those that others point at first."""
    left_out = DERIVED | OF_THE_MOMENT
    return [table for table in metadata.sorted_tables if table.name not in left_out]


def copy_database(
    source_url: str, target_url: str, on_progress: Progress | None = None
) -> dict[str, int]:
    """Copies all into a missing or empty database, ids kept; gives the rows by table.

    Raises ConfigurationError for a target that holds rows or is the source itself, and what
    `open_database` raises for either.
    """
    with open_database(source_url) as source:
        _refuse_same_file(source_url, target_url)
        with (
            open_database(target_url, create=True) as target,
            source.snapshot() as reading,
            target.write() as writing,
        ):
            without_limits(writing)
            _refuse_same_server(reading, writing)
            _refuse_filled(writing, target.place)
            return _copy(reading, writing, on_progress or _silent)


def _silent(table: str, done: int, total: int) -> None:
    """Nobody watches."""


def _refuse_same_file(source_url: str, target_url: str) -> None:
    """Before the target is opened to be written: SQLite's own file would wait for itself."""
    source, target = (sqlite_file(parse_address(url)) for url in (source_url, target_url))
    if source is None or target is None:
        return
    if Path(target).exists() and Path(source).samefile(target):
        raise _itself(place(parse_address(target_url)))


def _refuse_same_server(reading: Connection, writing: Connection) -> None:
    """One server may be known by many addresses: it tells its start, and the database's number."""
    if {reading.dialect.name, writing.dialect.name} != {"postgresql"}:
        return
    which = text(
        "SELECT pg_postmaster_start_time(), oid FROM pg_database WHERE datname = current_database()"
    )
    if reading.execute(which).one() == writing.execute(which).one():
        raise _itself(writing.engine.url.database or "")


def _itself(where: str) -> ConfigurationError:
    return ConfigurationError(f"--to: {where} is the database to copy from")


def _refuse_filled(conn: Connection, where: str) -> None:
    """Also keeps others from writing into the target until the copy is done."""
    tables = metadata.sorted_tables
    if conn.dialect.name == "postgresql":
        names = ", ".join(table.name for table in tables)
        conn.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
    for table in tables:
        if conn.execute(select(text("1")).select_from(table).limit(1)).first() is not None:
            raise ConfigurationError(
                f"--to: the database {where} holds rows already (in {table.name}); name one that "
                "is empty or not there yet"
            )


def _copy(reading: Connection, writing: Connection, on_progress: Progress) -> dict[str, int]:
    tables = copied_tables()
    totals = {table.name: _count(reading, table) for table in tables}
    for table in tables:
        done = 0
        on_progress(table.name, done, totals[table.name])
        for rows in _batches(reading, table):
            writing.execute(table.insert(), rows)
            done += len(rows)
            on_progress(table.name, done, totals[table.name])
    if writing.dialect.name == "postgresql":
        for table in tables:
            _set_sequence(writing, table)
    rebuild(writing)
    for table in tables:
        found = _count(writing, table)
        if found != totals[table.name]:
            raise StorageError(
                f"copy: {table.name} has {totals[table.name]} rows, its copy {found}; nothing "
                "was kept of the copy"
            )
    return totals


def _count(conn: Connection, table: Table) -> int:
    number: int = conn.execute(select(func.count()).select_from(table)).scalar_one()
    return number


def _batches(conn: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    """A fault of the source is told as such, within the target's transaction though it is."""
    statement = select(table).order_by(*table.primary_key.columns)
    url = conn.engine.url
    with storage_errors(place(url), secret=url.password):
        found = conn.execute(statement.execution_options(yield_per=ROWS_PER_BATCH))
        for rows in found.mappings().partitions():
            yield [dict(row) for row in rows]


def _set_sequence(conn: Connection, table: Table) -> None:
    """The next id that PostgreSQL gives follows the last one copied."""
    if "id" not in table.columns:
        return
    last = conn.execute(select(func.max(table.c.id))).scalar_one()
    if last is not None:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        conn.execute(select(func.setval(sequence, last)))
