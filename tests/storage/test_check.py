"""`check`: each fault that it knows is planted by hand and found; a sound database is silent."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text

from storage.articles import store_articles
from storage.check import (
    CHECKS,
    Finding,
    Look,
    Scope,
    check,
    check_address,
    contents,
    findings,
    search,
    stories,
)
from storage.check.engine import schema_gaps
from storage.database import Database, open_database
from storage.migrate import downgrade
from storage.readings import Reading
from storage.schema import articles
from tests.storage.filling import TOLD_TWICE, fill
from tests.storage.samples import NOW, an_article, store

ONE = "(SELECT min(id) FROM articles)"
LAST = "(SELECT max(id) FROM articles)"
TOLD = "(SELECT min(article_id) FROM signatures)"
OF_ONE = f"article_id = {ONE}"
LEAD = "(SELECT min(id) FROM leads WHERE state = 'stored')"


@contextmanager
def planted(database: Database, statements: Sequence[str]) -> Iterator[Connection]:
    """The fault, with the database's own guards off; gone again at the end."""
    with database.engine.connect() as conn:
        raw: Any = conn.connection.driver_connection
        is_sqlite = conn.dialect.name == "sqlite"
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys = OFF")
        with conn.begin() as transaction:
            if not is_sqlite:
                conn.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                conn.execute(text(statement))
            yield conn
            transaction.rollback()
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys = ON")


def kinds(
    conn: Connection, data_dir: Path, looks: Sequence[Look], *, quick: bool = False
) -> set[str]:
    scope = Scope(conn, quick, data_dir)
    return {f"{finding.kind} {finding.table}" for look in looks for finding in look(scope)}


def look(database: Database, data_dir: Path | None = None, *, quick: bool = False) -> list[Finding]:
    return list(check(database, data_dir=data_dir, quick=quick))


def test_a_sound_database_is_silent(database: Database, tmp_path: Path) -> None:
    assert look(database, tmp_path) == []
    fill(database, tmp_path, 12)
    assert look(database, tmp_path) == []
    odd = "a\x00b \ud800c Ёлка 中俄\x00关系 ﬁ ' don’t "
    texts = [f"{odd} {number} {TOLD_TWICE}" for number in range(300)]
    store(database, an_article(headline=odd * 9, authors=[odd], topics=[odd], paragraphs=texts))
    assert look(database, tmp_path) == []


FAULTS: list[tuple[str, Sequence[str]]] = [
    ("hash articles", [f"UPDATE articles SET url = 'https://else.example/' WHERE id = {ONE}"]),
    ("hash articles", [f"UPDATE articles SET identity = 'else' WHERE id = {ONE}"]),
    ("hash articles", [f"UPDATE articles SET outlet = 'else' WHERE id = {LAST}"]),
    ("hash leads", [f"UPDATE leads SET identity = 'else' WHERE id = {LEAD}"]),
    ("hash leads", [f"UPDATE leads SET fetch_url = 'else' WHERE id = {LEAD}"]),
    ("hash sightings", ["UPDATE sightings SET address = 'https://else.example/'"]),
    ("hash sources", ["UPDATE sources SET url = url || '/else'"]),
    ("change articles", [f"UPDATE articles SET change = 0 WHERE id = {ONE}"]),
    ("change articles", ["DROP INDEX ix_articles_change", "UPDATE articles SET change = 7"]),
    ("published articles", [f"UPDATE articles SET published = last_changed WHERE id = {ONE}"]),
    ("revision articles", [f"DELETE FROM revisions WHERE article_id = {LAST}"]),
    ("revision articles", [f"DELETE FROM revisions WHERE article_id = {ONE} AND revision = 2"]),
    ("revision articles", [f"UPDATE articles SET revision = revision + 1 WHERE id = {ONE}"]),
    ("gone articles", [f"UPDATE articles SET gone_at = last_seen WHERE id = {ONE}"]),
    ("gone articles", ["UPDATE articles SET gone_at = NULL"]),
    ("gone articles", ["UPDATE articles SET gone_at = first_seen WHERE gone_at IS NOT NULL"]),
    ("content articles", [f"UPDATE articles SET headline = 'else' WHERE id = {ONE}"]),
    ("content articles", [f"UPDATE articles SET paragraphs = '[\"else\"]' WHERE id = {LAST}"]),
    ("content articles", [f"UPDATE articles SET images = '[{{\"no\": 1}}]' WHERE id = {ONE}"]),
    ("content articles", [f"UPDATE articles SET content_hash = 'else' WHERE id = {ONE}"]),
    ("content revisions", ["UPDATE revisions SET content = '{}' WHERE content IS NOT NULL"]),
    ("content revisions", ["UPDATE revisions SET content_hash = 'else' WHERE revision = 2"]),
    ("orphan revisions", [f"UPDATE revisions SET article_id = 9999 WHERE article_id = {ONE}"]),
    ("orphan articles", [f"UPDATE articles SET page_id = 9999 WHERE id = {ONE}"]),
    ("orphan leads", [f"UPDATE leads SET article_id = 9999 WHERE id = {LEAD}"]),
    ("orphan sightings", [f"DELETE FROM leads WHERE id = {LEAD}"]),
    ("orphan listings", [f"DELETE FROM leads WHERE id = {LEAD}"]),
    ("orphan run_outlets", ["DELETE FROM runs"]),
    ("lead leads", [f"UPDATE leads SET state = 'else' WHERE id = {LEAD}"]),
    ("lead leads", [f"UPDATE leads SET article_id = NULL WHERE id = {LEAD}"]),
    ("lead leads", [f"UPDATE leads SET attempts = -1 WHERE id = {LEAD}"]),
    ("orphan signatures", [f"UPDATE signatures SET article_id = 9999 WHERE article_id = {TOLD}"]),
    ("orphan signature_bands", [
        f"UPDATE signature_bands SET article_id = 9999 WHERE article_id = {TOLD}",
    ]),
    ("scheme signatures", ["UPDATE signatures SET scheme = 0"]),
    ("story articles", [f"UPDATE articles SET story_id = {LAST} WHERE id = {TOLD}"]),
    ("story articles", [f"UPDATE articles SET story_id = 0 WHERE id = {TOLD}"]),
    ("story articles", [f"UPDATE articles SET story_id = id WHERE id = {LAST}"]),
    ("story articles", [f"UPDATE articles SET story_id = NULL WHERE id = {TOLD}"]),
    ("story articles", [f"DELETE FROM signatures WHERE article_id = {TOLD}"]),
    ("signature articles", [f"DELETE FROM signatures WHERE article_id = {TOLD}"]),
    ("signature articles", ["UPDATE signatures SET shingles = shingles + 1"]),
    ("signature articles", ["UPDATE signatures SET published = NULL"]),
    ("signature articles", [f"UPDATE articles SET paragraphs = '[]' WHERE id = {TOLD}"]),
    ("signature articles", [
        f"UPDATE articles SET paragraphs = (SELECT paragraphs FROM articles WHERE id = {TOLD})",
    ]),
    ("signature signature_bands", [
        "DELETE FROM signature_bands WHERE key = (SELECT max(key) FROM signature_bands)",
    ]),
    ("search articles", [f"DELETE FROM search_entries WHERE article_id = {ONE}"]),
    ("orphan search_entries", [f"UPDATE search_entries SET article_id = 9999 WHERE {OF_ONE}"]),
    ("search search_entries", [f"UPDATE search_entries SET position = 1 WHERE {OF_ONE}"]),
    ("search search_entries", [f"UPDATE articles SET published = last_changed WHERE id = {ONE}"]),
    ("search search_entries", [f"UPDATE search_entries SET scheme = 0 WHERE {OF_ONE}"]),
    ("tokens search_entries", [
        "UPDATE search_entries SET tokens = (SELECT other.tokens FROM search_entries AS other "
        f"WHERE other.article_id = {LAST}) WHERE {OF_ONE}",
    ]),
    ("tokens search_entries", [f"UPDATE articles SET headline = 'else' WHERE id = {ONE}"]),
    ("schema articles", ["DROP INDEX ix_articles_first_seen"]),
    ("schema story", ["DROP VIEW story"]),
    ("page pages", ["UPDATE pages SET warc_length = 9999999 WHERE url LIKE '%/1'"]),
    ("page pages", ["UPDATE pages SET warc_file = 'pages/else.warc.gz' WHERE url LIKE '%/1'"]),
    ("page pages", ["UPDATE pages SET warc_file = '../else.warc.gz' WHERE url LIKE '%/1'"]),
]  # fmt: skip
# What each database has in a form of its own.
OWN_FAULTS: dict[str, list[tuple[str, Sequence[str]]]] = {
    "sqlite": [
        ("missing search_index", ["DROP TABLE search_index"]),
        ("search search_index", ["INSERT INTO search_index(search_index) VALUES ('delete-all')"]),
        ("search search_index", [f"DELETE FROM search_entries WHERE {OF_ONE}"]),
        ("tokens search_entries", [f"UPDATE search_entries SET tokens = x'00' WHERE {OF_ONE}"]),
        ("signature articles", ["UPDATE signatures SET whole = x'00'"]),
    ],
    "postgresql": [
        ("missing search_index", ["DROP INDEX search_index"]),
        ("search search_index", [f"UPDATE search_entries SET tokens = '' WHERE {OF_ONE}"]),
    ],
}
QUICK_MISSES = {
    "content articles", "content revisions", "signature articles", "signature signature_bands",
    "tokens search_entries",
}  # fmt: skip


def test_each_fault_is_found(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    for kind, statements in [*FAULTS, *OWN_FAULTS[database.engine.dialect.name]]:
        # The schema is slow to look at: for its own faults only.
        looks = [look for look in CHECKS if (look is schema_gaps) == kind.startswith("schema")]
        with planted(database, statements) as conn:
            told = kinds(conn, tmp_path, looks)
            assert kind in told, (statements, told)
            quick = kinds(conn, tmp_path, looks, quick=True)
            assert (kind in quick) == (kind not in QUICK_MISSES), (statements, quick)
    assert look(database, tmp_path) == []


def test_a_finding_names_the_row(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    with planted(database, [f"UPDATE articles SET change = -1 WHERE id = {LAST}"]) as conn:
        last = conn.execute(select(func.max(articles.c.id))).scalar_one()
        assert list(findings(Scope(conn))) == [
            Finding("change", "articles", last, f"articles {last}: change is -1, not above 0")
        ]


def test_pages_are_looked_at_where_a_data_directory_is_given(
    database: Database, tmp_path: Path
) -> None:
    fill(database, tmp_path)
    assert look(database) == []
    told = look(database, tmp_path / "nowhere")
    assert [(finding.kind, finding.table) for finding in told] == [("page", "pages")]
    assert "6 pages lie in pages/" in told[0].sentence


def test_another_schema_is_the_only_finding(empty_database_url: str, tmp_path: Path) -> None:
    with open_database(empty_database_url, create=True) as database:
        fill(database, tmp_path)
    downgrade(empty_database_url, "0002")
    with open_database(empty_database_url, check_schema=False) as database:
        (finding,) = look(database)
    assert finding.kind == "schema"
    assert "run `sinorus db upgrade`" in finding.sentence


def test_a_damaged_file_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with open_database(f"sqlite:///{path}", create=True) as database:
        fill(database, tmp_path, 40)
    whole = path.read_bytes()
    # From the pages of the schema, so that it does not open, to the last ones.
    for start in (100, *range(4096, len(whole), len(whole) // 12)):
        path.write_bytes(whole[:start] + b"\xff" * 4096 + whole[start + 4096 :])
        told = list(check_address(f"sqlite:///{path}"))
        assert "integrity" in {finding.kind for finding in told}, start


def test_values_that_cannot_be_read_are_findings(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    values = {"topics": "'{}'", "images": "'[1]'", "paragraphs": "'[null]'"}
    if database.engine.dialect.name == "sqlite":
        values |= {"summary": "'['", "first_seen": "'soon'"}
    for column, value in values.items():
        statement = f"UPDATE articles SET {column} = {value} WHERE id = {TOLD}"
        with planted(database, [statement]) as conn:
            assert list(findings(Scope(conn))), statement


def test_a_text_that_is_no_utf_8_is_a_finding(tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path / 'x.db'}", create=True) as database:
        fill(database, tmp_path)
        with database.write() as conn:
            conn.execute(text("UPDATE articles SET headline = CAST(x'ff' AS TEXT)"))
        *_, last = look(database)
    assert last.kind == "integrity"
    assert last.sentence.endswith("the file is damaged: a text in it is no UTF-8")


def test_memory_is_constant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four times as many articles not twice the memory."""
    for module in (contents, search, stories):
        monkeypatch.setattr(module, "ROWS_PER_BATCH", 20)
    peaks = []
    for number in (40, 160):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        with open_database(url, create=True) as database:
            text = " ".join(f"A paragraph of some length, as {n} others are." for n in range(99))
            readings = [
                Reading(an_article(url=f"https://news.example/{n}", paragraphs=[text]), str(n))
                for n in range(number)
            ]
            with database.write() as conn:
                store_articles(conn, readings, NOW)
            look(database)
            tracemalloc.start()
            assert look(database) == []
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def test_what_is_there_beside_ours_is_no_finding(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    extra = (
        "CREATE TABLE cats (name text, owner integer REFERENCES runs (id))",
        "CREATE INDEX my_own ON articles (headline)",
        "CREATE VIEW my_view AS SELECT headline FROM article_current",
    )
    with planted(database, extra) as conn:
        assert list(findings(Scope(conn, False, tmp_path))) == []
