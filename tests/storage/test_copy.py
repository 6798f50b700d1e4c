"""Copies of a whole database: there and back, from and to either kind, killed midway."""

from __future__ import annotations

import tracemalloc
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

import storage
from crawler.errors import ConfigurationError
from storage import copying, frontier, runs
from storage.articles import store_articles
from storage.check import check
from storage.copying import copied_tables, copy_database
from storage.database import Database, open_database
from storage.migrate import downgrade, upgrade
from storage.pages import PageArchive, note_page
from storage.readings import Reading
from storage.schema import metadata
from tests.conftest import PostgresServer
from tests.storage.filling import (
    FEED,
    Dump,
    copied,
    dump_of,
    fill,
    raw_rows,
    watch,
    what_is_found,
)
from tests.storage.killing import is_killed
from tests.storage.samples import HOUR, NOW, a_listing, a_page, an_article, store

BATCH = 20


@pytest.fixture(autouse=True)
def short_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few rows are several batches."""
    monkeypatch.setattr(copying, "ROWS_PER_BATCH", BATCH)


def rows_of(url: str) -> Dump:
    with storage.open(url) as database:
        return copied(dump_of(database))


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a copy goes: nothing is there yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'copy.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.bare()


@pytest.fixture
def other_kind_url(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """As `other_url`, of the kind that the source is not: the harder half of all pairs."""
    if database_url.startswith("postgresql"):
        return f"sqlite:///{tmp_path / 'copy.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.bare()


def everything(database: Database) -> list[object]:
    """What a reader sees: records, revisions, changes with their cursors, what is found."""
    records = list(database.articles(sort="id"))
    histories = [database.revisions(record.id or 0) for record in records]
    return [records, histories, list(database.changes()), what_is_found(database)]


def test_there_and_back_gives_the_same(database_url: str, other_url: str, tmp_path: Path) -> None:
    with storage.open(database_url) as database:
        fill(database, tmp_path, BATCH + 3)
        before, seen = copied(dump_of(database)), everything(database)
    told: list[tuple[str, int, int]] = []
    counts = copy_database(database_url, other_url, lambda *step: told.append(step))
    assert counts == {name: len(rows) for name, rows in before.items()}
    number = len(before["articles"])
    assert [step for step in told if step[0] == "articles"] == [
        ("articles", 0, number), ("articles", BATCH, number), ("articles", number, number),
    ]  # fmt: skip
    back = f"sqlite:///{tmp_path / 'back.db'}"
    assert copy_database(other_url, back) == counts
    for url in (other_url, back):
        with storage.open(url) as copy:
            assert copied(dump_of(copy)) == before
            assert everything(copy) == seen
            assert list(check(copy, data_dir=tmp_path)) == []


def test_a_copy_is_written_on(database_url: str, other_kind_url: str, tmp_path: Path) -> None:
    """New rows in every table that numbers its own: no id is given twice."""
    with storage.open(database_url) as database:
        fill(database, tmp_path)
    copy_database(database_url, other_kind_url)
    with storage.open(other_kind_url) as copy:
        cursor = list(copy.changes())[-1].cursor
        last = {t.name: _last_id(copy, t.name) for t in copied_tables() if "id" in t.columns}
        done = store(copy, an_article(url="https://news.example/article/new"), "new")
        _crawl_more(copy, tmp_path)
        assert done.outcome == "new"
        assert done.article_id > last["articles"]
        for name, number in last.items():
            assert _last_id(copy, name) > number, name
        assert next(copy.changes(cursor)).article.url.endswith("/new")
        assert list(check(copy, data_dir=tmp_path)) == []


def test_what_is_of_the_moment_stays_behind(
    database_url: str, other_kind_url: str, tmp_path: Path
) -> None:
    with storage.open(database_url) as database:
        fill(database, tmp_path)
        here = dump_of(database)
    copy_database(database_url, other_kind_url)
    with storage.open(other_kind_url) as copy:
        there = dump_of(copy)
    for name in ("host_turns", "leaders"):
        assert len(here[name]) == 1
        assert there[name] == []


def _last_id(database: Database, name: str) -> int:
    with database.read() as conn:
        found: int = conn.execute(select(func.max(metadata.tables[name].c.id))).scalar_one()
        return found


def _crawl_more(database: Database, data_dir: Path) -> None:
    with PageArchive(data_dir) as archive:
        page = a_page(url="https://news.example/article/newer", body=b"newer")
        lies = archive.write(page)
    with database.write() as conn:
        runs.start_run(conn, "crawl", NOW)
        note_page(conn, page, lies)
        frontier.note_source(
            conn, "example", f"{FEED}/more", [a_listing("newer")], etag=None, last_modified=None,
            status=200, now=NOW,
        )  # fmt: skip
        watch(conn, NOW + HOUR)


@pytest.fixture
def filled_url(database_url: str, tmp_path: Path) -> str:
    with storage.open(database_url) as database:
        fill(database, tmp_path)
    return database_url


def test_a_target_with_rows_is_refused_and_left_alone(
    filled_url: str, other_kind_url: str, tmp_path: Path
) -> None:
    with open_database(other_kind_url, create=True) as other:
        store(other, an_article())
    before = rows_of(other_kind_url)
    with pytest.raises(ConfigurationError, match=r"--to: the database .* holds rows already"):
        copy_database(filled_url, other_kind_url)
    assert rows_of(other_kind_url) == before


def test_itself_is_refused_under_another_address_too(filled_url: str, tmp_path: Path) -> None:
    addresses = [filled_url]
    if filled_url.startswith("sqlite"):
        path = Path(filled_url.removeprefix("sqlite:///"))
        link = path.with_name("link.db")
        link.symlink_to(path)
        addresses += [f"sqlite:///{link}", f"sqlite:///{path.parent / '.' / path.name}"]
    else:
        addresses.append(f"{filled_url}&application_name=other")
    before = rows_of(filled_url)
    for address in addresses:
        with pytest.raises(ConfigurationError, match=r"--to: .* is the database to copy from"):
            copy_database(filled_url, address)
    assert rows_of(filled_url) == before


def test_a_source_that_is_missing_or_older_is_refused_and_no_target_made(
    empty_database_url: str, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    with pytest.raises(storage.DatabaseMissing):
        copy_database(empty_database_url, f"sqlite:///{target}")
    upgrade(empty_database_url)
    downgrade(empty_database_url, "0003")
    with pytest.raises(storage.SchemaOutdated, match="run `sinorus db upgrade`"):
        copy_database(empty_database_url, f"sqlite:///{target}")
    assert not target.exists()


def test_an_older_target_is_refused(database_url: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'copy.db'}"
    upgrade(target, "0001")
    with pytest.raises(storage.SchemaOutdated):
        copy_database(database_url, target)


def test_a_copy_that_is_killed_leaves_nothing_and_is_repeated(
    filled_url: str, other_kind_url: str
) -> None:
    before = rows_of(filled_url)
    upgrade(other_kind_url)
    nothing = raw_rows(other_kind_url)
    assert not any(rows for name, rows in nothing.items() if name in metadata.tables)
    kills = 0
    for kill_at in range(5, 10_000, 11):
        if not is_killed(partial(copy_database, filled_url, other_kind_url), kill_at):
            break
        kills += 1
        if raw_rows(other_kind_url) != nothing:
            break  # past its commit: the copy is whole, or what follows fails
    assert kills >= 3
    assert rows_of(other_kind_url) == before == rows_of(filled_url)
    with storage.open(filled_url) as database, storage.open(other_kind_url) as copy:
        assert everything(copy) == everything(database)
        assert list(check(copy)) == []


def test_a_copy_is_of_one_moment(database_url: str, other_kind_url: str, tmp_path: Path) -> None:
    with storage.open(database_url) as database:
        fill(database, tmp_path)
        before = copied(dump_of(database))
        found = what_is_found(database)
        written: list[int] = []

        def write_meanwhile(table: str, done: int, total: int) -> None:
            if table == "articles" and not written:
                written.append(store(database, an_article(url="https://x.example/"), "x").revision)

        counts = copy_database(database_url, other_kind_url, write_meanwhile)
        assert written == [1]
        assert counts["articles"] == len(before["articles"]) == database.count() - 1
    assert rows_of(other_kind_url) == before
    with storage.open(other_kind_url) as copy:
        assert what_is_found(copy) == found


def test_memory_is_constant(tmp_path: Path) -> None:
    peaks = []
    for number in (4 * BATCH, 12 * BATCH):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        with open_database(url, create=True) as database:
            readings = [
                Reading(an_article(url=f"https://news.example/{n}"), str(n)) for n in range(number)
            ]
            with database.write() as conn:
                store_articles(conn, readings, NOW)
        tracemalloc.start()
        copy_database(url, f"sqlite:///{tmp_path / f'copy-{number}.db'}")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
