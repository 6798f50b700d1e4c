"""The frontier: one lead an article address, whether it was ever read or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    func,
    nulls_last,
    or_,
    select,
    update,
)

from crawler.items import Lead, Listing
from storage.cleaning import address_hash, identity_hash
from storage.identities import adopt_leads
from storage.inserts import chunks, insert
from storage.schema import articles, leads
from storage.sightings import note_sightings
from storage.visits import State, next_fetch

_SUCCESSES: frozenset[State] = frozenset({"stored", "off_topic"})

# Of an outlet that lists 300 articles a day, two weeks.
RHYTHM_ROWS = 5000


@dataclass(slots=True)
class Backlog:
    """An outlet's leads: how many are due now, and how many are in each state."""

    due: int = 0
    states: dict[str, int] = field(default_factory=dict)


def add_leads(
    conn: Connection, outlet: str, listings: Iterable[Listing], now: datetime
) -> set[int]:
    """Inserts the leads not known yet, due now; gives the ids of these.

    One whose article is stored already is linked to it and waits for its next visit.
    The listings must be of distinct identities.
    """
    listings = list(listings)
    adopt_leads(conn, outlet, listings)
    rows = {
        identity_hash(outlet, listing.identity): _new_row(outlet, listing, now)
        for listing in listings
    }
    added: set[int] = set()
    for keys in chunks(sorted(rows)):  # one order for all writers: no deadlock
        found = conn.execute(
            select(articles.c.identity_hash, articles.c.id, articles.c.first_seen).where(
                articles.c.identity_hash.in_(keys)
            )
        )
        for key, article_id, first_seen in found:
            rows[key] |= {
                "article_id": article_id,
                "state": "stored",
                "next_fetch": next_fetch("stored", first_seen, 0, now),
            }
        inserted = conn.execute(
            insert(conn, leads)
            .on_conflict_do_nothing(index_elements=["identity_hash"])
            .returning(leads.c.id),
            [rows[key] for key in keys],
        )
        added.update(inserted.scalars())
    return added


def _new_row(outlet: str, listing: Listing, now: datetime) -> dict[str, Any]:
    return {
        "outlet": outlet,
        "identity": listing.identity,
        "identity_hash": identity_hash(outlet, listing.identity),
        "fetch_url": listing.fetch_url,
        "fetch_url_hash": address_hash(listing.fetch_url),
        "listed_headline": listing.headline,
        "listed_date": listing.date,
        "listed_lead": listing.lead,
        "listed_authors": list(listing.authors) or None,
        "moment": listing.moment,
        "first_seen": now,
        "state": "pending",
        "attempts": 0,
        "next_fetch": now,
        "article_id": None,
    }


def lead_rows(conn: Connection, outlet: str, identities: Iterable[str]) -> dict[str, Row[Any]]:
    """The leads of those identities, by identity hash."""
    keys = sorted({identity_hash(outlet, identity) for identity in identities})
    found: dict[str, Row[Any]] = {}
    for some in chunks(keys):
        for row in conn.execute(select(leads).where(leads.c.identity_hash.in_(some))):
            found[row.identity_hash] = row
    return found


def lead_for(conn: Connection, outlet: str, listing: Listing, now: datetime) -> Lead:
    """The lead of one address that a person named: due now whatever became of it before."""
    add_leads(conn, outlet, [listing], now)
    row = lead_rows(conn, outlet, [listing.identity])[identity_hash(outlet, listing.identity)]
    note_sightings(conn, {row.id: [listing.address]}, source_url=None, now=now)
    conn.execute(update(leads).where(leads.c.id == row.id).values(next_fetch=now))
    return lead_of(row)


def due(
    conn: Connection,
    outlet: str,
    now: datetime,
    *,
    limit: int | None = None,
    since: datetime | None = None,
    after: Lead | None = None,
) -> list[Lead]:
    """The leads to fetch now, the newest by what sources tell of their age, undated ones last.

    `since` leaves out those that seem older; undated ones stay. `after` is the last one had
    before, where they are asked for in parts.
    """
    statement = select(leads).where(leads.c.outlet == outlet, leads.c.next_fetch <= now)
    if since is not None:
        statement = statement.where(or_(leads.c.moment.is_(None), leads.c.moment >= since))
    if after is not None:
        statement = statement.where(_comes_after(after))
    order = (nulls_last(leads.c.moment.desc()), leads.c.id)
    return [lead_of(row) for row in conn.execute(statement.order_by(*order).limit(limit))]


def _comes_after(lead: Lead) -> ColumnElement[bool]:
    if lead.moment is None:
        return and_(leads.c.moment.is_(None), leads.c.id > lead.id)
    return or_(
        leads.c.moment.is_(None),
        leads.c.moment < lead.moment,
        and_(leads.c.moment == lead.moment, leads.c.id > lead.id),
    )


def lead_of(row: Row[Any]) -> Lead:
    """The lead of a whole row."""
    return Lead(
        id=row.id,
        outlet=row.outlet,
        identity=row.identity,
        fetch_url=row.fetch_url,
        date=row.listed_date,
        etag=row.etag,
        last_modified=row.last_modified,
        headline=row.listed_headline,
        lead=row.listed_lead,
        authors=tuple(row.listed_authors or ()),
        moment=row.moment,
    )


def settle(
    conn: Connection,
    lead_id: int,
    state: State,
    *,
    now: datetime,
    reason: str | None = None,
    temporary: bool = False,
    article_id: int | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    relevance_score: float | None = None,
    page_id: int | None = None,
) -> None:
    """Records what became of a fetch, and when the next one is due: see `next_fetch`.

    A success takes `etag` and `last_modified` as given, null too; a failure keeps those of the
    page as last read. An article or a score once known stays when none is given. `page_id` is
    that of a page that could not be read; any other outcome forgets it.
    """
    row = conn.execute(
        select(leads.c.first_seen, leads.c.attempts).where(leads.c.id == lead_id)
    ).one()
    success = state in _SUCCESSES
    attempts = 0 if success else row.attempts + 1
    values: dict[str, Any] = {
        "state": state,
        "reason": reason,
        "attempts": attempts,
        "next_fetch": next_fetch(state, row.first_seen, attempts, now, temporary=temporary),
        "last_fetched": now,
        "page_id": page_id,
    }
    if success:
        values |= {"etag": etag, "last_modified": last_modified}
    if article_id is not None:
        values["article_id"] = article_id
    if relevance_score is not None:
        values["relevance_score"] = relevance_score
    conn.execute(update(leads).where(leads.c.id == lead_id).values(**values))


def make_due(conn: Connection, lead_ids: Sequence[int], now: datetime) -> None:
    """Asks for these pages at the next crawl."""
    for some in chunks(sorted(lead_ids)):
        conn.execute(update(leads).where(leads.c.id.in_(some)).values(next_fetch=now))


def backlog(conn: Connection, now: datetime) -> dict[str, Backlog]:
    """By outlet: what waits and what became of the rest."""
    found: dict[str, Backlog] = defaultdict(Backlog)
    states = conn.execute(
        select(leads.c.outlet, leads.c.state, func.count()).group_by(leads.c.outlet, leads.c.state)
    )
    for outlet, state, number in states:
        found[outlet].states[state] = number
    waiting = conn.execute(
        select(leads.c.outlet, func.count())
        .where(leads.c.next_fetch <= now)
        .group_by(leads.c.outlet)
    )
    for outlet, number in waiting:
        found[outlet].due = number
    return dict(found)


def published_moments(conn: Connection, outlet: str, since: datetime) -> list[datetime]:
    """When what its sources listed was published, else first seen; the last RHYTHM_ROWS."""
    moment = func.coalesce(leads.c.moment, leads.c.first_seen).label("moment")
    statement = select(moment).where(leads.c.outlet == outlet, leads.c.first_seen >= since)
    return list(
        conn.execute(statement.order_by(leads.c.first_seen.desc()).limit(RHYTHM_ROWS)).scalars()
    )


def article_id_of(conn: Connection, lead_id: int) -> int | None:
    """The article a lead led to, null if none yet."""
    found: int | None = conn.execute(
        select(leads.c.article_id).where(leads.c.id == lead_id)
    ).scalar_one()
    return found
