"""What changed since a reader last looked: articles in the order of their last change.

A change's number is given out under a lock that is held to the end of its transaction (see
`storage.turns`), so nothing is ever committed below a number that can be seen: a reader that
keeps the cursor of the last change it took, and goes on from it, misses none.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from crawler.errors import ConfigurationError
from crawler.items import Article
from storage.filters import MAX_ID
from storage.records import READ_COLUMNS, article_of
from storage.schema import articles
from storage.sightings import alternate_urls
from storage.turns import last_change


@dataclass(frozen=True, slots=True)
class Change:
    """An article as it is now, and the cursor from which to go on after it."""

    cursor: str
    article: Article


def parse_cursor(cursor: str | None) -> int:
    """The number of the change that `cursor` stands for; 0, the start, for null and "".

    Raises ConfigurationError for what no cursor is.
    """
    if not cursor:
        return 0
    is_number = cursor.isascii() and cursor.isdecimal() and len(cursor) <= len(str(MAX_ID))
    if not is_number or int(cursor) > MAX_ID:
        raise ConfigurationError(
            f"cursor: {cursor[:40]!r} is none; give one that came with a change, or none to start"
        )
    return int(cursor)


def last_to_give(conn: Connection, after: int) -> int:
    """The last change there is now.

    Raises ConfigurationError where `after` lies beyond it: such a cursor is of another database,
    or of a time that this one has been set back from, and would skip changes silently.
    """
    last = last_change(conn)
    if after > last:
        raise ConfigurationError(
            f"cursor: {after} lies beyond this database's last change, {last}: it is not of this "
            "database, or the database was set back; start again without a cursor"
        )
    return last


def changes_between(conn: Connection, after: int, last: int, limit: int) -> list[Change]:
    """The first `limit` changes numbered above `after` and up to `last`."""
    statement = (
        select(*READ_COLUMNS)
        .where(articles.c.change > after, articles.c.change <= last)
        .order_by(articles.c.change)
        .limit(limit)
    )
    rows = conn.execute(statement).mappings().all()
    others = alternate_urls(conn, {row["id"]: row["url"] for row in rows})
    return [Change(str(row["change"]), article_of(row, others[row["id"]])) for row in rows]
