"""What was stored before its outlet's rule of identity changed. Over both databases."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from crawler.items import Listing
from storage import frontier
from storage.check import check
from storage.database import Database
from storage.identities import known_article, rename_article
from storage.schema import leads
from storage.sightings import note_sightings
from tests.storage.samples import HOUR, NOW, a_listing, an_article, store

URL = "https://news.example/article/1"
FEED = "https://news.example/feed"


def before(number: str, identity: str) -> Listing:
    """The listing as it was under another rule."""
    return replace(a_listing(number), identity=identity)


def list_again(database: Database, *listed: Listing) -> list[frontier.LeadState]:
    with database.write() as conn:
        return frontier.note_source(
            conn, "example", FEED, listed, etag=None, last_modified=None, status=200,
            now=NOW + HOUR,
        )  # fmt: skip


def identities(database: Database) -> set[str]:
    with database.read() as conn:
        return set(conn.execute(select(leads.c.identity)).scalars())


def test_a_listed_address_keeps_its_lead(database: Database) -> None:
    (old,) = list_again(database, before("1", URL))
    (after,) = list_again(database, a_listing("1"))
    assert (after.lead_id, after.is_new, after.identity) == (old.lead_id, False, "1")
    assert identities(database) == {"1"}
    with database.read() as conn:
        assert [lead.identity for lead in frontier.due(conn, "example", NOW + HOUR)] == ["1"]
    assert list(check(database)) == []


def test_the_lead_that_has_the_identity_already_counts(database: Database) -> None:
    old = before("2", URL)
    list_again(database, a_listing("1"), old)
    states = list_again(database, a_listing("1", address=old.address))
    assert [state.is_new for state in states] == [False]
    assert identities(database) == {"1", URL}


def test_two_leads_that_are_one_now(database: Database) -> None:
    """The first has the new identity; the other stays under its old one."""
    first, second = before("1", URL), before("2", f"{URL}/amp")
    list_again(database, first, second)
    states = list_again(
        database, a_listing("1"), a_listing("1", address=second.address, headline=None)
    )
    assert [state.is_new for state in states] == [False]
    assert len(identities(database) & {"1", URL, f"{URL}/amp"}) == 2
    assert "1" in identities(database)


def test_an_unlisted_address_is_no_reason(database: Database) -> None:
    """Where a redirect ended may be another article's address."""
    (first,) = list_again(database, a_listing("1"))
    end = "https://news.example/article/2"
    with database.write() as conn:
        note_sightings(conn, {first.lead_id: [end]}, source_url=None, now=NOW)
    (after,) = list_again(database, a_listing("2", address=end))
    assert after.is_new
    assert identities(database) == {"1", "2"}


def test_another_outlets_lead_is_left_alone(database: Database) -> None:
    listing = before("1", URL)
    with database.write() as conn:
        frontier.note_source(
            conn, "other", FEED, [listing], etag=None, last_modified=None, status=200, now=NOW
        )
    (state,) = list_again(database, a_listing("1"))
    assert state.is_new
    assert identities(database) == {URL, "1"}


def test_a_stored_article_is_known_by_its_address(database: Database) -> None:
    stored = store(database, an_article(url=URL), identity=URL)
    with database.write() as conn:
        found = known_article(conn, "example", "1", URL)
        assert found is not None
        assert found.id == stored.article_id
        rename_article(conn, found, "1")
        assert known_article(conn, "other", "1", URL) is None
        assert known_article(conn, "example", "2", f"{URL}2") is None
    again = store(database, an_article(url=URL), identity="1", now=NOW + HOUR)
    assert (again.article_id, again.outcome) == (stored.article_id, "unchanged")
    assert list(check(database)) == []


def test_an_identity_that_is_taken_stays_with_its_article(database: Database) -> None:
    store(database, an_article(url=URL), identity=URL)
    store(database, an_article(url=f"{URL}/new"), identity="1")
    with database.write() as conn:
        old = known_article(conn, "example", URL, URL)
        assert old is not None
        rename_article(conn, old, "1")
        assert known_article(conn, "example", URL, URL) == old
    assert database.count() == 2
