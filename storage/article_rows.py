"""The rows of articles that are about to be written."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, select

from storage.inserts import chunks
from storage.records import READ_COLUMNS
from storage.schema import articles


def locked_rows(conn: Connection, keys: Sequence[str]) -> dict[str, RowMapping]:
    """The stored rows by key, kept from other writers until the transaction ends.

    SQLite has no FOR UPDATE and needs none: its writers take turns from BEGIN IMMEDIATE on.
    """
    found = {}
    for some in chunks(sorted(keys)):
        statement = select(*READ_COLUMNS).where(articles.c.identity_hash.in_(some))
        for row in conn.execute(statement.with_for_update()).mappings():
            found[row["identity_hash"]] = row
    return found


def ids_by_key(conn: Connection, keys: Sequence[str]) -> dict[str, int]:
    """The ids of the articles of those keys; keys of none are left out."""
    found: dict[str, int] = {}
    for some in chunks(keys):
        rows = conn.execute(
            select(articles.c.identity_hash, articles.c.id).where(
                articles.c.identity_hash.in_(some)
            )
        )
        found.update((key, article_id) for key, article_id in rows)
    return found


def locked_row(conn: Connection, article_id: int) -> RowMapping:
    """The same of one article by its id, which must be there."""
    statement = select(*READ_COLUMNS).where(articles.c.id == article_id).with_for_update()
    return conn.execute(statement).mappings().one()
