"""Pages that are closed: what the feed says of them is kept, and nothing is made up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faultserver import RSS, FaultServer, FaultServers, Route, answer, in_turn
from tests.jobs.desk import Desk, Ran, an_article, an_outlet, rss

HEADLINE = "China and Russia sign gas accord"
LEAD = (
    "The accord between China and Russia was signed in Beijing on Monday. It runs for thirty years"
    " and was long in the making, an official said."
)
WALL = "<html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>"
ROBOTS = answer("User-agent: *\nDisallow: /forbidden\n", 200, "text/plain")
STUB = an_article(head='<meta property="article:content_tier" content="locked">')
PAGES: dict[str, Route] = {
    "/401": answer("", 401),
    "/402": answer("", 402),
    "/403": answer("", 403),
    "/wall": answer(WALL),
    "/forbidden": answer(an_article()),
    "/stub": answer(STUB),
    "/500": answer("", 500),
    "/404": answer("", 404),
}
KNOWN = ("/401", "/402", "/403", "/forbidden", "/wall")


def an_item(path: str, headline: str = HEADLINE, lead: str = LEAD) -> str:
    creator = '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Anna Orlova</dc:creator>'
    return (
        f"<item><title>{headline}</title><link>{path}</link><description>{lead}</description>"
        f"{creator}<pubDate>02 Nov 2026 08:00:00 +0000</pubDate></item>"
    )


def serve(server: FaultServer, *more: str) -> None:
    server.routes |= {"/robots.txt": ROBOTS, **PAGES}
    server.routes["/feed"] = answer(rss(*map(an_item, PAGES), *more), 200, RSS)


@pytest.fixture(scope="module")
def crawled(hosts: FaultServers, shared_desk: Desk) -> Ran:
    """The same outlet twice, the one with an entry that says that it is closed."""
    for name in ("closed", "open"):
        pool = an_item("/pool", "New swimming pool opens", "Children came to swim in it.")
        serve(hosts[name], an_item("/untitled", headline=""), pool)
        hosts[name].routes |= dict.fromkeys(("/untitled", "/pool"), answer("", 403))
    shared_desk.outlets(
        an_outlet(
            hosts["closed"].base_url, "closed", paywall="closed", on_topic=False, language="ru"
        ),
        an_outlet(hosts["open"].base_url, "open", on_topic=False),
    )
    return shared_desk.crawl()


def records(desk: Desk, outlet: str) -> dict[str, dict[str, Any]]:
    return {"/" + r["url"].rpartition("/")[2]: r for r in desk.articles(outlet)}


def test_the_feed_is_all_that_is_known(crawled: Ran, shared_desk: Desk) -> None:
    stored = records(shared_desk, "closed")
    assert sorted(stored) == sorted([*KNOWN, "/stub"])
    for path in KNOWN:
        record = stored[path]
        assert record["headline"] == HEADLINE
        assert record["summary"] == [LEAD]
        assert record["authors"] == ["Anna Orlova"]
        assert record["date_published"] == "2026-11-02T08:00:00Z"
        assert record["paragraphs"] == record["topics"] == record["images"] == []
        assert (record["paywall"], record["truncated"]) == ("closed", True)
        assert record["language"] == "en"
        assert record["relevant"] is True
        assert record["parser"] == "listing/1"
        assert set(record["provenance"].values()) == {"feed"}
        assert {"headline", "summary", "authors", "date_published"} == set(record["provenance"])
        assert record["date_modified"] is record["date_published_raw"] is None


def test_faults_and_silent_feeds_are_none_of_it(crawled: Ran) -> None:
    """A fault may pass, a page that is gone is gone, and a listing without headline tells
    nothing; what is off topic by its listing is not kept.
    """
    row = crawled.of("closed")
    assert (row["new"], row["off_topic"], row["failed"]) == (6, 1, 3)
    assert sorted(problem.partition(": http")[0] for problem in row["problems"]) == [
        "fetch: HTTP 403", "fetch: HTTP 404", "fetch: HTTP 500",
    ]  # fmt: skip


def test_an_outlet_that_is_not_said_to_be_closed_keeps_none(
    crawled: Ran, shared_desk: Desk
) -> None:
    assert list(records(shared_desk, "open")) == ["/stub"]
    row = crawled.of("open")
    assert (row["new"], row["forbidden"], row["failed"]) == (1, 1, 8)


def test_a_stub_is_filled_where_it_is_silent(crawled: Ran, shared_desk: Desk) -> None:
    """Whatever the entry says: the page itself tells that it is closed."""
    for outlet in ("closed", "open"):
        record = records(shared_desk, outlet)["/stub"]
        assert record["paywall"] == "closed"
        assert record["parser"].startswith("generic/")
        assert (record["summary"], record["authors"]) == ([LEAD], ["Anna Orlova"])
        assert {record["provenance"][name] for name in ("summary", "authors")} == {"feed"}
        assert record["provenance"]["headline"] != "feed"


def test_an_open_page_is_not_filled(server: FaultServer, desk: Desk) -> None:
    """One that prints no author has none."""
    server.routes["/feed"] = answer(rss(an_item("/a")), 200, RSS)
    server.routes["/a"] = answer(an_article())
    desk.outlets(an_outlet(server.base_url, paywall="closed"))
    desk.crawl()
    (record,) = desk.articles()
    assert (record["summary"], record["authors"], record["truncated"]) == ([], [], False)


def test_a_page_that_opens_takes_the_place_of_its_listing(server: FaultServer, desk: Desk) -> None:
    """And when it closes again its text stays."""
    server.routes["/feed"] = answer(rss(an_item("/a")), 200, RSS)
    server.routes["/a"] = in_turn(answer("", 403), answer(an_article()), answer("", 403))
    desk.outlets(an_outlet(server.base_url, paywall="closed"))
    texts = []
    for _ in range(3):
        desk.crawl("--url", f"{server.base_url}/a")
        if not texts:
            assert desk.articles() == []  # no listing is known yet
            desk.crawl()
        texts.append([len(record["paragraphs"]) for record in desk.articles()])
    assert texts[-1] == [3]
    (record,) = desk.articles()
    assert record["truncated"] is False


def test_paywall_of_an_entry_is_checked(desk: Desk) -> None:
    desk.outlets(an_outlet("http://127.0.0.1:9", paywall="hard"))
    ran = desk.run("crawl")
    assert ran.code == 2
    assert "outlet desk: paywall: Input should be 'none', 'metered' or 'closed'" in ran.err
