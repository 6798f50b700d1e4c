"""A connection to either database, with the limits that keep one fault from stopping all."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from crawler.errors import ConfigurationError
from storage.cleaning import json_text

SUPPORTED = "sqlite:///FILE and postgresql+psycopg://USER@HOST/DATABASE"
# Eight writers of one machine queue for the file's one write lock; each holds it for moments.
SQLITE_BUSY_TIMEOUT_SECONDS = 30
# A listing or a search that runs longer is a fault, not patience.
STATEMENT_TIMEOUT_MILLISECONDS = 30_000
# Transactions here are one article long: a lock held longer is a stuck process.
LOCK_TIMEOUT_MILLISECONDS = 5_000
# Frees the locks of a process that was stopped in the middle of a transaction.
IDLE_TRANSACTION_TIMEOUT_MILLISECONDS = 60_000
CONNECT_TIMEOUT_SECONDS = 10
# Upper levels of the indexes of a million articles; the rest is the system's to cache.
SQLITE_CACHE_KIBIBYTES = 65_536
# Some 40 MB of log before it is moved into the file: pages written again and again move once.
SQLITE_CHECKPOINT_PAGES = 10_000

BEGIN_OPTION = "sinorus_begin"
"""Execution option of a connection: the statement that opens its transaction on SQLite."""

_POSTGRESQL_SESSION = (
    ("statement_timeout", STATEMENT_TIMEOUT_MILLISECONDS),
    ("lock_timeout", LOCK_TIMEOUT_MILLISECONDS),
    ("idle_in_transaction_session_timeout", IDLE_TRANSACTION_TIMEOUT_MILLISECONDS),
    ("timezone", "UTC"),
)


def parse_address(database_url: str) -> URL:
    """The address, its driver chosen. Raises ConfigurationError, which never quotes it whole."""
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(f"database_url is no address; use {SUPPORTED}") from error
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _sqlite_address(url)
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise ConfigurationError(f"database_url: {url.drivername!r} is not supported; use {SUPPORTED}")


def _sqlite_address(url: URL) -> URL:
    if url.host:
        raise ConfigurationError("database_url: sqlite takes three slashes before a path")
    if url.query:
        raise ConfigurationError("database_url: sqlite takes a file path and no options")
    if url.database in (None, "", ":memory:"):
        raise ConfigurationError("database_url: name a file; a database in memory keeps nothing")
    return url


def place(url: URL) -> str:
    """The address as people may see it: no password, no options."""
    shown = URL.create(
        url.drivername, url.username, host=url.host, port=url.port, database=url.database
    )
    return shown.render_as_string()


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite address, null for PostgreSQL."""
    if url.get_backend_name() != "sqlite":
        return None
    return Path(str(url.database))


def build_engine(url: URL, *, may_create: bool = False) -> Engine:
    """An engine that has not connected yet. Only `may_create` lets SQLite make the file."""
    path = sqlite_file(url)
    if path is None:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            json_serializer=json_text,
            connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS},
        )
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    mode = "rwc" if may_create else "rw"
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            address,
            uri=True,
            timeout=SQLITE_BUSY_TIMEOUT_SECONDS,
            isolation_level=None,  # BEGIN is ours to write: see `_begin_sqlite`
            check_same_thread=False,  # the pool hands a connection to one thread at a time
        )

    engine = create_engine(url, creator=connect, json_serializer=json_text)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(dbapi_connection: Any, _record: Any) -> None:
    with dbapi_connection.cursor() as cursor:
        for name, value in _POSTGRESQL_SESSION:
            cursor.execute("SELECT set_config(%s, %s, false)", (name, str(value)))
    dbapi_connection.commit()


def _prepare_sqlite(dbapi_connection: sqlite3.Connection, _record: Any) -> None:
    dbapi_connection.execute("PRAGMA foreign_keys = ON")
    dbapi_connection.execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KIBIBYTES}")
    dbapi_connection.execute(f"PRAGMA wal_autocheckpoint = {SQLITE_CHECKPOINT_PAGES}")
    # In WAL a killed process loses nothing; a power cut may take the last transactions, whole.
    dbapi_connection.execute("PRAGMA synchronous = NORMAL")
    mode = dbapi_connection.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        # Refused where read-only, or where another process is changing it now. Nothing depends
        # on the mode but speed: readers and the writer then wait for each other.
        with suppress(sqlite3.OperationalError):
            dbapi_connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(conn: Connection) -> None:
    conn.exec_driver_sql(conn.get_execution_options().get(BEGIN_OPTION, "BEGIN"))


def without_limits(conn: Connection) -> None:
    """Lets this transaction take its time: it reads or copies everything there is."""
    if conn.dialect.name == "postgresql":
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            conn.execute(text("SELECT set_config(:name, '0', true)"), {"name": name})
