"""Signatures and their keys in the database: kept, replaced, found again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, select, text

from storage.numbers import as_parameter, numbers
from storage.schema import articles, signature_bands, signatures
from storage.stories.bands import PERIOD_FACTOR, keys, rows_of
from storage.stories.resemblance import Telling
from storage.stories.signatures import SCHEME, Signature, pack, unpack

# Some megabyte of numbers a statement.
ROWS_PER_LOOKUP = 50_000

_TELLINGS = select(
    articles.c.id,
    articles.c.story_id,
    articles.c.outlet,
    signatures.c.published,
    signatures.c.shingles,
    signatures.c.headline,
    signatures.c.opening,
    signatures.c.whole,
    signatures.c.figures,
).join(signatures, and_(signatures.c.article_id == articles.c.id, signatures.c.scheme == SCHEME))


_PERIODS = text(
    "WITH RECURSIVE periods (period) AS ("
    "SELECT min(key) / CAST(:factor AS bigint) FROM signature_bands UNION ALL "
    "SELECT (SELECT min(key) FROM signature_bands "
    "WHERE key >= (periods.period + 1) * CAST(:factor AS bigint)) / CAST(:factor AS bigint) "
    "FROM periods WHERE periods.period IS NOT NULL) "
    "SELECT period FROM periods WHERE period IS NOT NULL"
)


@dataclass(slots=True)
class Known:
    """An article that is stored and signed. Its signature is unpacked when first asked for."""

    article_id: int
    story_id: int | None
    _row: Row[Any]
    _telling: Telling | None = None

    @property
    def telling(self) -> Telling:
        if self._telling is None:
            row = self._row
            signature = Signature(
                row.headline,
                unpack(row.opening),
                unpack(row.whole),
                row.shingles,
                unpack(row.figures),
            )
            self._telling = Telling(row.outlet, row.published, signature)
        return self._telling


@cache
def _by_ids(dialect: str) -> Select[Any]:
    return _TELLINGS.where(articles.c.id.in_(numbers(dialect, "ids")))


@cache
def _by_stories(dialect: str) -> Select[Any]:
    return _TELLINGS.where(articles.c.story_id.in_(numbers(dialect, "ids")))


@cache
def _rows_of(dialect: str) -> Select[Any]:
    bands_table = signature_bands.c
    return select(bands_table.key, bands_table.article_id).where(
        bands_table.key.in_(numbers(dialect, "rows"))
    )


def known_by_id(conn: Connection, ids: Iterable[int]) -> dict[int, Known]:
    """Those of the articles that are signed."""
    return _known(conn, _by_ids(conn.dialect.name), list(ids))


def known_by_story(conn: Connection, story_ids: Iterable[int]) -> dict[int, Known]:
    """All articles of the stories, by their ids."""
    return _known(conn, _by_stories(conn.dialect.name), list(story_ids))


def _known(conn: Connection, statement: Select[Any], ids: Sequence[int]) -> dict[int, Known]:
    if not ids:
        return {}
    rows = conn.execute(statement, {"ids": as_parameter(conn, ids)})
    return {row.id: Known(row.id, row.story_id, row) for row in rows}


def keep(
    conn: Connection, tellings: Mapping[int, Telling], rows: Mapping[int, Sequence[int]]
) -> None:
    """Signatures of articles that have none yet, and the rows by which they are found."""
    if not tellings:
        return
    conn.execute(
        signatures.insert(),
        [
            {
                "article_id": article_id,
                "scheme": SCHEME,
                "published": telling.published,
                "shingles": telling.signature.shingles,
                "headline": telling.signature.headline,
                "opening": pack(telling.signature.opening),
                "whole": pack(telling.signature.whole),
                "figures": pack(telling.signature.figures),
            }
            for article_id, telling in tellings.items()
        ],
    )
    pairs = sorted((row, number) for number, own in rows.items() for row in own)
    if conn.dialect.name == "postgresql":
        conn.execute(
            text(
                "INSERT INTO signature_bands (key, article_id) "
                "SELECT * FROM unnest(CAST(:keys AS bigint[]), CAST(:ids AS bigint[]))"
            ),
            {"keys": [row for row, _ in pairs], "ids": [number for _, number in pairs]},
        )
    else:
        conn.exec_driver_sql("INSERT INTO signature_bands (key, article_id) VALUES (?, ?)", pairs)


def forget(conn: Connection, article_id: int, telling: Telling) -> None:
    """Takes away a signature and the rows by which it is found."""
    bands = signature_bands.c
    rows = rows_of(telling.published, keys(telling))
    conn.execute(delete(signature_bands).where(bands.key.in_(rows), bands.article_id == article_id))
    conn.execute(delete(signatures).where(signatures.c.article_id == article_id))


def articles_at(conn: Connection, rows: Iterable[int]) -> dict[int, list[int]]:
    """The articles kept under each of these rows."""
    statement = _rows_of(conn.dialect.name)
    found: dict[int, list[int]] = {}
    remaining = iter(sorted(set(rows)))
    while chunk := list(islice(remaining, ROWS_PER_LOOKUP)):
        for row, article_id in conn.execute(statement, {"rows": as_parameter(conn, chunk)}):
            found.setdefault(row, []).append(article_id)
    return found


def known_periods(conn: Connection) -> list[int]:
    """The periods that any row is kept under: one step into the table each, 13 a year."""
    return list(conn.execute(_PERIODS, {"factor": PERIOD_FACTOR}).scalars())
