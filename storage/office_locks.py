"""Locks that go away with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, select, text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.engine import (
    CONNECT_TIMEOUT_SECONDS,
    LOCK_TIMEOUT_MILLISECONDS,
    STATEMENT_TIMEOUT_MILLISECONDS,
)
from storage.errors import StorageError, storage_errors
from storage.schema import leaders

# Somebody may just be looking who holds it, which takes microseconds.
_TRIES = 5
_PAUSE_SECONDS = 0.02
_ADDRESS_BYTES = 200  # more than a host name, a process number and a time take

# A connection that is cut off without a word is noticed within some 25 s.
_KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


class FileLock:
    """`flock` on a file beside an SQLite database, `<file>.daemon`, that says who holds it."""

    def __init__(self, database: Database, path: Path, name: str) -> None:
        whole = path.resolve()
        self._path = whole.with_name(f"{whole.name}.{name}")
        self._database = database
        self._descriptor: int | None = None

    def take(self, holder: str) -> bool:
        with _file_errors(self._path):
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                if not _try_lock(descriptor, fcntl.LOCK_EX, _TRIES):
                    os.close(descriptor)
                    return False
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, holder.encode(), 0)
            except BaseException:
                os.close(descriptor)
                raise
        self._descriptor = descriptor
        return True

    def is_held(self) -> bool:
        return self._descriptor is not None

    def write(self) -> AbstractContextManager[Connection]:
        return self._database.write()

    def holder(self) -> str | None:
        """What the holder said of itself; null where there is none."""
        if not self._path.exists():
            return None
        with _file_errors(self._path):
            descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                if _try_lock(descriptor, fcntl.LOCK_SH, 1):
                    return None
                return os.pread(descriptor, _ADDRESS_BYTES, 0).decode("utf-8", "replace")
            finally:
                os.close(descriptor)

    def release(self) -> None:
        """The file stays: to delete it would let two lock files of the same name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _try_lock(descriptor: int, kind: int, tries: int) -> bool:
    for number in range(tries):
        if number:
            time.sleep(_PAUSE_SECONDS)
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        return True
    return False


@contextmanager
def _file_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"lock file {path}: {error.strerror}") from error


class SessionLock:
    """An advisory lock of PostgreSQL, held by a session of its own that ends when it is idle.

    So one who is stopped, or cut off, does not keep it. (Not through a pooler that gives a
    session's statements to several connections.)
    """

    def __init__(self, database: Database, name: str, idle_seconds: float) -> None:
        self._database = database
        self._name = name
        self._idle_seconds = idle_seconds
        digest = hashlib.sha256(f"sinorus {name}".encode()).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)
        self._engine: Engine = create_engine(
            database.engine.url,
            poolclass=NullPool,
            connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS, **_KEEPALIVES},
        )
        self._session: Connection | None = None

    def take(self, holder: str) -> bool:  # noqa: ARG002 - the row of `leaders` says who
        self.release()
        with self._errors():
            session = self._engine.connect()
            try:
                with session.begin():
                    self._prepare(session)
                    found = session.execute(
                        text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key}
                    ).scalar_one()
            except BaseException:
                session.invalidate()
                session.close()
                raise
            if not found:
                session.close()
                return False
        self._session = session
        return True

    def _prepare(self, session: Connection) -> None:
        milliseconds = {
            "idle_session_timeout": round(self._idle_seconds * 1000),
            "idle_in_transaction_session_timeout": round(self._idle_seconds * 1000),
            "lock_timeout": LOCK_TIMEOUT_MILLISECONDS,
            "statement_timeout": STATEMENT_TIMEOUT_MILLISECONDS,
        }
        for name, value in milliseconds.items():
            session.execute(
                text("SELECT set_config(:name, :value, false)"),
                {"name": name, "value": str(value)},
            )

    def is_held(self) -> bool:
        """As far as is known: the session may have ended, which its next statement tells."""
        return self._session is not None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction of the session that holds the lock: it can be committed only while it
        is held.
        """
        session = self._session
        if session is None:
            raise StorageError(f"{self._name}: the lock is not held")
        try:
            with self._errors(), session.begin():
                yield session
        except StorageError:
            if session.invalidated:
                self._drop()
            raise

    def holder(self) -> str | None:
        """The row of him who holds the lock; null where nobody does."""
        held = text(
            "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
            "WHERE locktype = 'advisory' AND datname = current_database() AND granted "
            "AND (classid::bigint << 32 | objid::bigint) = :key AND objsubid = 1"
        )
        with self._database.read() as conn:
            if conn.execute(held, {"key": self._key}).first() is None:
                return None
            row = conn.execute(select(leaders).where(leaders.c.name == self._name)).one_or_none()
        return None if row is None else f"{row.holder} since {row.since:%Y-%m-%d %H:%M:%S} UTC"

    def release(self) -> None:
        """At once: of a session that is only closed the server knows a little later."""
        if self._session is not None:
            with suppress(StorageError), self.write() as conn:
                conn.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": self._key})
        self._drop()

    def _drop(self) -> None:
        """The lock ends with its session."""
        if self._session is not None:
            session, self._session = self._session, None
            try:
                session.close()
            except DBAPIError:
                session.invalidate()

    def _errors(self) -> AbstractContextManager[None]:
        return storage_errors(self._database.place, secret=self._database.engine.url.password)
