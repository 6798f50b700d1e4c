"""What follows a transaction: GIN's list is sorted in, SQLite's log begins anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

import storage
from storage import Database, upkeep
from storage.articles import store_articles
from storage.engine import sqlite_file
from storage.readings import Reading
from tests.conftest import PostgresServer
from tests.storage.samples import NOW, an_article

# Different words of letters alone: 15,000 is all that is searched of a text.
LONG_TEXT = " ".join(f"{number:015b}".translate({48: "b", 49: "z"}) for number in range(15_000))
FIRST_WORD = LONG_TEXT.split()[0]
# Some 360 kB of tokens each.
ARTICLES_OF_MANY_BYTES = 18
PAGE_BYTES = 8_192


def write(database: Database, number: int, words: str) -> None:
    article = an_article(url=f"https://news.example/{number}", paragraphs=[words])
    with database.write() as conn:
        store_articles(conn, [Reading(article, article.url)], NOW)


def pending_pages(database: Database) -> int:
    """How much GIN has not sorted in; it has after this."""
    with database.write() as conn:
        return int(conn.execute(text("SELECT gin_clean_pending_list('search_index')")).scalar_one())


@pytest.fixture
def server(postgres_server: PostgresServer) -> Iterator[Database]:
    with storage.open(postgres_server.emptied()) as database:
        yield database


def test_a_little_waits_to_be_sorted_in(server: Database) -> None:
    write(server, 1, "gas")
    assert pending_pages(server) > 0


def test_much_is_sorted_in_after_its_transaction_and_found(server: Database) -> None:
    for number in range(ARTICLES_OF_MANY_BYTES):
        write(server, number, f"{LONG_TEXT} only{number}")
    # What came after the last time; all would be twice as much.
    assert pending_pages(server) * PAGE_BYTES < upkeep.PENDING_BYTES_AT_MOST
    assert server.count(search=FIRST_WORD) == ARTICLES_OF_MANY_BYTES


def test_who_does_not_own_the_index_writes_all_the_same(server: Database) -> None:
    url = server.engine.url
    with server.write() as conn:
        conn.execute(text("DROP ROLE IF EXISTS sinorus_writer"))
        conn.execute(text("CREATE ROLE sinorus_writer LOGIN"))
        conn.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA public TO sinorus_writer"))
        conn.execute(text("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO sinorus_writer"))
    other = url.set(username="sinorus_writer").render_as_string(hide_password=False)
    with storage.open(other) as database:
        for number in range(ARTICLES_OF_MANY_BYTES):
            write(database, number, LONG_TEXT)
        assert database.count(search=FIRST_WORD) == ARTICLES_OF_MANY_BYTES
    with server.write() as conn:
        conn.execute(text("DROP OWNED BY sinorus_writer"))
        conn.execute(text("DROP ROLE sinorus_writer"))


def test_a_log_that_found_no_moment_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "LOG_BYTES_AT_MOST", 200_000)
    with storage.open(f"sqlite:///{tmp_path}/news.db", create=True) as database:
        path = sqlite_file(database.engine.url)
        assert path is not None
        log = path.with_name("news.db-wal")
        with database.snapshot() as reading:
            assert reading.execute(text("SELECT count(*) FROM articles")).scalar_one() == 0
            for number in range(2):
                write(database, number, LONG_TEXT)
            # The reader keeps it, and nobody waits for that reader for long.
            assert log.stat().st_size > upkeep.LOG_BYTES_AT_MOST
        write(database, 9, "gas")
        assert log.stat().st_size == 0
        assert database.count(search="gas") == 1
