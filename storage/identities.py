"""What is stored under an identity that its outlet's rules no longer give.

Rules change: an entry gets a pattern with the group `id`, a new version takes more copies for
one article. What was stored before is found by its address then, and takes the identity of
today, so that no article becomes new again.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, exists, select, update

from crawler.items import Article, Listing
from storage.cleaning import address_hash, identity_hash
from storage.inserts import chunks
from storage.reading import by_identity, records
from storage.schema import articles, leads, sightings
from storage.turns import take_turn


def adopt_leads(conn: Connection, outlet: str, listings: Iterable[Listing]) -> None:
    """Gives leads that sources listed under these addresses the identities of these listings.

    Only where no lead has that identity: it is the one that counts.
    """
    wanted = {
        address_hash(listing.address): listing.identity
        for listing in _unknown(conn, outlet, listings)
    }
    taken: set[str] = set()
    for hashes in chunks(sorted(wanted)):
        found = conn.execute(
            select(sightings.c.lead_id, sightings.c.address_hash).where(
                sightings.c.address_hash.in_(hashes),
                sightings.c.source_url.is_not(None),  # no redirect's end: that may be another's
            )
        ).all()
        # Asked for apart: joined, SQLite looks at each lead of the outlet for each address.
        of_outlet = select(leads.c.id).where(
            leads.c.outlet == outlet, leads.c.id.in_({lead_id for lead_id, _ in found})
        )
        own = set(conn.execute(of_outlet).scalars()) if found else set()
        for lead_id, hashed in sorted(found, key=lambda row: (row.lead_id, row.address_hash)):
            identity = wanted[hashed]
            if lead_id in own and identity not in taken:
                taken.add(identity)
                _rename_lead(conn, lead_id, outlet, identity)


def _unknown(conn: Connection, outlet: str, listings: Iterable[Listing]) -> list[Listing]:
    by_key = {identity_hash(outlet, listing.identity): listing for listing in listings}
    for keys in chunks(sorted(by_key)):
        known = select(leads.c.identity_hash).where(leads.c.identity_hash.in_(keys))
        for key in conn.execute(known).scalars().all():
            del by_key[key]
    return list(by_key.values())


def _rename_lead(conn: Connection, lead_id: int, outlet: str, identity: str) -> None:
    key = identity_hash(outlet, identity)
    others = leads.alias()
    conn.execute(
        update(leads)
        .where(leads.c.id == lead_id, ~exists().where(others.c.identity_hash == key))
        .values(identity=identity, identity_hash=key)
    )


def known_article(conn: Connection, outlet: str, identity: str, url: str) -> Article | None:
    """The article an outlet has under that identity, else under that canonical address."""
    found = by_identity(conn, outlet, identity)
    if found is not None:
        return found
    by_url = select(articles.c.id).where(
        articles.c.outlet == outlet, articles.c.url_hash == address_hash(url)
    )
    article_id = conn.execute(by_url.order_by(articles.c.id).limit(1)).scalar()
    return None if article_id is None else records(conn, [article_id])[0]


def rename_article(conn: Connection, article: Article, identity: str) -> None:
    """Gives a stored article that identity, unless another one has it by now."""
    if article.identity == identity:
        return
    take_turn(conn)
    key = identity_hash(article.outlet or "", identity)
    others = articles.alias()
    conn.execute(
        update(articles)
        .where(articles.c.id == article.id, ~exists().where(others.c.identity_hash == key))
        .values(identity=identity, identity_hash=key)
    )
