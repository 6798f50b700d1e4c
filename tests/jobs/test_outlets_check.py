"""`sinorus outlets check`: what works and what does not, told by an outlet that is tried live."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from crawler.items import Article
from crawler.outlets import Outlet
from jobs.checking.fields import field_notes, field_problems
from tests.faultserver import RSS, FaultServer, FaultServers, answer, hang, redirect
from tests.jobs.desk import Desk, Ran, an_article, an_outlet, end_by_signal, wait_until
from tests.jobs.newsroom import (
    PUBLISHED,
    TEXT,
    XML,
    YEARS,
    a_feed,
    a_home,
    a_sitemap,
    serve_newsroom,
    serve_stories,
    story_paths,
)

PATTERN = "/story/(?P<id>\\d+)"
FAULTY = {
    "zombie": "dead: it answers, and its newest item is of ",
    "html": "feed: not a feed, begins with '<!DOCTYPE html>",
    "nomatch": "article_urls match none of its 6 addresses",
    "nolinks": "article_urls match none of its 7 links",
    "undated": "date_published: missing on 2 of 2 pages",
    "robots": "robots.txt forbids it",
    "gone": "fetch: HTTP 404",
    "down": "robots.txt: fetch: 127.0.0.1 refused the connection",
    "empty": "feed: answers, and lists nothing",
    "moved": "address: not on a host of the outlet's entry (http://elsewhere.example/feed)",
    "strays": "6 of 6 addresses are on hosts not of the entry",
    "russian": "language: all pages are in en, the entry says ru",
    "index": "dead: it answers, and its newest item is of ",
    "none": "its entry has no feeds, sitemaps or pages",
    "wall": "parse: not an article: 0 letters of text",
}
ADVICE = {
    "zombie": "leave it out of the entry",
    "html": "it is a page (HTML): list it under pages",
    "nomatch": "//[^/]+/story/(?P<id>\\d+)/[^/?#]+/?(?:[?#]|$)",
    "nolinks": "//[^/]+/story/(?P<id>\\d+)/[^/?#]+/?(?:[?#]|$)",
    "robots": "leave it out, or ask the publisher",
    "gone": "sinorus outlets new http://127.0.0.",
    "down": "try again later",
    "moved": 'other_hosts = ["elsewhere.example"]',
    "strays": 'other_hosts = ["elsewhere.example"]',
    "russian": "correct `language`",
    "none": "sinorus outlets new ",
}


def serve_faults(hosts: FaultServers) -> None:
    """One way to fail for each host."""
    serve_newsroom(hosts["zombie"], age=YEARS)
    hosts["html"].routes["/feed"] = answer(an_article())
    serve_newsroom(hosts["nomatch"])
    hosts["nolinks"].routes["/"] = answer(a_home(story_paths(6)))
    undated = serve_newsroom(hosts["undated"])
    hosts["undated"].routes["/"] = answer(a_home(undated))
    serve_stories(hosts["undated"], undated, an_article().replace(PUBLISHED, ""))
    serve_newsroom(hosts["robots"])
    hosts["robots"].routes["/robots.txt"] = answer("User-agent: *\nDisallow: /\n", 200, TEXT)
    hosts["empty"].routes["/feed"] = answer(a_feed(hosts["empty"], []), 200, RSS)
    hosts["moved"].routes["/feed"] = redirect("http://elsewhere.example/feed")
    elsewhere = a_feed(hosts["strays"], story_paths(6))
    elsewhere = elsewhere.replace(hosts["strays"].base_url, "http://elsewhere.example")
    hosts["strays"].routes["/feed"] = answer(elsewhere, 200, RSS)
    serve_newsroom(hosts["russian"])
    index = hosts["index"]
    part = f"<sitemap><loc>{index.base_url}/2019-05.xml</loc></sitemap>"
    index.routes["/index.xml"] = answer(f"<sitemapindex>{part}</sitemapindex>", 200, XML)
    paths = story_paths(6)
    index.routes["/2019-05.xml"] = answer(a_sitemap(index, paths, YEARS), 200, XML)
    serve_stories(index, paths)
    wall = serve_newsroom(hosts["wall"], 1)
    serve_stories(hosts["wall"], wall, an_article(texts=()))


@pytest.fixture(scope="module")
def faulty(hosts: FaultServers, shared_desk: Desk) -> Ran:
    """One check of an outlet for each fault."""
    serve_faults(hosts)
    changes: dict[str, dict[str, Any]] = {
        "nomatch": {"article_urls": ["/article/\\d+"]},
        "nolinks": {"article_urls": ["/article/\\d+"], "feeds": [], "pages": ["/"]},
        "undated": {"feeds": [], "pages": ["/"]},
        "russian": {"language": "ru"},
        "index": {"feeds": [], "sitemaps": ["/index.xml"]},
        "none": {"feeds": []},
    }
    entries = []
    for name in FAULTY:
        home = "http://127.0.0.1:1" if name == "down" else hosts[name].base_url
        of_entry = dict(changes.get(name, {}))
        for key in ("pages", "sitemaps"):
            of_entry |= {key: [home + path for path in of_entry[key]]} if key in of_entry else {}
        entries.append(an_outlet(home, name, **of_entry))
    shared_desk.outlets(*entries)
    return shared_desk.run("outlets", "check", *FAULTY, "--samples", "2", "--json")


def verdict(ran: Ran, name: str) -> dict[str, Any]:
    (found,) = (entry for entry in ran.json["outlets"] if entry["outlet"] == name)
    return dict(found)


@pytest.mark.parametrize("name", FAULTY)
def test_each_fault_is_told_with_what_to_do(faulty: Ran, name: str) -> None:
    assert faulty.code == 1
    found = verdict(faulty, name)
    assert not found["works"]
    assert FAULTY[name] in found["problems"][0]["problem"]
    assert ADVICE.get(name, "") in (found["problems"][0]["advice"] or "")
    assert len(found["problems"]) == 1
    assert f"{name}: {found['problems'][0]['problem']}\n" in faulty.err


def test_a_forbidden_source_is_not_asked_for(faulty: Ran, hosts: FaultServers) -> None:
    assert hosts["robots"].paths == ["/robots.txt"]
    assert verdict(faulty, "robots")["sources"][0]["status"] is None


def test_a_zombie_answers_and_says_how_old_it_is(faulty: Ran) -> None:
    (source,) = verdict(faulty, "zombie")["sources"]
    assert (source["status"], source["form"], source["items"]) == (200, "RSS", 6)
    assert source["newest"][:10] in source["problems"][0]["problem"]


def test_nothing_is_stored(faulty: Ran, shared_desk: Desk) -> None:
    assert {path.name for path in shared_desk.folder.iterdir() if path.name[0] != "."} == {
        "outlets.toml"
    }


@pytest.fixture
def healthy(server: FaultServer, desk: Desk) -> dict[str, Any]:
    """An outlet with a source of each kind, all of which list the same six stories."""
    paths = serve_newsroom(server)
    listed = "".join(
        f"<sitemap><loc>{server.base_url}/{year}.xml</loc></sitemap>" for year in (2024, 2025, 2026)
    )
    server.routes |= {
        "/": answer(a_home(paths)),
        "/index.xml": answer(f"<sitemapindex>{listed}</sitemapindex>", 200, XML),
        "/2026.xml": answer(a_sitemap(server, paths), 200, XML),
    }
    home = server.base_url
    entry = an_outlet(home, sitemaps=[f"{home}/index.xml"], pages=[f"{home}/"])
    entry |= {"article_urls": [PATTERN], "on_topic": False}
    desk.outlets(entry)
    return entry


def test_a_healthy_outlet(server: FaultServer, desk: Desk, healthy: dict[str, Any]) -> None:
    """Each source once, of the index the newest part, and three of the newest pages."""
    ran = desk.run("outlets", "check", "desk", "--json")
    (found,) = ran.json["outlets"]
    assert (ran.code, found["works"], found["problems"]) == (0, True, [])
    told = [(s["form"], s["items"], s["articles"]) for s in found["sources"]]
    assert told == [
        ("RSS", 6, 6), ("sitemap index", None, 0), ("HTML", 7, 6), ("sitemap", 6, 6),
    ]  # fmt: skip
    assert len(found["samples"]) == 3
    article = found["samples"][0]["article"]
    assert article["headline"] == "China and Russia sign accord on gas"
    assert article["provenance"]["date_published"] == "meta"
    assert article["relevant"]
    assert sorted(server.paths) == sorted(
        ["/robots.txt", "/feed", "/index.xml", "/", "/2026.xml", *story_paths(3)]
    )
    assert "authors" in found["notes"][0]
    assert not (desk.folder / "sinorus.db").exists()


def test_the_table_has_a_row_a_field(desk: Desk, healthy: dict[str, Any]) -> None:
    ran = desk.run("outlets", "check", "desk", "--samples", "2")
    assert ran.code == 0
    rows = {line.split()[0]: line.split()[1:] for line in ran.out.splitlines() if line.strip()}
    assert rows["headline"][0] == "2/2"
    assert rows["date_published"] == ["2/2", "2026-11-02", "08:00", "2026-11-02", "08:00"]
    assert rows["from"] == ["2/2", "meta", "meta"]
    assert rows["authors"] == ["0/2", "–", "–"]
    assert rows["paragraphs"] == ["2/2", "3", "3"]
    assert "desk: works; 6 articles listed by 4 sources" in ran.out
    assert ran.err.startswith("desk: note: on none of the pages: authors")


def test_no_samples(server: FaultServer, desk: Desk, healthy: dict[str, Any]) -> None:
    ran = desk.run("outlets", "check", "desk", "--samples", "0", "--json")
    assert (ran.code, ran.json["outlets"][0]["samples"]) == (0, [])
    assert not any("/story/" in path for path in server.paths)


def test_a_page_that_a_feed_lists_and_the_site_has_not(
    server: FaultServer, desk: Desk, healthy: dict[str, Any]
) -> None:
    del server.routes[story_paths(1)[0]]
    ran = desk.run("outlets", "check", "desk", "--json")
    (problem,) = ran.json["outlets"][0]["problems"]
    assert problem["problem"] == f"fetch: HTTP 404: {server.base_url}{story_paths(1)[0]}"
    assert [s["article"] is None for s in ran.json["outlets"][0]["samples"]] == [True, False, False]


def test_a_feed_that_moved_within_the_site(server: FaultServer, desk: Desk) -> None:
    serve_newsroom(server)
    server.routes["/new"] = server.routes["/feed"]
    server.routes["/feed"] = redirect("/new", 301)
    desk.outlets(an_outlet(server.base_url))
    ran = desk.run("outlets", "check", "desk", "--samples", "0", "--json")
    (source,) = ran.json["outlets"][0]["sources"]
    assert (ran.code, source["status"], source["articles"]) == (0, 200, 6)
    assert source["led_to"] == f"{server.base_url}/new"
    assert "200 moved" in desk.run("outlets", "check", "desk", "--samples", "0").out


def test_a_304_to_a_request_without_conditions(server: FaultServer, desk: Desk) -> None:
    """Though an earlier crawl knows validators: a check wants the whole."""
    serve_newsroom(server)
    feed = a_feed(server, story_paths(6))
    server.routes["/feed"] = answer(feed, 200, RSS, etag='"a"')
    desk.outlets(an_outlet(server.base_url))
    desk.crawl()
    server.forget()
    assert desk.run("outlets", "check", "desk").code == 0
    assert "if-none-match" not in server.hits_of("/feed")[0].headers
    server.routes["/feed"] = answer("", 304)
    ran = desk.run("outlets", "check", "desk", "--json")
    (problem,) = ran.json["outlets"][0]["problems"]
    assert problem["problem"].startswith("fetch: HTTP 304, though nothing was known of it")


def test_pages_are_asked_for_under_the_address_that_a_crawl_asks(
    server: FaultServer, desk: Desk
) -> None:
    """A pattern that knows only the form met keeps that form."""
    paths = [f"/print{path}" for path in story_paths(2)]
    server.routes["/feed"] = answer(a_feed(server, paths), 200, RSS)
    serve_stories(server, paths)
    desk.outlets(an_outlet(server.base_url, article_urls=["/print/story/(?P<id>\\d+)"]))
    assert desk.run("outlets", "check", "desk").code == 0
    assert sorted(server.paths) == sorted(["/robots.txt", "/feed", *paths])


def test_articles_behind_a_wall_are_known_by_their_listing(server: FaultServer, desk: Desk) -> None:
    paths = serve_newsroom(server)
    for path in paths:
        server.routes[path] = answer("for readers", 402)
    desk.outlets(an_outlet(server.base_url, paywall="closed"))
    ran = desk.run("outlets", "check", "desk", "--json")
    (found,) = ran.json["outlets"]
    assert (ran.code, found["problems"]) == (0, [])
    assert {sample["article"]["parser"] for sample in found["samples"]} == {"listing/1"}
    desk.outlets(an_outlet(server.base_url))
    ran = desk.run("outlets", "check", "desk", "--json")
    assert ran.code == 1
    assert len(ran.json["outlets"][0]["problems"]) == 3


def test_what_fields_say_of_an_entry() -> None:
    outlet = Outlet(id="desk", name="Desk", home="https://desk.example/", language="en")
    moment = datetime(2026, 11, 2, tzinfo=UTC)
    whole = Article("u", "desk", "h", language="en", date_published=moment, paragraphs=["p"])
    bare = Article("u", "desk", "h", language="ru", date_published=moment, truncated=True)
    assert field_problems(outlet, []) == field_problems(outlet, [whole, whole]) == []
    (problem,) = field_problems(outlet, [whole, bare])
    assert problem.sentence == "paragraphs: none on 1 of 2 pages"
    sentences = [problem.sentence for problem in field_problems(outlet, [bare])]
    assert sentences[1:] == ["language: all pages are in ru, the entry says en"]
    closed = Outlet.model_validate({**outlet.model_dump(), "paywall": "closed"})
    assert field_problems(closed, [whole, bare]) == []
    assert "1 of 2 pages hold only a part" in field_notes(outlet, [whole, bare])[1]


def test_dates_that_only_the_feed_has_are_said_to_be_its(server: FaultServer, desk: Desk) -> None:
    paths = serve_newsroom(server)
    serve_stories(server, paths, an_article().replace(PUBLISHED, ""))
    desk.outlets(an_outlet(server.base_url))
    ran = desk.run("outlets", "check", "desk", "--json")
    (found,) = ran.json["outlets"]
    assert found["works"]
    assert "date_published is the feed's: the pages tell none" in found["notes"]


def test_its_delay_is_kept(server: FaultServer, desk: Desk) -> None:
    """As a crawl does: one request after another, the Crawl-delay between them."""
    serve_newsroom(server)
    server.routes["/robots.txt"] = answer("User-agent: *\nCrawl-delay: 0.4\n", 200, TEXT)
    desk.outlets(an_outlet(server.base_url, delay_seconds=0.1))
    assert desk.run("outlets", "check", "desk").code == 0
    started = [hit.started for hit in server.hits[1:]]
    gaps = [later - earlier for earlier, later in pairwise(started)]
    assert len(gaps) == 3
    assert min(gaps) > 0.35


def test_a_pause_that_an_earlier_crawl_was_asked_for_holds(server: FaultServer, desk: Desk) -> None:
    serve_newsroom(server)
    feed = server.routes["/feed"]
    server.routes["/feed"] = answer("", 429, Retry_After="3600")
    desk.outlets(an_outlet(server.base_url))
    desk.crawl()
    server.routes["/feed"] = feed
    server.forget()
    ran = desk.run("outlets", "check", "desk", "--json")
    assert (ran.code, server.paths) == (1, [])
    assert "asked to be left alone until" in ran.json["outlets"][0]["problems"][0]["problem"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check", "dsk"], "no outlet 'dsk' in outlets.toml; near it are: desk"),
        (["check", "zebra"], "no outlet 'zebra' in outlets.toml; there are: desk"),
        (["check"], "Missing argument"),
        (["check", "desk", "--samples", "-1"], "--samples"),
        (["--json", "check", "desk"], "options belong behind `check`"),
        (["nosuch"], "No such command 'nosuch'"),
    ],
)
def test_usage(desk: Desk, arguments: list[str], told: str) -> None:
    desk.outlets(an_outlet("http://127.0.0.1:1"))
    ran = desk.run("outlets", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_interrupted(server: FaultServer, desk: Desk) -> None:
    """What was seen so far is told."""
    paths = serve_newsroom(server)
    server.routes[paths[1]] = hang
    desk.outlets(an_outlet(server.base_url))
    process = desk.start("outlets", "check", "desk", "--json")
    wait_until(lambda: bool(server.hits_of(paths[1])))
    ran = end_by_signal(process, signal.SIGINT)
    assert ran.code == 130
    assert ran.json["interrupted"]
    (source,) = ran.json["outlets"][0]["sources"]
    assert source["articles"] == 6
