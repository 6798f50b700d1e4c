"""What is better done after a transaction than within it, while other writers go on.

None of it changes what is stored, and all of it can be left to the next time: a fault here says
nothing of the transaction, which is committed.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.engine import (
    SQLITE_BUSY_TIMEOUT_SECONDS,
    SQLITE_CHECKPOINT_PAGES,
    sqlite_file,
)
from storage.search import postgresql

# Each search walks through all that GIN has not sorted in yet.
PENDING_BYTES_AT_MOST = 4 * 2**20
# SQLite moves its log into the file by itself, but begins it anew only in a moment without
# writers. Four times the usual is a log that found no such moment.
LOG_BYTES_AT_MOST = 4 * SQLITE_CHECKPOINT_PAGES * 4096
# A reader that holds on to the log for longer is left alone; writers would wait with us.
LOG_PATIENCE_SECONDS = 1

_MERGE_PENDING = text("SELECT gin_clean_pending_list('search_index')")


def after_commit(conn: Connection) -> None:
    """To be called outside a transaction, by whoever has just committed one."""
    if conn.dialect.name == "postgresql":
        _merge_pending(conn)
    else:
        _begin_log_anew(conn)


def _merge_pending(conn: Connection) -> None:
    """GIN sorts in what this connection's articles added. Its table's owner alone may ask for it;
    for others it is done by autovacuum, and by who writes beyond the index's own limit.
    """
    if conn.info.get(postgresql.WRITTEN_BYTES, 0) < PENDING_BYTES_AT_MOST:
        return
    conn.info[postgresql.WRITTEN_BYTES] = 0
    with suppress(DBAPIError), conn.begin():
        conn.execute(_MERGE_PENDING)


def _begin_log_anew(conn: Connection) -> None:
    path = sqlite_file(conn.engine.url)
    with suppress(OSError):
        if path and path.with_name(f"{path.name}-wal").stat().st_size > LOG_BYTES_AT_MOST:
            with suppress(sqlite3.OperationalError):
                _checkpoint(conn.connection.dbapi_connection)


def _checkpoint(connection: Any) -> None:
    """https://www.sqlite.org/pragma.html#pragma_wal_checkpoint"""
    connection.execute(f"PRAGMA busy_timeout = {LOG_PATIENCE_SECONDS * 1_000}")
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT_SECONDS * 1_000}")
