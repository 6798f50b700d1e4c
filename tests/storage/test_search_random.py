"""Invented articles and queries: both databases find what a plain reading of the texts finds.

The oracle knows words, stems and characters, and nothing of tokens, pairs, tiers as expressions
or windows. Both databases agree with it on every id and its place, so they agree with each other.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawler.items import Article, Image, Relevance
from storage.database import Database
from storage.search.endings import other_stems
from storage.search.snippets import hit_of
from storage.search.stems import stem, whole
from storage.words import is_character, words
from tests.storage.samples import NOW, an_article, store

SEEDS = (1, 2)
ARTICLES = 40
QUERIES = 60
NOON = NOW.replace(hour=12, minute=0, second=0, microsecond=0)
VOCABULARY = (
    "gas gases China China's pipeline pipelines cooperation cooperate J-20 1,234 don't to to to "
    "газ газа Китай Китая Россия российский ёлка елка 中俄关系 中 俄 关系 俄关 系中 中中 ロシア a-b"
).split()
PREFIXES = "c co cooperat pipel pipeline китая рос ёл j 1 don 12 g-2 j-2".split()


@dataclass(frozen=True)
class Term:
    """What is asked for: words as typed, whether the last is a beginning, and where."""

    typed: str
    is_beginning: bool
    in_headline: bool

    def as_typed(self, dice: random.Random) -> str:
        where = dice.choice(["headline:", "Headline:"]) if self.in_headline else ""
        if self.is_beginning:
            return f"{where}{self.typed}*"
        is_one = " " not in self.typed and dice.random() < 0.5
        return where + (self.typed if is_one else f'"{self.typed}"')


Part = list[str]


class Read:
    """An article as a person might look through it."""

    def __init__(self, article: Article) -> None:
        labels = [label for label in (article.topic, *article.topics) if label]
        pictures = [article.lead_image, *article.images]
        captions = [picture.caption for picture in pictures if picture and picture.caption]
        self.headline = words(article.headline)
        summary = [words(text) for text in article.summary]
        others = [*labels, *article.authors, *captions, *article.paragraphs]
        self.parts = [self.headline, *summary, *(words(text) for text in others)]
        often = Counter(thing for part in self.parts for thing in things(part))
        self.focus = {thing for thing, number in often.items() if number >= 3}
        for part in (self.headline, *summary):
            self.focus.update(things(part))

    def has(self, term: Term, level: int) -> bool:
        if term.in_headline or level == 0:
            return occurs(term, self.headline)
        if level == 1 and not self.is_about(term):
            return False
        return any(occurs(term, part) for part in self.parts)

    def is_about(self, term: Term) -> bool:
        asked = words(term.typed)
        *firsts, last = things(asked) if asked else [""]
        if len(asked) > 1 and is_character(asked[-1]) and is_character(asked[-2]):
            return all(thing in self.focus for thing in firsts)
        if not all(thing in self.focus for thing in firsts):
            return False
        if is_character(last):
            return any(thing[0] == last for thing in self.focus)
        if not term.is_beginning:
            return last in self.focus
        return any(begins(asked[-1], thing) for thing in self.focus)


def things(part: Part) -> list[str]:
    """What can be in focus: stems, each character with the next, the last of a run alone."""
    found = []
    for word, following in zip(part, [*part[1:], ""], strict=False):
        is_pair = is_character(word) and is_character(following)
        found.append(word + following if is_pair else stem(word))
    return found


def occurs(term: Term, part: Part) -> bool:
    asked = words(term.typed)
    starts = range(len(part) - len(asked) + 1)
    return any(stands(term, asked, part[n : n + len(asked)]) for n in starts)


def stands(term: Term, asked: Part, there: Part) -> bool:
    if [stem(word) for word in asked[:-1]] != [stem(word) for word in there[:-1]]:
        return False
    if term.is_beginning:
        return begins(asked[-1], stem(there[-1]))
    return stem(asked[-1]) == stem(there[-1])


def begins(beginning: str, thing: str) -> bool:
    """It begins so, or is the stem of a word that does."""
    bare = whole(beginning)
    return thing.startswith(bare) or thing in other_stems(bare)


class Oracle:
    """All articles, looked through one by one."""

    def __init__(self) -> None:
        self.articles: dict[str, tuple[Article, Read, datetime, int]] = {}

    def put(self, identity: str, article: Article, article_id: int) -> None:
        published = article.date_published or NOW
        self.articles[identity] = (article, Read(article), published, article_id)

    def find(
        self, groups: list[list[Term]], excluded: list[Term], criteria: dict[str, Any]
    ) -> list[str]:
        found = []
        for identity, (article, read, published, article_id) in self.articles.items():
            if not meets(article, published, criteria):
                continue
            if any(read.has(term, 2) for term in excluded):
                continue
            levels = [
                level
                for level in range(3)
                if all(any(read.has(term, level) for term in group) for group in groups)
            ]
            if levels:
                level = 0 if criteria.get("sort") == "published" else levels[0]
                found.append((level, -published.timestamp(), -article_id, identity))
        return [identity for *_, identity in sorted(found)][: criteria.get("limit")]


def meets(article: Article, published: datetime, criteria: dict[str, Any]) -> bool:
    return (
        article.outlet in criteria.get("outlet", [article.outlet])
        and article.language == criteria.get("language", article.language)
        and article.relevant == criteria.get("relevant", article.relevant)
        and criteria.get("author", "ann") in [author.casefold() for author in article.authors]
        and published >= criteria.get("since", published)
        and (published < criteria["until"] if "until" in criteria else True)
    )


def an_invented_article(dice: random.Random, number: int) -> Article:
    def text(most: int) -> str:
        joint = dice.choice([" ", " ", ", ", "\n"])
        return joint.join(dice.choices(VOCABULARY, k=dice.randrange(most + 1)))

    def texts(most: int, length: int) -> list[str]:
        return [text(length) for _ in range(dice.randrange(most + 1))]

    ago = timedelta(seconds=dice.choice([0, 1, 2, 86_400, 3_000_000, 40_000_000, 100_000_000]))
    ago *= dice.choice([-1, 1, 1, 1])
    return an_article(
        url=f"https://news.example/{number}",
        outlet=f"outlet {number % 3}",
        language=dice.choice(["en", "ru", "zh"]),
        headline=text(5),
        topic=dice.choice([None, text(2)]),
        topics=texts(2, 2),
        summary=texts(2, 4),
        authors=["Ann", *dice.choice([[], ["Bob"]])],
        paragraphs=[text(6) for _ in range(dice.randrange(1, 4))],
        subheads=[],
        lead_image=dice.choice([None, Image("https://x/1.jpg", text(3))]),
        images=[],
        relevance=Relevance(dice.random() < 0.7, 0.5),
        date_published=NOON - ago,
    )


def a_term(dice: random.Random) -> Term:
    in_headline = dice.random() < 0.15
    if dice.random() < 0.25:
        return Term(dice.choice(PREFIXES), True, in_headline)
    number = dice.choice([1, 1, 1, 2, 2, 3])
    return Term(" ".join(dice.choices(VOCABULARY, k=number)), False, in_headline)


def some_criteria(dice: random.Random) -> dict[str, Any]:
    possible: dict[str, Any] = {
        "outlet": dice.sample([f"outlet {n}" for n in range(4)], 2),
        "language": dice.choice(["en", "ru"]),
        "relevant": dice.random() < 0.5,
        "author": "bob",
        "since": NOON - timedelta(seconds=dice.choice([1, 86_400, 40_000_000])),
        "until": NOON - timedelta(seconds=dice.choice([-1, 0, 1, 86_400, 40_000_000])),
        "limit": dice.choice([1, 3, 10]),
        "sort": "published",
    }
    return {name: value for name, value in possible.items() if dice.random() < 0.15}


@pytest.mark.parametrize("seed", SEEDS)
def test_invented_queries_find_what_is_there(database: Database, seed: int) -> None:
    dice = random.Random(seed)
    oracle = Oracle()
    hits = 0
    for round_number in range(2):
        for number in range(ARTICLES) if round_number == 0 else dice.sample(range(ARTICLES), 15):
            article = an_invented_article(dice, number)
            stored = store(database, article, str(number))
            oracle.put(str(number), article, stored.article_id)
        for _ in range(QUERIES):
            groups = [
                [a_term(dice) for _ in range(dice.choice([1, 1, 1, 2]))]
                for _ in range(dice.choice([0, 1, 1, 2, 2, 3]))
            ]
            excluded = [a_term(dice) for _ in range(dice.choice([0, 0, 1]))]
            if not groups and not excluded:
                continue
            query = " ".join(
                [
                    *(" OR ".join(term.as_typed(dice) for term in group) for group in groups),
                    *(f"-{term.as_typed(dice)}" for term in excluded),
                ]
            )
            criteria = some_criteria(dice)
            expected = oracle.find(groups, excluded, criteria)
            found = list(database.articles(search=query, **criteria))
            assert [article.identity for article in found] == expected, (query, criteria)
            if "limit" not in criteria:
                assert database.count(search=query, **criteria) == len(expected)
            for article in found[:2]:
                check_hit(article, query, groups)
            hits += len(expected)
    assert hits > QUERIES


def check_hit(article: Article, query: str, groups: list[list[Term]]) -> None:
    """What is marked is what was asked for."""
    hit = hit_of(article, query)
    asked = {stem(word) for group in groups for term in group for word in words(term.typed)}
    beginnings = [words(t.typed)[-1] for group in groups for t in group if t.is_beginning]
    for text, marks in ((article.headline, hit.headline_marks), (hit.snippet, hit.snippet_marks)):
        for start, end in marks:
            for word in words(text[start:end]):
                meant = any(begins(b, stem(word)) or begins(b, whole(word)) for b in beginnings)
                assert stem(word) in asked or meant, (query, text)
