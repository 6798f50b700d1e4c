"""The texts: each content is what its hash was made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, RowMapping, select

from storage.check.findings import ROWS_PER_BATCH, Finding, Scope
from storage.cleaning import content_hash
from storage.records import READ_COLUMNS, article_of, content_of
from storage.schema import articles, revisions


def content_hashes(scope: Scope) -> Iterator[Finding]:
    """Reads every text, unless quick: of articles and of the revisions kept."""
    if scope.is_quick:
        return
    statement = select(*READ_COLUMNS).order_by(articles.c.id)
    found = scope.conn.execute(statement.execution_options(yield_per=ROWS_PER_BATCH))
    for rows in found.mappings().partitions():
        histories = _histories(scope, [row["id"] for row in rows])
        for row in rows:
            yield from _of_article(row, histories[row["id"]])


def _histories(scope: Scope, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The revisions by article, the newest first."""
    statement = (
        select(revisions)
        .where(revisions.c.article_id.in_(ids))
        .order_by(revisions.c.article_id, revisions.c.revision.desc())
    )
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for entry in scope.conn.execute(statement):
        found[entry.article_id].append(entry)
    return found


def _of_article(row: RowMapping, newest_first: Sequence[Row[Any]]) -> Iterator[Finding]:
    try:
        hashed = content_hash(content_of(article_of(row, [])))
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        sentence = f"articles {row['id']}: its record cannot be read: {error}"
        yield Finding("content", "articles", row["id"], sentence)
        return
    if hashed != row["content_hash"]:
        sentence = f"articles {row['id']}: content_hash is not that of its content"
        yield Finding("content", "articles", row["id"], sentence)
    if newest_first and newest_first[0].content_hash != row["content_hash"]:
        sentence = f"articles {row['id']}: content_hash is not that of its last revision"
        yield Finding("content", "articles", row["id"], sentence)
    # A null content is the next revision's. One fault of the article is not told for them all.
    meant = {hashed, row["content_hash"]}
    for entry in newest_first:
        if entry.content is not None:
            meant = {content_hash(entry.content)}
        if entry.content_hash not in meant:
            sentence = (
                f"revisions {entry.id}: content_hash is not that of the content of revision "
                f"{entry.revision} of article {row['id']}"
            )
            yield Finding("content", "revisions", entry.id, sentence)
