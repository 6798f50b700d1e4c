"""Opening: what state a database may be in, and what people are told."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import column, create_engine, insert, select, table, text
from sqlalchemy.exc import OperationalError

import storage
from crawler.errors import ConfigurationError
from storage.columns import CleanText
from storage.database import Database, open_database
from storage.engine import build_engine, parse_address
from storage.migrate import VERSION_TABLE, current_revision, head_revision, schema_state, upgrade
from storage.schema import articles, metadata
from tests.conftest import PostgresServer
from tests.storage.samples import NOW, an_article, store

SECRET = "pa55word"
NOBODY = 65_534


def run_sql(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as conn:
        for statement in statements:
            conn.execute(text(statement))
    engine.dispose()


def state_of(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as conn:
        found = schema_state(conn)
    engine.dispose()
    return found


def test_a_read_of_nothing_says_what_to_run_and_creates_nothing(empty_database_url: str) -> None:
    with pytest.raises(storage.DatabaseMissing, match="run `sinorus crawl` or `sinorus demo`"):
        storage.open(empty_database_url)
    if empty_database_url.startswith("sqlite"):
        assert not Path(empty_database_url.removeprefix("sqlite:///")).exists()
    else:
        assert state_of(empty_database_url) == "missing"


def test_a_file_of_no_bytes_is_missing_too(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()
    with pytest.raises(storage.DatabaseMissing):
        storage.open(f"sqlite:///{tmp_path / 'x.db'}")
    open_database(f"sqlite:///{tmp_path / 'x.db'}", create=True).close()


def test_create_makes_it_and_it_opens_again(empty_database_url: str) -> None:
    with open_database(empty_database_url, create=True) as database:
        store(database, an_article())
    with open_database(empty_database_url, create=True) as database:
        assert database.count() == 1
    assert state_of(empty_database_url) == "current"


def test_eight_that_create_at_once_make_one(empty_database_url: str) -> None:
    failures: list[BaseException] = []

    def create() -> None:
        try:
            open_database(empty_database_url, create=True).close()
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert state_of(empty_database_url) == "current"


def test_two_processes_that_upgrade_at_once_both_succeed(empty_database_url: str) -> None:
    code = "import sys; from storage.migrate import upgrade; print(upgrade(sys.argv[1]))"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_database_url], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    assert [process.communicate()[0].strip() for process in processes] == [head_revision()] * 2


def test_an_upgrade_waits_for_a_writer_and_then_succeeds(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    upgrade(url, "0001")
    writer = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    reached: list[str] = []
    waiting = threading.Thread(target=lambda: reached.append(upgrade(url)))
    waiting.start()
    waiting.join(timeout=0.5)
    assert waiting.is_alive()
    writer.execute("INSERT INTO runs (command, started_at, status) VALUES ('crawl', '', 'done')")
    writer.execute("COMMIT")
    waiting.join()
    writer.close()
    assert reached == [head_revision()]


def test_a_connection_never_makes_the_file_unless_it_may(tmp_path: Path) -> None:
    url = parse_address(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(OperationalError):
        build_engine(url).connect()
    assert list(tmp_path.iterdir()) == []


def test_an_older_schema_is_refused_with_both_revisions(empty_database_url: str) -> None:
    assert upgrade(empty_database_url, "0001") == "0001"
    for create in (False, True):
        with pytest.raises(storage.SchemaOutdated) as refusal:
            open_database(empty_database_url, create=create)
        assert str(refusal.value) == (
            "the database is of an older version (revision 0001, this program needs "
            f"{head_revision()}): run `sinorus db upgrade`"
        )
    open_database(empty_database_url, check_schema=False).close()


def test_a_newer_schema_is_refused_and_not_upgraded(database_url: str) -> None:
    run_sql(database_url, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(storage.SchemaOutdated, match=r"revision 9999.*update sinorus"):
        storage.open(database_url)
    with pytest.raises(storage.SchemaOutdated, match="update sinorus"):
        upgrade(database_url)


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cats.db'}"
    with closing(sqlite3.connect(tmp_path / "cats.db")) as conn:
        conn.execute("CREATE TABLE cats (name text)")
    for create in (False, True):
        with pytest.raises(storage.DatabaseForeign, match="tables of another program"):
            open_database(url, create=create)
    with pytest.raises(storage.DatabaseForeign):
        upgrade(url)
    assert state_of(url) == "foreign"


def test_tables_of_our_names_that_are_not_ours_are_left_alone(empty_database_url: str) -> None:
    run_sql(empty_database_url, "CREATE TABLE articles (name text)")
    with pytest.raises(storage.DatabaseForeign, match="tables of another program"):
        open_database(empty_database_url, create=True)


def test_a_server_database_may_hold_other_tables_too(postgres_server: PostgresServer) -> None:
    url = postgres_server.bare()
    run_sql(url, "CREATE TABLE cats (name text)")
    with open_database(url, create=True) as database:
        assert database.count() == 0


def is_declared(name: str | None, _kind: str, _parents: Any) -> bool:
    """SQLAlchemy knows no FTS5 tables and no way to have an index on one database only."""
    return not (name or "").startswith("search_index")


def test_the_migrations_make_the_tables_that_the_code_declares(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as conn:
        context = MigrationContext.configure(
            conn,
            opts={
                "version_table": VERSION_TABLE,
                "compare_type": True,
                "compare_server_default": True,
                "include_name": is_declared,
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


FIRST_COLUMNS = [
    *((each.name, each.type) for each in articles.columns),
    ("topic_labels", CleanText()),
    ("search_text", CleanText()),
]


def test_an_upgrade_keeps_the_data_of_the_first_version(empty_database_url: str) -> None:
    upgrade(empty_database_url, "0001")
    first_articles = table("articles", *(column(name, kind) for name, kind in FIRST_COLUMNS))
    values = {
        "outlet": "example", "identity": "1", "identity_hash": "a" * 64, "url_hash": "b" * 64,
        "url": "https://news.example/1", "headline": "Старый заголовок", "relevant": True,
        "relevance_score": 0.5, "revision": 1, "content_hash": "c" * 64, "paywall": "none",
        "truncated": False, "parser": "p/1", "topic_labels": "", "search_text": "",
        "first_seen": NOW, "last_seen": NOW, "last_changed": NOW,
    } | {
        name: [] for name in (
            "topics", "summary", "authors", "images", "subheads", "related", "videos",
            "relevance_reasons", "paragraphs",
        )
    } | {"provenance": {}}  # fmt: skip
    with open_database(empty_database_url, check_schema=False) as old, old.write() as conn:
        conn.execute(insert(first_articles).values(**values))
    assert upgrade(empty_database_url) == head_revision()
    with storage.open(empty_database_url) as database:
        article = database.article(1)
        assert article is not None
        assert (article.headline, article.first_seen) == ("Старый заголовок", NOW)
        assert [hit.article.id for hit in database.search("старого")] == [1]
        with database.read() as conn:
            assert conn.execute(select(articles.c.gone_at)).scalar_one() is None


def test_an_upgrade_that_fails_midway_leaves_all_as_it_was_and_can_be_repeated(
    empty_database_url: str,
) -> None:
    upgrade(empty_database_url, "0001")
    run_sql(empty_database_url, "ALTER TABLE articles ADD COLUMN gone_at text")
    with pytest.raises(Exception, match="gone_at"):  # after `holds` was made
        upgrade(empty_database_url)
    engine = create_engine(empty_database_url)
    with engine.connect() as conn:
        assert current_revision(conn) == "0001"
        with pytest.raises(Exception, match="holds"):
            conn.execute(text("SELECT * FROM holds"))
    engine.dispose()
    run_sql(empty_database_url, "ALTER TABLE articles DROP COLUMN gone_at")
    assert upgrade(empty_database_url) == head_revision()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (f"mysql://u:{SECRET}@h/d", "'mysql' is not supported; use sqlite:///FILE and postgresql"),
        ("sqlite+aiosqlite:///x.db", "'sqlite\\+aiosqlite' is not supported"),
        (f"postgresql+psycopg2://u:{SECRET}@h/d", "'postgresql\\+psycopg2' is not supported"),
        (f"no address {SECRET}", "is no address; use sqlite"),
        (f"postgresql://u:{SECRET}@h:port/d", "is no address"),
        ("sqlite://", "in memory keeps nothing"),
        ("sqlite:///:memory:", "in memory keeps nothing"),
        ("sqlite://x.db", "three slashes"),
        ("sqlite:///x.db?mode=ro", "no options"),
    ],
)
def test_an_address_of_another_kind_is_refused_without_its_password(url: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as refusal:
        storage.open(url)
    assert SECRET not in str(refusal.value)


def assert_plain(error: BaseException) -> None:
    """One sentence: no dump of SQL, no link to a manual, no password."""
    sentence = str(error)
    assert "\n" not in sentence
    for word in (SECRET, "SQL:", "sqlalche.me", "sqlite3.", "psycopg."):
        assert word not in sentence


def test_a_server_that_is_down_is_a_sentence_without_the_password() -> None:
    url = f"postgresql+psycopg://user:{SECRET}@127.0.0.1:1/news?application_name={SECRET}"
    for create in (False, True):
        with pytest.raises(storage.DatabaseUnavailable, match="cannot be reached") as failure:
            open_database(url, create=create)
        assert "postgresql+psycopg://user@127.0.0.1:1/news" in str(failure.value)
        assert_plain(failure.value)
        assert isinstance(failure.value, ConfigurationError)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"no database at all, but long enough to have a header" * 9)
    with pytest.raises(storage.DatabaseUnavailable, match="not an SQLite database") as failure:
        storage.open(f"sqlite:///{path}")
    assert_plain(failure.value)


@pytest.mark.parametrize("create", [False, True])
def test_a_directory_that_is_not_there_is_a_sentence(tmp_path: Path, create: bool) -> None:
    with pytest.raises(storage.DatabaseUnavailable, match="no such directory") as failure:
        open_database(f"sqlite:///{tmp_path / 'none' / 'x.db'}", create=create)
    assert_plain(failure.value)
    assert not (tmp_path / "none").exists()


def test_a_directory_in_place_of_the_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(storage.DatabaseUnavailable, match="cannot be opened") as failure:
        storage.open(f"sqlite:///{tmp_path}")
    assert_plain(failure.value)


@pytest.fixture
def public_directory() -> Iterator[Path]:
    """One that another user can reach, which pytest's own are not."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.mark.parametrize(
    ("exists", "file_mode", "directory_mode", "reason"),
    [
        (True, 0o444, 0o555, "read-only"),
        (True, 0o444, 0o777, "permission denied to write it"),
        (True, 0o000, 0o777, "cannot be opened"),
        (False, 0, 0o555, "cannot be opened"),
    ],
)
def test_a_lack_of_permission_is_a_sentence(
    public_directory: Path, exists: bool, file_mode: int, directory_mode: int, reason: str
) -> None:
    path = public_directory / "x.db"
    url = f"sqlite:///{path}"
    if exists:
        upgrade(url)
        path.chmod(file_mode)
    public_directory.chmod(directory_mode)
    code = (
        # Imported while the files of the packages can be read.
        "import os, sys, storage.migrate, sqlalchemy.dialects.sqlite\n"
        "storage.migrate.head_revision()\n"
        f"os.getuid() or os.setuid({NOBODY})\n"
        "try:\n"
        "    storage.database.open_database(sys.argv[1], create=True)\n"
        "except storage.DatabaseUnavailable as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, url], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.startswith(f"database {url}: ")
    assert reason in done.stdout


def test_a_lock_held_for_too_long_is_a_temporary_fault(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    with open_database(url, create=True) as database, database.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA busy_timeout = 50")
        conn.rollback()
        conn.close()  # the pool gives this connection, and its short patience, to `write`
        blocker = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(storage.StorageError, match="locked for too long") as failure:
            store(database, an_article())
        assert failure.value.temporary
        assert not isinstance(failure.value, ConfigurationError)
        assert_plain(failure.value)
        assert database.count() == 0  # readers go on
        blocker.close()
        store(database, an_article())


def test_a_lock_timeout_of_postgresql_is_a_temporary_fault(postgres_url: str) -> None:
    with open_database(postgres_url) as database, database.write() as holder:
        holder.execute(text("LOCK TABLE articles"))
        with (  # noqa: PT012
            pytest.raises(storage.StorageError, match="held a lock") as failure,
            database.write() as conn,
        ):
            conn.execute(text("SET LOCAL lock_timeout = '50ms'"))
            conn.execute(select(articles))
        assert failure.value.temporary
        assert_plain(failure.value)


def test_a_disk_that_is_full_is_a_temporary_fault_and_nothing_is_half_written(
    tmp_path: Path,
) -> None:
    with open_database(f"sqlite:///{tmp_path / 'x.db'}", create=True) as database:
        with (  # noqa: PT012
            pytest.raises(storage.StorageError, match="disk is full") as failure,
            database.write() as conn,
        ):
            conn.exec_driver_sql("PRAGMA max_page_count = 1")
            conn.execute(text("CREATE TABLE filler AS SELECT zeroblob(10000000) AS z"))
        assert failure.value.temporary
        assert_plain(failure.value)


def test_a_read_writes_nothing_in_postgresql(postgres_url: str) -> None:
    with open_database(postgres_url) as database:
        with pytest.raises(storage.StorageError, match="read-only"), database.read() as conn:
            conn.execute(articles.delete())
        store(database, an_article())  # the same pooled connection writes again


def test_limits_of_postgresql_sessions(postgres_url: str) -> None:
    with open_database(postgres_url) as database, database.read() as conn:
        found = {
            name: conn.execute(text(f"SHOW {name}")).scalar_one()
            for name in (
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
                "timezone",
            )
        }
    assert list(found.values()) == ["30s", "5s", "1min", "UTC"]


def test_settings_of_sqlite_connections(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    with open_database(url, create=True) as database, database.read() as conn:
        found = [
            conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 1, 30_000]


def test_times_sort_as_text_whatever_their_fraction(database: Database) -> None:
    moments = [NOW.replace(microsecond=number) for number in (0, 1, 10, 999_999)]
    for number, moment in enumerate(moments):
        store(database, an_article(date_published=None), str(number), moment)
    found: list[datetime | None] = [
        article.first_seen for article in database.articles(sort="-first_seen")
    ]
    assert found == moments
