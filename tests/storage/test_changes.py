"""Followers: every change is delivered, in order, however late it was committed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import text

from crawler.errors import ConfigurationError
from crawler.items import Relevance
from storage import Change
from storage.articles import mark_gone, store_articles, touch
from storage.database import RECORDS_PER_BATCH, Database
from storage.readings import Reading
from tests.storage.filling import fill, set_story
from tests.storage.samples import HOUR, NOW, an_article, store

DEADLINE_SECONDS = 30


def article(number: int, **changes: object) -> Reading:
    values = {"url": f"https://news.example/article/{number}", **changes}
    return Reading(an_article(**values), str(number))


def store_many(database: Database, numbers: range) -> None:
    with database.write() as conn:
        store_articles(conn, [article(number) for number in numbers], NOW)


def number_of(change: Change) -> int:
    return int(change.article.url.rsplit("/", 1)[1])


def numbers(found: Iterable[Change]) -> list[int]:
    return [number_of(change) for change in found]


def test_every_kind_of_change_is_seen_after_the_cursor_and_each_article_once(
    database: Database,
) -> None:
    for number in range(1, 4):
        store_many(database, range(number, number + 1))
    seen = list(database.changes())
    assert numbers(seen) == [1, 2, 3]
    first = seen[0].article.id or 0
    assert seen[0].article == database.article(first)
    cursor = seen[-1].cursor
    assert list(database.changes(cursor)) == []
    assert numbers(database.changes(seen[0].cursor)) == [2, 3]

    def changed() -> list[int]:
        nonlocal cursor
        found = list(database.changes(cursor))
        cursor = found[-1].cursor if found else cursor
        return numbers(found)

    second = "https://news.example/article/2"
    store(database, an_article(url=second, headline="Another"), "2", NOW + HOUR)
    assert changed() == [2]
    store(database, an_article(url=second, headline="Another"), "2", NOW + 2 * HOUR)
    assert changed() == []  # a sight alone
    store(database, an_article(url=second, headline="Another", comment_count=9), "2", NOW)
    assert changed() == []
    other = an_article(url=second, headline="Another", relevance=Relevance(False, 0.1))
    store(database, other, "2", NOW + 3 * HOUR)
    assert changed() == [2]
    with database.write() as conn:
        mark_gone(conn, first, NOW + HOUR)
    assert changed() == [1]
    with database.write() as conn:
        touch(conn, first, NOW + 2 * HOUR)
    assert changed() == [1]
    set_story(database, ["3", "2"], 1)
    assert changed() == [3, 2]
    store_many(database, range(4, 5))
    assert changed() == [4]
    assert numbers(database.changes()) == [1, 3, 2, 4]


def test_a_limit_and_batches(database: Database) -> None:
    total = 2 * RECORDS_PER_BATCH + 10
    store_many(database, range(total))
    everything = list(database.changes())
    assert sorted(numbers(everything)) == list(range(total))
    cursors = [int(change.cursor) for change in everything]
    assert cursors == sorted(set(cursors))
    for limit in (0, 3, RECORDS_PER_BATCH, RECORDS_PER_BATCH + 1, total + 1):
        assert list(database.changes("", limit)) == everything[:limit]
    assert list(database.changes(everything[4].cursor, 3)) == everything[5:8]


def test_it_is_lazy_ends_where_it_began_and_holds_nothing_open(database: Database) -> None:
    total = RECORDS_PER_BATCH + 50
    store_many(database, range(total))
    order = numbers(database.changes())
    following = database.changes()
    assert number_of(next(following)) == order[0]
    # Written while it is read: an ALTER of PostgreSQL would wait for an open transaction.
    with database.write() as conn:
        conn.execute(text("ALTER TABLE holds ADD COLUMN tried integer"))
        conn.execute(text("ALTER TABLE holds DROP COLUMN tried"))
    edited = [order[0], order[-1]]
    for number in edited:
        url = f"https://news.example/article/{number}"
        store(database, an_article(url=url, headline="X"), str(number), NOW + HOUR)
    rest = list(following)
    assert numbers(rest) == order[1:-1]
    assert numbers(database.changes(rest[-1].cursor)) == edited


@pytest.mark.parametrize("cursor", ["x", "-1", "1.0", "1 2", "٣", "9" * 19, "9" * 50, "'; --"])
def test_a_cursor_that_is_none_is_refused(database: Database, cursor: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^cursor: .* is none"):
        database.changes(cursor)


def test_a_cursor_of_another_database_is_refused(database: Database) -> None:
    store_many(database, range(1, 3))
    with pytest.raises(ConfigurationError, match="beyond this database's last change, 2"):
        next(database.changes("3"))
    with pytest.raises(ConfigurationError, match="limit: -1 is below 0"):
        database.changes(limit=-1)


def test_a_filled_database_gives_every_article(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path, 8)
    found = list(database.changes())
    assert sorted(numbers(found)) == list(range(1, 9))
    for change in found:
        assert change.article == database.article(change.article.id or 0)


def test_a_writer_that_began_earlier_and_commits_later_is_not_skipped(database: Database) -> None:
    """The reader takes all there is whenever it can, as the late one waits before its commit."""
    began, stored, may_commit = threading.Event(), threading.Event(), threading.Event()

    def late() -> None:
        with database.write() as conn:
            conn.execute(text("SELECT 1"))
            began.set()
            store_articles(conn, [article(1)], NOW)
            stored.set()
            may_commit.wait(DEADLINE_SECONDS)

    def quick() -> None:
        began.wait(DEADLINE_SECONDS)
        store_many(database, range(2, 3))

    threads = [threading.Thread(target=late), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    assert stored.wait(DEADLINE_SECONDS)
    seen, cursor = [], None
    threads[1].join(timeout=0.3)  # the quick one's whole chance to overtake
    for change in database.changes(cursor):
        seen.append(number_of(change))
        cursor = change.cursor
    may_commit.set()
    for thread in threads:
        thread.join()
    seen += numbers(database.changes(cursor))
    assert len(seen) == 2
    assert len(set(seen)) == 2


def test_a_reader_beside_many_writers_misses_nothing(database: Database) -> None:
    writers, rounds = 4, 12
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for turn in range(rounds):
                with database.write() as conn:
                    conn.execute(text("SELECT 1"))
                    time.sleep(0.001 * ((writer * 7 + turn * 3) % 5))  # each begins out of step
                    first = (writer * rounds + turn) * 2
                    readings = [article(first), article(first + 1)]
                    store_articles(conn, readings, NOW)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    seen: list[str] = []
    cursor: str | None = None
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        was_alive = any(thread.is_alive() for thread in threads)
        for change in database.changes(cursor):
            seen.append(change.article.url)
            cursor = change.cursor
        if not was_alive:
            break
    assert failures == []
    assert len(seen) == len(set(seen)) == database.count() == writers * rounds * 2
