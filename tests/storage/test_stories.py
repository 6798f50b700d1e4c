"""Stories in the database: merged, split, kept apart, found by two writers at once; and read."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

import storage
from crawler.errors import ConfigurationError
from crawler.items import Article
from storage.articles import store_articles
from storage.database import Database
from storage.migrate import config, upgrade
from storage.readings import Reading
from storage.schema import articles, signature_bands, signatures
from tests.storage.samples import NOW, an_article, store
from tests.storage.wires import paragraphs, sentence, stories_of

DAY = timedelta(days=1)
ONE, TWO, THREE = (paragraphs(random.Random(seed), 6) for seed in range(3))


def told(texts: Sequence[str], outlet: str, **changes: Any) -> Article:
    values = {"url": f"https://{outlet}.example/{random.random()}", "headline": "Short", **changes}
    return an_article(paragraphs=list(texts), outlet=outlet, **values)


def store_all(database: Database, *found: Article, identity: str = "") -> list[int]:
    """Each in a transaction of its own; their ids."""
    return [
        store(database, one, identity or f"{index}-{one.url}").article_id
        for index, one in enumerate(found)
    ]


def change_of(database: Database, article_id: int) -> int:
    with database.read() as conn:
        statement = select(articles.c.change).where(articles.c.id == article_id)
        return conn.execute(statement).scalar_one()


def test_copies_share_the_lowest_id(database: Database) -> None:
    ids = store_all(
        database,
        told(ONE, "a"),
        told(TWO, "a"),
        told(ONE[:2], "b"),
        told([*paragraphs(random.Random(9), 1), *ONE], "c"),
    )
    assert stories_of(database) == {ids[0]: ids[0], ids[1]: ids[1], ids[2]: ids[0], ids[3]: ids[0]}


def test_too_little_text_is_in_no_story(database: Database) -> None:
    (number,) = store_all(database, told(["A caption of six words only."], "a"))
    assert stories_of(database) == {number: None}
    assert database.article(number).story_id is None


def test_an_article_that_links_two_stories_merges_them(database: Database) -> None:
    first, second = store_all(database, told(ONE[:3], "a"), told(TWO[:3], "b"))
    untouched = store_all(database, told(THREE, "b"))[0]
    before = {number: change_of(database, number) for number in (first, second, untouched)}
    (bridge,) = store_all(database, told(ONE[:3] + TWO[:3], "c"))
    assert stories_of(database) == {
        first: first, second: first, bridge: first, untouched: untouched
    }  # fmt: skip
    after = {number: change_of(database, number) for number in (first, second, untouched)}
    assert after[second] > before[second], "its record has another story now"
    assert after[first] == before[first]
    assert after[untouched] == before[untouched]


def test_a_changed_text_splits_what_it_linked(database: Database) -> None:
    first, second = store_all(database, told(ONE[:3], "a"), told(TWO[:3], "b"))
    (bridge,) = store_all(database, told(ONE[:3] + TWO[:3], "c"), identity="bridge")
    before = change_of(database, second)
    store_all(database, told(THREE, "c"), identity="bridge")
    assert stories_of(database) == {first: first, second: second, bridge: bridge}
    assert change_of(database, second) > before
    store_all(database, told(TWO, "c"), identity="bridge")
    assert stories_of(database) == {first: first, second: second, bridge: second}


def test_the_lowest_id_leaves_its_story_to_the_others(database: Database) -> None:
    (first,) = store_all(database, told(ONE, "a"), identity="first")
    second, third = store_all(database, told(ONE, "b"), told(ONE, "c"))
    store_all(database, told(TWO, "a"), identity="first")
    assert stories_of(database) == {first: first, second: second, third: second}


def test_what_is_no_longer_compared_leaves_no_rows(database: Database) -> None:
    (number,) = store_all(database, told(ONE, "a"), identity="first")
    store_all(database, told(["Six words in a single line."], "a"), identity="first")
    with database.read() as conn:
        for table in (signatures, signature_bands):
            assert conn.execute(select(func.count()).select_from(table)).scalar_one() == 0
    assert stories_of(database) == {number: None}


@pytest.mark.parametrize("undated", [0, 1, None])
def test_an_unknown_date_parts_nothing(database: Database, undated: int | None) -> None:
    dates = [None if undated in (place, None) else NOW - 900 * DAY for place in (0, 1)]
    ids = store_all(
        database, *(told(ONE, f"o{n}", date_published=date) for n, date in enumerate(dates))
    )
    assert set(stories_of(database).values()) == {ids[0]}


@pytest.mark.parametrize(("days", "is_same"), [(6, True), (-6, True), (7, False), (-7, False)])
def test_copies_come_within_days(database: Database, days: int, is_same: bool) -> None:
    first = told(ONE, "a", date_published=datetime(2026, 3, 5, tzinfo=UTC))
    again = told(ONE, "b", date_published=datetime(2026, 3, 5, tzinfo=UTC) + days * DAY)
    store_all(database, first, again)
    assert (len(set(stories_of(database).values())) == 1) is is_same


def test_what_all_pages_of_an_outlet_share_ties_nothing(database: Database) -> None:
    rng = random.Random(5)
    frame = [sentence(rng, 30), sentence(rng, 30)]
    notices = ["Subscribe now to read the whole of it. " + sentence(rng, 40)]
    front = [told([*frame, *paragraphs(rng, 2)], "a") for _ in range(4)]
    back = [told([*paragraphs(rng, 2), *frame], "a") for _ in range(4)]
    short = [told([sentence(rng, 25), *notices], outlet) for outlet in "abab"]
    ids = store_all(database, *front, *back, *short)
    assert stories_of(database) == dict(zip(ids, ids, strict=True))


def test_a_digest_of_ten_stories_ties_nothing(database: Database) -> None:
    rng = random.Random(6)
    wires = [[sentence(rng, 40), *paragraphs(rng, 4)] for _ in range(10)]
    digest = told([sentence(rng, 25), *(wire[0] for wire in wires)], "digest")
    ids = store_all(database, *(told(wire, "a") for wire in wires), digest)
    assert stories_of(database) == dict(zip(ids, ids, strict=True))


def test_two_writers_at_one_moment_make_one_story(database: Database) -> None:
    start = threading.Barrier(2)

    def write(outlet: str) -> None:
        start.wait()
        for number, text in enumerate((ONE, TWO, THREE)):
            store(database, told(text, outlet, headline=f"{number}"), f"{outlet}{number}")

    writers = [threading.Thread(target=write, args=(outlet,)) for outlet in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = list(database.stories())
    assert len(found) == 3
    assert all(sorted(story.outlets) == ["a", "b"] for story in found)


def test_a_batch_is_as_good_as_one_by_one(database: Database) -> None:
    batch = [told(ONE, "a"), told(TWO, "a"), told(TWO[:3], "b"), told(ONE[:3], "b")]
    readings = [Reading(one, str(index)) for index, one in enumerate(batch)]
    with database.write() as conn:
        ids = [stored.article_id for stored in store_articles(conn, readings, NOW)]
    groups = {frozenset(entry.id for entry in story.articles) for story in database.stories()}
    assert groups == {frozenset({ids[0], ids[3]}), frozenset({ids[1], ids[2]})}


def test_articles_stored_before_get_their_stories(empty_database_url: str) -> None:
    from alembic import command

    upgrade(empty_database_url)
    with storage.open(empty_database_url) as database:
        ids = store_all(database, told(ONE, "a"), told(TWO, "b"), told(ONE[:4], "c"))
        expected = stories_of(database)
        assert expected == {ids[0]: ids[0], ids[1]: ids[1], ids[2]: ids[0]}
        with database.write() as conn:
            command.downgrade(config(conn), "0003")
        assert set(stories_of(database).values()) == {None}
        changes = [change_of(database, number) for number in ids]
        upgrade(empty_database_url)
        assert stories_of(database) == expected
        assert min(change_of(database, number) for number in ids) > max(changes)


def test_stories_are_read_newest_first(database: Database) -> None:
    def at(days: int) -> datetime:
        return NOW + days * DAY

    old = store_all(
        database,
        told(ONE, "a", date_published=at(-9), headline="Second told"),
        told(ONE, "b", date_published=at(-10), headline="First told", language="ru"),
    )
    new = store_all(
        database,
        told(TWO, "b", date_published=at(-2)),
        told(TWO, "c", date_published=at(-1)),
        told(TWO, "c", date_published=at(0)),
    )
    store_all(database, told(THREE, "a"), told(THREE, "a"))
    first, second = database.stories()
    assert [first.id, second.id] == [new[0], old[0]]
    assert second.headline == "First told"
    assert second.language == "ru"
    assert second.outlets == ["b", "a"]
    assert [entry.id for entry in second.articles] == [old[1], old[0]]
    assert (second.first_published, second.last_published) == (at(-10), at(-9))
    assert first.outlets == ["b", "c"]
    assert len(first.articles) == 3

    def ids(**criteria: Any) -> list[int]:
        return [story.id for story in database.stories(**criteria)]

    assert ids(limit=1) == [new[0]]
    assert ids(limit=0) == []
    assert ids(outlet="a") == [old[0]]
    assert ids(outlet=["a", "c"]) == [new[0], old[0]]
    assert ids(since=at(-9)) == [new[0], old[0]]
    assert ids(since=at(-8)) == [new[0]]
    assert ids(until=at(-2)) == [old[0]]
    assert ids(until=at(-1), since=at(-2), outlet="c") == []
    assert ids(told_by=3) == []
    assert len(ids(told_by=1)) == 3
    with pytest.raises(ConfigurationError, match="told_by"):
        ids(told_by=0)
    with pytest.raises(ConfigurationError, match="time zone"):
        ids(since=datetime(2026, 1, 1))  # noqa: DTZ001


def test_stories_come_as_they_are_asked_for(database: Database) -> None:
    rng = random.Random(7)
    for index in range(3):
        text = paragraphs(rng, 2)
        store_all(database, *(told(text, outlet, headline=f"{index}") for outlet in "ab"))
    found = database.stories()
    assert next(found).articles
    store_all(database, told(paragraphs(rng, 2), "c"))  # no transaction is open meanwhile
    assert len(list(found)) == 2
