"""The feeds, sitemaps and pages that list articles, and what each listed last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from crawler.items import Listing
from storage.cleaning import address_hash, clean_text, identity_hash, sha256_hex
from storage.inserts import chunks, insert
from storage.leads import add_leads, lead_rows, make_due
from storage.schema import leads, listings, sources
from storage.sightings import note_sightings

NOT_MODIFIED = 304
# A server that wrongly says "not modified" for ever is asked for the whole once a day.
FULL_FETCH_EVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LeadState:
    """What is known of an article that a source listed. `is_new`: by this listing only."""

    lead_id: int
    identity: str
    state: str
    article_id: int | None
    is_new: bool


def validators(
    conn: Connection,
    outlet: str,
    source_url: str,
    now: datetime,
    back_to: datetime | None = None,
) -> tuple[str | None, str | None]:
    """The ETag and Last-Modified to ask with; both null once the last full answer is a day old.

    And where all from `back_to` on is wanted and less of the source was taken.
    """
    row = conn.execute(select(sources).where(_is_source(outlet, source_url))).one_or_none()
    if row is None or row.last_full_fetch is None:
        return None, None
    if now - row.last_full_fetch > FULL_FETCH_EVERY:
        return None, None
    if back_to is not None and (row.read_back_to is None or row.read_back_to > back_to):
        return None, None
    return row.etag, row.last_modified


def parts_of(conn: Connection, outlet: str, source_url: str) -> list[tuple[str, datetime | None]]:
    """What a source led to when last read: addresses, each with its last change if known."""
    statement = select(sources.c.parts).where(_is_source(outlet, source_url))
    found = conn.execute(statement).scalar_one_or_none() or []
    return [(url, datetime.fromisoformat(changed) if changed else None) for url, changed in found]


def _is_source(outlet: str, source_url: str) -> ColumnElement[bool]:
    return and_(sources.c.outlet == outlet, sources.c.url_hash == sha256_hex(source_url))


def note_source(
    conn: Connection,
    outlet: str,
    source_url: str,
    listed: Sequence[Listing],
    *,
    etag: str | None,
    last_modified: str | None,
    status: int,
    now: datetime,
    read_back_to: datetime | None = None,
    parts: Sequence[tuple[str, datetime | None]] = (),
    fresh_for: timedelta | None = None,
) -> list[LeadState]:
    """Records a source that answered, and its leads, within the caller's transaction.

    Gives one state for each distinct identity, in the order listed. A stored article whose
    headline or date this source has changed becomes due. `read_back_to` is null where only the
    newest it lists were taken; `parts` are what it leads on to. `fresh_for` is how long it said
    that it stays as it is.
    """
    values: dict[str, Any] = {
        "last_checked": now,
        "last_success": now,
        "problem": None,
        "status": status,
    }
    if status != NOT_MODIFIED:
        values |= {"etag": etag, "last_modified": last_modified, "last_full_fetch": now}
        values |= {"read_back_to": read_back_to, "parts": _part_rows(parts)}
        values["fresh_seconds"] = None if fresh_for is None else fresh_for.total_seconds()
    source_id = _note(conn, outlet, source_url, values)
    merged, addresses = _distinct(listed)
    added = add_leads(conn, outlet, merged.values(), now)
    rows = lead_rows(conn, outlet, merged)
    by_lead = {
        rows[identity_hash(outlet, identity)].id: listing for identity, listing in merged.items()
    }
    states = {row.id: row for row in rows.values()}
    note_sightings(
        conn,
        {lead_id: addresses[listing.identity] for lead_id, listing in by_lead.items()},
        source_url=source_url,
        now=now,
    )
    changed = _note_listings(conn, source_id, by_lead)
    make_due(conn, [number for number in changed if _may_change(states[number])], now)
    _fill_gaps(conn, states, by_lead)
    if added:
        conn.execute(update(sources).where(sources.c.id == source_id).values(last_new=now))
    return [
        LeadState(
            lead_id, listing.identity, states[lead_id].state, states[lead_id].article_id,
            lead_id in added,
        )
        for lead_id, listing in by_lead.items()
    ]  # fmt: skip


def note_source_problem(
    conn: Connection,
    outlet: str,
    source_url: str,
    problem: str,
    status: int | None,
    now: datetime,
) -> None:
    """Records that a source could not be read; `status` is null where nothing answered."""
    _note(conn, outlet, source_url, {"last_checked": now, "problem": problem, "status": status})


def fresh_for(conn: Connection, outlet: str, source_urls: Sequence[str]) -> timedelta | None:
    """How long the outlet's sources stay as they are, the one that changes first; null where one
    of them says nothing.
    """
    keys = [sha256_hex(url) for url in source_urls]
    statement = select(sources.c.fresh_seconds).where(
        sources.c.outlet == outlet, sources.c.url_hash.in_(keys)
    )
    found = list(conn.execute(statement).scalars())
    if not found or None in found:
        return None
    return timedelta(seconds=min(found))


def source_urls(conn: Connection, outlet: str) -> list[str]:
    """The sources ever asked for an outlet, the first asked first."""
    statement = select(sources.c.url).where(sources.c.outlet == outlet).order_by(sources.c.id)
    return list(conn.execute(statement).scalars())


def _part_rows(parts: Sequence[tuple[str, datetime | None]]) -> list[list[str | None]] | None:
    return [[url, changed.isoformat() if changed else None] for url, changed in parts] or None


def _note(conn: Connection, outlet: str, source_url: str, values: Mapping[str, Any]) -> int:
    statement = insert(conn, sources).values(
        outlet=outlet, url=source_url, url_hash=sha256_hex(source_url), **values
    )
    found = conn.execute(
        statement.on_conflict_do_update(
            index_elements=["outlet", "url_hash"], set_=dict(values)
        ).returning(sources.c.id)
    )
    return int(found.scalar_one())


def _distinct(
    listed: Iterable[Listing],
) -> tuple[dict[str, Listing], dict[str, dict[str, None]]]:
    """One listing an identity, the gaps of the first filled from the others; all addresses."""
    merged: dict[str, Listing] = {}
    addresses: dict[str, dict[str, None]] = {}
    for listing in listed:
        if listing.headline is not None:  # as it will be read back, to compare with next time
            listing = replace(listing, headline=clean_text(listing.headline))
        first = merged.setdefault(listing.identity, listing)
        if first is not listing and None in (first.headline, first.date, first.lead):
            merged[listing.identity] = replace(
                first,
                headline=first.headline if first.headline is not None else listing.headline,
                date=first.date if first.date is not None else listing.date,
                lead=first.lead if first.lead is not None else listing.lead,
                authors=first.authors or listing.authors,
                age_hint=first.age_hint or listing.age_hint,
            )
        addresses.setdefault(listing.identity, {})[listing.address] = None
    return merged, addresses


def _fill_gaps(
    conn: Connection, states: Mapping[int, Row[Any]], by_lead: Mapping[int, Listing]
) -> None:
    """A lead first met in a silent source learns from this one what that did not say.

    The address listed last is the one to fetch: slugs and hosts change, the identity does not.
    """
    for lead_id, listing in by_lead.items():
        lead = states[lead_id]
        said = _said(listing)
        values = {name: value for name, value in said.items() if getattr(lead, name) is None}
        if listing.date is not None and lead.listed_date is None:
            values["moment"] = listing.date  # better than what its age was guessed from
        if lead.fetch_url != listing.fetch_url:
            values["fetch_url"] = listing.fetch_url
            values["fetch_url_hash"] = address_hash(listing.fetch_url)
        if values:
            conn.execute(update(leads).where(leads.c.id == lead_id).values(**values))


def _may_change(lead: Row[Any]) -> bool:
    return lead.article_id is not None and lead.state not in ("refused", "off_topic")


def _note_listings(conn: Connection, source_id: int, by_lead: Mapping[int, Listing]) -> list[int]:
    """Keeps what the source says now; gives the leads of which it said otherwise before."""
    changed: list[int] = []
    for lead_ids in chunks(sorted(by_lead)):
        before = {
            row.lead_id: row
            for row in conn.execute(
                select(listings).where(
                    listings.c.source_id == source_id, listings.c.lead_id.in_(lead_ids)
                )
            )
        }
        new = [number for number in lead_ids if number not in before]
        if new:
            conn.execute(
                insert(conn, listings).on_conflict_do_nothing(
                    index_elements=["source_id", "lead_id"]
                ),
                [_listing_row(source_id, number, by_lead[number]) for number in new],
            )
        for number, row in before.items():
            now_says = by_lead[number]
            headline_changed = now_says.headline not in (None, row.headline)
            date_changed = _last_change(now_says) not in (None, row.date)
            if headline_changed or date_changed:
                _update_listing(conn, row, now_says)
            if (headline_changed and row.headline) or (date_changed and row.date):
                changed.append(number)
    return changed


def _listing_row(source_id: int, lead_id: int, listing: Listing) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "lead_id": lead_id,
        "headline": listing.headline,
        "date": _last_change(listing),
    }


def _said(listing: Listing) -> dict[str, Any]:
    """What the source says, by the lead's columns, without those it is silent of."""
    said = {
        "listed_headline": listing.headline,
        "listed_date": listing.date,
        "listed_lead": listing.lead,
        "listed_authors": list(listing.authors) or None,
        "moment": listing.moment,
    }
    return {name: value for name, value in said.items() if value is not None}


def _last_change(listing: Listing) -> datetime | None:
    return listing.updated or listing.date


def _update_listing(conn: Connection, row: Row[Any], listing: Listing) -> None:
    """Where the source is silent now, what it said before stays."""
    said = {"headline": listing.headline, "date": _last_change(listing)}
    on_lead = _said(listing)
    for table, key, values in (
        (listings, listings.c.id == row.id, said),
        (leads, leads.c.id == row.lead_id, on_lead),
    ):
        known = {name: value for name, value in values.items() if value is not None}
        if known:
            conn.execute(update(table).where(key).values(**known))
