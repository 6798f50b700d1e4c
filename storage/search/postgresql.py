"""The index in PostgreSQL: a tsvector an article, under GIN.

GIN gives what matches in no order of time. To sort a million matches for the newest twenty would
take a second, so the newest days are asked first, then ever longer windows before them; the days
and months are tokens too, which GIN intersects with the words'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
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
from storage.search.positions import ID_BITS, first_position, newest_spans
from storage.search.tokens import DAY, EPOCH, GAP, MONTH, SCHEME, Tokens, seconds_of

CREATE = ("CREATE INDEX search_index ON search_entries USING gin (tokens)",)
DROP = "DROP INDEX IF EXISTS search_index"

# The sum hides the column from its own index: to walk along it for the newest, or through a span
# of it, reads every tsvector on the way.
_POSITION = search_entries.c.position + 0

# How far back each window reaches.
WINDOW_DAYS = (2, 31, 366)
# Up to so long a window is named by its days, up to the other by its months, above by neither.
DAYS_BY_DAY, DAYS_BY_MONTH = 40, 800

_WRITE = text(
    "INSERT INTO search_entries (article_id, position, scheme, tokens) "
    "SELECT article_id, position, :scheme, CAST(tokens AS tsvector) FROM unnest("
    "CAST(:ids AS bigint[]), CAST(:positions AS bigint[]), CAST(:tokens AS text[])"
    ") AS new (article_id, position, tokens) "
    "ON CONFLICT (article_id) DO UPDATE SET position = excluded.position, "
    "scheme = excluded.scheme, tokens = excluded.tokens "
    "WHERE (search_entries.position, search_entries.scheme, search_entries.tokens) "
    "IS DISTINCT FROM (excluded.position, excluded.scheme, excluded.tokens)"
)
_DIFFERING = text(
    "SELECT article_id FROM search_entries JOIN unnest("
    "CAST(:ids AS bigint[]), CAST(:tokens AS text[])) AS meant (id, tokens) ON id = article_id "
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
    conn.execute(
        _WRITE,
        {
            "scheme": SCHEME,
            "ids": [article_id for article_id, _, _ in entries],
            "positions": [position for _, position, _ in entries],
            "tokens": [tsvector_text(tokens) for _, _, tokens in entries],
        },
    )


def tsvector_text(tokens: Tokens) -> str:
    """The tokens as tsvector's input function reads them; gaps only count."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for place, token in enumerate(tokens.placed, start=1):
        places[token].append(str(place))
    places.pop(GAP, None)
    placed = [f"'{token}':{','.join(numbers)}" for token, numbers in places.items()]
    return " ".join([*placed, *(f"'{mark}'" for mark in tokens.marks)])


def remove(conn: Connection, article_ids: Sequence[int]) -> None:
    """Takes the articles out of the index."""
    for some in chunks(article_ids):
        conn.execute(delete(search_entries).where(search_entries.c.article_id.in_(some)))


def differing(conn: Connection, meant: Mapping[int, Tokens]) -> list[int]:
    """The articles whose entries are of other tokens than meant."""
    parameters = {"ids": list(meant), "tokens": [tsvector_text(one) for one in meant.values()]}
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
    return _hits(expression, span, _POSITION)


def _hits(
    expression: Expression, span: tuple[int, int], position: ColumnElement[int]
) -> Select[int]:
    lowest, highest = span
    wanted = cast(literal(tsquery_text(expression), String), TSQUERY)
    return select(search_entries.c.article_id).where(
        search_entries.c.tokens.op("@@")(wanted), position >= lowest, position < highest
    )


def prepare(conn: Connection) -> None:
    """Lets the planner go by the index, to the end of the transaction."""
    conn.execute(_SEARCH_SETTINGS)


def pieces(
    conn: Connection, expression: Expression, span: tuple[int, int], *, newest_first: bool
) -> Iterator[Select[int]]:
    """The same in order of publication, piece by piece."""
    if not newest_first:
        yield hits(expression, span).order_by(_POSITION.asc())
        return
    newest = conn.execute(select(func.max(search_entries.c.position))).scalar_one()
    if newest is None:
        return
    lowest, highest = span[0], min(span[1], first_position((newest >> ID_BITS) + 1))
    now = seconds_of(datetime.now(UTC))
    for window in newest_spans(lowest, highest, min((highest - 1) >> ID_BITS, now), WINDOW_DAYS):
        if window[0] >> ID_BITS > now:  # the few that claim to be of the future
            found = _hits(expression, window, search_entries.c.position)
        else:
            found = _within(expression, window)
        yield found.order_by(_POSITION.desc())


def _within(expression: Expression, window: tuple[int, int]) -> Select[int]:
    names = _time_tokens(*(edge >> ID_BITS for edge in window))
    if not names:
        return hits(expression, window)
    time = either([one_token(name) for name in names])
    match expression:
        case Without(wanted, unwanted):
            return hits(Without(every([wanted, time]), unwanted), window)
    return hits(every([expression, time]), window)


def _time_tokens(first_second: int, end_second: int) -> list[str]:
    """The days or months that hold all of the window, none where they were too many."""
    first = EPOCH + timedelta(seconds=first_second)
    last = EPOCH + timedelta(seconds=end_second - 1)
    days = (last - first).days
    if days > DAYS_BY_MONTH:
        return []
    pattern = f"{DAY}%Y%m%d" if days <= DAYS_BY_DAY else f"{MONTH}%Y%m"
    moments = (first + timedelta(days=number) for number in range(days + 2))
    return list(dict.fromkeys(m.strftime(pattern) for m in moments if m.date() <= last.date()))
