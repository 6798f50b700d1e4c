"""Keeps each article once, and each of its contents once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, select, update

from crawler.items import Article
from storage.cleaning import content_hash, identity_hash
from storage.inserts import insert
from storage.placing import Placing, place
from storage.records import (
    READ_COLUMNS,
    article_of,
    article_values,
    content_of,
    is_partial,
    keep_known,
)
from storage.revisions import changes, note_revision
from storage.schema import articles, leads
from storage.sightings import note_sightings
from storage.turns import take_turn

Outcome = Literal["new", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a reading did; `changed` names the content fields, for `updated` only."""

    article_id: int
    revision: int
    outcome: Outcome
    changed: list[str]


def store_article(
    conn: Connection, article: Article, *, identity: str, page_id: int | None, now: datetime
) -> Stored:
    """Stores a reading of a page within the caller's transaction.

    A constraint, not a check beforehand, makes the article one: any number of writers may
    store it at once. A partial reading never replaces a whole one.
    """
    if article.outlet is None:
        raise ValueError(f"an article without an outlet cannot be stored: {article.url}")
    key = identity_hash(article.outlet, identity)
    take_turn(conn)
    row = _locked_row(conn, key)
    if row is None:
        stored = _insert(conn, article, identity, key, page_id, now)
        if stored is not None:
            return stored
        row = _locked_row(conn, key)
        if row is None:
            raise RuntimeError(f"article {key} conflicts with a row that cannot be read")
    return _update(conn, row, article, page_id, now)


def _locked_row(conn: Connection, key: str) -> RowMapping | None:
    """The stored row, kept from other writers until the transaction ends.

    SQLite has no FOR UPDATE and needs none: its writers take turns from BEGIN IMMEDIATE on.
    """
    statement = select(*READ_COLUMNS).where(articles.c.identity_hash == key).with_for_update()
    return conn.execute(statement).mappings().one_or_none()


def _insert(
    conn: Connection,
    article: Article,
    identity: str,
    key: str,
    page_id: int | None,
    now: datetime,
) -> Stored | None:
    """Null when another writer stored the article first."""
    content = content_of(article)
    article_id = conn.execute(
        insert(conn, articles)
        .values(
            **article_values(article),
            identity=identity,
            identity_hash=key,
            content_hash=content_hash(content),
            revision=1,
            first_seen=now,
            last_seen=now,
            last_changed=now,
            page_id=page_id,
        )
        .on_conflict_do_nothing(index_elements=["identity_hash"])
        .returning(articles.c.id)
    ).scalar_one_or_none()
    if article_id is None:
        return None
    note_revision(conn, article_id, 1, content, changed=[], page_id=page_id, now=now)
    place(conn, [Placing(article_id, article, is_new=True)])
    return Stored(article_id, 1, "new", [])


def _update(
    conn: Connection, row: RowMapping, reading: Article, page_id: int | None, now: datetime
) -> Stored:
    article_id, revision = row["id"], row["revision"]
    stored = article_of(row, [])
    if is_partial(reading) and not is_partial(stored):
        touch(conn, article_id, now)
        return Stored(article_id, revision, "unchanged", [])
    if reading.truncated or (stored.paragraphs and not reading.paragraphs):
        reading = keep_known(stored, reading)
    content = content_of(reading)
    changed = [change.field for change in changes(content_of(stored), content)]
    values: dict[str, Any] = {**article_values(reading), "last_seen": now, "gone_at": None}
    if changed:
        revision += 1
        values |= {
            "revision": revision,
            "content_hash": content_hash(content),
            "last_changed": now,
            "page_id": page_id,
        }
        note_revision(
            conn, article_id, revision, content, changed=changed, page_id=page_id, now=now
        )
    else:
        del values["search_text"], values["topic_labels"]
        if page_id is not None:
            values["page_id"] = page_id
    if row["url_hash"] != values["url_hash"]:
        _keep_address(conn, row["identity_hash"], row["url"], now)
    conn.execute(update(articles).where(articles.c.id == article_id).values(**values))
    if changed or row["story_id"] is None:
        place(conn, [Placing(article_id, reading)])
    return Stored(article_id, revision, "updated" if changed else "unchanged", changed)


def _keep_address(conn: Connection, key: str, old_url: str, now: datetime) -> None:
    """A canonical address that was replaced stays one the article was met under."""
    lead_id = conn.execute(
        select(leads.c.id).where(leads.c.identity_hash == key)
    ).scalar_one_or_none()
    if lead_id is not None:
        note_sightings(conn, {lead_id: [old_url]}, source_url=None, now=now)


def touch(conn: Connection, article_id: int, now: datetime) -> None:
    """The article is still there as it was: a 304, or a reading that adds nothing."""
    conn.execute(
        update(articles).where(articles.c.id == article_id).values(last_seen=now, gone_at=None)
    )


def mark_gone(conn: Connection, article_id: int, now: datetime) -> None:
    """The article left its site. The record stays; the first time noticed counts."""
    conn.execute(
        update(articles)
        .where(articles.c.id == article_id, articles.c.gone_at.is_(None))
        .values(gone_at=now)
    )
