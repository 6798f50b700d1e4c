"""Finding records: filters, search, order, addresses. Over both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from crawler.errors import ConfigurationError
from crawler.items import Relevance
from storage import reading
from storage.database import RECORDS_PER_BATCH, Database
from storage.filters import Filters
from storage.frontier import lead_for, settle
from storage.search import finding
from tests.storage.samples import HOUR, NOW, a_listing, an_article, store


def day(number: int) -> datetime:
    return datetime(2026, 3, number, tzinfo=UTC)


def identities(database: Database, **criteria: Any) -> list[str]:
    """The last part of the addresses of what is found."""
    return [article.url.rpartition("/")[2] for article in database.articles(**criteria)]


def put(database: Database, identity: str, now: datetime = NOW, **changes: Any) -> int:
    url = f"https://news.example/article/{identity}"
    return store(database, an_article(url=url, **changes), identity, now).article_id


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, ["c", "b", "d", "a"]),
        ({"outlet": "one"}, ["b", "a"]),
        ({"outlet": ["one", "two"]}, ["c", "b", "a"]),
        ({"outlet": []}, []),
        ({"since": day(5)}, ["c", "b"]),
        ({"until": day(5)}, ["d", "a"]),
        ({"since": day(2), "until": day(5)}, ["d"]),
        ({"topic": "ДИПЛОМАТИЯ"}, ["b"]),
        ({"topic": "china-russia RELATIONS"}, ["c", "d", "a"]),
        ({"topic": "China"}, []),
        ({"language": "ZH"}, ["c"]),
        ({"relevant": True}, ["b", "d", "a"]),
        ({"relevant": False}, ["c"]),
        ({"limit": 2}, ["c", "b"]),
        ({"limit": 0}, []),
        ({"sort": "-published"}, ["a", "d", "b", "c"]),
        ({"sort": "first_seen"}, ["d", "c", "b", "a"]),
        ({"sort": "-first_seen"}, ["a", "b", "c", "d"]),
        ({"sort": "last_changed"}, ["a", "d", "c", "b"]),
        ({"sort": "headline"}, ["d", "c", "b", "a"]),
        ({"sort": "-headline"}, ["a", "b", "c", "d"]),
        ({"sort": "outlet"}, ["b", "a", "d", "c"]),
        ({"sort": "id"}, ["a", "b", "c", "d"]),
        ({"sort": "-id"}, ["d", "c", "b", "a"]),
    ],
)
def test_filters_and_orders(database: Database, criteria: dict[str, Any], found: list[str]) -> None:
    """`d` has no date of publication: its first sight, on the 4th, stands for it."""
    put(database, "a", day(1), outlet="one", headline="4", date_published=day(1))
    diplomacy: dict[str, Any] = {"topic": None, "topics": ["x", "Дипломатия"]}
    put(database, "b", day(2), outlet="one", headline="3", date_published=day(5), **diplomacy)
    off_topic = Relevance(False, 0.1)
    put(
        database, "c", day(3), outlet="two", headline="2", date_published=day(6),
        language="zh", relevance=off_topic,
    )  # fmt: skip
    put(database, "d", day(4), outlet="three", headline="1", date_published=None)
    put(database, "a", day(9), outlet="one", headline="5", date_published=day(1))
    assert identities(database, **criteria) == found
    if criteria.get("limit") is None:
        assert database.count(**criteria) == len(found)


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        ({"sort": "1; drop table articles"}, "none of rank, published, first_seen, last_changed"),
        ({"sort": "--id"}, "none of rank, published"),
        ({"limit": -1}, "limit: -1"),
        ({"since": datetime(2026, 1, 1)}, "no time zone"),  # noqa: DTZ001
    ],
)
def test_filters_that_make_no_sense_are_refused_at_once(
    database: Database, criteria: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        database.articles(**criteria)


def test_more_articles_than_a_batch_come_in_order_and_lazily(database: Database) -> None:
    number = RECORDS_PER_BATCH * 2 + 1
    for index in range(number):
        put(database, str(index), NOW + timedelta(seconds=index), date_published=None)
    found = database.articles(Filters(sort="-published"))
    assert next(found).url.endswith("/0")
    store(database, an_article(outlet="late"), "late")  # no lock is held between two records
    assert [int(article.url.rpartition("/")[2]) for article in found] == list(range(1, number))


def test_an_article_is_found_by_whatever_it_was_met_under(database: Database) -> None:
    article_id = put(database, "1")
    listing = a_listing(fetch_url="https://m.news.example/1")
    with database.write() as conn:
        lead = lead_for(conn, "example", listing, NOW)
        lead_for(conn, "example", a_listing(address="https://news.example/1?b"), NOW + HOUR)
        settle(conn, lead.id, "stored", article_id=article_id, now=NOW)
    for known in (
        article_id,
        str(article_id),
        f" {article_id} ",
        "https://news.example/article/1",
        "https://news.example/article/1#comments",
        listing.address,
        "https://news.example/1?b#top",
        "https://m.news.example/1",
    ):
        found = database.article(known)
        assert found is not None, known
        assert found.id == article_id
        assert found.alternate_urls == [
            listing.address,
            "https://m.news.example/1",
            "https://news.example/1?b",
        ]
    by_identity = database.article_by_identity("example", "1")
    assert by_identity is not None
    assert by_identity.id == article_id


@pytest.mark.parametrize(
    "unknown", [0, -1, 10**30, "0", "9" * 40, "²", "", "https://news.example/", "http://[", "\x00"]
)
def test_what_is_not_stored_is_null(database: Database, unknown: int | str) -> None:
    put(database, "1")
    assert database.article(unknown) is None
    assert database.article_by_identity("example", str(unknown)) is None


def test_ids_are_fetched_piece_by_piece(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not all at once by the driver: on PostgreSQL only a cursor of the server's does that."""
    expected = [put(database, str(number)) for number in range(5)]
    monkeypatch.setattr(finding, "IDS_PER_FETCH", 2)
    kinds: list[str] = []

    def note(_conn: Any, cursor: Any, statement: str, *_others: Any) -> None:
        kinds.append(type(cursor).__name__)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.read() as conn:
        kinds.clear()
        assert list(reading.matching_ids(conn, Filters(sort="id"))) == expected
    assert kinds == ["ServerCursor" if conn.dialect.name == "postgresql" else "Cursor"]


def test_the_latest_change_of_what_meets_the_filters(database: Database) -> None:
    assert database.latest_change() is None
    put(database, "1", NOW, language="ru")
    put(database, "2", NOW + HOUR, language="en")
    assert database.latest_change() == NOW + HOUR
    assert database.latest_change(language="ru") == NOW
    assert database.latest_change(sort="id", limit=1) == NOW
