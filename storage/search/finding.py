"""Finds articles by the index: the best first, in order of publication, or just all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Select, func, select

from storage.filters import MAX_ID, Filters
from storage.schema import articles
from storage.search.entries import engine_of
from storage.search.expressions import Expression, either, one_token
from storage.search.pieces import NO_LIMIT, page
from storage.search.positions import time_span
from storage.search.query import Query, parse
from storage.search.tiers import anywhere, tiers
from storage.search.tokens import AUTHOR, LANGUAGE, OUTLET, RELEVANT, TOPIC, facet, name_facet

# So many a round trip: some hundred kilobytes.
IDS_PER_FETCH = 5_000


@dataclass(frozen=True, slots=True)
class Request:
    """What the filters ask of the index. `story` is what it does not know."""

    query: Query | None
    facets: list[Expression]
    span: tuple[int, int]
    story: int | None


def request_of(filters: Filters) -> Request | None:
    """Null where nothing can be found: no word is left, or no outlet is wanted."""
    query = parse(filters.search) if filters.has_search() else None
    outlets = filters.outlets()
    is_no_key = filters.story is not None and abs(filters.story) > MAX_ID
    if (query is not None and query.is_empty()) or outlets == [] or is_no_key:
        return None
    facets = []
    if outlets is not None:
        facets.append(either([one_token(facet(OUTLET, outlet)) for outlet in outlets]))
    if filters.topic is not None:
        facets.append(one_token(name_facet(TOPIC, filters.topic)))
    if filters.author is not None:
        facets.append(one_token(name_facet(AUTHOR, filters.author)))
    if filters.language is not None:
        facets.append(one_token(facet(LANGUAGE, filters.language.lower())))
    if filters.relevant is not None:
        facets.append(one_token(f"{RELEVANT}{int(filters.relevant)}"))
    return Request(query, facets, time_span(filters.since, filters.until), filters.story)


def all_hits(conn: Connection, request: Request) -> Select[int]:
    """The ids of all that is found, in no order."""
    engine_of(conn).prepare(conn)
    return _of_story(
        engine_of(conn).hits(anywhere(request.query, request.facets), request.span), request
    )


def count_hits(conn: Connection, request: Request) -> int:
    """How many articles are found."""
    found = all_hits(conn, request).subquery()
    return conn.execute(select(func.count()).select_from(found)).scalar_one()


def is_hit(conn: Connection, request: Request, position: int) -> bool:
    """Whether the article at that position is found, in whatever story it is.

    It costs the same in an index of any size.
    """
    if not request.span[0] <= position < request.span[1]:
        return False
    found: bool = engine_of(conn).is_hit(conn, anywhere(request.query, request.facets), position)
    return found


def ranked(
    conn: Connection, request: Request, limit: int | None, *, reverse: bool = False
) -> Iterator[int]:
    """The ids of what is found, tier by tier, the newest first in each."""
    steps = tiers(request.query, request.facets)
    return _in_order(conn, request, steps[::-1] if reverse else steps, limit, reverse=reverse)


def by_time(
    conn: Connection, request: Request, limit: int | None, *, reverse: bool = False
) -> Iterator[int]:
    """The ids of what is found, the newest first."""
    steps = [anywhere(request.query, request.facets)]
    return _in_order(conn, request, steps, limit, reverse=reverse)


def _in_order(
    conn: Connection,
    request: Request,
    steps: list[Expression],
    limit: int | None,
    *,
    reverse: bool,
) -> Iterator[int]:
    """One step after the other, as far as asked for."""
    engine = engine_of(conn)
    engine.prepare(conn)
    newest = engine.newest_position(conn)
    given = 0
    for expression in steps:
        for piece in engine.pieces(newest, expression, request.span, newest_first=not reverse):
            left = NO_LIMIT if limit is None else limit - given
            if left == 0:
                return
            # A page comes at once; of more, PostgreSQL's driver fetches piece by piece.
            found = conn.execute(
                page(piece.of, of_story=request.story is not None),
                {**piece.values, "most": left, "story": request.story},
                execution_options={"yield_per": IDS_PER_FETCH} if left > IDS_PER_FETCH else {},
            )
            for article_id in found.scalars():
                given += 1
                yield article_id


def _of_story(statement: Select[int], request: Request) -> Select[int]:
    if request.story is None:
        return statement
    members = select(articles.c.id).where(articles.c.story_id == request.story)
    return statement.where(statement.selected_columns[0].in_(members))
