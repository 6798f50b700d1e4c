"""Random wire stories and what houses make of them, and the stories that pairs alone tell."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

from sqlalchemy import delete, select, update

from crawler.items import Article
from storage.database import Database
from storage.schema import articles, signature_bands, signatures
from storage.stories.bands import keys
from storage.stories.placing import Placed, Placing, place, telling_of
from storage.stories.resemblance import tell_one_story
from storage.turns import take_turn
from tests.storage.samples import NOW, an_article, store

_SYLLABLES = [first + second for first in "bcdfgklmnprstvz" for second in "aeiou"]


def sentence(rng: random.Random, words: int = 18) -> str:
    return " ".join("".join(rng.choices(_SYLLABLES, k=3)) for _ in range(words)) + "."


def paragraphs(rng: random.Random, number: int) -> list[str]:
    return [f"{sentence(rng)} {sentence(rng)}" for _ in range(number)]


def some_articles(rng: random.Random, number: int) -> list[Article]:
    """Copies of a few wires: cut, continued, with a digest or two among them, some undated."""
    wires = [paragraphs(rng, rng.randint(2, 6)) for _ in range(number // 3)]
    return [_copy(rng, wires, index) for index in range(number)]


def _copy(rng: random.Random, wires: Sequence[list[str]], index: int) -> Article:
    wire = rng.choice(wires)
    text = rng.choice(
        [
            wire,
            wire[: max(len(wire) // 2, 1)],
            paragraphs(rng, 1) + wire,
            wire + paragraphs(rng, rng.randint(1, 4)),
            [other[0] for other in wires[:4]],
            wire[:2] + rng.choice(wires)[:2],
        ]
    )
    is_dated = rng.random() < 0.8
    return an_article(
        url=f"https://news.example/{index}",
        outlet=rng.choice(["one", "two", "three"]),
        headline=f"Headline {index}",
        paragraphs=text,
        date_published=NOW + timedelta(days=rng.randint(0, 9)) if is_dated else None,
    )


def store_unplaced(database: Database, found: Sequence[Article]) -> dict[int, Article]:
    """Stores articles as if nobody had compared them, by their ids."""
    stored = {
        store(database, article, str(index)).article_id: article
        for index, article in enumerate(found)
    }
    unplace(database)
    return stored


def unplace(database: Database) -> None:
    with database.write() as conn:
        for table in (signature_bands, signatures):
            conn.execute(delete(table))
        conn.execute(update(articles).values(story_id=None))


def place_now(database: Database, found: Mapping[int, Article]) -> Placed:
    with database.write() as conn:
        take_turn(conn)
        return place(conn, [Placing(number, telling_of(one)) for number, one in found.items()])


def stories_of(database: Database) -> dict[int, int | None]:
    """The story of each article, as stored."""
    with database.read() as conn:
        rows = conn.execute(select(articles.c.id, articles.c.story_id))
        return {row.id: row.story_id for row in rows}


def stories_by_pairs(found: Mapping[int, Article]) -> dict[int, int | None]:
    """The same from comparing each with each."""
    tellings = {number: telling_of(article) for number, article in found.items()}
    signed = {number: telling for number, telling in tellings.items() if telling is not None}
    hashes = {number: set(keys(telling)) for number, telling in signed.items()}
    story = {number: number for number in signed}
    for one, other in combinations(signed, 2):
        if hashes[one] & hashes[other] and tell_one_story(signed[one], signed[other]):
            low, high = sorted((story[one], story[other]))
            story = {number: low if s == high else s for number, s in story.items()}
    return {number: story.get(number) for number in found}


def rewritten(rng: random.Random, article: Article, others: Sequence[Article]) -> Article:
    """The article as its outlet has it the next day: another text, cut, or continued."""
    own = article.paragraphs
    text = rng.choice(
        [own[:1], own + paragraphs(rng, 3), rng.choice(others).paragraphs, paragraphs(rng, 3), []]
    )
    return replace(article, paragraphs=text)
