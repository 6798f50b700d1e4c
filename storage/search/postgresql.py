"""The index in PostgreSQL: a tsvector an article, under GIN.

GIN gives what matches in no order of time. To sort a million matches for the newest twenty would
take a second, so the newest days are asked first, then ever longer windows before them; the days
and months are tokens too, which GIN intersects with the words'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Connection,
    Select,
    String,
    bindparam,
    cast,
    delete,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.inserts import chunks
from storage.schema import search_entries
from storage.search.expressions import Expression, Without, either, every, one_token, tsquery_text
from storage.search.pieces import PageOf, Piece
from storage.search.positions import ID_BITS, ID_MASK, first_position, newest_spans
from storage.search.tokens import DAY, EPOCH, MONTH, SCHEME, YEAR, Tokens, seconds_of

# The list is sorted in after a transaction (see `storage.upkeep`); within one, only beyond this.
PENDING_LIMIT_KIBIBYTES = 65_536
CREATE = (
    "CREATE INDEX search_index ON search_entries USING gin (tokens) "
    f"WITH (gin_pending_list_limit = {PENDING_LIMIT_KIBIBYTES})",
)
DROP = "DROP INDEX IF EXISTS search_index"

# The sum hides the column from its own index: to walk along it for the newest, or through a span
# of it, reads every tsvector on the way.
_POSITION = search_entries.c.position + 0

_IS_MATCH = search_entries.c.tokens.op("@@")(cast(bindparam("wanted", type_=String), TSQUERY))
_NEWEST, _OLDEST = (
    PageOf(search_entries.c.article_id, _IS_MATCH, _POSITION, newest_first)
    for newest_first in (True, False)
)
_FUTURE = PageOf(search_entries.c.article_id, _IS_MATCH, search_entries.c.position, True)

WRITTEN_BYTES = "sinorus_written_bytes"
"""Key in a connection's `info`: how much it has added to the index since it last sorted in."""

# How far back each window reaches.
WINDOW_DAYS = (2, 31, 731)
# Up to so long a window is named by its days, by its months, by its years, above by none: few
# names, since each is looked for among all that GIN has not sorted in yet.
DAYS_BY_DAY, DAYS_BY_MONTH, DAYS_BY_YEAR = 3, 62, 800

_NEWEST_POSITION = select(func.max(search_entries.c.position))
_IS_HIT = text(
    "SELECT 1 FROM search_entries "
    "WHERE article_id = :article_id AND tokens @@ CAST(:wanted AS tsquery)"
)
_WRITE = text(
    "INSERT INTO search_entries (article_id, position, scheme, tokens) "
    "SELECT article_id, position, :scheme, CAST(tokens AS tsvector) FROM ROWS FROM ("
    "unnest(CAST(:ids AS bigint[])), unnest(CAST(:positions AS bigint[])), "
    "string_to_table(:tokens, E'\\n')) AS new (article_id, position, tokens) "
    "ON CONFLICT (article_id) DO UPDATE SET position = excluded.position, "
    "scheme = excluded.scheme, tokens = excluded.tokens "
    "WHERE (search_entries.position, search_entries.scheme, search_entries.tokens) "
    "IS DISTINCT FROM (excluded.position, excluded.scheme, excluded.tokens)"
)
_DIFFERING = text(
    "SELECT article_id FROM search_entries JOIN ROWS FROM ("
    "unnest(CAST(:ids AS bigint[])), string_to_table(:tokens, E'\\n')) AS meant (id, tokens) "
    "ON id = article_id "
    "WHERE search_entries.tokens <> CAST(meant.tokens AS tsvector) ORDER BY article_id"
)
# For the rest of a transaction. A sequential scan would unpack every tsvector; so would a bitmap
# that does not fit and forgets which rows of a page it meant; to compile a page's query takes
# longer than to run it.
_SEARCH_SETTINGS = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('work_mem', '64MB', true), "
    "set_config('jit', 'off', true)"
)


def write(conn: Connection, entries: Sequence[tuple[int, int, Tokens]]) -> None:
    """Makes the entries (article id, position, tokens), in place of the articles' old ones."""
    lines = _in_lines(tokens for _, _, tokens in entries)
    conn.info[WRITTEN_BYTES] = conn.info.get(WRITTEN_BYTES, 0) + len(lines)
    conn.execute(
        _WRITE,
        {
            "scheme": SCHEME,
            "ids": [article_id for article_id, _, _ in entries],
            "positions": [position for _, position, _ in entries],
            "tokens": lines,
        },
    )


def _in_lines(entries: Iterable[Tokens]) -> str:
    """One text, which neither side has to quote and unquote as it has an array's."""
    return "\n".join([tokens.tsvector for tokens in entries])


def remove(conn: Connection, article_ids: Sequence[int]) -> None:
    """Takes the articles out of the index."""
    for some in chunks(article_ids):
        conn.execute(delete(search_entries).where(search_entries.c.article_id.in_(some)))


def differing(conn: Connection, meant: Mapping[int, Tokens]) -> list[int]:
    """The articles whose entries are of other tokens than meant."""
    parameters = {"ids": list(meant), "tokens": _in_lines(meant.values())}
    return list(conn.execute(_DIFFERING, parameters).scalars())


def has_index(conn: Connection) -> bool:
    """The GIN index is there, and is one: not what a failed making of it left."""
    named = text(
        "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('search_index') "
        "AND indrelid = to_regclass('search_entries') AND indisvalid"
    )
    return bool(conn.execute(named).scalar_one())


def empty(conn: Connection) -> None:
    """Takes all articles out of the index, which is then no index until `finish`."""
    conn.execute(text(DROP))
    conn.execute(delete(search_entries))


def finish(conn: Connection) -> None:
    """Ends what `empty` began: GIN over all at once costs a fraction of one by one."""
    for statement in CREATE:
        conn.execute(text(statement))


def hits(expression: Expression, span: tuple[int, int]) -> Select[int]:
    """The ids of the articles that match."""
    lowest, highest = span
    wanted = cast(literal(tsquery_text(expression), String), TSQUERY)
    return select(search_entries.c.article_id).where(
        search_entries.c.tokens.op("@@")(wanted), lowest <= _POSITION, highest > _POSITION
    )


def is_hit(conn: Connection, expression: Expression, position: int) -> bool:
    """Whether the article there matches: read by its key, no index of words is asked."""
    wanted = {"wanted": tsquery_text(expression), "article_id": position & ID_MASK}
    return conn.execute(_IS_HIT, wanted).first() is not None


def prepare(conn: Connection) -> None:
    """Lets the planner go by the index, to the end of the transaction."""
    conn.execute(_SEARCH_SETTINGS)


def newest_position(conn: Connection) -> int | None:
    """Where the article published last stands; null for none."""
    found: int | None = conn.execute(_NEWEST_POSITION).scalar_one()
    return found


def pieces(
    newest: int | None, expression: Expression, span: tuple[int, int], *, newest_first: bool
) -> Iterator[Piece]:
    """All that matches, piece by piece; `newest` is what `newest_position` gave."""
    if newest is None:
        return
    if not newest_first:
        yield _piece(_OLDEST, expression, span)
        return
    lowest, highest = span[0], min(span[1], first_position((newest >> ID_BITS) + 1))
    now = seconds_of(datetime.now(UTC))
    for window in newest_spans(lowest, highest, min((highest - 1) >> ID_BITS, now), WINDOW_DAYS):
        if window[0] >> ID_BITS > now:  # the few that claim to be of the future
            yield _piece(_FUTURE, expression, window)
        else:
            yield _piece(_NEWEST, _within(expression, window), window)


def _piece(of: PageOf, expression: Expression, span: tuple[int, int]) -> Piece:
    values = {"wanted": tsquery_text(expression), "lowest": span[0], "highest": span[1]}
    return Piece(of, values)


def _within(expression: Expression, window: tuple[int, int]) -> Expression:
    """The same with the names of the days, months or years of the window."""
    names = _time_tokens(*(edge >> ID_BITS for edge in window))
    if not names:
        return expression
    time = either([one_token(name) for name in names])
    match expression:
        case Without(wanted, unwanted):
            return Without(every([wanted, time]), unwanted)
    return every([expression, time])


def _time_tokens(first_second: int, end_second: int) -> list[str]:
    """The days, months or years that hold all of the window, none where they were too many."""
    first = EPOCH + timedelta(seconds=first_second)
    last = EPOCH + timedelta(seconds=end_second - 1)
    days = (last - first).days
    if days > DAYS_BY_YEAR:
        return []
    if days <= DAYS_BY_DAY:
        pattern, step = f"{DAY}%Y%m%d", 1
    else:
        pattern, step = (f"{MONTH}%Y%m", 28) if days <= DAYS_BY_MONTH else (f"{YEAR}%Y", 365)
    moments = [first + timedelta(days=number) for number in range(0, days + 1, step)]
    return list(dict.fromkeys(moment.strftime(pattern) for moment in (*moments, last)))
