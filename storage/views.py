"""The views for people with tools of their own: one name and one meaning on both databases.

They are made from the tables and hold nothing. A table that a view reads cannot be altered
freely, so `storage.migrate` drops them all before it migrates and makes them anew once the
schema is this program's: migrations need not think of them. Whoever changes a view adds a
migration, however empty, so that databases that have the old one are brought up to date.
"""

from __future__ import annotations

from string import Template

from sqlalchemy import Connection, inspect

_BLANK_LINE = {"sqlite": "char(10, 10)", "postgresql": "chr(10) || chr(10)"}
_ENTRIES = {
    "sqlite": "json_each($list) AS entry",
    "postgresql": "jsonb_array_elements_text($list) WITH ORDINALITY AS entry (value, place)",
}
_PLACE = {"sqlite": "entry.key + 1", "postgresql": "entry.place"}
# Null for an empty list: an unknown text.
_JOINED = {
    "sqlite": "(SELECT group_concat(value, $between) "
    "FROM (SELECT entry.value FROM json_each($list) AS entry ORDER BY entry.key))",
    "postgresql": "(SELECT string_agg(entry.value, $between ORDER BY entry.place) "
    "FROM jsonb_array_elements_text($list) WITH ORDINALITY AS entry (value, place))",
}

_VIEWS = {
    "article_current": """
        SELECT a.id, a.url, a.outlet, a.language, a.topic, a.section, a.headline,
            a.date_published, a.date_modified, a.published, a.first_seen, a.last_seen,
            a.last_changed, a.gone_at, a.relevant, a.relevance_score, a.story_id, a.revision,
            a.comment_count, a.paywall, a.truncated, a.parser,
            a.lead_image ->> 'url' AS lead_image_url,
            a.lead_image ->> 'caption' AS lead_image_caption,
            a.lead_image ->> 'credit' AS lead_image_credit
        FROM articles AS a""",
    "article_text": """
        SELECT a.id AS article_id, a.headline, $summary AS summary, $paragraphs AS body
        FROM articles AS a""",
    "article_topic": """
        SELECT a.id AS article_id, $place AS position, entry.value AS value
        FROM articles AS a, $topics""",
    "article_author": """
        SELECT a.id AS article_id, $place AS position, entry.value AS value
        FROM articles AS a, $authors""",
    # A null content is the same as the next revision's; the last one's is the article's own.
    "article_revision": """
        SELECT whole.article_id, whole.revision, whole.seen_at, whole.kind,
            $changed AS changed, whole.headline, $whole_paragraphs AS body
        FROM (
            SELECT r.article_id, r.revision, r.seen_at, r.kind, r.changed,
                coalesce(
                    (SELECT kept.content ->> 'headline' FROM revisions AS kept
                    WHERE kept.article_id = r.article_id AND kept.revision >= r.revision
                        AND kept.content IS NOT NULL
                    ORDER BY kept.revision LIMIT 1),
                    a.headline) AS headline,
                coalesce(
                    (SELECT kept.content -> 'paragraphs' FROM revisions AS kept
                    WHERE kept.article_id = r.article_id AND kept.revision >= r.revision
                        AND kept.content IS NOT NULL
                    ORDER BY kept.revision LIMIT 1),
                    a.paragraphs) AS paragraphs
            FROM revisions AS r JOIN articles AS a ON a.id = r.article_id
        ) AS whole""",
    "story": """
        SELECT a.story_id, count(*) AS articles, count(DISTINCT a.outlet) AS outlets,
            min(a.published) AS first_published, max(a.published) AS last_published
        FROM articles AS a
        WHERE a.story_id IS NOT NULL
        GROUP BY a.story_id
        HAVING count(*) > 1""",
}
VIEW_NAMES = tuple(_VIEWS)


def create_views(conn: Connection) -> None:
    """Makes all views; none may be there."""
    parts = _parts(conn.dialect.name)
    for name, query in _VIEWS.items():
        conn.exec_driver_sql(f"CREATE VIEW {name} AS {Template(query).substitute(parts)}")


def drop_views(conn: Connection) -> None:
    """Drops those that are there. Raises where somebody's own view reads from one."""
    for name in VIEW_NAMES:
        conn.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def missing_views(conn: Connection) -> list[str]:
    """The views that are not there."""
    present = set(inspect(conn).get_view_names())
    return [name for name in VIEW_NAMES if name not in present]


def _parts(dialect: str) -> dict[str, str]:
    def entries(column: str) -> str:
        return Template(_ENTRIES[dialect]).substitute(list=column)

    def joined(column: str, between: str = _BLANK_LINE[dialect]) -> str:
        return Template(_JOINED[dialect]).substitute(list=column, between=between)

    return {
        "place": _PLACE[dialect],
        "topics": entries("a.topics"),
        "authors": entries("a.authors"),
        "summary": joined("a.summary"),
        "paragraphs": joined("a.paragraphs"),
        "whole_paragraphs": joined("whole.paragraphs"),
        "changed": joined("whole.changed", "', '"),
    }
