"""Keeps each article once, and each of its contents once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, select, update

from crawler.items import Article
from storage.article_rows import ids_by_key, locked_row, locked_rows
from storage.cleaning import clean_values, content_hash
from storage.inserts import insert, new_ids
from storage.kinds import Kind, kind_of
from storage.readings import Reading
from storage.records import (
    article_of,
    article_values,
    content_of,
    differs,
    merged,
)
from storage.revisions import changes, keep_superseded, note_revisions, revision_values
from storage.schema import articles, leads
from storage.search.entries import index_articles
from storage.search.tokens import Tokens, tokens_of
from storage.sightings import note_sightings
from storage.stories.placing import Placing, place, telling_of, withdraw
from storage.turns import next_changes, take_turn

Outcome = Literal["new", "updated", "unchanged"]

_COMPARED_FIELDS = {"headline", "paragraphs", "date_published"}
"""What stories are told by: see `storage.stories.placing`."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a reading did.

    `kind` is that of the revision made, null for none. `changed` names the content fields.
    """

    article_id: int
    revision: int
    outcome: Outcome
    changed: list[str]
    kind: Kind | None = None


def store_article(
    conn: Connection, article: Article, *, identity: str, page_id: int | None, now: datetime
) -> Stored:
    """Stores one reading: see `store_articles`."""
    return store_articles(conn, [Reading(article, identity, page_id)], now)[0]


def store_articles(conn: Connection, readings: Sequence[Reading], now: datetime) -> list[Stored]:
    """Stores readings of pages within the caller's transaction; what came of each, in order.

    A constraint, not a check beforehand, makes each article one: any number of writers may
    store it at once. A partial reading never replaces a whole one. Several readings of one
    article count in their order. Raises ValueError for an article without an outlet.
    """
    take_turn(conn)
    batch = Batch(conn, now)
    outcomes: dict[int, Stored] = {}
    for some in _distinct(readings):
        outcomes |= batch.store(some)
    index_articles(conn, batch.to_index)
    return [outcomes[index] for index in range(len(readings))]


def _distinct(readings: Sequence[Reading]) -> Iterator[dict[str, tuple[int, Reading]]]:
    """The readings and their places, in rounds that hold each article once, by its key."""
    rounds: list[dict[str, tuple[int, Reading]]] = []
    for index, reading in enumerate(readings):
        key = reading.key
        free = next((some for some in rounds if key not in some), None)
        if free is None:
            free = {}
            rounds.append(free)
        free[key] = (index, reading)
    return iter(rounds)


class Batch:
    """The writing of one transaction that holds the turn."""

    def __init__(self, conn: Connection, now: datetime) -> None:
        self.conn = conn
        self.now = now
        self.numbers = next_changes(conn)
        self.placings: list[Placing] = []
        self.to_index: list[tuple[int, datetime, Tokens]] = []

    def store(self, readings: Mapping[str, tuple[int, Reading]]) -> dict[int, Stored]:
        """What came of each reading, by its place."""
        known = locked_rows(self.conn, list(readings))
        added = self._insert({key: r for key, (_, r) in readings.items() if key not in known})
        if lost := [key for key in readings if key not in known and key not in added]:
            # Written by a program that takes no turns, between our look and our insert.
            known |= locked_rows(self.conn, lost)
        outcomes = {}
        for key, (index, reading) in readings.items():
            if key in added:
                outcomes[index] = Stored(added[key], 1, "new", [], "new")
            else:
                outcomes[index] = self._update(known[key], reading)
        self.place_all()
        return outcomes

    def place_all(self) -> None:
        """Finds the stories of the articles whose text became another."""
        self._place(self.placings)
        self.placings = []

    def _place(self, placings: Sequence[Placing]) -> dict[int, int | None]:
        """The story of each; other articles whose story is another now have changed too."""
        if not placings:
            return {}
        placed = place(self.conn, placings)
        for article_id in placed.moved:
            self._write(article_id, change=next(self.numbers))
        return placed.story_ids

    def _insert(self, readings: Mapping[str, Reading]) -> dict[str, int]:
        """The ids of the articles that were not there, by key."""
        keys = sorted(readings)  # one order for all writers: no deadlock
        ids = dict(zip(keys, new_ids(self.conn, articles, len(keys)), strict=True))
        placings = [Placing(ids[key], readings[key].telling, is_new=True) for key in keys]
        stories = self._place(placings)
        rows = {key: self._new_row(ids[key], key, readings[key], stories[ids[key]]) for key in keys}
        if rows:
            statement = insert(self.conn, articles)
            self.conn.execute(
                statement.on_conflict_do_nothing(index_elements=["identity_hash"]),
                list(rows.values()),
            )
        kept = ids_by_key(self.conn, keys)
        added = {key: ids[key] for key in keys if kept.get(key) == ids[key]}
        if len(added) < len(keys):
            withdraw(self.conn, [one for one in placings if one.article_id not in added.values()])
        self.to_index += [
            (article_id, rows[key]["published"], readings[key].tokens(rows[key]["published"]))
            for key, article_id in added.items()
        ]
        note_revisions(
            self.conn,
            [
                revision_values(
                    article_id,
                    1,
                    "new",
                    rows[key]["content_hash"],
                    page_id=readings[key].page_id,
                    now=self.now,
                )
                for key, article_id in added.items()
            ],
        )
        return added

    def _new_row(
        self, article_id: int, key: str, reading: Reading, story_id: int | None
    ) -> dict[str, Any]:
        article = reading.article
        return {
            "id": article_id,
            "story_id": story_id,
            **reading.values,
            "published": article.date_published or self.now,
            "identity": reading.identity,
            "identity_hash": key,
            "content_hash": reading.content_hash,
            "change": next(self.numbers),
            "revision": 1,
            "first_seen": self.now,
            "last_seen": self.now,
            "last_changed": self.now,
            "page_id": reading.page_id,
        }

    def _update(self, row: RowMapping, reading: Reading) -> Stored:
        stored = article_of(row, [])
        article = merged(stored, reading.article)
        if article is None:
            return self._touch(row)
        if not differs(stored, article) and not changes(*_contents(stored, article)):
            return self._touch(row, page_id=reading.page_id, comment_count=article.comment_count)
        return self.replace(row, article, reading.page_id)

    def replace(
        self, row: RowMapping, article: Article, page_id: int | None, *, is_reread: bool = False
    ) -> Stored:
        """The record becomes another. `is_reread`: though nobody has looked at its site."""
        before, after = _contents(article_of(row, []), article)
        changed = [change.field for change in changes(before, after)]
        values = article_values(article) | {
            "published": article.date_published or row["first_seen"]
        }
        tokens = tokens_of(article, values["published"])
        self.to_index.append((row["id"], values["published"], tokens))
        if row["url_hash"] != values["url_hash"]:
            _keep_address(self.conn, row["identity_hash"], row["url"], self.now)
        if not changed:
            if is_reread:
                self._write(row["id"], change=next(self.numbers), **values)
                return Stored(row["id"], row["revision"], "unchanged", [])
            return self._touch(row, page_id=page_id, **values)
        keep_superseded(self.conn, row["id"], row["revision"], before)
        kind = "reread" if is_reread else kind_of(before, after, changed)
        if _COMPARED_FIELDS.intersection(changed):
            self.placings.append(Placing(row["id"], telling_of(article)))
        values["content_hash"] = content_hash(after)
        return self._revise(row, kind, changed, page_id, **values)

    def _touch(self, row: RowMapping, page_id: int | None = None, **values: Any) -> Stored:
        """Writes what makes no revision, unless the article was thought gone."""
        if row["gone_at"] is not None:
            return self._revise(row, "returned", [], page_id, **values)
        if set(values) - {"comment_count"}:
            values["change"] = next(self.numbers)
        if page_id is not None:
            values["page_id"] = page_id
        self._write(row["id"], last_seen=self.now, **values)
        return Stored(row["id"], row["revision"], "unchanged", [])

    def _revise(
        self,
        row: RowMapping,
        kind: Kind,
        changed: list[str],
        page_id: int | None,
        **values: Any,
    ) -> Stored:
        article_id, revision = row["id"], row["revision"] + 1
        hashed = values.get("content_hash", row["content_hash"])
        entry = revision_values(
            article_id, revision, kind, hashed, changed=changed, page_id=page_id, now=self.now
        )
        note_revisions(self.conn, [entry])
        self._write(
            article_id,
            **values,
            change=next(self.numbers),
            revision=revision,
            last_seen=row["last_seen"] if kind in ("gone", "reread") else self.now,
            last_changed=self.now,
            gone_at={"gone": self.now, "reread": row["gone_at"]}.get(kind),
            page_id=row["page_id"] if page_id is None else page_id,
        )
        return Stored(article_id, revision, "updated", changed, kind)

    def _write(self, article_id: int, **values: Any) -> None:
        self.conn.execute(update(articles).where(articles.c.id == article_id).values(**values))

    def touch(self, article_id: int) -> Stored:
        return self._touch(locked_row(self.conn, article_id))

    def mark_gone(self, article_id: int) -> Stored:
        row = locked_row(self.conn, article_id)
        if row["gone_at"] is not None:
            return Stored(article_id, row["revision"], "unchanged", [])
        return self._revise(row, "gone", [], None)


def _contents(stored: Article, article: Article) -> tuple[dict[str, Any], dict[str, Any]]:
    return content_of(stored), clean_values(content_of(article))


def _keep_address(conn: Connection, key: str, old_url: str, now: datetime) -> None:
    """A canonical address that was replaced stays one the article was met under."""
    lead_id = conn.execute(
        select(leads.c.id).where(leads.c.identity_hash == key)
    ).scalar_one_or_none()
    if lead_id is not None:
        note_sightings(conn, {lead_id: [old_url]}, source_url=None, now=now)


def touch(conn: Connection, article_id: int, now: datetime) -> Stored:
    """The article is still there as it was: a 304. One thought gone has returned."""
    take_turn(conn)
    return Batch(conn, now).touch(article_id)


def mark_gone(conn: Connection, article_id: int, now: datetime) -> Stored:
    """The article left its site: a revision `gone`. The text stays; the first time counts."""
    take_turn(conn)
    return Batch(conn, now).mark_gone(article_id)
