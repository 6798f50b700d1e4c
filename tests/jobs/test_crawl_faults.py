"""Pages, feeds and answers that are broken: one of them fails, the others are stored."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.faultserver import (
    MEBIBYTE,
    RSS,
    FaultServer,
    FaultServers,
    Route,
    answer,
    broken_chunk,
    drip,
    gzip_bomb,
    hang,
    hang_after_headers,
    huge,
    in_turn,
    reset,
    truncated,
)
from tests.jobs.desk import (
    TIMEOUT_SECONDS,
    Desk,
    Ran,
    a_numbered_outlet,
    a_rendered_article,
    an_article,
    an_outlet,
    fork_command,
    item,
    number_path,
    rss,
)

SHORT_LIMITS = {
    "crawler.settings.FETCH_TIMEOUT_SECONDS": 1,
    "crawler.settings.DNS_TIMEOUT_SECONDS": 2,
}
CAPTCHA = (
    "<html><head><title>Are you a robot?</title></head><body><h1>Are you a robot?</h1>"
    "<p>Please solve the puzzle below, so we know you to be human.</p></body></html>"
)
INDEX = (
    "<html><head><title>News</title></head><body><ul>"
    + "".join(f'<li><a href="/{n}">Story {n}</a></li>' for n in range(9))
    + "</ul></body></html>"
)

BAD_PAGES: dict[str, tuple[Route, str]] = {
    "/hang": (hang, "fetch: no whole answer from 127.0.0.1 in time"),
    "/silent": (hang_after_headers, "fetch: no whole answer from 127.0.0.1 in time"),
    "/drip": (drip, "fetch: no whole answer from 127.0.0.1 in time"),
    "/reset": (reset, "fetch: no answer from 127.0.0.1 (DownloadFailedError)"),
    "/truncated": (truncated(an_article()), "fetch: the answer of 127.0.0.1 broke off"),
    "/chunk": (broken_chunk, "fetch: the answer of 127.0.0.1 broke off"),
    "/huge": (huge(64), "fetch: body over 8388608 bytes"),
    "/said-huge": (answer(b"x" * (9 * MEBIBYTE)), "fetch: body over 8388608 bytes"),
    "/bomb": (gzip_bomb(200), "fetch: body over 8388608 bytes"),
    "/captcha": (answer(CAPTCHA), "parse: not an article: a challenge or an error page"),
    "/index": (answer(INDEX), "parse: not an article:"),
    "/empty": (answer(""), "parse: not an article:"),
    "/pdf": (answer(b"%PDF-1.7 \x00\x01", 200, "application/pdf"), "parse: no HTML page but"),
    "/500": (answer("", 500), "fetch: HTTP 500"),
    "/403": (answer("", 403), "fetch: HTTP 403"),
    "/404": (answer("", 404), "fetch: HTTP 404"),
    "/418": (answer("", 418), "fetch: HTTP 418"),
}

MAY_PASS = {"/hang", "/silent", "/drip", "/reset", "/truncated", "/chunk", "/500"}

BAD_FEEDS: dict[str, tuple[Route, str]] = {
    "/html": (answer(INDEX), "feed: not a feed, begins with '<html>"),
    "/captcha": (answer(CAPTCHA), "feed: not a feed, begins with"),
    "/empty": (answer("", 200, RSS), "feed: an empty answer"),
    "/404": (answer("", 404), "fetch: HTTP 404"),
    "/500": (answer("", 500), "fetch: HTTP 500"),
    "/json": (answer('{"error": "none"}', 200, "application/json"), "feed: not a feed"),
    "/hang": (hang, "fetch: no whole answer"),
    "/bomb": (gzip_bomb(64), "fetch: body over 52428800 bytes"),
    "/entities": (
        answer('<!DOCTYPE a [<!ENTITY b "c">]><rss version="2.0"><channel/></rss>', 200, RSS),
        "feed: defines XML entities, refused",
    ),
}


HANGING = [f"/{number}" for number in range(8)]


def serve_pages(server: FaultServer) -> None:
    """Bad ones between good ones: no three in a row make the host count as down."""
    listed = []
    for number, (path, (route, _)) in enumerate(BAD_PAGES.items()):
        good, day = f"/good/{number}", len(BAD_PAGES) - number
        server.routes[path] = route
        server.routes[good] = answer(an_article(f"China and Russia sign accord {number}"))
        listed += [item(path, day=day), item(good, day=day)]
    server.routes["/feed"] = answer(rss(*listed), 200, RSS)


@pytest.fixture(scope="module")
def crawled(hosts: FaultServers, shared_desk: Desk) -> Ran:
    """One crawl over all that is broken, each kind on a host of its own."""
    serve_pages(hosts["pages"])
    hosts["feeds"].routes |= {path: route for path, (route, _) in BAD_FEEDS.items()}
    hosts["feeds"].routes |= {
        "/feed": answer(rss(item("/a")), 200, RSS),
        "/a": answer(an_article()),
    }
    hosts["hanging"].routes |= dict.fromkeys(HANGING, hang)
    hosts["hanging"].routes["/feed"] = answer(rss(*map(item, HANGING)), 200, RSS)
    path = number_path(3300001)
    captcha = in_turn(answer(a_rendered_article(3300001)), answer(CAPTCHA))
    hosts["turning"].routes |= {"/feed": answer(rss(item(path)), 200, RSS), path: captcha}
    feeds = [hosts["feeds"].base_url + path for path in (*BAD_FEEDS, "/feed")]
    shared_desk.outlets(
        an_outlet(hosts["pages"].base_url, "pages"),
        an_outlet(hosts["feeds"].base_url, "feeds", feeds=feeds),
        an_outlet(hosts["hanging"].base_url, "hanging"),
        a_numbered_outlet(hosts["turning"].base_url, outlet_id="turning"),
        an_outlet("http://desk.invalid", "nameless"),
    )
    return shared_desk.crawl(changed=SHORT_LIMITS)


@pytest.fixture(scope="module")
def status(crawled: Ran, shared_desk: Desk) -> dict[str, Any]:
    return dict(shared_desk.run("status", "--json").json)


@pytest.fixture(scope="module")
def crawled_again(
    crawled: Ran, status: dict[str, Any], hosts: FaultServers, shared_desk: Desk
) -> Ran:
    """A second one, after all but the captcha was mended."""
    hosts.forget()
    hosts["pages"].routes |= dict.fromkeys(BAD_PAGES, answer(an_article()))
    hosts["hanging"].routes |= dict.fromkeys(HANGING, answer(an_article()))
    changed = rss(item(number_path(3300001), "Another headline"))
    hosts["turning"].routes["/feed"] = answer(changed, 200, RSS)
    return shared_desk.crawl("pages", "hanging", "turning")


def problems_by_path(row: dict[str, Any]) -> dict[str, str]:
    """What is said before the address, by the address's path."""
    found = (re.fullmatch(r"(.*): http://[\d.:]+(/[\w-]+)", text) for text in row["problems"])
    return {match[2]: match[1] for match in found if match}


def test_each_bad_page_fails_alone(crawled: Ran, shared_desk: Desk) -> None:
    row = crawled.of("pages")
    assert crawled.code == 1
    assert (row["new"], row["failed"]) == (len(BAD_PAGES), len(BAD_PAGES))
    assert all("/good/" in record["url"] for record in shared_desk.articles("pages"))


@pytest.mark.parametrize("path", BAD_PAGES)
def test_what_is_said_of_a_bad_page(crawled: Ran, path: str) -> None:
    assert problems_by_path(crawled.of("pages"))[path].startswith(BAD_PAGES[path][1])


def test_only_what_may_pass_is_asked_for_again(crawled_again: Ran, hosts: FaultServers) -> None:
    assert set(hosts["pages"].paths[2:]) == MAY_PASS
    assert crawled_again.of("pages")["new"] == len(MAY_PASS)


def test_each_bad_feed_fails_alone(crawled: Ran) -> None:
    """And what the outlet's other feed lists is fetched."""
    row = crawled.of("feeds")
    assert (row["new"], row["failed"]) == (1, 0)
    assert set(problems_by_path(row)) == set(BAD_FEEDS)


@pytest.mark.parametrize("path", BAD_FEEDS)
def test_what_is_said_of_a_bad_feed(crawled: Ran, path: str) -> None:
    assert problems_by_path(crawled.of("feeds"))[path].startswith(BAD_FEEDS[path][1])


def test_a_host_that_hangs_is_left_after_three(
    crawled: Ran, crawled_again: Ran, hosts: FaultServers
) -> None:
    """A fourth request may be out as the third fails. Those never made come later."""
    row = crawled.of("hanging")
    assert row["found"] == len(HANGING)
    assert row["failed"] in (3, 4)
    assert crawled_again.of("hanging")["new"] == len(HANGING)


def test_a_known_article_behind_a_captcha_keeps_its_text(
    crawled_again: Ran, shared_desk: Desk
) -> None:
    row = crawled_again.of("turning")
    assert (row["failed"], row["updated"]) == (1, 0)
    (record,) = shared_desk.articles("turning")
    assert (record["revision"], len(record["paragraphs"])) == (1, 3)


def test_a_name_that_does_not_resolve(crawled: Ran) -> None:
    assert crawled.of("nameless")["problems"] == [
        "robots.txt: fetch: the name desk.invalid does not resolve"
    ]


def test_one_line_an_outlet(crawled: Ran) -> None:
    lines = crawled.err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["pages", "feeds", "hanging", "nameless"]
    more = len(BAD_PAGES) - 1
    assert lines[0].endswith(f"(and {more} more, see `sinorus status`)")


def test_status_keeps_all_problems(crawled: Ran, status: dict[str, Any]) -> None:
    (run,) = status["runs"]
    assert (run["command"], run["status"]) == ("crawl", "failed")
    kept = {row["outlet"]: sorted(row["problems"]) for row in run["outlets"]}
    assert kept == {name: sorted(row["problems"]) for name, row in crawled.rows.items()}


def a_fault_of_ours(*_: object, **__: object) -> None:
    raise ZeroDivisionError


def test_a_fault_of_ours_is_a_failed_run(server: FaultServer, desk: Desk) -> None:
    """Nobody interrupted it."""
    server.routes["/feed"] = answer(rss(item("/a")), 200, RSS)
    server.routes["/a"] = answer(an_article())
    desk.outlets(an_outlet(server.base_url))
    changed = {"jobs.memory.note_reading": a_fault_of_ours}
    crawl = fork_command(desk.folder, "crawl", changed=changed)
    crawl.join(TIMEOUT_SECONDS)
    assert crawl.exitcode == 1
    (run,) = desk.run("status", "--json").json["runs"]
    assert run["status"] == "failed"


def test_nobody_listens(desk: Desk) -> None:
    with FaultServer() as closed:
        address = closed.base_url
    two = [f"{address}/feed", f"{address}/other"]
    desk.outlets(an_outlet(address, "one", feeds=two), an_outlet(address, "two"))
    ran = desk.run("crawl")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        f"{name}: robots.txt: fetch: 127.0.0.1 refused the connection" for name in ("one", "two")
    ]


def test_only_the_limit_of_a_long_feed(server: FaultServer, desk: Desk) -> None:
    titles = [item(f"/{number}", f"Accord {number}") for number in range(5200)]
    server.routes["/feed"] = answer(rss(*titles), 200, RSS)
    server.routes |= {f"/{number}": answer(an_article()) for number in range(5200)}
    desk.outlets(an_outlet(server.base_url))
    ran = desk.crawl("--limit", "2")
    assert (ran.code, ran.row["found"], ran.row["new"]) == (0, 5000, 2)
    assert len(server.hits) == 4
