"""A disk that is full while a batch is stored: nothing of it is there, and it goes on later."""

from __future__ import annotations

from pathlib import Path

import pytest

import storage
from storage.articles import store_articles
from storage.check import check
from storage.database import Database, open_database
from storage.readings import Reading
from tests.storage.filling import dump_of, fill
from tests.storage.samples import HOUR, NOW, an_article

# Each needs several of SQLite's pages.
LONG = ["A paragraph as long as they are in a newspaper. " * 40] * 10
SPARE_PAGES = (0, 3, 20, 60)


def readings() -> list[Reading]:
    changed = an_article(url="https://news.example/article/1", headline="Edited", paragraphs=LONG)
    new = (an_article(url=f"https://news.example/new/{n}", paragraphs=LONG) for n in range(20))
    return [Reading(changed, "1"), *(Reading(article, article.url) for article in new)]


def limit(database: Database, spare_pages: int | None) -> None:
    """How many pages more the file may have; null for as many as there can be."""
    with database.engine.connect() as conn:
        has = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        most = 2**32 - 2 if spare_pages is None else has + spare_pages
        conn.exec_driver_sql(f"PRAGMA max_page_count = {most}")


@pytest.mark.parametrize("spare_pages", SPARE_PAGES)
def test_a_batch_that_does_not_fit_is_not_there_at_all(tmp_path: Path, spare_pages: int) -> None:
    with open_database(f"sqlite:///{tmp_path / 'x.db'}", create=True) as database:
        fill(database, tmp_path)
        before = dump_of(database)
        limit(database, spare_pages)
        for _ in range(2):
            with (
                pytest.raises(storage.StorageError, match="the disk is full") as failure,
                database.write() as conn,
            ):
                store_articles(conn, readings(), NOW + HOUR)
            assert failure.value.temporary
            assert dump_of(database) == before  # readers go on
        assert list(check(database, data_dir=tmp_path)) == []
        limit(database, None)
        with database.write() as conn:
            stored = store_articles(conn, readings(), NOW + HOUR)
        assert [one.outcome for one in stored] == ["updated", *["new"] * 20]
        assert list(check(database, data_dir=tmp_path)) == []
