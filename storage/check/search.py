"""The search index: an entry for each article, where it belongs, of the tokens that it has now.

Entries of articles that are not there are orphans, by their foreign key: see `engine`. What
FTS5 holds beyond the entries cannot be told: it keeps no text, and its own check of itself is an
INSERT, which would take the write lock. From SQLite 3.44 on it is part of `integrity`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from storage.check.findings import ROWS_PER_BATCH, SHORT_ROWS_PER_BATCH, Finding, Scope
from storage.filters import Filters
from storage.records import READ_COLUMNS, article_of
from storage.schema import articles, search_entries
from storage.search.entries import engine_of
from storage.search.finding import count_hits, request_of
from storage.search.positions import position_of
from storage.search.tokens import SCHEME, tokens_of


def entries(scope: Scope) -> Iterator[Finding]:
    """An article without an entry is never found, one in the wrong place out of turn."""
    statement = (
        select(
            articles.c.id,
            articles.c.published,
            search_entries.c.article_id,
            search_entries.c.position,
        )
        .select_from(articles.outerjoin(search_entries))
        .execution_options(yield_per=SHORT_ROWS_PER_BATCH)
    )
    for row in scope.conn.execute(statement):
        if row.article_id is None:
            sentence = f"articles {row.id}: it has no search entry"
            yield Finding("search", "articles", row.id, sentence)
        elif row.position != position_of(row.published, row.id):
            sentence = f"search_entries {row.id}: position is not that of its time and article"
            yield Finding("search", "search_entries", row.id, sentence)
    others = select(func.count()).where(search_entries.c.scheme != SCHEME)
    if number := scope.conn.execute(others).scalar_one():
        sentence = f"{number} search entries are of another scheme than {SCHEME}"
        yield Finding("search", "search_entries", None, sentence)


def index(scope: Scope) -> Iterator[Finding]:
    """The index is there and holds as many articles as there are entries."""
    if not engine_of(scope.conn).has_index(scope.conn):
        yield Finding("missing", "search_index", None, "the search index is missing")
        return
    everything = request_of(Filters())
    if everything is None:
        return
    found = count_hits(scope.conn, everything)
    number = scope.conn.execute(select(func.count()).select_from(search_entries)).scalar_one()
    if found != number:
        sentence = f"the search index finds {found} articles, {number} have an entry"
        yield Finding("search", "search_index", None, sentence)


def tokens(scope: Scope) -> Iterator[Finding]:
    """Reads every text, unless quick. Records that cannot be read are told by `contents`."""
    if scope.is_quick:
        return
    statement = (
        select(*READ_COLUMNS)
        .join(search_entries)
        .where(search_entries.c.scheme == SCHEME)
        .order_by(articles.c.id)
        .execution_options(yield_per=ROWS_PER_BATCH)
    )
    for rows in scope.conn.execute(statement).mappings().partitions():
        meant = {}
        for row in rows:
            try:
                meant[row["id"]] = tokens_of(article_of(row, []), row["published"])
            except (TypeError, ValueError, AttributeError, KeyError):
                continue
        for article_id in engine_of(scope.conn).differing(scope.conn, meant):
            sentence = f"search_entries {article_id}: its tokens are not those of its article"
            yield Finding("tokens", "search_entries", article_id, sentence)
