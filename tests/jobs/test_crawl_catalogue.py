"""The whole catalogue, twice: a newsroom on loopback for each of its entries, in the structure
of that outlet, crawled by the entry itself with nothing but its hosts and its pace exchanged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.outlets import Outlet, packaged_catalogue
from tests.faultserver import FaultServers, Hit
from tests.jobs.desk import IN_PROCESSES, Desk, Ran
from tests.newsrooms.hosts import Loopback, local_delay
from tests.newsrooms.newsroom import SOURCES, STYLES, Newsroom, open_newsrooms

OUTLETS = [outlet for outlet in packaged_catalogue() if outlet.enabled]
FIELDS = (
    "headline",
    "summary",
    "authors",
    "section",
    "language",
    "date_published",
    "date_modified",
    "paragraphs",
    "truncated",
)
CLOCK_SECONDS = 0.001  # between two readings of the clock of one machine
ROBOTS = "/robots.txt"


@dataclass
class History:
    """Two crawls of the same newsrooms, and what each host was asked in each."""

    newsrooms: dict[str, Newsroom]
    runs: list[Ran]
    hits: list[dict[str, list[Hit]]]
    articles: dict[str, list[dict[str, Any]]]

    def pages(self, run: int) -> list[str]:
        """The addresses that were asked for, but for robots.txt."""
        return [
            f"http://{host}{hit.path}"
            for host, hits in self.hits[run].items()
            for hit in hits
            if hit.path != ROBOTS
        ]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    desk = Desk(tmp_path_factory.mktemp("catalogue"))
    with FaultServers() as servers:
        loopback = Loopback(servers)
        desk.outlets(*map(loopback.entry, OUTLETS))
        newsrooms = open_newsrooms(OUTLETS, loopback, datetime.now(UTC))
        runs: list[Ran] = []
        hits: list[dict[str, list[Hit]]] = []
        for _ in range(2):
            servers.forget()
            runs.append(desk.crawl(env=IN_PROCESSES))
            hits.append({host: server.hits for host, server in loopback.hosts.items()})
        articles: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for article in desk.articles():
            articles[article["outlet"]].append(article)
        yield History(newsrooms, runs, hits, articles)


by_outlet = pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)


def test_every_enabled_entry_has_a_newsroom() -> None:
    assert set(STYLES) == {outlet.id for outlet in OUTLETS}
    assert len(OUTLETS) >= 35


def test_newsrooms_differ() -> None:
    """All that feeds, sitemaps and lists come in, and more than one charset."""
    forms = {form for style in STYLES.values() for name in SOURCES for form in style.get(name, [])}
    assert forms == {
        "rss", "rdf", "rdf-bare", "atom", "news", "urlset", "index-days", "index-months",
        "index-gzip", "list", "paged", "json-publishUrl", "json-HTTP_URL", "json-aid", "json-data",
    }  # fmt: skip
    assert {"gb18030", "windows-1251"} <= {style.get("charset") for style in STYLES.values()}
    assert len({style.get("case") for style in STYLES.values()}) >= 40


def test_a_page_that_says_gb2312_and_is_more(history: History) -> None:
    wire = next(a for a in history.newsrooms["people-zh"].articles if a.kind == "wire")
    assert wire.page is not None
    assert b"charset=GB2312" in wire.page
    with pytest.raises(UnicodeDecodeError):
        wire.page.decode("gb2312")


def test_nothing_went_wrong(history: History) -> None:
    assert [(run.code, run.err) for run in history.runs] == [(0, ""), (0, "")]


@by_outlet
def test_what_is_on_topic_is_stored_once(history: History, outlet: Outlet) -> None:
    """Every field as it was printed, and nothing that is off topic."""
    written = history.newsrooms[outlet.id].stored
    assert len(written) >= 3
    stored = {article["url"]: article for article in history.articles[outlet.id]}
    assert len(stored) == len(history.articles[outlet.id])
    assert set(stored) == {article.record["url"] for article in written}
    for article in written:
        found = stored[article.record["url"]]
        assert {name: found[name] for name in FIELDS} == {
            name: article.record[name] for name in FIELDS
        }
        assert (found["relevant"], found["revision"]) == (True, 1)


@by_outlet
def test_an_article_under_two_addresses_is_one(history: History, outlet: Outlet) -> None:
    first = history.newsrooms[outlet.id].articles[0]
    stored = {article["url"]: article for article in history.articles[outlet.id]}
    assert first.copy in stored[first.fetched]["alternate_urls"]
    assert history.pages(0).count(first.fetched) == 1
    assert first.copy not in history.pages(0)


@by_outlet
def test_counts_of_both_crawls(history: History, outlet: Outlet) -> None:
    newsroom = history.newsrooms[outlet.id]
    kinds = [article.kind for article in newsroom.articles]
    counts = dict.fromkeys(("new", "updated", "unchanged", "off_topic", "forbidden", "failed"), 0)
    first = counts | {
        "found": len(kinds),
        "new": len(newsroom.stored),
        "off_topic": kinds.count("off_topic"),
        "forbidden": len(kinds) - kinds.count("off_topic") - len(newsroom.stored),
    }
    for run, expected in zip(history.runs, (first, counts | {"found": 0}), strict=True):
        row = run.of(outlet.id)
        assert row.pop("problems") == []
        assert row == {"outlet": outlet.id, **expected}


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_a_report_of_a_wire_is_one_story(history: History, language: str) -> None:
    """With all that printed it, and nothing else."""
    copies, others = set(), set()
    for newsroom in history.newsrooms.values():
        if newsroom.outlet.language != language:
            continue
        for article in newsroom.stored:
            if article.page is not None:  # a headline alone is too little to tell
                (copies if article.kind == "wire" else others).add(article.record["url"])
    stories = {
        article["url"]: article["story_id"]
        for articles in history.articles.values()
        for article in articles
    }
    (story,) = {stories[url] for url in copies}
    assert story is not None
    alone = [stories[url] for url in others if stories[url] is not None]
    assert story not in alone
    assert len(alone) == len(set(alone))


def test_the_second_crawl_asks_for_what_is_due_and_nothing_is_sent_again(history: History) -> None:
    """No page is due so soon, and of every source the server knows that it was read."""
    pages = {
        article.fetched for newsroom in history.newsrooms.values() for article in newsroom.articles
    }
    asked = history.pages(1)
    assert not pages & set(asked)
    assert len(asked) == len(set(asked))
    sources = {url for newsroom in history.newsrooms.values() for url in newsroom.sources}
    assert sources <= set(asked)
    assert set(asked) <= set(history.pages(0)) - pages
    redirected = sum("redirects" in style for style in STYLES.values())
    statuses = [
        hit.status for hits in history.hits[1].values() for hit in hits if hit.path != ROBOTS
    ]
    assert statuses.count(304) == len(statuses) - redirected
    assert statuses.count(302) == redirected


def test_what_robots_forbid_is_not_asked_for(history: History) -> None:
    """Nor is anything asked of a host before its robots.txt, which is asked for once a crawl."""
    for newsroom in history.newsrooms.values():
        for article in newsroom.articles:
            assert (article.fetched in history.pages(0)) == article.is_allowed
            assert (article.fetched in history.pages(1)) is False
    for hits in (hits for run in history.hits for hits in run.values() if hits):
        assert [hit.path == ROBOTS for hit in hits] == [True] + [False] * (len(hits) - 1)


def outlets_at(history: History) -> dict[str, list[Newsroom]]:
    """The newsrooms by the hosts that their sources and articles are on."""
    found: dict[str, list[Newsroom]] = defaultdict(list)
    for newsroom in history.newsrooms.values():
        fetched = [article.fetched for article in newsroom.articles]
        for host in {urlsplit(url).netloc for url in (*newsroom.sources, *fetched)}:
            found[host].append(newsroom)
    return found


def test_each_host_is_left_the_time_that_it_asks_for(history: History) -> None:
    """By the host's clock, from each answer to the next request: the longest of its outlets'
    delays and of its own Crawl-delay. Outlets that share a host wait for each other.
    """
    newsrooms = outlets_at(history)
    shared = [host for host, those in newsrooms.items() if len(those) > 1]
    slowed = [
        host for host, those in newsrooms.items() if pause_at(host, those) > longest_delay(those)
    ]
    assert len(shared) >= 3
    assert len(slowed) >= 2
    for run in history.hits:
        asked = {host: hits for host, hits in run.items() if len(hits) > 1}
        assert set(shared) <= set(asked)
        for host, hits in asked.items():
            delay = pause_at(host, newsrooms[host])
            for earlier, later in pairwise(hits):
                assert earlier.answering is not None
                assert later.started - earlier.answering >= delay - CLOCK_SECONDS, host


def longest_delay(newsrooms: list[Newsroom]) -> float:
    return max(local_delay(newsroom.outlet) for newsroom in newsrooms)


def pause_at(host: str, newsrooms: list[Newsroom]) -> float:
    """What is to lie between two requests to a host, in seconds."""
    asked = (n.crawl_delay_seconds for n in newsrooms if host in n.rules())
    return max(longest_delay(newsrooms), *asked, 0.0)
