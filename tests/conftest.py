"""Databases for the tests: an SQLite file, and a real PostgreSQL started for the session."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from storage.database import Database, open_database
from storage.migrate import VERSION_TABLE, head_revision, upgrade
from storage.schema import metadata
from tests.postgres import OwnServer, own_server

_SHARED = "sinorus_shared"
_numbers = itertools.count(1)


class PostgresServer:
    """A PostgreSQL with one migrated database, emptied for each test, and bare ones."""

    def __init__(self, server: OwnServer) -> None:
        self.url = server.url_of
        self._admin = self._engine("postgres")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {_SHARED}")
        self.shared_url = self.url(_SHARED)
        upgrade(self.shared_url)
        self._shared = self._engine(_SHARED)

    def emptied(self) -> str:
        """The address of the shared database, without a row and of today's version."""
        tables = reversed(metadata.sorted_tables)  # those that point at others first
        with self._shared.connect() as conn:
            conn.execute(text("; ".join(f"DELETE FROM {table.name}" for table in tables)))
            conn.execute(
                text(f"UPDATE {VERSION_TABLE} SET version_num = :head"), {"head": head_revision()}
            )
        return self.shared_url

    def bare(self) -> str:
        """The address of a new database without a table. To drop it would cost a checkpoint."""
        name = f"test_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name}")
        return self.url(name)

    def close(self) -> None:
        self._admin.dispose()
        self._shared.dispose()

    def _engine(self, database: str) -> Engine:
        return create_engine(self.url(database), isolation_level="AUTOCOMMIT")

    def _run(self, statement: str) -> None:
        with self._admin.connect() as conn:
            conn.execute(text(statement))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with own_server() as own:
        server = PostgresServer(own)
        try:
            yield server
        finally:
            server.close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the tables of today, to copy."""
    path = tmp_path_factory.mktemp("migrated") / "sinorus.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address where there is no table yet, of each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'sinorus.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.bare()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with the tables of today, of each kind."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated_file")
        return f"sqlite:///{shutil.copy(migrated, tmp_path / 'sinorus.db')}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.emptied()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """The address of a PostgreSQL with the tables of today."""
    return postgres_server.emptied()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database with the tables of today, of each kind."""
    with open_database(database_url) as opened:
        yield opened
