"""Finds records: by filter, by id, by any address, by identity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, false, func, select

from crawler.items import Article
from storage.cleaning import address_hash, identity_hash
from storage.filters import MAX_ID, Filters
from storage.inserts import chunks
from storage.records import READ_COLUMNS, article_of
from storage.schema import articles, leads, sightings
from storage.search import finding
from storage.search.positions import position_of
from storage.sightings import alternate_urls

_Value = TypeVar("_Value")


def matching_ids(conn: Connection, filters: Filters) -> Iterator[int]:
    """The ids of the articles that meet the filters, in their order, as they are read.

    On PostgreSQL too, whose driver would else fetch them all before it gives the first.
    """
    key, reverse = filters.order()
    if filters.needs_index() and key in ("rank", "published"):
        request = finding.request_of(filters)
        if request is not None:
            in_order = finding.ranked if key == "rank" else finding.by_time
            yield from in_order(conn, request, filters.limit, reverse=reverse)
        return
    statement = filters.ordered(_matching(conn, filters, articles.c.id))
    found = conn.execute(statement, execution_options={"yield_per": finding.IDS_PER_FETCH})
    yield from found.scalars()


def _matching(conn: Connection, filters: Filters, column: ColumnElement[_Value]) -> Select[_Value]:
    """That column of the articles that meet the filters, whatever their order and limit."""
    if not filters.needs_index():
        return select(column).where(*filters.conditions())
    request = finding.request_of(filters)
    if request is None:
        return select(column).where(false())
    return select(column).where(articles.c.id.in_(finding.all_hits(conn, request)))


def latest_change(conn: Connection, filters: Filters) -> datetime | None:
    """When the content of an article that meets the filters last changed; null for none."""
    if filters.limit is None:
        of_all = _matching(conn, filters, articles.c.last_changed).subquery()
        return _latest(conn, of_all.c.last_changed)
    times = []
    for ids in chunks(matching_ids(conn, filters)):
        some = select(articles.c.last_changed).where(articles.c.id.in_(ids)).subquery()
        times.append(_latest(conn, some.c.last_changed))
    return max((time for time in times if time is not None), default=None)


def _latest(conn: Connection, times: ColumnElement[datetime]) -> datetime | None:
    latest: datetime | None = conn.execute(select(func.max(times))).scalar_one()
    return latest


def count_matching(conn: Connection, filters: Filters) -> int:
    """How many articles meet the filters, whatever their limit."""
    if filters.needs_index():
        request = finding.request_of(filters)
        return 0 if request is None else finding.count_hits(conn, request)
    statement = select(func.count()).select_from(articles).where(*filters.conditions())
    return conn.execute(statement).scalar_one()


def which_meet(conn: Connection, article_id: int, asked: Sequence[Filters]) -> list[bool]:
    """Which of the filters a stored article meets, its own transaction's writes included."""
    columns = (articles.c.id, articles.c.published, articles.c.story_id)
    article = conn.execute(select(*columns).where(articles.c.id == article_id)).one()
    return [_meets(conn, article, filters) for filters in asked]


def _meets(conn: Connection, article: Row[*tuple[Any, ...]], filters: Filters) -> bool:
    if not filters.needs_index():
        found = select(articles.c.id).where(articles.c.id == article.id, *filters.conditions())
        return conn.execute(found).first() is not None
    request = finding.request_of(filters)
    if request is None or request.story not in (None, article.story_id):
        return False
    return finding.is_hit(conn, request, position_of(article.published, article.id))


def new_between(
    conn: Connection, filters: Filters, start: datetime, end: datetime
) -> list[tuple[int, str]]:
    """Id and outlet of what was first seen from `start` and before `end`, published last first."""
    first_seen = articles.c.first_seen
    found = _matching(conn, filters, articles.c.id).add_columns(articles.c.outlet)
    found = found.where(first_seen >= start, first_seen < end)
    rows = conn.execute(found.order_by(articles.c.published.desc(), articles.c.id.desc()))
    return [(row.id, row.outlet) for row in rows]


def identity_key(conn: Connection, article_id: int) -> str:
    """The hash of outlet and identity: the same for an article in every database."""
    found = select(articles.c.identity_hash).where(articles.c.id == article_id)
    key: str = conn.execute(found).scalar_one()
    return key


def records(conn: Connection, ids: Sequence[int]) -> list[Article]:
    """The records of `ids` in that order; ids that are none are left out."""
    rows = {
        row["id"]: row
        for row in conn.execute(select(*READ_COLUMNS).where(articles.c.id.in_(ids))).mappings()
    }
    others = alternate_urls(conn, {article_id: row["url"] for article_id, row in rows.items()})
    return [article_of(rows[number], others[number]) for number in ids if number in rows]


def find_id(conn: Connection, id_or_url: int | str) -> int | None:
    """The article with that id (digits are one) or met under that address."""
    if isinstance(id_or_url, str):
        digits = id_or_url.strip()
        if not (digits.isascii() and digits.isdecimal()):
            return _id_by_address(conn, id_or_url)
        id_or_url = int(digits)
    return id_or_url if 0 < id_or_url <= MAX_ID else None


def _id_by_address(conn: Connection, address: str) -> int | None:
    hashed = address_hash(address)
    canonical = select(articles.c.id).where(articles.c.url_hash == hashed)
    sighted = (
        select(leads.c.article_id)
        .join(sightings, sightings.c.lead_id == leads.c.id)
        .where(sightings.c.address_hash == hashed, leads.c.article_id.is_not(None))
    )
    fetched = select(leads.c.article_id).where(
        leads.c.fetch_url_hash == hashed, leads.c.article_id.is_not(None)
    )
    for statement in (canonical, sighted, fetched):
        found = conn.execute(statement.order_by(statement.selected_columns[0]).limit(1)).scalar()
        if found is not None:
            return int(found)
    return None


def id_by_identity(conn: Connection, outlet: str, identity: str) -> int | None:
    """The article that an outlet knows under that identity."""
    key = identity_hash(outlet, identity)
    return conn.execute(
        select(articles.c.id).where(articles.c.identity_hash == key)
    ).scalar_one_or_none()


def by_identity(conn: Connection, outlet: str, identity: str) -> Article | None:
    """The article that an outlet knows under that identity."""
    article_id = id_by_identity(conn, outlet, identity)
    return None if article_id is None else records(conn, [article_id])[0]
