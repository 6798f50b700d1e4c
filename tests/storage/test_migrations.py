"""Forward and back: the data is there after each step, and a step that is killed is repeated."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

import storage
from crawler.errors import ConfigurationError
from storage.check import check
from storage.database import open_database
from storage.migrate import (
    BASE,
    config,
    current_revision,
    downgrade,
    head_revision,
    schema_state,
    upgrade,
)
from storage.schema import articles, revisions
from storage.search.entries import remove_articles
from tests.storage.filling import Dump, dump, fill, what_is_found
from tests.storage.killing import is_killed
from tests.storage.samples import an_article, store

KILL_EVERY = 14
KILLS = 3
# All below this program's, the newest first.
OLDER = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][1:]
# What a step back forgets: a follower starts over, and what a person would call a typo. Contents
# are compared as read, for a null may come back as the same text. And tables that it drops.
LOST = {
    "holds", "outlet_states", "exchanges", "page_readings", "host_turns", "leaders", "outbox",
    "reparses",
}  # fmt: skip
FORGOTTEN = {
    "articles": {"change"},
    "revisions": {"kind", "content"},
    "leads": {"listed_lead", "listed_authors"},
    "sources": {"read_back_to", "parts"},
}
# What it takes out of a column that stays, until the next step forward.
EMPTIED = {"content", "story_id"}


def look(url: str) -> tuple[str | None, Dump, dict[str, Any]]:
    """Revision, rows and shape of a database."""
    engine = create_engine(url)
    with engine.connect() as conn:
        found = current_revision(conn), dump(conn), shape(conn)
    engine.dispose()
    return found


def shape(conn: Connection) -> dict[str, Any]:
    """Columns, indexes and keys by table, whatever their order."""
    inspector = inspect(conn)
    return {
        name: (
            sorted(
                (column["name"], str(column["type"]), column["nullable"])
                for column in inspector.get_columns(name)
            ),
            sorted(
                (str(index["name"]), index["column_names"]) for index in inspector.get_indexes(name)
            ),
            sorted(key["constrained_columns"] for key in inspector.get_foreign_keys(name)),
            sorted(key["column_names"] for key in inspector.get_unique_constraints(name)),
            inspector.get_pk_constraint(name)["constrained_columns"],
        )
        for name in inspector.get_table_names()
    }


def without(rows: Dump, names: dict[str, set[str]]) -> Dump:
    return {
        table: [
            {key: value for key, value in row.items() if key not in names.get(table, ())}
            for row in rows
        ]
        for table, rows in rows.items()
    }


def assert_kept(older: Dump, newer: Dump) -> None:
    """Every row of today, in every column that the older schema has and fills too."""
    for table, rows in older.items():
        assert len(rows) == len(newer[table])
        for row, today in zip(rows, newer[table], strict=True):
            assert {k: v for k, v in row.items() if k not in EMPTIED} == {
                k: v for k, v in today.items() if k in row and k not in EMPTIED
            }


def test_down_to_each_revision_and_up_again_keeps_the_data(
    empty_database_url: str, tmp_path: Path
) -> None:
    url = empty_database_url
    shapes = {}
    for revision in OLDER[::-1]:
        upgrade(url, revision)
        shapes[revision] = look(url)[2]
    with open_database(url, check_schema=False) as database:
        upgrade(url)
        fill(database, tmp_path)
        contents, found = _contents(database), what_is_found(database)
    _, today, shapes[head_revision()] = look(url)
    for revision in OLDER:
        undone = downgrade(url, revision)
        assert undone[-1] > revision
        reached, older, its_shape = look(url)
        assert reached == revision
        assert its_shape == shapes[revision]
        assert_kept(older, today)
        if revision < "0003":
            kept = {(r["article_id"], r["revision"]): r["content"] for r in older["revisions"]}
            assert kept == contents
        assert upgrade(url) == head_revision()
        _, again, its_shape = look(url)
        assert its_shape == shapes[head_revision()]
        expected = today | {table: again[table] for table in LOST}
        assert without(again, FORGOTTEN) == without(expected, FORGOTTEN)
        gone = [row["kind"] in ("gone", "returned") for row in today["revisions"]]
        assert [row["kind"] in ("gone", "returned") for row in again["revisions"]] == gone
        with storage.open(url) as database:
            assert list(check(database, data_dir=tmp_path)) == []
            assert what_is_found(database) == found
            assert _contents(database) == contents
            assert len(list(database.changes())) == len(today["articles"])
            store(database, an_article(url=f"https://news.example/{revision}"), revision)
            _remove(database, revision)


def _contents(database: storage.Database) -> dict[tuple[int, int], Any]:
    return {
        (article.id or 0, revision.revision): revision.content
        for article in database.articles()
        for revision in database.revisions(article.id or 0)
    }


def _remove(database: storage.Database, identity: str) -> None:
    article = database.article_by_identity("example", identity)
    assert article is not None
    with database.write() as conn:
        remove_articles(conn, [article.id or 0])
        conn.execute(revisions.delete().where(revisions.c.article_id == article.id))
        conn.execute(articles.delete().where(articles.c.id == article.id))


def test_down_to_nothing_and_up_again(empty_database_url: str, tmp_path: Path) -> None:
    with open_database(empty_database_url, create=True) as database:
        fill(database, tmp_path)
    assert downgrade(empty_database_url, BASE)[-1] == "0001"
    with pytest.raises(storage.DatabaseMissing):
        storage.open(empty_database_url)
    with open_database(empty_database_url, create=True) as database:
        assert list(check(database)) == []
        store(database, an_article())


def test_an_article_that_was_gone_before_revisions_told_so_gets_one(
    empty_database_url: str, tmp_path: Path
) -> None:
    with open_database(empty_database_url, create=True) as database:
        fill(database, tmp_path)
    downgrade(empty_database_url, "0002")
    engine = create_engine(empty_database_url)
    with engine.begin() as conn:  # as the first version wrote it
        conn.exec_driver_sql("DELETE FROM revisions WHERE revision > 1")
        conn.exec_driver_sql("UPDATE articles SET revision = 1")
        conn.exec_driver_sql("UPDATE revisions SET content_hash = (SELECT content_hash FROM "
                             "articles WHERE articles.id = article_id)")  # fmt: skip
    engine.dispose()
    upgrade(empty_database_url)
    with storage.open(empty_database_url) as database:
        gone = [a for a in database.articles(sort="id") if a.gone_at]
        assert [article.revision for article in gone] == [2, 2]
        for article in gone:
            last = database.revisions(article.id or 0)[-1]
            assert (last.kind, last.seen_at, last.changed) == ("gone", article.gone_at, [])
        assert [f for f in check(database) if f.kind != "content"] == []


@pytest.mark.parametrize(("revision", "reason"), [
    ("9999", "there is no revision '9999'; there are base, 0001, 0002, "),
    ("head", "there is no revision 'head'"),
    ("-1", "there is no revision '-1'"),
    ("000", "there is no revision '000'"),
])  # fmt: skip
def test_a_revision_that_is_none_is_refused(database_url: str, revision: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        downgrade(database_url, revision)


def test_what_cannot_be_taken_back(empty_database_url: str) -> None:
    with pytest.raises(storage.DatabaseMissing, match="there is no sinorus database at"):
        downgrade(empty_database_url, "0001")
    upgrade(empty_database_url, "0001")
    with pytest.raises(ConfigurationError, match="is at revision 0001, below 0002"):
        downgrade(empty_database_url, "0002")
    assert downgrade(empty_database_url, "0001") == []
    assert look(empty_database_url)[0] == "0001"


def test_a_migration_that_is_killed_changes_nothing_and_is_repeated(
    empty_database_url: str, tmp_path: Path
) -> None:
    url = empty_database_url
    with open_database(url, create=True) as database:
        fill(database, tmp_path)
    newest = look(url)
    downgrade(url, "0001")
    oldest = look(url)
    kills = 0
    # Past the start, which only looks; a few, for there are hundreds.
    for kill_at in range(8, 10_000, KILL_EVERY):
        if not is_killed(partial(upgrade, url), kill_at):
            break
        kills += 1
        assert look(url) == oldest
    assert kills >= KILLS
    assert look(url)[0] == newest[0]
    newest = look(url)
    for kill_at in range(8, 10_000, KILL_EVERY):
        if not is_killed(partial(downgrade, url, "0001"), kill_at):
            break
        kills += 1
        assert look(url) == newest
    assert kills >= 2 * KILLS
    assert look(url) == oldest
    engine = create_engine(url)
    with engine.connect() as conn:
        assert schema_state(conn) == "older"
    engine.dispose()
