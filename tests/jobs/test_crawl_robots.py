"""robots.txt: what it forbids is not asked for, and what cannot be read forbids everything."""

from __future__ import annotations

import pytest

from tests.faultserver import (
    MEBIBYTE,
    RSS,
    FaultServer,
    FaultServers,
    Route,
    answer,
    hang,
    redirect,
    reset,
)
from tests.jobs.desk import Desk, Ran, an_article, an_outlet, item, rss

TEXT = "text/plain; charset=utf-8"
SHORT_TIMEOUT = {"crawler.settings.FETCH_TIMEOUT_SECONDS": 1}
RULES = "User-agent: *\nDisallow: /private/\n"
FOR_US = "User-agent: *\nDisallow:\n\nUser-agent: Sinorus\nDisallow: /private/\n"

ALLOWING: dict[str, Route] = {
    "404": answer("none here", 404),
    "410": answer("none here", 410),
    "403": answer("not for you", 403),
    "empty": answer("", 200, TEXT),
    "html": answer("<!DOCTYPE html><html><body><p>Disallow: /</p></body></html>"),
    "others": answer("User-agent: greedybot\nDisallow: /\n", 200, TEXT),
}
FORBIDDING: dict[str, tuple[Route, str]] = {
    "500": (answer("", 500), "answered HTTP 500"),
    "503": (answer("", 503), "answered HTTP 503"),
    "429": (answer("", 429), "asked to be left alone until"),
    "reset": (reset, "no answer from 127.0.0."),
    "hang": (hang, "no whole answer from 127.0.0."),
    "huge": (answer(b"#" * (9 * MEBIBYTE), 200, TEXT), "body over 8388608 bytes"),
    "loop": (redirect("/robots.txt"), "redirect"),
    "away": (redirect("http://elsewhere.example/robots.txt"), "not on a host of the outlet"),
    "delay": (answer("User-agent: *\nCrawl-delay: 3600", 200, TEXT), "Crawl-delay of 3600 s"),
}
PARTLY: dict[str, Route] = {
    "plain": answer(RULES, 200, TEXT),
    "bom-crlf": answer("\ufeff" + RULES.replace("\n", "\r\n"), 200, TEXT),
    "our-name": answer(FOR_US, 200, TEXT),
    "nul": answer("\x00" + RULES, 200, TEXT),
    "early-in-1mib": answer(RULES + "# x\n" * (MEBIBYTE // 4), 200, TEXT),
    "redirected": redirect("/rules.txt"),
}


def serve_two(server: FaultServer, robots: Route) -> None:
    server.routes |= {
        "/robots.txt": robots,
        "/rules.txt": answer(RULES, 200, TEXT),
        "/feed": answer(rss(item("/a", day=3), item("/private/b", day=2)), 200, RSS),
        "/a": answer(an_article("China and Russia sign accord one")),
        "/private/b": answer(an_article("China and Russia sign accord two")),
    }


@pytest.fixture(scope="module")
def crawled(hosts: FaultServers, shared_desk: Desk) -> Ran:
    """One crawl of as many outlets as there are ways to answer, each with a host of its own."""
    ways = {**ALLOWING, **{name: way for name, (way, _) in FORBIDDING.items()}, **PARTLY}
    for name, route in ways.items():
        serve_two(hosts[name], route)
    shared_desk.outlets(*(an_outlet(hosts[name].base_url, name) for name in ways))
    return shared_desk.crawl(changed=SHORT_TIMEOUT)


@pytest.mark.parametrize("name", ALLOWING)
def test_what_allows_everything(crawled: Ran, hosts: FaultServers, name: str) -> None:
    assert (crawled.of(name)["new"], crawled.of(name)["problems"]) == (2, [])
    assert hosts[name].paths == ["/robots.txt", "/feed", "/a", "/private/b"]


@pytest.mark.parametrize("name", FORBIDDING)
def test_what_forbids_everything(crawled: Ran, hosts: FaultServers, name: str) -> None:
    assert crawled.code == 1
    assert set(hosts[name].paths) == {"/robots.txt"}
    assert crawled.of(name)["found"] == 0
    (problem,) = crawled.of(name)["problems"]
    assert FORBIDDING[name][1] in problem
    assert f"{name}: {problem}\n" in crawled.err


@pytest.mark.parametrize("name", PARTLY)
def test_one_article_forbidden(crawled: Ran, hosts: FaultServers, name: str) -> None:
    row = crawled.of(name)
    assert (row["found"], row["new"], row["forbidden"], row["failed"]) == (2, 1, 1, 0)
    assert row["problems"] == []
    assert "/private/b" not in hosts[name].paths


def test_only_outlets_with_problems_are_talked_of(crawled: Ran) -> None:
    assert len(crawled.err.splitlines()) == len(FORBIDDING)


def test_rules_are_read_anew_at_each_run(server: FaultServer, desk: Desk) -> None:
    """And hold for pages that people name, and for where a redirect leads."""
    serve_two(server, answer("User-agent: *\nDisallow: /\n", 200, TEXT))
    desk.outlets(an_outlet(server.base_url))
    ran = desk.crawl()
    assert (ran.code, server.paths) == (1, ["/robots.txt"])
    assert ran.row["problems"] == [f"robots.txt forbids it: {server.base_url}/feed"]

    serve_two(server, answer(RULES, 200, TEXT))
    server.routes["/a"] = redirect("/private/b")
    pages = [f"{server.base_url}{path}" for path in ("/a", "/private/b", "/rules.txt")]
    ran = desk.crawl(*(word for page in pages for word in ("--url", page)))
    assert (ran.row["forbidden"], ran.row["failed"]) == (2, 1)
    assert server.paths[1:] == ["/robots.txt", "/a", "/rules.txt"]
