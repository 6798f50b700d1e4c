"""How often and how many at once, by the server's own clock; and Retry-After."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from tests.faultserver import RSS, Exchange, FaultServer, FaultServers, Hit, answer, in_turn
from tests.jobs.desk import Desk, Ran, an_article, an_outlet, item, rss, wait_until

TEXT = "text/plain; charset=utf-8"
TOLERANCE_SECONDS = 0.001  # between two readings of the clock of one machine


def serve(server: FaultServer, pages: int, slowness: float = 0.0, prefix: str = "") -> None:
    """Pages `/0`, `/1` …, the first the newest: they are fetched in this order."""
    paths = [f"{prefix}/{number}" for number in range(pages)]
    for number, path in enumerate(paths):
        page = an_article(f"China and Russia sign accord {prefix}{number}")
        server.routes[path] = answer(page, after_seconds=slowness)
    listed = (item(path, day=20 - number) for number, path in enumerate(paths))
    server.routes[f"{prefix}/feed"] = answer(rss(*listed), 200, RSS)


def gaps(hits: list[Hit]) -> list[float]:
    return [later.started - earlier.started for earlier, later in pairwise(hits)]


def least_gap(server: FaultServer) -> float:
    return min(gaps(server.hits)) + TOLERANCE_SECONDS


@pytest.fixture(scope="module")
def crawled(hosts: FaultServers, shared_desk: Desk) -> Ran:
    """One crawl of all that the tests below look at, each a host of its own."""
    names = ("delay", "longer", "no delay", "shorter", "short wait", "for ever", "garbage")
    for name in names:
        serve(hosts[name], 2)
    for name, crawl_delay in (("longer", 0.9), ("no delay", 0.9), ("shorter", 0.1)):
        rules = f"User-agent: *\nCrawl-delay: {crawl_delay}"
        hosts[name].routes["/robots.txt"] = answer(rules, 200, TEXT)
    for prefix in ("/one", "/two"):
        serve(hosts["shared"], 2, prefix=prefix)
        serve(hosts["slow"], 4, slowness=0.1, prefix=prefix)
    serve(hosts["pair"], 5, slowness=0.4)
    good = hosts["short wait"].routes["/0"]
    hosts["short wait"].routes["/0"] = in_turn(answer("", 503, Retry_After="2"), good)
    hosts["for ever"].routes["/0"] = answer("", 429, Retry_After="0")
    hosts["garbage"].routes["/0"] = answer("", 503, Retry_After="soon")

    def entry(name: str, path: str = "", **changes: float) -> dict[str, object]:
        base_url = hosts[name].base_url
        outlet_id = (name + path).replace(" ", "-").replace("/", "-")
        return an_outlet(base_url, outlet_id, feeds=[f"{base_url}{path}/feed"], **changes)

    shared_desk.outlets(
        entry("delay", delay_seconds=0.6),
        entry("longer", delay_seconds=0.2),
        entry("shorter", delay_seconds=0.6),
        entry("shared", "/one"),
        entry("shared", "/two", delay_seconds=0.6),
        entry("slow", "/one"),
        entry("slow", "/two"),
        entry("pair", connections=2),
        *map(entry, ("no delay", "short wait", "for ever", "garbage")),
    )
    return shared_desk.crawl()


def test_delay_of_the_outlets_file(crawled: Ran, hosts: FaultServers) -> None:
    assert crawled.of("delay")["new"] == 2
    assert hosts["delay"].paths == ["/robots.txt", "/feed", "/0", "/1"]
    assert least_gap(hosts["delay"]) >= 0.6


@pytest.mark.parametrize("name", ["longer", "no delay"])
def test_longer_crawl_delay(crawled: Ran, hosts: FaultServers, name: str) -> None:
    assert len(hosts[name].hits) == 4
    assert least_gap(hosts[name]) >= 0.9


def test_shorter_crawl_delay(crawled: Ran, hosts: FaultServers) -> None:
    assert len(hosts["shorter"].hits) == 4
    assert least_gap(hosts["shorter"]) >= 0.6


def test_outlets_on_one_host_share_its_delay(crawled: Ran, hosts: FaultServers) -> None:
    """The longer of the two holds, and what one asks of the host delays the other."""
    assert crawled.of("shared-one")["new"] + crawled.of("shared-two")["new"] == 4
    assert len(hosts["shared"].hits) == 7  # robots.txt is asked for once
    assert least_gap(hosts["shared"]) >= 0.6


def test_never_two_requests_at_once(crawled: Ran, hosts: FaultServers) -> None:
    hits = hosts["slow"].hits
    assert len(hits) == 11
    for earlier, later in pairwise(hits):
        assert earlier.answering is not None
        assert later.started >= earlier.answering


def test_two_at_once_where_the_entry_says_so(crawled: Ran, hosts: FaultServers) -> None:
    hits = hosts["pair"].hits
    assert len(hits) == 7
    open_at_each = [
        sum(other.started <= hit.started < (other.answering or 0) for other in hits) for hit in hits
    ]
    assert max(open_at_each) == 2


def test_short_retry_after_is_waited_for(crawled: Ran, hosts: FaultServers) -> None:
    """Nor does any other page of the host go out meanwhile."""
    row = crawled.of("short-wait")
    assert (row["new"], row["failed"], row["problems"]) == (2, 0, [])
    server = hosts["short wait"]
    assert server.paths[:3] == ["/robots.txt", "/feed", "/0"]
    assert sorted(server.paths[3:]) == ["/0", "/1"]
    assert gaps(server.hits)[2] + TOLERANCE_SECONDS >= 2


def test_a_host_that_asks_for_ever_is_asked_three_times(crawled: Ran, hosts: FaultServers) -> None:
    assert crawled.of("for-ever")["problems"]
    assert len(hosts["for ever"].hits_of("/0")) == 3


def test_garbage_in_a_503_is_a_fault_like_others(crawled: Ran, hosts: FaultServers) -> None:
    row = crawled.of("garbage")
    assert (row["new"], row["failed"]) == (1, 1)
    assert hosts["garbage"].paths == ["/robots.txt", "/feed", "/0", "/1"]
    assert crawled.code == 1


def http_date(delta: timedelta) -> str:
    return format_datetime(datetime.now(UTC) + delta, usegmt=True)


LONG_WAITS: dict[str, tuple[int, str | None, timedelta]] = {
    "seconds": (429, "3600", timedelta(hours=1)),
    "date": (503, "", timedelta(hours=2)),
    "ten-years": (429, "315360000", timedelta(hours=24)),
    "last-date": (503, "Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=24)),
    "unsaid": (429, None, timedelta(minutes=5)),
    "garbage": (429, "soon", timedelta(minutes=5)),
    "negative": (429, "-5", timedelta(minutes=5)),
}


def test_long_retry_after_ends_the_run_and_the_next(desk: Desk) -> None:
    with FaultServers() as hosts:
        for name, (status, retry_after, _) in LONG_WAITS.items():
            serve(hosts[name], 3)
            if name == "date":  # told from now, not from when the tests were collected
                retry_after = http_date(timedelta(hours=2))
            headers = {"Retry_After": retry_after} if retry_after else {}
            hosts[name].routes["/1"] = answer("", status, **headers)
        desk.outlets(*(an_outlet(hosts[name].base_url, name) for name in LONG_WAITS))
        ran = desk.crawl()
        for name in LONG_WAITS:
            assert hosts[name].paths == ["/robots.txt", "/feed", "/0", "/1"], name
        hosts.forget()
        again = desk.crawl()
        for name in LONG_WAITS:
            assert hosts[name].paths == [], name
    assert (ran.code, again.code) == (1, 1)
    for name, (_, _, hold) in LONG_WAITS.items():
        row = ran.of(name)
        assert (row["new"], row["failed"]) == (1, 0)
        (problem,) = row["problems"]
        sentence, _, when = problem.rpartition(" until ")
        assert sentence.endswith(" asked to be left alone")
        until = datetime.strptime(when, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
        assert abs(until - datetime.now(UTC) - hold) < timedelta(minutes=2), name
        assert f"{name}: {problem}\n" in ran.err
        assert again.of(name)["problems"] == [problem]
    assert len(ran.err.splitlines()) == len(LONG_WAITS)


def test_hosts_do_not_wait_for_each_other(desk: Desk) -> None:
    """One answers only when the other was asked for all it has."""
    with FaultServers() as hosts:
        serve(hosts["desk"], 3)

        def answer_last(exchange: Exchange) -> None:
            wait_until(lambda: len(hosts["desk"].hits) == 5)
            answer("", 404)(exchange)

        hosts["other"].routes["/robots.txt"] = answer_last
        desk.outlets(*(an_outlet(hosts[name].base_url, name) for name in ("other", "desk")))
        ran = desk.crawl()
        assert hosts["other"].paths == ["/robots.txt", "/feed"]
    assert ran.of("desk")["new"] == 3


def serve_sources(server: FaultServer, prefix: str = "") -> None:
    """An index of three sitemaps, and a list of three pages."""
    home = f"{server.base_url}{prefix}"
    parts = "".join(f"<sitemap><loc>{home}/{n}.xml</loc></sitemap>" for n in range(3))
    server.routes[f"{prefix}/index.xml"] = answer(f"<sitemapindex>{parts}</sitemapindex>")
    for n in range(3):
        story = f"{prefix}/map-10000{n}"
        server.routes[f"{prefix}/{n}.xml"] = answer(
            f"<urlset><url><loc>{server.base_url}{story}</loc></url></urlset>"
        )
        server.routes[story] = answer(an_article(f"China and Russia sign accord {story}"))
        listed = f"{prefix}/list-10000{n}"
        following = f"{prefix}/list?page={n + 2}"
        server.routes[f"{prefix}/list" + (f"?page={n + 1}" if n else "")] = answer(
            f"<a href='{listed}'>An accord</a><a rel=next href='{following}'>Older</a>"
        )
        server.routes[listed] = answer(an_article(f"China and Russia sign accord {listed}"))


def test_sitemaps_and_pages_wait_for_their_turn_too(desk: Desk) -> None:
    """The host's Crawl-delay, also where two outlets with sources of all kinds share it."""
    delay = 0.3
    with FaultServer() as server:
        rules = (
            f"User-agent: *\nCrawl-delay: {delay}\nDisallow: /two/1.xml\nDisallow: /two/list-100001"
        )
        server.routes["/robots.txt"] = answer(rules, 200, TEXT)
        entries = []
        for prefix in ("/one", "/two"):
            serve_sources(server, prefix)
            home = server.base_url + prefix
            sources = {"feeds": [], "sitemaps": [f"{home}/index.xml"], "pages": [f"{home}/list"]}
            entries.append(an_outlet(server.base_url, prefix[1:], **sources))
        desk.outlets(*entries)
        ran = desk.crawl()
        hits, paths = server.hits, server.paths
    assert (ran.of("one")["new"], ran.of("two")["new"]) == (6, 4)
    assert ran.of("two")["forbidden"] == 1
    assert ran.of("two")["problems"] == [f"robots.txt forbids it: {server.base_url}/two/1.xml"]
    assert not {"/two/1.xml", "/two/list-100001"} & set(paths)
    assert len(paths) == len(set(paths)) == 1 + 7 + 6 + 6 + 4
    assert min(gaps(hits)) + TOLERANCE_SECONDS >= delay
    whole = hits[-1].started - hits[0].started
    assert whole >= delay * (len(hits) - 1) - TOLERANCE_SECONDS
