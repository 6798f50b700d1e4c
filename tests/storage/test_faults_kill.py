"""A crawl's write, killed before each of its statements: all of it or nothing, and again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import storage
from storage import frontier
from storage.articles import mark_gone, store_articles
from storage.check import check
from storage.database import Database, open_database
from storage.pages import ArchivedPage, PageArchive, note_page
from storage.readings import Reading
from tests.storage.filling import (
    FEED,
    SEARCHES,
    Dump,
    copied,
    dump_of,
    fill,
    id_of,
    raw_rows,
)
from tests.storage.killing import is_killed
from tests.storage.samples import HOUR, NOW, a_listing, a_page, an_article

LATER = NOW + 9 * HOUR
# Fewer, and the work was not what it is meant to be.
STATEMENTS = 25
_POINTERS = {"article_id": "articles", "story_id": "articles", "lead_id": "leads",
             "page_id": "pages", "source_id": "sources", "run_id": "runs"}  # fmt: skip
_KEYS = {"articles": "identity", "leads": "identity", "pages": "url", "sources": "url",
         "runs": "started_at"}  # fmt: skip


def crawl(url: str, lies: ArchivedPage) -> None:
    """A source's listings, then in one transaction a page and a batch of readings of all kinds."""
    listed = [a_listing(identity) for identity in ("1", "3", "new")]
    with storage.open(url) as database:
        with database.write() as conn:
            states = frontier.note_source(
                conn, "example", FEED, listed, etag='"2"', last_modified=None, status=200,
                now=LATER,
            )  # fmt: skip
        gone = id_of(database, "3")
        with database.write() as conn:
            page_id = note_page(conn, a_page(url="https://news.example/article/new"), lies)
            done = store_articles(conn, list(_readings(page_id)), LATER)
            mark_gone(conn, gone, LATER)
            for state in states:
                if state.identity == "new":
                    frontier.settle(
                        conn, state.lead_id, "stored", now=LATER, article_id=done[-1].article_id
                    )


def _readings(page_id: int) -> Iterator[Reading]:
    for identity, changes in (
        ("1", {"headline": "Edited once more"}),
        ("2", {}),  # it was gone
        ("4", {"paragraphs": []}),  # a part replaces no whole
        ("new", {}),
    ):
        url = f"https://news.example/article/{identity}"
        yield Reading(an_article(url=url, **changes), identity, page_id)


def test_a_write_killed_before_any_statement_leaves_nothing_and_is_repeated(
    database_url: str, tmp_path: Path
) -> None:
    with open_database(database_url) as database:
        fill(database, tmp_path)
    with PageArchive(tmp_path) as archive:
        lies = archive.write(a_page(url="https://news.example/article/new", body=b"new"))
    expected = reference(lies, database_url, tmp_path)
    states = [raw_rows(database_url)]
    kill_at = 1
    while is_killed(partial(crawl, database_url, lies), kill_at):
        found = raw_rows(database_url)
        if found != states[-1]:
            states.append(found)
        kill_at += 1
    assert kill_at > STATEMENTS
    # Two transactions: nothing, the listings, and at the end all. Never anything between.
    assert len(states) == 2
    assert len(states[0]["articles"]) == len(states[1]["articles"])
    with storage.open(database_url) as database:
        assert meaning(database) == expected
        assert list(check(database, data_dir=tmp_path)) == []
    crawl(database_url, lies)
    with storage.open(database_url) as database:
        gone = database.article(id_of(database, "3"))
        assert gone is not None
        assert gone.gone_at == LATER
        assert len(database.revisions(gone.id or 0)) == 2


def reference(lies: ArchivedPage, source_url: str, folder: Path) -> Any:
    """What the work leaves when nobody kills it, in a copy of the database."""
    from storage.copying import copy_database

    url = f"sqlite:///{folder / 'reference.db'}"
    copy_database(source_url, url)
    crawl(url, lies)
    with storage.open(url) as database:
        return meaning(database)


def meaning(database: Database) -> Any:
    """All that is there, and by what it is found, however the rows are numbered."""
    found = [[article.identity for article in database.articles(search=q)] for q in SEARCHES]
    return by_meaning(copied(dump_of(database))), found


def by_meaning(rows: Dump) -> dict[str, list[dict[str, Any]]]:
    """Without row numbers, which PostgreSQL gives out once however it ends."""
    names = {table: {row["id"]: row[key] for row in rows[table]} for table, key in _KEYS.items()}
    found = {}
    for table, entries in rows.items():
        plain = [
            {
                key: names[_POINTERS[key]][value] if key in _POINTERS and value else value
                for key, value in row.items()
                if key != "id"
            }
            for row in entries
        ]
        found[table] = sorted(plain, key=str)
    return found


def test_the_comparison_sees_a_difference(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    rows = dump_of(database)
    assert by_meaning(rows) == by_meaning(dump_of(database))
    rows["revisions"][0]["article_id"] = rows["revisions"][-1]["article_id"]
    assert by_meaning(rows) != by_meaning(dump_of(database))
