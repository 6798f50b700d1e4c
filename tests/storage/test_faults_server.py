"""PostgreSQL stopped at once and started again, between transactions and within one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

import storage
from storage.articles import store_articles
from storage.check import check
from storage.database import RECORDS_PER_BATCH, Database, open_database
from storage.readings import Reading
from tests.postgres import OwnServer, own_server
from tests.storage.filling import dump_of, fill
from tests.storage.samples import HOUR, NOW, an_article

BATCH = 5


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    with own_server() as running:
        yield running


@pytest.fixture(scope="module")
def filled(server: OwnServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database object, as a crawl holds it, over all these faults."""
    with open_database(server.url, create=True) as database:
        fill(database, tmp_path_factory.mktemp("data"))
        yield database


def store_batch(database: Database, name: str) -> None:
    readings = [
        Reading(an_article(url=f"https://news.example/{name}/{n}"), f"{name}/{n}")
        for n in range(BATCH)
    ]
    with database.write() as conn:
        store_articles(conn, readings, NOW + HOUR)


def test_a_restart_between_transactions_is_not_noticed(server: OwnServer, filled: Database) -> None:
    before = filled.count()
    server.restart()
    store_batch(filled, "after a restart")
    server.restart()
    assert filled.count() == before + BATCH


def test_a_server_that_is_down_is_a_temporary_fault(server: OwnServer, filled: Database) -> None:
    before = dump_of(filled)
    server.stop()
    try:
        for _ in range(2):
            with pytest.raises(storage.StorageError, match="cannot be reached") as failure:
                store_batch(filled, "while down")
            assert failure.value.temporary
            with pytest.raises(storage.StorageError) as failure:
                filled.count()
            assert failure.value.temporary
    finally:
        server.start()
    assert dump_of(filled) == before
    store_batch(filled, "while down")


@pytest.mark.parametrize("is_back", [True, False])
def test_a_stop_within_a_transaction_leaves_nothing_of_it(
    server: OwnServer, filled: Database, is_back: bool
) -> None:
    before = dump_of(filled)
    reading = Reading(an_article(url="https://news.example/within"), f"within {is_back}")
    try:
        with (  # noqa: PT012
            pytest.raises(storage.StorageError) as failure,
            filled.write() as conn,
        ):
            store_articles(conn, [reading], NOW)
            server.stop()
            if is_back:
                server.start()
            conn.execute(text("SELECT 1"))
    finally:
        server.start()
    assert failure.value.temporary
    assert "\n" not in str(failure.value)
    assert dump_of(filled) == before
    with filled.write() as conn:
        assert store_articles(conn, [reading], NOW)[0].outcome == "new"


def test_a_stop_before_the_commit_leaves_nothing(server: OwnServer, filled: Database) -> None:
    before = dump_of(filled)
    reading = Reading(an_article(url="https://news.example/commit"), "commit")
    with (  # noqa: PT012
        pytest.raises(storage.StorageError) as failure,
        filled.write() as conn,
    ):
        store_articles(conn, [reading], NOW)
        server.restart()
    assert failure.value.temporary
    assert dump_of(filled) == before
    with filled.write() as conn:
        assert store_articles(conn, [reading], NOW)[0].outcome == "new"


def test_readers_go_on_over_a_restart_between_two_records(
    server: OwnServer, filled: Database
) -> None:
    with filled.write() as conn:
        many = range(RECORDS_PER_BATCH)
        readings = [Reading(an_article(url=f"https://many.example/{n}"), f"m{n}") for n in many]
        store_articles(conn, readings, NOW)
    listed, followed = filled.articles(), filled.changes()
    next(listed), next(followed)
    server.restart()
    assert len(list(listed)) == len(list(followed)) == filled.count() - 1


def test_all_is_sound_after_all_of_that(server: OwnServer, filled: Database) -> None:
    server.restart()
    assert list(check(filled)) == []
