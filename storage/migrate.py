"""Brings a database to the schema this program needs, or back, and tells how far it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, inspect, text

from crawler.errors import ConfigurationError
from storage.engine import BEGIN_OPTION, build_engine, parse_address, place, sqlite_file
from storage.errors import (
    DatabaseForeign,
    DatabaseMissing,
    DatabaseUnavailable,
    SchemaOutdated,
    storage_errors,
)
from storage.schema import metadata
from storage.views import create_views, drop_views, missing_views

VERSION_TABLE = "alembic_version"
BASE = "base"
"""Below the first revision: no table at all."""

State = Literal["missing", "current", "older", "newer", "foreign"]

# Any number no other program is likely to have chosen: "sinorus" as seven bytes.
_ADVISORY_LOCK = 0x73696E6F727573
# Long enough for another process to finish its migration of a large database.
_MIGRATION_LOCK_TIMEOUT = "600s"
# Alembic's `op` is one global for the whole process.
_one_migration_here = threading.Lock()


def upgrade(database_url: str, revision: str = "head") -> str:
    """Migrates to `revision`, creating what is missing; gives the revision reached.

    All of it is one transaction, and two at once wait for each other: an interrupted upgrade
    leaves the database as it was, and can be repeated.
    """
    with _migration(database_url, may_create=True) as conn:
        state = schema_state(conn)
        if state in ("foreign", "newer"):
            raise schema_error(state, conn, place(parse_address(database_url)))
        if state != "current" or missing_views(conn):
            drop_views(conn)
            command.upgrade(config(conn), revision)
            if current_revision(conn) == head_revision():
                create_views(conn)
        return current_revision(conn) or ""


def downgrade(database_url: str, revision: str) -> list[str]:
    """Takes the schema back to `revision`, `base` for no tables at all; gives those undone.

    One transaction, as `upgrade`. What the older schema has no place for is lost; the cursors
    of `changes` start over. Raises ConfigurationError for a revision that is none, or that the
    database is not yet at.
    """
    url = parse_address(database_url)
    path = sqlite_file(url)
    if path is not None and not path.exists():
        raise DatabaseMissing(f"there is no sinorus database at {place(url)}")
    with _migration(database_url, may_create=False) as conn:
        state = schema_state(conn)
        if state == "missing":
            raise DatabaseMissing(f"there is no sinorus database at {place(url)}")
        if state in ("foreign", "newer"):
            raise schema_error(state, conn, place(url))
        undone = _above(revision, current_revision(conn) or BASE)
        if undone:
            drop_views(conn)
            command.downgrade(config(conn), revision)
        return undone


def _above(revision: str, current: str) -> list[str]:
    """The revisions from `current` down to, and without, `revision`."""
    down = [script.revision for script in _scripts().iterate_revisions(current, BASE)]
    if revision == BASE:
        return down
    if revision in down:
        return down[: down.index(revision)]
    known = [script.revision for script in _scripts().walk_revisions()]
    if revision in known:
        raise ConfigurationError(
            f"the database is at revision {current}, below {revision}: run `sinorus db upgrade`"
        )
    raise ConfigurationError(
        f"there is no revision {revision!r}; there are {', '.join([BASE, *known[::-1]])}"
    )


@contextmanager
def _migration(database_url: str, *, may_create: bool) -> Iterator[Connection]:
    """One transaction that no other migration shares, of this process or another."""
    url = parse_address(database_url)
    path = sqlite_file(url)
    if path is not None and not path.absolute().parent.is_dir():
        raise DatabaseUnavailable(f"database {place(url)}: there is no such directory")
    engine = build_engine(url, may_create=may_create)
    immediate = engine.execution_options(**{BEGIN_OPTION: "BEGIN IMMEDIATE"})
    try:
        with (
            storage_errors(place(url), DatabaseUnavailable, secret=url.password),
            _one_migration_here,
            immediate.begin() as conn,
        ):
            _lock(conn)
            yield conn
    finally:
        engine.dispose()


def _lock(conn: Connection) -> None:
    if conn.dialect.name != "postgresql":
        return  # BEGIN IMMEDIATE is the lock
    conn.execute(
        text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": _MIGRATION_LOCK_TIMEOUT}
    )
    conn.execute(text("SELECT set_config('statement_timeout', '0', true)"))
    conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def config(conn: Connection | None = None) -> Config:
    """Alembic's settings; no ini file, so that it works from an installed wheel."""
    settings = Config()
    settings.set_main_option("script_location", "storage:migrations")
    settings.attributes["connection"] = conn
    return settings


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())


@cache
def head_revision() -> str:
    """The revision this program needs."""
    head = _scripts().get_current_head()
    if head is None:
        raise RuntimeError("the package holds no migrations")
    return head


def current_revision(conn: Connection) -> str | None:
    """The revision the database is at, null before the first migration."""
    context = MigrationContext.configure(conn, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def schema_state(conn: Connection) -> State:
    """How the database's tables relate to those this program needs.

    A PostgreSQL database may hold other programs' tables beside ours, an SQLite file may not.
    """
    tables = set(inspect(conn).get_table_names())
    ours = tables & set(metadata.tables)
    revision = current_revision(conn) if VERSION_TABLE in tables else None
    if revision is None:
        is_taken = ours or (conn.dialect.name == "sqlite" and tables - {VERSION_TABLE})
        return "foreign" if is_taken else "missing"
    if revision == head_revision():
        return "current"
    try:
        ScriptDirectory.from_config(config()).get_revision(revision)
    except CommandError:
        return "newer" if ours else "foreign"
    return "older"


def schema_error(state: State, conn: Connection, where: str) -> DatabaseForeign | SchemaOutdated:
    """The refusal of a database that is `older`, `newer` or `foreign`."""
    if state == "foreign":
        return DatabaseForeign(
            f"database {where} holds tables of another program; give sinorus a database of its own"
        )
    found, needed = current_revision(conn), head_revision()
    if state == "newer":
        return SchemaOutdated(
            f"the database is of a newer version (revision {found}, this program knows "
            f"{needed}): update sinorus"
        )
    return SchemaOutdated(
        f"the database is of an older version (revision {found}, this program needs "
        f"{needed}): run `sinorus db upgrade`"
    )
