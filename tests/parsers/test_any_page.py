"""Whatever the page: an article that keeps every promise, or `NotAnArticle`."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import NotAnArticle
from crawler.items import Article
from crawler.parsers import parse_article
from tests.parsers import scmp_pages as pages
from tests.parsers.hostile_pages import URLS
from tests.parsers.promises import broken_promises
from tests.parsers.random_pages import damaged, random_bytes, random_page

FIXTURES = sorted(Path(__file__).parent.rglob("page.html"))
SAME_EACH_TIME = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SEEDS = st.integers(0, 2**32)
ADDRESSES = st.sampled_from(list(URLS.values()))


def read(page: bytes, url: str) -> Article | None:
    """The article; null where there is none. Nothing may be caught inside and called so."""
    try:
        return parse_article(page, url)
    except NotAnArticle as error:
        if error.__cause__:
            raise error.__cause__ from error
        return None


def keeps_its_promises(page: bytes, url: str) -> None:
    article, again = read(page, url), read(page, url)
    assert (article is None) == (again is None)
    if article is not None and again is not None:
        assert broken_promises(article) == []
        assert article.to_dict() == again.to_dict()


@SAME_EACH_TIME
@given(st.binary(max_size=300), ADDRESSES)
def test_bytes(page: bytes, url: str) -> None:
    keeps_its_promises(page, url)


@SAME_EACH_TIME
@given(SEEDS, ADDRESSES)
def test_charsets(seed: int, url: str) -> None:
    keeps_its_promises(random_bytes(Random(seed)), url)


@SAME_EACH_TIME
@given(SEEDS, ADDRESSES)
def test_trees(seed: int, url: str) -> None:
    keeps_its_promises(random_page(Random(seed)), url)


@SAME_EACH_TIME
@given(SEEDS, st.sampled_from(FIXTURES), ADDRESSES)
def test_damaged_pages(seed: int, fixture: Path, url: str) -> None:
    keeps_its_promises(damaged(Random(seed), fixture.read_bytes()), url)


@SAME_EACH_TIME
@given(st.floats(0, 1), st.sampled_from(FIXTURES), ADDRESSES)
def test_truncated_pages(share: float, fixture: Path, url: str) -> None:
    page = fixture.read_bytes()
    keeps_its_promises(page[: int(share * len(page))], url)


def test_most_random_trees_are_articles() -> None:
    """The other tests would say little of pages that are all refused."""
    read_ones = [read(random_page(Random(seed)), URLS["scmp"]) for seed in range(40)]
    assert sum(article is not None for article in read_ones) > 20


@pytest.mark.parametrize("codec", ["idna", "punycode", "undefined", "unicode_escape", "hex"])
def test_codecs_that_are_no_charsets(codec: str) -> None:
    page = pages.page(pages.rendered(), f'<meta charset="{codec}">').replace(b"utf-8", b"")
    article = parse_article(page + b"\xff\x80.", URLS["scmp"])
    assert article.paragraphs[0] == pages.PARAGRAPHS[0]


def test_a_number_of_too_many_digits() -> None:
    number = "9" * 5000
    script = f'<script>window.x = {{"a": {number}, "b": "{"ice " * 200}"}}</script>'
    data = f'<script type="application/ld+json">{{"wordCount": {number}}}</script>'
    keeps_its_promises(pages.page(script + data + pages.rendered("<p>Ice.</p>")), URLS["generic"])


def test_the_printed_date_is_clean() -> None:
    times = '<time datetime=" 2023-11-14T22:13:20Z\u200b&#10;"></time>'
    article = read(pages.page(pages.rendered(dates=times)), URLS["scmp"])
    assert article is not None
    assert article.date_published_raw == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize("date", [10**400, -(10**400), 1e308, 2**63])
def test_a_date_no_clock_has(date: float) -> None:
    html = pages.next_page(pages.article(publishedDate=date))
    article = read(html, URLS["scmp"])
    assert article is not None
    assert article.date_published is None


@pytest.mark.parametrize("count", ["9" * 400, "9" * 5000, 10**400])
def test_a_count_of_words_no_text_has(count: object) -> None:
    data = json.dumps({"@type": "NewsArticle", "wordCount": "@"})
    data = data.replace('"@"', json.dumps(count))
    script = f'<script type="application/ld+json">{data}</script>'
    article = read(pages.page(pages.rendered(), script), URLS["generic"])
    assert article is not None
    assert not article.truncated


def test_the_address_of_a_picture_is_clean() -> None:
    data = '{"@type":"NewsArticle","image":"/pier\\ud800\\u0000.jpg"}'
    script = f'<script type="application/ld+json">{data}</script>'
    article = read(pages.page(pages.rendered(), script), URLS["generic"])
    assert article is not None
    assert article.lead_image is not None
    assert article.lead_image.url == "https://news.example/pier.jpg"


def test_a_name_of_a_million_letters() -> None:
    data = json.dumps({"@type": "NewsArticle", "publisher": "i" * 1_000_000})
    script = f'<script type="application/ld+json">{data}</script>'
    keeps_its_promises(pages.page(pages.rendered(), script), URLS["generic"])


@pytest.mark.parametrize("length", range(495, 505))
def test_a_title_that_is_cut_is_clean(length: int) -> None:
    title = "Ice " * 124 + "." * (length - 496) + " on the river"
    page = f"<title>{title}</title><time itemprop=dateCreated datetime=2023-11-14T22:13:20Z>"
    keeps_its_promises(page.encode(), URLS["scmp"])
