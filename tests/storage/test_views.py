"""The views: the same names and columns on both databases, true to the records, kept alive."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

import storage
from storage import migrate, views
from storage.columns import UtcTime
from storage.database import Database, open_database
from tests.conftest import PostgresServer
from tests.storage.filling import fill, id_of

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
SECTION = README.partition("## Query it with your own tools")[2].partition("\n## ")[0]


def rows(database: Database, statement: str, **values: Any) -> list[dict[str, Any]]:
    with database.read() as conn:
        return [dict(row) for row in conn.execute(text(statement), values).mappings()]


def moment(value: Any) -> datetime | None:
    """What a driver gives for a time: text of SQLite, an aware time of PostgreSQL."""
    found = UtcTime().process_result_value(value, None)  # type: ignore[arg-type]
    assert found is None or found.tzinfo is UTC
    return found


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    fill(database, tmp_path)
    return database


def test_the_readme_names_every_view_and_column_and_no_other(database: Database) -> None:
    with database.read() as conn:
        present = {
            name: {column["name"] for column in inspect(conn).get_columns(name)}
            for name in views.VIEW_NAMES
        }
        assert set(inspect(conn).get_view_names()) == set(present)
    table = re.findall(r"^\| `(\w+)` \| (.*) \|$", SECTION, re.MULTILINE)
    named = {name: set(re.findall(r"`(\w+)`", cells)) for name, cells in table}
    assert named == present


def test_the_examples_of_the_readme_run(filled: Database) -> None:
    for name, language in (("sqlite", "sqlite3"), ("postgresql", "psql")):
        (example,) = re.findall(rf"^{language} .*?\"\n(.*?)\"$", SECTION, re.MULTILINE | re.DOTALL)
        if filled.engine.dialect.name == name:
            assert rows(filled, example)


def test_article_current_is_the_record(filled: Database) -> None:
    same = (
        "id", "url", "outlet", "language", "topic", "section", "headline", "relevant", "story_id",
        "revision", "comment_count", "paywall", "truncated", "parser",
    )  # fmt: skip
    times = (
        "date_published", "date_modified", "first_seen", "last_seen", "last_changed", "gone_at",
    )  # fmt: skip
    found = rows(filled, "SELECT * FROM article_current")
    assert len(found) == 6
    for row in found:
        article = filled.article(row["id"])
        assert article is not None
        assert article.lead_image is not None
        assert {name: row[name] for name in same} == {name: getattr(article, name) for name in same}
        assert [moment(row[name]) for name in times] == [getattr(article, name) for name in times]
        assert moment(row["published"]) == article.date_published or article.first_seen
        assert row["relevance_score"] == article.relevance.score
        image = [row[f"lead_image_{name}"] for name in ("url", "caption", "credit")]
        assert image == [getattr(article.lead_image, name) for name in ("url", "caption", "credit")]


def test_article_text_topics_and_authors(filled: Database) -> None:
    for row in rows(filled, "SELECT * FROM article_text"):
        article = filled.article(row["article_id"])
        assert article is not None
        assert row["headline"] == article.headline
        assert row["summary"] == "\n\n".join(article.summary)
        assert row["body"] == ("\n\n".join(article.paragraphs) or None)
    one = id_of(filled, "1")
    for view, entries in (
        ("article_topic", ["China-Russia relations", "Diplomacy"]),
        ("article_author", ["Ann Author", "Иван Петров"]),
    ):
        found = rows(
            filled,
            f"SELECT position, value FROM {view} WHERE article_id = :id ORDER BY position",
            id=one,
        )
        assert [tuple(row.values()) for row in found] == list(enumerate(entries, start=1))


def test_article_revision_gives_each_its_own_content(filled: Database) -> None:
    for identity in "123456":
        article_id = id_of(filled, identity)
        found = rows(
            filled,
            "SELECT * FROM article_revision WHERE article_id = :id ORDER BY revision",
            id=article_id,
        )
        assert [
            (r["revision"], moment(r["seen_at"]), r["kind"], r["changed"], r["headline"], r["body"])
            for r in found
        ] == [
            (
                revision.revision,
                revision.seen_at,
                revision.kind,
                ", ".join(revision.changed) or None,
                revision.content["headline"],
                "\n\n".join(revision.content["paragraphs"]) or None,
            )
            for revision in filled.revisions(article_id)
        ]
    emptied = "SELECT count(*) AS n FROM article_revision WHERE body IS NULL"
    assert rows(filled, emptied) == [{"n": 1}]  # no other revision's body stands in for none


def test_a_story_has_several_articles(filled: Database) -> None:
    (story,) = rows(filled, "SELECT * FROM story")
    number = id_of(filled, "1")
    assert (story["story_id"], story["articles"], story["outlets"]) == (number, 2, 1)
    published = sorted(
        moment(row["published"]) or datetime.now(UTC)
        for row in rows(filled, f"SELECT published FROM article_current WHERE story_id = {number}")
    )
    assert [moment(story[name]) for name in ("first_published", "last_published")] == published


def test_a_migration_leaves_the_views_as_they_are_meant(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    migrate.downgrade(empty_database_url, "0001")
    with open_database(empty_database_url, check_schema=False) as database, database.read() as conn:
        assert views.missing_views(conn) == list(views.VIEW_NAMES)
    migrate.upgrade(empty_database_url)
    with storage.open(empty_database_url) as database:
        with database.write() as conn:
            assert views.missing_views(conn) == []
            conn.execute(text("DROP VIEW story"))
        migrate.upgrade(empty_database_url)
        assert rows(database, "SELECT * FROM story") == []


def test_a_view_of_somebody_else_on_ours_stops_a_migration_with_a_sentence(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.bare()
    migrate.upgrade(url)
    with storage.open(url) as database, database.write() as conn:
        conn.execute(text("CREATE VIEW mine AS SELECT headline FROM article_current"))
    assert migrate.upgrade(url) == migrate.head_revision()  # nothing to do, nothing in the way
    with pytest.raises(storage.DatabaseUnavailable, match="a view or table of yours reads"):
        migrate.downgrade(url, "0003")
    with storage.open(url) as database:
        assert rows(database, "SELECT * FROM mine") == []
