"""`sinorus outlets new`: an entry drafted from a home page, that the catalogue's reader takes."""

from __future__ import annotations

import signal
from itertools import pairwise
from typing import Any

import pytest

from crawler.outlets import Outlet, load_catalogue
from jobs.drafting.finding import MOST_REQUESTS, USUAL_FEEDS
from tests.faultserver import RSS, FaultServer, FaultServers, answer, hang, redirect
from tests.jobs.desk import Desk, Ran, an_outlet, end_by_signal, wait_until
from tests.jobs.newsroom import (
    TEXT,
    XML,
    YEARS,
    a_feed,
    a_feed_link,
    a_home,
    a_sitemap,
    serve_newsroom,
    serve_stories,
    story_paths,
)


@pytest.fixture(autouse=True)
def no_catalogue(desk: Desk) -> None:
    """One that knows nothing of the servers."""
    desk.outlets(an_outlet("http://127.0.0.9:1", "another"))


QUICK = {"jobs.drafting.run.DELAY_SECONDS": 0.0}


def draft(
    desk: Desk, url: str, *arguments: str, changed: dict[str, Any] | None = None
) -> tuple[Ran, Outlet]:
    """What the command printed, read as the outlets file that it is."""
    ran = desk.run("outlets", "new", url, *arguments, changed=QUICK if changed is None else changed)
    path = desk.folder / "draft.toml"
    path.write_text(ran.out, "utf-8")
    (outlet,) = load_catalogue(path)
    return ran, outlet


def serve_site(server: FaultServer) -> list[str]:
    """Two feeds, one of them a zombie, a sitemap named in robots.txt, and six stories."""
    paths = serve_newsroom(server)
    server.routes |= {
        "/": answer(a_home(paths, a_feed_link("/feed") + a_feed_link("/old"), language="ru")),
        "/robots.txt": answer(
            f"User-agent: *\nCrawl-delay: 0.1\nSitemap: {server.base_url}/map.xml\n", 200, TEXT
        ),
        "/old": answer(a_feed(server, story_paths(3, first=7), YEARS), 200, RSS),
        "/map.xml": answer(a_sitemap(server, ["/about", *paths]), 200, XML),
    }
    return paths


def test_a_site_with_feeds_and_a_sitemap(server: FaultServer, desk: Desk) -> None:
    paths = serve_site(server)
    ran, outlet = draft(desk, f"{server.base_url}/")
    assert ran.code == 0
    assert (outlet.id, outlet.name) == ("127-0-0-1", "The River Desk")
    assert (outlet.language, outlet.timezone) == ("en", "Etc/GMT-8")
    assert outlet.feeds == [f"{server.base_url}/feed"]
    assert (outlet.sitemaps, outlet.pages) == ([], [])
    assert outlet.evidence == "feed-seen"
    assert [outlet.article_number(server.base_url + path) for path in paths] == [
        str(1001 + n) for n in range(len(paths))
    ]
    assert not outlet.is_article_url(f"{server.base_url}/about")
    assert f"left out: {server.base_url}/old (dead: its newest item is of " in ran.out
    assert f"--backfill: {server.base_url}/map.xml" in ran.out
    assert "the home page says ru" in ran.out
    assert ran.err.startswith("1 feed and 1 sitemap ")
    assert server.paths == ["/robots.txt", "/", "/feed", "/old", "/map.xml", paths[0]]


def test_the_draft_works_as_it_stands(server: FaultServer, desk: Desk) -> None:
    serve_site(server)
    draft(desk, f"{server.base_url}/")
    with (desk.folder / "draft.toml").open("a") as file:
        file.write("delay_seconds = 0.0\n")
    ran = desk.run("outlets", "check", "127-0-0-1", "--outlets-file", "draft.toml", "--json")
    (found,) = ran.json["outlets"]
    assert (ran.code, found["problems"]) == (0, [])
    assert desk.crawl("--outlets-file", "draft.toml").row["new"] == 6


def test_a_site_with_a_list_of_articles_and_nothing_else(server: FaultServer, desk: Desk) -> None:
    """The usual places are tried in turn, each once."""
    paths = story_paths(6)
    serve_stories(server, paths)
    server.routes["/"] = answer(a_home(paths))
    ran, outlet = draft(desk, f"{server.base_url}/")
    assert ran.code == 0
    assert (outlet.feeds, outlet.sitemaps) == ([], [])
    assert outlet.pages == [f"{server.base_url}/"]
    assert outlet.is_article_url(server.base_url + paths[0])
    assert server.paths == ["/robots.txt", "/", *USUAL_FEEDS, "/sitemap.xml", paths[0]]
    assert "# no feed and no sitemap was found" in ran.out


def test_a_site_without_anything(server: FaultServer, desk: Desk) -> None:
    server.routes["/"] = answer("<!DOCTYPE html><html><body><h1>Hello</h1></body></html>")
    ran, outlet = draft(desk, f"{server.base_url}/")
    assert ran.code == 1
    assert "problem: no feed, no sitemap and no list of articles found\n" in ran.err
    assert (outlet.feeds, outlet.sitemaps, outlet.pages, outlet.article_urls) == ([], [], [], [])
    assert (outlet.language, outlet.timezone) == (None, "UTC")
    for comment in ("# language: unknown", "# no article was read", "# article_urls: too few"):
        assert comment in ran.out


def test_a_feed_in_a_usual_place_and_a_sitemap_index(server: FaultServer, desk: Desk) -> None:
    paths = serve_newsroom(server)
    server.routes["/rss.xml"] = server.routes.pop("/feed")
    part = f"<sitemap><loc>{server.base_url}/part.xml</loc></sitemap>"
    server.routes |= {
        "/": answer(a_home([])),
        "/sitemap.xml": answer(f"<sitemapindex>{part}</sitemapindex>", 200, XML),
        "/part.xml": answer(a_sitemap(server, story_paths(9)), 200, XML),
    }
    ran, outlet = draft(desk, f"{server.base_url}/")
    assert ran.code == 0
    assert outlet.feeds == [f"{server.base_url}/rss.xml"]
    assert f"--backfill: {server.base_url}/sitemap.xml" in ran.out
    asked = ["/robots.txt", "/", "/feed", "/rss", "/rss.xml", "/sitemap.xml", "/part.xml"]
    assert server.paths == [*asked, paths[0]]


def test_an_edition_has_its_feed_beside_its_home_page(server: FaultServer, desk: Desk) -> None:
    paths = serve_newsroom(server)
    strays = [*paths, "/live/today"]
    server.routes["/en/rss"] = answer(a_feed(server, strays), 200, RSS)
    server.routes |= {"/en/": answer(a_home([])), "/feed": answer("", 404)}
    ran, outlet = draft(desk, f"{server.base_url}/en/")
    assert ran.code == 0
    assert outlet.feeds == [f"{server.base_url}/en/rss"]
    assert server.paths[2:4] == ["/en/feed", "/en/rss"]
    stray = f"{server.base_url}/live/today"
    assert f"# not matched by article_urls: 1 of 7 addresses in its feeds, as {stray}" in ran.out


def test_a_sitemap_alone_is_a_source(server: FaultServer, desk: Desk) -> None:
    paths = story_paths(6)
    serve_stories(server, paths)
    server.routes |= {
        "/": answer(a_home([])),
        "/sitemap.xml": answer(a_sitemap(server, ["/about", *paths]), 200, XML),
    }
    ran, outlet = draft(desk, f"{server.base_url}/")
    assert ran.code == 0
    assert outlet.sitemaps == [f"{server.base_url}/sitemap.xml"]
    assert outlet.article_number(server.base_url + paths[0]) == "1001"


def test_what_robots_txt_forbids_is_left_alone(server: FaultServer, desk: Desk) -> None:
    serve_site(server)
    server.routes["/robots.txt"] = answer("User-agent: *\nDisallow: /feed\n", 200, TEXT)
    ran, _ = draft(desk, f"{server.base_url}/")
    assert f"left out: {server.base_url}/feed (robots.txt forbids it)" in ran.out
    assert "/feed" not in server.paths
    server.routes["/robots.txt"] = answer("User-agent: *\nDisallow: /\n", 200, TEXT)
    server.forget()
    ran = desk.run("outlets", "new", f"{server.base_url}/", changed=QUICK)
    assert (ran.code, ran.out, server.paths) == (1, "", ["/robots.txt"])
    assert "robots.txt forbids it" in ran.err


def test_a_feed_on_another_host_is_asked_only_if_it_is_named(
    hosts: FaultServers, desk: Desk
) -> None:
    site, feeds = hosts["site"], hosts["feeds"]
    paths = story_paths(6)
    serve_stories(site, paths)
    site.routes["/"] = answer(a_home(paths, a_feed_link(f"{feeds.base_url}/feed")))
    feeds.routes["/feed"] = answer(a_feed(site, paths), 200, RSS)
    ran, outlet = draft(desk, f"{site.base_url}/")
    assert (outlet.feeds, feeds.paths) == ([], [])
    assert f"left out: {feeds.base_url}/feed (on another host, not tried" in ran.out
    name = feeds.base_url.removeprefix("http://")
    ran, outlet = draft(desk, f"{site.base_url}/", "--other-host", name)
    assert ran.code == 0
    assert outlet.feeds == [f"{feeds.base_url}/feed"]
    assert outlet.is_own(site.base_url + paths[0])


def test_an_article_that_cannot_be_read_is_a_problem(server: FaultServer, desk: Desk) -> None:
    paths = serve_site(server)
    server.routes[paths[0]] = answer("<html><body>Just a moment</body></html>")
    ran, outlet = draft(desk, f"{server.base_url}/")
    assert ran.code == 1
    assert outlet.feeds
    assert "problem: parse: not an article" in ran.err
    assert "# no article was read: parse: not an article: 0 letters" in ran.out


def test_a_long_crawl_delay_is_written_down(server: FaultServer, desk: Desk) -> None:
    server.routes["/robots.txt"] = answer("User-agent: *\nCrawl-delay: 2.5\n", 200, TEXT)
    server.routes["/"] = answer(a_home([], a_feed_link("/feed") + a_feed_link("/empty")))
    server.routes["/feed"] = answer(a_feed(server, story_paths(3)), 200, RSS)
    server.routes["/empty"] = answer(a_feed(server, []), 200, RSS)
    ran, outlet = draft(desk, f"{server.base_url}/")
    assert outlet.delay_seconds == 2.5
    started = [hit.started for hit in server.hits[1:4]]
    assert min(later - earlier for earlier, later in pairwise(started)) > 2.4
    assert f"left out: {server.base_url}/empty (lists nothing that can be read)" in ran.out


PAGES: dict[str, tuple[Any, str]] = {
    "image": (answer(b"\x89PNG\r\n", 200, "image/png"), "home: no web page but image/png"),
    "feed": (answer("<rss><channel></channel></rss>", 200, RSS), "home: no web page but RSS"),
    "gone": (answer("", 404), "fetch: HTTP 404"),
    "error": (answer("", 500), "fetch: HTTP 500"),
    "elsewhere": (redirect("http://elsewhere.example/"), "(http://elsewhere.example/)"),
    "private": (redirect("http://localhost:1/"), "address: not on a host"),
}


@pytest.mark.parametrize("name", PAGES)
def test_what_is_no_home_page(server: FaultServer, desk: Desk, name: str) -> None:
    server.routes["/"], told = PAGES[name]
    ran = desk.run("outlets", "new", f"{server.base_url}/", changed=QUICK)
    assert (ran.code, ran.out) == (1, "")
    assert told in ran.err
    assert len(ran.err.splitlines()) == 1
    assert server.paths == ["/robots.txt", "/"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "nonsense: not an http(s) address\n"),
        (["www.desk.example"], "not an http(s) address; write https://"),
        (["ftp://desk.example/"], "not an http(s) address"),
        (["http://user:word@127.0.0.1:1/"], "not an http(s) address"),
        (["http://[::1/"], "not an http(s) address"),
        ([""], "not an http(s) address"),
        (["http://127.0.0.1:1/", "--other-host", "a/b"], "--other-host a/b: must be a host name"),
        ([], "Missing argument"),
    ],
)
def test_nonsense(desk: Desk, arguments: list[str], told: str) -> None:
    ran = desk.run("outlets", "new", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_site_that_is_down(desk: Desk) -> None:
    ran = desk.run("outlets", "new", "http://127.0.0.1:1/")
    assert (ran.code, ran.out) == (1, "")
    assert "127.0.0.1 refused the connection" in ran.err


def test_an_outlet_that_is_known_already(server: FaultServer, desk: Desk) -> None:
    serve_site(server)
    desk.outlets(an_outlet(server.base_url))
    ran, _ = draft(desk, f"{server.base_url}/")
    assert ran.code == 0
    assert ran.err.startswith("desk of outlets.toml is on that host already\n")


def test_the_number_of_requests_is_bounded(server: FaultServer, desk: Desk) -> None:
    """However many feeds and sitemaps a site names, each of which answers, or none."""
    feeds = [f"/feed-{n}" for n in range(30)]
    maps = [f"/map-{n}.xml" for n in range(30)]
    named = "\n".join(f"Sitemap: {server.base_url}{path}" for path in maps)
    server.routes["/robots.txt"] = answer(f"User-agent: *\nDisallow:\n{named}\n", 200, TEXT)
    links = "".join(f'<a href="/rss/{n}">RSS</a>' for n in range(30))
    server.routes["/"] = answer(a_home([], "".join(map(a_feed_link, feeds))) + links)
    for path in maps:
        part = f"<sitemap><loc>{server.base_url}{path}-part</loc></sitemap>"
        server.routes[path] = answer(f"<sitemapindex>{part}</sitemapindex>", 200, XML)
    ran, _ = draft(desk, f"{server.base_url}/")
    assert ran.code == 1
    assert len(server.paths) == 2 + MOST_REQUESTS
    assert "22 more feeds that the home page names, not tried" in ran.out
    assert f"not tried: over {MOST_REQUESTS} requests for sources" in ran.out


def test_its_pace_is_that_of_a_crawl(server: FaultServer, desk: Desk) -> None:
    """The entry's delay between requests, where robots.txt says nothing else."""
    server.routes["/"] = answer(a_home([], a_feed_link("/feed")))
    server.routes["/feed"] = answer(a_feed(server, story_paths(2)), 200, RSS)
    draft(desk, f"{server.base_url}/", changed={"jobs.drafting.run.DELAY_SECONDS": 0.4})
    started = [hit.started for hit in server.hits[1:]]
    assert min(later - earlier for earlier, later in pairwise(started)) > 0.35


def test_interrupted(server: FaultServer, desk: Desk) -> None:
    server.routes["/"] = hang
    process = desk.start("outlets", "new", f"{server.base_url}/")
    wait_until(lambda: bool(server.hits_of("/")))
    ran = end_by_signal(process, signal.SIGINT)
    assert (ran.code, ran.out) == (130, "")
    assert "Traceback" not in ran.err
