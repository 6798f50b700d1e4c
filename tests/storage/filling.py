"""A database as a few crawls leave it: rows in every table. And all its rows, to compare."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, inspect, select, update

from crawler.items import Relevance
from storage import frontier, runs
from storage.articles import mark_gone, store_article, touch
from storage.copying import copied_tables
from storage.database import Database
from storage.engine import build_engine, parse_address
from storage.host_turns import take_turn as take_host_turn
from storage.leadership import Office
from storage.pages import PageArchive, note_page
from storage.schema import (
    articles,
    exchanges,
    metadata,
    outbox,
    outlet_states,
    page_readings,
    reparses,
)
from storage.turns import next_changes, take_turn
from tests.storage.samples import HOUR, NOW, a_listing, a_page, an_article

SEARCHES = (
    "headline", "third", "head*", "заголовок", "абзац", "标", "第三段", "pipelin*", "else", "back",
    "once", "they OR second -text", "headline:thirds",
)  # fmt: skip
FEED = "https://news.example/feed"
TOLD_TWICE = (
    "The two ministers signed the agreement on the second gas pipeline after three days of talks, "
    "and said that deliveries would begin once the last stretch under the river had been laid."
)
"""Enough text to tell a story by."""
Dump = dict[str, list[dict[str, Any]]]


def fill(database: Database, data_dir: Path, number: int = 6) -> None:
    """`number` articles, six at least, of which some were edited, left, or came back."""
    identities = [str(n) for n in range(1, number + 1)]
    with database.write() as conn:
        run_id = runs.start_run(conn, "crawl", NOW)
        states = frontier.note_source(
            conn,
            "example",
            FEED,
            [
                a_listing(identity, lead="Слова of it.", authors=("Anna", "李伟"))
                for identity in [*identities, "off", "never"]
            ],
            etag='"1"',
            last_modified=None,
            status=200,
            now=NOW,
            read_back_to=NOW - HOUR,
            parts=[(f"{FEED}/older", NOW)],
        )
        frontier.note_source_problem(conn, "example", f"{FEED}/2", "it is down", 503, NOW)
        frontier.hold(conn, "news.example", NOW + HOUR, "Retry-After")
    leads = {state.identity: state.lead_id for state in states}
    with PageArchive(data_dir) as archive:
        for place, identity in enumerate(identities):
            _crawl(database, archive, leads[identity], identity, place)
    with database.write() as conn:
        frontier.settle(conn, leads["off"], "off_topic", now=NOW, relevance_score=0.1)
        frontier.settle(conn, leads["never"], "gone", reason="404", now=NOW)
        counts = {"found": number + 2, "new": number, "off_topic": 1, "failed": 1}
        runs.note_outlet(conn, run_id, "example", counts, ["one page is gone"])
        runs.finish_run(conn, run_id, "done", NOW + HOUR)
        watch(conn, NOW)
        take_host_turn(
            conn, "news.example", "me", delay_seconds=2, connections=1, now=NOW, lapse_seconds=45
        )
    _change(database)
    Office(database).try_take(NOW)


def watch(conn: Connection, now: datetime) -> None:
    """What a daemon notes of an outlet, and of its own work, between two crawls."""
    moment = now.isoformat()
    rows: dict[Table, dict[str, Any]] = {
        outlet_states: {"outlet": moment, "state": "failing", "since": now, "evidence": {"n": 3}},
        exchanges: {
            "outlet": moment, "kind": "last", "at": now, "url": FEED, "status": 200,
            "elapsed_seconds": 0.25, "request_headers": [["Accept", "*/*"]],
        },
        page_readings: {
            "outlet": "example", "read_at": now, "is_article": True, "parser": "generic/1",
            "url": "https://news.example/article/1", "fields": {"headline": "page"},
        },
        outbox: {
            "key": moment, "target": "desk", "kind": "article", "created_at": now,
            "payload": {"title": "Слова"}, "state": "waiting", "next_try": now,
        },
        reparses: {
            "key": "all",
            "started_at": now,
            "stage": "articles",
            "done_through": 3,
            "counts": {"read": 3},
        },
    }  # fmt: skip
    for table, values in rows.items():
        conn.execute(table.insert().values(values))


def _crawl(
    database: Database, archive: PageArchive, lead_id: int, identity: str, place: int
) -> None:
    url = f"https://news.example/article/{identity}"
    page = a_page(url=url, body=f"<html>{identity} 中俄</html>".encode())
    lies = archive.write(page)
    paragraphs = [f"Text {identity}.", "Второй абзац.", "第三段。"]
    if place == 3:
        paragraphs.append(TOLD_TWICE)
    article = an_article(
        url=url,
        headline=f"Headline {identity} Заголовок 标题",
        outlet="example",
        date_published=None if place == 1 else NOW - place * HOUR,
        paragraphs=[] if place == 2 else paragraphs,
    )
    with database.write() as conn:
        page_id = note_page(conn, page, lies)
        done = store_article(conn, article, identity=identity, page_id=page_id, now=NOW)
        frontier.settle(conn, lead_id, "stored", now=NOW, article_id=done.article_id, etag='"e"')


def _change(database: Database) -> None:
    """Edits, a typo, gone ones, one that returned, other relevance, a story of 1 and 4."""
    base = an_article(url="https://news.example/article/1")
    with database.write() as conn:
        for hours, headline in ((1, "A second headline"), (2, "A third"), (3, "A thirds")):
            edited = an_article(url=base.url, headline=headline, paragraphs=["Other.", TOLD_TWICE])
            store_article(conn, edited, identity="1", page_id=None, now=NOW + hours * HOUR)
    two, four, five = (id_of(database, identity) for identity in "245")
    with database.write() as conn:
        mark_gone(conn, two, NOW + HOUR)
        mark_gone(conn, four, NOW + HOUR)
        touch(conn, four, NOW + 2 * HOUR)
        mark_gone(conn, five, NOW + HOUR)
        back = an_article(url="https://news.example/article/5", headline="It is back")
        store_article(conn, back, identity="5", page_id=None, now=NOW + 3 * HOUR)
        mark_gone(conn, five, NOW + 4 * HOUR)
    with database.write() as conn:
        moved = an_article(
            url="https://news.example/moved/6", headline="Headline 6 Заголовок 标题",
            relevance=Relevance(False, 0.2, ["second thoughts"]),
        )  # fmt: skip
        store_article(conn, moved, identity="6", page_id=None, now=NOW + HOUR)


def id_of(database: Database, identity: str) -> int:
    """Of an article of the one outlet; PostgreSQL does not count from 1 in each test."""
    article = database.article_by_identity("example", identity)
    assert article is not None
    assert article.id is not None
    return article.id


def set_story(database: Database, identities: list[str], story_id: int) -> None:
    ids = [id_of(database, identity) for identity in identities]
    with database.write() as conn:
        take_turn(conn)
        numbers = next_changes(conn)
        for number in ids:
            statement = update(articles).where(articles.c.id == number)
            conn.execute(statement.values(story_id=story_id, change=next(numbers)))


def _tables(conn: Connection) -> list[str]:
    return inspect(conn).get_table_names()


def dump(conn: Connection) -> Dump:
    """All rows of the tables that are there, by table, with the columns that are there."""
    found: Dump = {}
    inspector = inspect(conn)
    present = set(_tables(conn))
    for table in metadata.sorted_tables:
        if table.name not in present:
            continue
        names = {column["name"] for column in inspector.get_columns(table.name)}
        columns = [column for column in table.columns if column.name in names]
        rows = conn.execute(select(*columns).order_by(*table.primary_key.columns)).mappings()
        found[table.name] = [dict(row) for row in rows]
    return found


def dump_of(database: Database) -> Dump:
    with database.read() as conn:
        return dump(conn)


def copied(rows: Dump) -> Dump:
    """Without the tables that each database has in a form of its own."""
    names = {table.name for table in copied_tables()}
    return {table: entries for table, entries in rows.items() if table in names}


def what_is_found(database: Database) -> list[list[int | None]]:
    """The articles, by their ids, that a few searches find, in their order."""
    return [[article.id for article in database.articles(search=query)] for query in SEARCHES]


def raw_rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that is there, as the driver gives it: quick, where it is asked often."""
    engine = build_engine(parse_address(url))
    with engine.connect() as conn:
        # On SQLite the tables that FTS5 keeps its index in are there too.
        names = [*metadata.tables, *(n for n in _tables(conn) if n.startswith("search_index_"))]
        found = {
            name: [
                tuple(row) for row in conn.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1, 2")
            ]
            for name in names
        }
    engine.dispose()
    return found
