"""Which pairs of articles are one story: invented pairs, and labelled ones where they are had."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Article
from storage.stories.bands import keys
from storage.stories.placing import telling_of
from storage.stories.resemblance import tell_one_story

INVENTED = tomllib.loads(Path(__file__).with_name("story_pairs.toml").read_text("utf-8"))["pair"]
LABELLED = Path(__file__).parents[3] / "shared" / "sources" / "syndication-dev.jsonl"


def is_one_story(one: Article, other: Article) -> bool:
    tellings = telling_of(one), telling_of(other)
    if tellings[0] is None or tellings[1] is None:
        return False
    found = tell_one_story(*tellings)
    assert found == tell_one_story(*reversed(tellings)), "it depends on the order"
    hashes = [set(keys(telling)) for telling in tellings]
    assert not found or hashes[0] & hashes[1], "they would not find each other"
    return found


def articles_of(pair: dict[str, Any]) -> tuple[Article, Article]:
    one, other = (
        Article(
            url=f"https://{outlet}.example/1",
            outlet=outlet,
            headline=headline,
            paragraphs=text.strip().splitlines(),
            date_published=datetime.fromisoformat(date).replace(tzinfo=UTC) if date else None,
        )
        for outlet, headline, text, date in zip(
            pair.get("outlets", ["one", "other"]),
            pair["headlines"],
            pair["texts"],
            pair.get("dates", ["", ""]),
            strict=True,
        )
    )
    return one, other


@pytest.mark.parametrize("pair", INVENTED, ids=lambda pair: f"{pair['language']} {pair['kind']}")
def test_an_invented_pair(pair: dict[str, Any]) -> None:
    assert is_one_story(*articles_of(pair)) == pair["same"]


@pytest.mark.parametrize("pair", INVENTED, ids=lambda pair: f"{pair['language']} {pair['kind']}")
def test_a_text_is_a_copy_of_itself_elsewhere(pair: dict[str, Any]) -> None:
    for article in articles_of(pair):
        assert is_one_story(article, replace(article, outlet="third", headline=""))


def test_no_two_invented_stories_are_one() -> None:
    """All texts against all others, as if none had a date."""
    texts = [
        [replace(one, headline="", date_published=None) for one in pair]
        for pair in map(articles_of, INVENTED)
    ]
    for some, others in combinations(texts, 2):
        assert not any(is_one_story(one, other) for one in some for other in others)


def labelled_pairs() -> Iterator[tuple[str, bool, Article, Article]]:
    for line in LABELLED.read_text("utf-8").splitlines():
        group = json.loads(line)
        if group["merge"] == "either":
            continue
        found = [_article(item) for item in group["items"]]
        for one, other in combinations(found, 2):
            yield group["group_id"], group["merge"] == "yes", one, other


def _article(item: dict[str, Any]) -> Article:
    date = item["published"] or ""
    is_day = len(date) == len("2022-11-30")
    return Article(
        url=item["url"],
        outlet=item["site"],
        headline=item["title"],
        paragraphs=[item["excerpt"]],
        date_published=datetime.fromisoformat(date).replace(tzinfo=UTC) if is_day else None,
    )


@pytest.mark.skipif(not LABELLED.exists(), reason="the labelled pairs are not beside this clone")
def test_the_labelled_pairs() -> None:
    wrong = [
        (group, is_same, one.outlet, other.outlet)
        for group, is_same, one, other in labelled_pairs()
        if is_one_story(one, other) != is_same
    ]
    assert wrong == []
