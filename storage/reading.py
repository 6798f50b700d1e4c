"""Finds records: by filter, by id, by any address, by identity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from crawler.items import Article
from storage.cleaning import address_hash, identity_hash
from storage.filters import Filters
from storage.records import READ_COLUMNS, article_of
from storage.schema import articles, leads, sightings
from storage.sightings import alternate_urls

# The largest key either database can hold; beyond it the drivers raise.
MAX_ID = 2**63 - 1
# So many a round trip: some hundred kilobytes.
IDS_PER_FETCH = 5_000


def matching_ids(conn: Connection, filters: Filters) -> Iterator[int]:
    """The ids of the articles that meet the filters, in their order, as they are read.

    On PostgreSQL too, whose driver would else fetch them all before it gives the first.
    """
    statement = select(articles.c.id).where(*filters.conditions())
    found = conn.execute(filters.ordered(statement), execution_options={"yield_per": IDS_PER_FETCH})
    yield from found.scalars()


def latest_change(conn: Connection, filters: Filters) -> datetime | None:
    """When the content of an article that meets the filters last changed; null for none."""
    statement = select(articles.c.last_changed).where(*filters.conditions())
    found = filters.ordered(statement).subquery()
    latest: datetime | None = conn.execute(select(func.max(found.c.last_changed))).scalar_one()
    return latest


def count_matching(conn: Connection, filters: Filters) -> int:
    """How many articles meet the filters, whatever their limit."""
    statement = select(func.count()).select_from(articles).where(*filters.conditions())
    return conn.execute(statement).scalar_one()


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
