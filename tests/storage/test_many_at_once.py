"""Several processes and threads on one database: nobody is turned away, nothing is half there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text

from storage.articles import store_articles
from storage.check import check
from storage.database import Database, open_database
from storage.readings import Reading
from storage.schema import articles, revisions
from tests.storage.samples import HOUR, NOW, an_article

ROOT = Path(__file__).parents[2]
BATCH = 50
ROUNDS = 4
READERS = 2

# One batch is one headline in all articles: a reader that sees two has seen half a batch.
_WRITER = """
import sys
from datetime import timedelta
import storage
from storage.articles import store_articles
from storage.readings import Reading
from tests.storage.samples import NOW, an_article
batch, rounds = int(sys.argv[2]), int(sys.argv[3])
with storage.open(sys.argv[1]) as database:
    print("ready", flush=True)
    sys.stdin.readline()
    for turn in range(rounds):
        readings = [
            Reading(an_article(url=f"https://news.example/{n}", headline=f"Batch {turn}"), str(n))
            for n in range(batch)
        ]
        with database.write() as conn:
            store_articles(conn, readings, NOW + timedelta(hours=turn))
"""
_READER = """
import json, sys, time
import storage
from storage.schema import articles, revisions
from sqlalchemy import Connection, func, select, text
batch, last = int(sys.argv[2]), f"Batch {int(sys.argv[3]) - 1}"
seen, reads, deadline = set(), 0, time.monotonic() + 40
print("ready", flush=True)
sys.stdin.readline()
while last not in seen and time.monotonic() < deadline:
    with storage.open(sys.argv[1]) as database, database.read() as conn:
        for _ in range(20):
            headlines = select(articles.c.headline, func.count())
            rows = conn.execute(headlines.group_by(articles.c.headline)).all()
            kept = conn.execute(select(func.count()).select_from(revisions)).scalar_one()
            assert len(rows) <= 1, rows
            assert not rows or rows[0][1] == batch, rows
            assert kept % batch == 0, kept
        seen.update(row[0] for row in rows)
        reads += 1
    found = list(storage.open(sys.argv[1]).articles(limit=3))
    assert len(found) in (0, 3)
print(json.dumps({"reads": reads, "seen": sorted(seen)}))
"""


def begin(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_processes_read_whole_batches_while_one_writes(database_url: str) -> None:
    arguments = (database_url, str(BATCH), str(ROUNDS))
    processes = [begin(_WRITER, *arguments), *(begin(_READER, *arguments) for _ in range(READERS))]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes[::-1]:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    done = [process.communicate(timeout=60) for process in processes]
    assert [(process.returncode, errors) for process, (_, errors) in
            zip(processes, done, strict=True)] == [(0, "")] * len(processes)  # fmt: skip
    for out, _ in done[1:]:
        found = json.loads(out)
        assert found["seen"][-1] == f"Batch {ROUNDS - 1}"
        assert found["reads"] > 1


def test_a_new_sqlite_file_is_in_wal_mode_for_every_program(tmp_path: Path) -> None:
    """Readers then never wait for the writer, nor it for them."""
    import sqlite3
    from contextlib import closing

    with open_database(f"sqlite:///{tmp_path / 'x.db'}", create=True):
        pass
    with closing(sqlite3.connect(tmp_path / "x.db")) as conn:
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_reader_in_its_transaction_stops_no_writer_and_sees_one_moment(tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path / 'x.db'}", create=True) as database:
        with database.read() as conn:
            number = select(func.count()).select_from(articles)
            assert conn.execute(number).scalar_one() == 0
            store_batch(database, range(3))
            assert conn.execute(number).scalar_one() == 0
        assert database.count() == 3


def a_batch(numbers: range, headline: str = "Headline") -> list[Reading]:
    return [
        Reading(an_article(url=f"https://news.example/{n}", headline=headline), str(n))
        for n in numbers
    ]


def store_batch(database: Database, numbers: range, headline: str = "Headline") -> list[str]:
    with database.write() as conn:
        stored = store_articles(conn, a_batch(numbers, headline), NOW + HOUR)
        return [one.outcome for one in stored]


def at_once(*works: Callable[[], object]) -> None:
    """All of them in threads that begin together; raises what any of them raised."""
    barrier = threading.Barrier(len(works))
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait()
            work()
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_two_writers_in_opposite_order_do_not_deadlock(database: Database) -> None:
    def write(numbers: range, name: str) -> Callable[[], None]:
        def rounds() -> None:
            for turn in range(4):
                store_batch(database, numbers, f"{name} {turn}")

        return rounds

    at_once(write(range(BATCH), "Up"), write(range(BATCH)[::-1], "Down"))
    assert database.count() == BATCH
    assert list(check(database)) == []


def test_writers_of_several_batches_a_transaction_do_not_deadlock(database: Database) -> None:
    """The turn is held from the first batch on, whichever articles come in the second."""

    def write(first: range, second: range, name: str) -> Callable[[], None]:
        def rounds() -> None:
            for turn in range(3):
                with database.write() as conn:
                    store_articles(conn, a_batch(first, f"{name} {turn}"), NOW)
                    store_articles(conn, a_batch(second, f"{name} {turn}"), NOW)

        return rounds

    at_once(write(range(5), range(5, 10), "Up"), write(range(5, 10), range(5), "Down"))
    assert database.count() == 10
    assert list(check(database)) == []


@pytest.mark.parametrize("writers", [8])
def test_writers_of_one_batch_make_each_article_once(database: Database, writers: int) -> None:
    outcomes: list[str] = []

    def write() -> None:
        outcomes.extend(store_batch(database, range(BATCH)))

    at_once(*[write] * writers)
    assert sorted(outcomes) == ["new"] * BATCH + ["unchanged"] * BATCH * (writers - 1)
    with database.read() as conn:
        for table in (articles, revisions):
            statement = select(func.count()).select_from(table)
            assert conn.execute(statement).scalar_one() == BATCH
    assert [article.revision for article in database.articles()] == [1] * BATCH
    assert list(check(database)) == []


def test_a_snapshot_is_of_one_moment_and_has_no_limits(database: Database) -> None:
    number = select(func.count()).select_from(articles)
    limits = ("statement_timeout", "idle_in_transaction_session_timeout")

    def shown(conn: Connection) -> list[str]:
        if conn.dialect.name != "postgresql":
            return []
        names = (*limits, "transaction_isolation", "transaction_read_only")
        return [conn.execute(text(f"SHOW {name}")).scalar_one() for name in names]

    with database.snapshot() as conn:
        assert conn.execute(number).scalar_one() == 0
        store_batch(database, range(3))
        assert conn.execute(number).scalar_one() == 0
        assert shown(conn) in ([], ["0", "0", "repeatable read", "on"])
    with database.write() as conn:  # the pool gives the same connection, as it was
        assert conn.execute(number).scalar_one() == 3
        assert shown(conn) in ([], ["30s", "1min", "read committed", "off"])
