"""What the engines themselves can tell: damage, rows that point nowhere, a schema with gaps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import ForeignKeyConstraint, Table, exc, select

from storage.check.findings import SHORT_ROWS_PER_BATCH, Finding, Scope
from storage.errors import is_undecodable
from storage.migrate import VERSION_TABLE
from storage.schema import metadata
from storage.views import missing_views

# PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html, class XX is damage.
_POSTGRESQL_DAMAGE = "XX"
_SOUND = "ok"


def is_damage(error: BaseException | None) -> bool:
    """The database said that it is damaged."""
    if not isinstance(error, exc.DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    if is_undecodable(error.orig):
        return True
    return str(getattr(error.orig, "sqlstate", "") or "").startswith(_POSTGRESQL_DAMAGE)


def schema_gaps(scope: Scope) -> Iterator[Finding]:
    """Tables, columns, indexes, constraints and views that the schema has lost.

    What is there beside ours is no gap: other programs' tables, an operator's own index.
    """
    options = {"version_table": VERSION_TABLE, "include_name": _is_ours}
    context = MigrationContext.configure(scope.conn, opts=options)
    for change in compare_metadata(context, metadata):
        if isinstance(change, tuple) and str(change[0]).startswith("add_"):
            table, name = _lost(change)
            what = str(change[0]).removeprefix("add_").replace("_", " ")
            yield Finding("schema", table, None, f"{what} {name} is missing")
    for name in missing_views(scope.conn):
        sentence = f"view {name} is missing: run `sinorus db upgrade`"
        yield Finding("schema", name, None, sentence)


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The tables of others are not even looked at."""
    return kind != "table" or name in metadata.tables


def _lost(change: tuple[object, ...]) -> tuple[str, str]:
    thing = change[-1]
    if isinstance(thing, Table):
        return thing.name, thing.name
    table = getattr(thing, "table", None)
    return str(getattr(table, "name", "")), str(getattr(thing, "name", ""))


def integrity(scope: Scope) -> Iterator[Finding]:
    """SQLite's own check of the whole file; PostgreSQL has none that every server offers."""
    if scope.is_quick or scope.conn.dialect.name != "sqlite":
        return
    for sentence in scope.conn.exec_driver_sql("PRAGMA integrity_check").scalars():
        if sentence != _SOUND:
            yield Finding("integrity", "", None, f"SQLite finds: {sentence}")


def orphans(scope: Scope) -> Iterator[Finding]:
    """Rows that point at a row that is not there, by every foreign key of the schema."""
    for table in metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            yield from _orphans(scope, table, constraint)


def _orphans(scope: Scope, table: Table, constraint: ForeignKeyConstraint) -> Iterator[Finding]:
    (element,) = constraint.elements
    parent = element.column.table.alias()
    column, key = element.parent, parent.c[element.column.name]
    statement = (
        select(*table.primary_key.columns, column.label("pointer"))
        .select_from(table.outerjoin(parent, column == key))
        .where(column.is_not(None), key.is_(None))
        .execution_options(yield_per=SHORT_ROWS_PER_BATCH)
    )
    for row in scope.conn.execute(statement):
        where = ", ".join(str(value) for value in row[:-1])
        sentence = (
            f"{table.name} {where}: {column.name} is {row.pointer}, "
            f"which is not in {element.column.table.name}"
        )
        first = row[0]
        yield Finding("orphan", table.name, first, sentence)
