"""Keeps the index as the articles are, within the transaction that writes them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from types import ModuleType

from sqlalchemy import Connection, Row, select

from crawler.items import Article, Image, Relevance, Subhead
from storage.inserts import chunks
from storage.schema import articles
from storage.search import postgresql, sqlite
from storage.search.positions import position_of
from storage.search.tokens import Tokens, tokens_of

# Some 20 kB of tokens each: a few megabytes at once.
ENTRIES_PER_BATCH = 200

# All that an entry is made of. Named one by one: a migration reads them, whatever columns the
# table will get after it.
_COLUMNS = [
    articles.c[name]
    for name in (
        "id", "published", "outlet", "language", "relevant", "url", "headline", "topic", "topics",
        "summary", "authors", "lead_image", "images", "subheads", "paragraphs",
    )
]  # fmt: skip


def engine_of(conn: Connection) -> ModuleType:
    """The module of the database's kind; both have the same functions."""
    return postgresql if conn.dialect.name == "postgresql" else sqlite


def index_articles(conn: Connection, rows: Iterable[tuple[int, datetime, Tokens]]) -> None:
    """Makes articles found by their tokens now: (id, when published, tokens), each stored.

    Whatever an article was found by before is forgotten. Of several of one id the last counts.
    """
    for some in chunks(rows, ENTRIES_PER_BATCH):
        entries = {
            article_id: (article_id, position_of(published, article_id), tokens)
            for article_id, published, tokens in some
        }
        engine_of(conn).write(conn, sorted(entries.values(), key=lambda entry: entry[1]))


def remove_articles(conn: Connection, article_ids: Sequence[int]) -> None:
    """Takes articles out of the index; to be called before they are deleted."""
    engine_of(conn).remove(conn, article_ids)


def rebuild_all(conn: Connection) -> int:
    """Makes the whole index anew from the stored articles; gives how many they are.

    In memory are eight bytes an article and one batch.
    """
    engine_of(conn).empty(conn)
    by_time = select(articles.c.id).order_by(articles.c.published, articles.c.id)
    ids = array("q", conn.execute(by_time).scalars())
    for some in chunks(ids, ENTRIES_PER_BATCH):
        rows = conn.execute(select(*_COLUMNS).where(articles.c.id.in_(some)))
        index_articles(
            conn,
            [(row.id, row.published, tokens_of(_article_of(row), row.published)) for row in rows],
        )
    engine_of(conn).finish(conn)
    return len(ids)


def _article_of(row: Row[tuple[object, ...]]) -> Article:
    """An article with what an entry is made of and no more."""
    return Article(
        url=row.url,
        outlet=row.outlet,
        language=row.language,
        relevance=Relevance(row.relevant, 0.0),
        headline=row.headline,
        topic=row.topic,
        topics=row.topics,
        summary=row.summary,
        authors=row.authors,
        lead_image=Image(**row.lead_image) if row.lead_image else None,
        images=[Image(**image) for image in row.images],
        subheads=[Subhead(**subhead) for subhead in row.subheads],
        paragraphs=row.paragraphs,
    )
