"""Columns that are made from others: hashes, change numbers, times to sort by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Row, Table, func, select

from storage.check.findings import SHORT_ROWS_PER_BATCH, Finding, Scope
from storage.cleaning import address_hash, identity_hash, sha256_hex
from storage.schema import articles, leads, sightings, sources


class _Hash(NamedTuple):
    """A column that holds a hash of others."""

    table: Table
    column: str
    made_of: tuple[str, ...]
    make: Callable[..., str]


_HASHES = (
    _Hash(articles, "url_hash", ("url",), address_hash),
    _Hash(articles, "identity_hash", ("outlet", "identity"), identity_hash),
    _Hash(leads, "identity_hash", ("outlet", "identity"), identity_hash),
    _Hash(leads, "fetch_url_hash", ("fetch_url",), address_hash),
    _Hash(sightings, "address_hash", ("address",), address_hash),
    _Hash(sources, "url_hash", ("url",), sha256_hex),
)


def hashes(scope: Scope) -> Iterator[Finding]:
    """A row is found by its hashes only: a wrong one hides it, and lets it be stored twice."""
    for entry in _HASHES:
        table = entry.table
        names = ("id", entry.column, *entry.made_of)
        for row in _rows(scope, table, *names):
            values = tuple(row)
            if entry.make(*values[2:]) != values[1]:
                sentence = (
                    f"{table.name} {row.id}: {entry.column} is not that of its "
                    f"{' and '.join(entry.made_of)}"
                )
                yield Finding("hash", table.name, row.id, sentence)


def change_numbers(scope: Scope) -> Iterator[Finding]:
    """Followers go by these: each once, all above 0."""
    below = select(articles.c.id, articles.c.change).where(articles.c.change <= 0)
    for row in scope.conn.execute(below.execution_options(yield_per=SHORT_ROWS_PER_BATCH)):
        sentence = f"articles {row.id}: change is {row.change}, not above 0"
        yield Finding("change", "articles", row.id, sentence)
    twice = (
        select(articles.c.change, func.max(articles.c.id).label("id"), func.count().label("times"))
        .group_by(articles.c.change)
        .having(func.count() > 1)
        .execution_options(yield_per=SHORT_ROWS_PER_BATCH)
    )
    for row in scope.conn.execute(twice):
        sentence = f"articles {row.id}: change {row.change} is that of {row.times} articles"
        yield Finding("change", "articles", row.id, sentence)


def published_times(scope: Scope) -> Iterator[Finding]:
    """What listings sort by is the printed date, else the first sight."""
    meant = func.coalesce(articles.c.date_published, articles.c.first_seen)
    statement = (
        select(articles.c.id)
        .where(articles.c.published != meant)
        .execution_options(yield_per=SHORT_ROWS_PER_BATCH)
    )
    for row in scope.conn.execute(statement):
        sentence = f"articles {row.id}: published is neither its date nor its first sight"
        yield Finding("published", "articles", row.id, sentence)


def _rows(scope: Scope, table: Table, *names: str) -> Iterator[Row[Any]]:
    columns = [table.c[name] for name in names]
    statement = select(*columns).execution_options(yield_per=SHORT_ROWS_PER_BATCH)
    yield from scope.conn.execute(statement)
