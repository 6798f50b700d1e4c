"""What can go wrong with the database or the page archive, as sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from crawler.errors import ConfigurationError, SinorusError


class StorageError(SinorusError):
    """Something could not be read or written. `temporary`: the same work may succeed later."""

    def __init__(self, message: str, *, temporary: bool = False) -> None:
        super().__init__(message)
        self.temporary = temporary


# Named as what is said of the database: `except storage.DatabaseMissing` reads as the sentence.
class DatabaseUnavailable(StorageError, ConfigurationError):  # noqa: N818
    """The database cannot be used at all: wrong path, no permission, server down."""


class DatabaseMissing(StorageError, ConfigurationError):  # noqa: N818
    """There is no sinorus database at that address yet."""


class DatabaseForeign(StorageError, ConfigurationError):  # noqa: N818
    """The database belongs to something else."""


class SchemaOutdated(StorageError, ConfigurationError):  # noqa: N818
    """The database and this program are of different versions."""


# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL_SENTENCES = {
    "25006": ("the database is read-only", False),
    "25P03": ("the transaction was left idle too long", True),
    "28000": ("the server refused the user name", False),
    "28P01": ("the server refused the password", False),
    "2BP01": ("a view or table of yours reads what must be changed; drop it for now", False),
    "3D000": ("the server has no database of that name", False),
    "40001": ("another transaction was in the way", True),
    "40P01": ("two transactions waited for each other", True),
    "42501": ("the user has no permission to do that", False),
    "42P01": ("a table is missing", False),
    "53100": ("the disk is full", True),
    "53300": ("the server has no connection to spare", True),
    "55P03": ("another transaction held a lock for too long", True),
    "57014": ("a statement took too long", True),
    "57P01": ("the server is shutting down", True),
    "57P03": ("the server is starting up", True),
}
# https://www.sqlite.org/rescode.html
_SQLITE_SENTENCES = {
    sqlite3.SQLITE_BUSY: ("another process held the database locked for too long", True),
    sqlite3.SQLITE_LOCKED: ("another connection held a table locked", True),
    sqlite3.SQLITE_READONLY: ("the file or its directory is read-only", False),
    sqlite3.SQLITE_IOERR: ("the disk gave a read or write error", True),
    sqlite3.SQLITE_CORRUPT: ("the file is damaged", False),
    sqlite3.SQLITE_FULL: ("the disk is full", True),
    sqlite3.SQLITE_CANTOPEN: ("the file cannot be opened", False),
    sqlite3.SQLITE_PERM: ("permission denied", False),
    sqlite3.SQLITE_AUTH: ("permission denied", False),
    sqlite3.SQLITE_NOTADB: ("the file is not an SQLite database", False),
}
# The low byte of an SQLite extended result code is the primary one.
_SQLITE_PRIMARY_CODE = 0xFF
_POSTGRESQL_CONNECTION_CLASS = "08"


@contextmanager
def storage_errors(
    place: str, kind: type[StorageError] = StorageError, *, secret: str | None = None
) -> Iterator[None]:
    """Turns a fault of the database into `kind`, naming `place`; faults of our SQL pass."""
    try:
        yield
    except exc.TimeoutError as error:
        message = f"database {place}: no connection came free in time"
        raise kind(message, temporary=True) from error
    except exc.DBAPIError as error:
        found = _sentence(error)
        if found is None:
            raise
        sentence, temporary = found
        if secret:
            sentence = sentence.replace(secret, "***")
        raise kind(f"database {place}: {sentence}", temporary=temporary) from error


def is_undecodable(cause: BaseException | None) -> bool:
    """Python's own error for a text of SQLite that is no UTF-8; it has no code."""
    return isinstance(cause, sqlite3.OperationalError) and "decode to UTF-8" in str(cause)


def _sentence(error: exc.DBAPIError) -> tuple[str, bool] | None:
    """What to tell a person and whether it may pass by itself; null for a fault of our SQL."""
    cause = error.orig
    sqlite_code = getattr(cause, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return _SQLITE_SENTENCES.get(sqlite_code & _SQLITE_PRIMARY_CODE)
    if is_undecodable(cause):
        return "the file is damaged: a text in it is no UTF-8", False
    state = getattr(cause, "sqlstate", None)
    if state in _POSTGRESQL_SENTENCES:
        return _POSTGRESQL_SENTENCES[state]
    lost = error.connection_invalidated or (state or "").startswith(_POSTGRESQL_CONNECTION_CLASS)
    if lost or (state is None and isinstance(error, exc.OperationalError)):
        first_line = (str(cause).strip().splitlines() or ["connection lost"])[0]
        return f"the server cannot be reached: {first_line}", True
    if isinstance(error, exc.OperationalError):
        return f"the server gave error {state}", True
    return None
