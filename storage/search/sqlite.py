"""The index in SQLite: an FTS5 table whose row ids are positions.

It keeps no text. To take an entry out, FTS5 must be told the tokens it was made of, so they are
kept compressed in `search_entries`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    bindparam,
    column,
    delete,
    literal_column,
    select,
    table,
    text,
)

from storage.inserts import chunks, insert
from storage.schema import search_entries
from storage.search.expressions import Expression, match_text
from storage.search.pieces import PageOf, Piece
from storage.search.positions import ID_MASK
from storage.search.tokens import SCHEME, Tokens

# FTS5 gathers so much, 8 MiB, before it writes a segment: a batch of articles, a third quicker
# to merge. It keeps the setting in the database.
CREATE = (
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "tokens, content='', columnsize=0, tokenize=\"ascii tokenchars ':.'\")",
    "INSERT INTO search_index(search_index, rank) VALUES ('hashsize', 8388608)",
)
DROP = "DROP TABLE search_index"

# A third of the bytes in a tenth of a millisecond; more effort saves little.
_COMPRESSION_LEVEL = 1

_index = table("search_index", column("rowid", BigInteger), column("search_index"))
_ARTICLE_ID = _index.c.rowid.op("&")(literal_column(str(ID_MASK))).label("article_id")
_NEWEST, _OLDEST = (
    PageOf(
        _index.c.rowid.op("&")(literal_column(str(ID_MASK))),
        _index.c.search_index.op("MATCH")(bindparam("wanted")),
        _index.c.rowid,
        newest_first,
    )
    for newest_first in (True, False)
)
_IS_HIT = text("SELECT 1 FROM search_index WHERE search_index MATCH :wanted AND rowid = :position")
_ADD = text("INSERT INTO search_index(rowid, tokens) VALUES (:position, :document)")
_TAKE_OUT = text(
    "INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', :position, :document)"
)


def write(conn: Connection, entries: Sequence[tuple[int, int, Tokens]]) -> None:
    """Makes the entries (article id, position, tokens), in place of the articles' old ones."""
    new = {article_id: (position, tokens.document) for article_id, position, tokens in entries}
    old = _stored(conn, list(new))
    same = {article_id for article_id, entry in old.items() if entry == new[article_id]}
    # FTS5 writes to disk whenever a row id is below the one before: all in one rising order.
    steps = [(position, 0, doc) for key, (position, doc) in old.items() if key not in same]
    steps += [(position, 1, doc) for key, (position, doc) in new.items() if key not in same]
    for is_new, some in groupby(sorted(steps), key=itemgetter(1)):
        values = [{"position": step[0], "document": step[2].decode()} for step in some]
        conn.execute(_ADD if is_new else _TAKE_OUT, values)
    rows = [
        {
            "article_id": article_id,
            "position": position,
            "scheme": SCHEME,
            "tokens": zlib.compress(document, _COMPRESSION_LEVEL),
        }
        for article_id, (position, document) in new.items()
        if article_id not in same
    ]
    if rows:
        statement = insert(conn, search_entries)
        replaced = {name: statement.excluded[name] for name in ("position", "scheme", "tokens")}
        conn.execute(
            statement.on_conflict_do_update(index_elements=["article_id"], set_=replaced), rows
        )


def remove(conn: Connection, article_ids: Sequence[int]) -> None:
    """Takes the articles out of the index."""
    for position, document in sorted(_stored(conn, article_ids).values()):
        conn.execute(_TAKE_OUT, {"position": position, "document": document.decode()})
    for some in chunks(article_ids):
        conn.execute(delete(search_entries).where(search_entries.c.article_id.in_(some)))


def _stored(conn: Connection, article_ids: Sequence[int]) -> dict[int, tuple[int, bytes]]:
    """Position and tokens of the entries there are."""
    found: dict[int, tuple[int, bytes]] = {}
    for some in chunks(article_ids):
        rows = conn.execute(
            select(
                search_entries.c.article_id, search_entries.c.position, search_entries.c.tokens
            ).where(search_entries.c.article_id.in_(some))
        )
        found.update((row.article_id, (row.position, zlib.decompress(row.tokens))) for row in rows)
    return found


def differing(conn: Connection, meant: Mapping[int, Tokens]) -> list[int]:
    """The articles whose entries are of other tokens than meant."""
    found = []
    for some in chunks(meant):
        rows = conn.execute(
            select(search_entries.c.article_id, search_entries.c.tokens).where(
                search_entries.c.article_id.in_(some)
            )
        )
        for article_id, packed in rows:
            if _unpacked(packed) != meant[article_id].document:
                found.append(article_id)
    return found


def _unpacked(packed: bytes) -> bytes | None:
    """Null for what was damaged."""
    try:
        return zlib.decompress(packed)
    except (TypeError, zlib.error):
        return None


def has_index(conn: Connection) -> bool:
    """The FTS5 table is there."""
    named = text("SELECT count(*) FROM sqlite_master WHERE name = 'search_index'")
    return bool(conn.execute(named).scalar_one())


def empty(conn: Connection) -> None:
    """Takes all articles out of the index."""
    conn.execute(text("INSERT INTO search_index(search_index) VALUES ('delete-all')"))
    conn.execute(delete(search_entries))


def finish(_conn: Connection) -> None:
    """Nothing is left to do: FTS5 is an index all along."""


def prepare(_conn: Connection) -> None:
    """Nothing is to be said before a search."""


def hits(expression: Expression, span: tuple[int, int]) -> Select[int]:
    """The ids of the articles that match."""
    lowest, highest = span
    return select(_ARTICLE_ID).where(
        _index.c.search_index.op("MATCH")(match_text(expression)),
        _index.c.rowid >= lowest,
        _index.c.rowid < highest,
    )


def is_hit(conn: Connection, expression: Expression, position: int) -> bool:
    """Whether the article there matches."""
    wanted = {"wanted": match_text(expression), "position": position}
    return conn.execute(_IS_HIT, wanted).first() is not None


def newest_position(_conn: Connection) -> None:
    """Nothing is asked: see `pieces`."""


def pieces(
    _newest: None, expression: Expression, span: tuple[int, int], *, newest_first: bool
) -> Iterator[Piece]:
    """All that matches, as one piece: FTS5 reads either way and sorts nothing."""
    values = {"wanted": match_text(expression), "lowest": span[0], "highest": span[1]}
    yield Piece(_NEWEST if newest_first else _OLDEST, values)
