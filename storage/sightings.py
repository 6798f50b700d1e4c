"""The addresses under which an article was met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from storage.cleaning import address_hash
from storage.inserts import chunks, insert
from storage.schema import leads, sightings

# Tracking parameters can make a new address at every crawl; fifty tell all there is to tell.
SIGHTINGS_PER_LEAD = 50


def note_sightings(
    conn: Connection,
    addresses: Mapping[int, Collection[str]],
    *,
    source_url: str | None,
    now: datetime,
) -> None:
    """Keeps addresses not met yet, by lead id, at most fifty a lead."""
    for lead_ids in chunks(sorted(addresses)):
        known: dict[int, set[str]] = defaultdict(set)
        rows = conn.execute(
            select(sightings.c.lead_id, sightings.c.address_hash).where(
                sightings.c.lead_id.in_(lead_ids)
            )
        )
        for lead_id, hashed in rows:
            known[lead_id].add(hashed)
        new = []
        for lead_id in lead_ids:
            for address in addresses[lead_id]:
                hashed = address_hash(address)
                if hashed in known[lead_id] or len(known[lead_id]) >= SIGHTINGS_PER_LEAD:
                    continue
                known[lead_id].add(hashed)
                new.append(
                    {
                        "lead_id": lead_id,
                        "address": address,
                        "address_hash": hashed,
                        "source_url": source_url,
                        "first_seen": now,
                    }
                )
        if new:
            conn.execute(
                insert(conn, sightings).on_conflict_do_nothing(
                    index_elements=["lead_id", "address_hash"]
                ),
                new,
            )


def alternate_urls(conn: Connection, canonical: Mapping[int, str]) -> dict[int, list[str]]:
    """By article id: the other addresses it was met under, the first met first.

    `canonical` maps each article id wanted to its canonical address.
    """
    met: dict[int, list[tuple[datetime, int, int, str]]] = defaultdict(list)
    seen = conn.execute(
        select(leads.c.article_id, sightings.c.first_seen, sightings.c.id, sightings.c.address)
        .join(leads, leads.c.id == sightings.c.lead_id)
        .where(leads.c.article_id.in_(canonical))
    )
    for article_id, first_seen, sighting_id, address in seen:
        met[article_id].append((first_seen, 0, sighting_id, address))
    fetched = conn.execute(
        select(leads.c.article_id, leads.c.first_seen, leads.c.id, leads.c.fetch_url).where(
            leads.c.article_id.in_(canonical)
        )
    )
    for article_id, first_seen, lead_id, address in fetched:
        met[article_id].append((first_seen, 1, lead_id, address))
    return {
        article_id: _others([entry[-1] for entry in sorted(met[article_id])], url)
        for article_id, url in canonical.items()
    }


def _others(addresses: Sequence[str], canonical_url: str) -> list[str]:
    others = dict.fromkeys(address for address in addresses if address != canonical_url)
    return list(others)[:SIGHTINGS_PER_LEAD]
