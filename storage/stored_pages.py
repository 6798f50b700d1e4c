"""What there is to read again: articles with their latest pages, and pages that were unreadable."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select

from crawler.items import Lead
from storage.filters import Filters
from storage.kept_pages import KeptPage, kept_pages
from storage.leads import lead_of
from storage.schema import articles, leads, listings


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page to read again. `lead` is null for an article that no lead led to.

    `article_id` is null for a page that was unreadable, `page` for an article that is known by
    its listing alone. `is_listed`: some source of the outlet has listed it.
    """

    outlet: str
    url: str
    page: KeptPage | None
    article_id: int | None
    lead: Lead | None
    is_listed: bool


def stored_pages(article_ids: Sequence[int], conn: Connection) -> list[StoredPage]:
    """Of each of these articles, in the order of their ids."""
    columns = [articles.c[name] for name in ("id", "outlet", "url", "page_id", "identity_hash")]
    rows = conn.execute(select(*columns).where(articles.c.id.in_(article_ids))).all()
    pages = kept_pages(conn, [row.page_id for row in rows if row.page_id is not None])
    own = {row.id: row.identity_hash for row in rows}
    found: dict[int, tuple[Lead, bool]] = {}
    # The lead of the article's own identity comes last, and so counts.
    by_id = select(leads, _IS_LISTED).where(leads.c.article_id.in_(article_ids))
    for row in sorted(
        conn.execute(by_id.order_by(leads.c.id.desc())),
        key=lambda row: row.identity_hash == own[row.article_id],
    ):
        was_listed = found[row.article_id][1] if row.article_id in found else False
        found[row.article_id] = (lead_of(row), row.is_listed or was_listed)
    return [
        StoredPage(row.outlet, row.url, pages.get(row.page_id), row.id, *_lead_of(found, row.id))
        for row in sorted(rows, key=lambda row: row.id)
    ]


_IS_LISTED = exists().where(listings.c.lead_id == leads.c.id).label("is_listed")


def _lead_of(found: dict[int, tuple[Lead, bool]], article_id: int) -> tuple[Lead | None, bool]:
    return found.get(article_id, (None, False))


def unreadable_ids(conn: Connection, filters: Filters) -> array[int]:
    """The leads whose page came and could not be read, in the order of their ids.

    Of the filters only outlets and times can be asked of an article that is not known yet: with
    any other there are none.
    """
    asked = (filters.topic, filters.author, filters.language, filters.story, filters.relevant)
    if filters.has_search() or filters.limit is not None or any(v is not None for v in asked):
        return array("q")
    statement = select(leads.c.id).where(
        leads.c.state == "unreadable", leads.c.page_id.is_not(None)
    )
    moment = func.coalesce(leads.c.moment, leads.c.first_seen)
    if (outlets := filters.outlets()) is not None:
        statement = statement.where(leads.c.outlet.in_(outlets))
    if filters.since is not None:
        statement = statement.where(moment >= filters.since)
    if filters.until is not None:
        statement = statement.where(moment < filters.until)
    return array("q", conn.execute(statement.order_by(leads.c.id)).scalars())


def unreadable_pages(lead_ids: Sequence[int], conn: Connection) -> list[StoredPage]:
    """The pages of these leads, in the order of their ids."""
    statement = select(leads, _IS_LISTED).where(leads.c.id.in_(lead_ids)).order_by(leads.c.id)
    rows = conn.execute(statement).all()
    pages = kept_pages(conn, [row.page_id for row in rows if row.page_id is not None])
    return [
        StoredPage(
            row.outlet, row.fetch_url, pages.get(row.page_id), None, lead_of(row), row.is_listed
        )
        for row in rows
    ]
