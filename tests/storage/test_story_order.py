"""Stories follow from the texts alone, in whatever order and company they come."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from crawler.items import Article
from storage.database import Database
from storage.stories.placing import place_all
from tests.storage.wires import (
    place_now,
    rewritten,
    some_articles,
    store_unplaced,
    stories_by_pairs,
    stories_of,
    unplace,
)

ARTICLES = 24
ORDERS = 3


@pytest.fixture(params=range(2))
def rng(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


def portions(rng: random.Random, found: dict[int, Article]) -> Iterator[dict[int, Article]]:
    """All of them in a random order, one by one or several at once."""
    numbers = rng.sample(sorted(found), len(found))
    while numbers:
        size = rng.choice([1, 1, 2, 5, 20])
        yield {number: found[number] for number in numbers[:size]}
        del numbers[:size]


def test_any_order_and_any_batches_give_the_same(database: Database, rng: random.Random) -> None:
    found = store_unplaced(database, some_articles(rng, ARTICLES))
    expected = stories_by_pairs(found)
    assert 1 < len(set(expected.values())) < ARTICLES, "the sample is of no use"
    for _ in range(ORDERS):
        for portion in portions(rng, found):
            place_now(database, portion)
        assert stories_of(database) == expected
        unplace(database)
    place_now(database, found)
    assert stories_of(database) == expected


def test_changes_in_any_batches_give_the_same(database: Database, rng: random.Random) -> None:
    found = store_unplaced(database, some_articles(rng, ARTICLES))
    place_now(database, found)
    for _ in range(ORDERS):
        for portion in portions(rng, found):
            texts = list(found.values())
            changed = {n: rewritten(rng, one, texts) for n, one in portion.items()}
            before = stories_of(database)
            placed = place_now(database, changed)
            found |= changed
            after = stories_of(database)
            assert after == stories_by_pairs(found)
            assert placed.story_ids == {number: after[number] for number in changed}
            others = {n for n in found if after[n] != before[n]} - changed.keys()
            assert set(placed.moved) - changed.keys() == others


def test_a_migration_gives_the_same(database: Database, rng: random.Random) -> None:
    found = store_unplaced(database, some_articles(rng, ARTICLES))
    with database.write() as conn:
        place_all(conn)
    assert stories_of(database) == stories_by_pairs(found)
