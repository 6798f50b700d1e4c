"""From sitemaps, indexes, section pages and archives to records, once, again, and back in time.

Each scenario is an outlet with a host of its own; all go through the same crawls.
"""

from __future__ import annotations

import gzip
import json
import signal
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

import storage
from storage.schema import leads
from tests.faultserver import RSS, FaultServer, FaultServers, Hit, answer
from tests.jobs.desk import Desk, Ran, an_article, an_outlet, fork_command, item, rss

XML = "application/xml"
NOW = datetime.now(UTC)
YEARS = 10
SOURCES = ("/feed", "/index.xml", "/world/", "/list.json")
SCENARIOS = ("index", "archive", "section", "mixed", "json", "deep", "nothing")


def serve_xml(server: FaultServer, path: str, body: str | bytes) -> None:
    server.routes[path] = answer(body, 200, XML, etag=f'"{path}"')


def serve_stories(server: FaultServer, *paths: str) -> None:
    for path in paths:
        page = an_article(f"China and Russia sign accord {path}")
        server.routes[path] = answer(page, etag=f'"{path}"')


def urlset(server: FaultServer, **dated: datetime | None) -> str:
    """Stories by name, each with the time of its change."""
    listed = ""
    for name, moment in dated.items():
        lastmod = f"<lastmod>{moment.isoformat()}</lastmod>" if moment else ""
        listed += f"<url><loc>{server.base_url}/{name}</loc>{lastmod}</url>"
    return f"<urlset>{listed}</urlset>"


def index(server: FaultServer, *parts: str) -> str:
    listed = "".join(
        f"<sitemap><loc>{part if '://' in part else server.base_url + part}</loc></sitemap>"
        for part in parts
    )
    return f"<sitemapindex>{listed}</sitemapindex>"


def serve_index(server: FaultServer) -> None:
    """An index that lists itself, another host's, one that is none, and one in gzip."""
    elsewhere = "http://elsewhere.example/sitemap.xml"
    parts = ("/index.xml", "/packed.xml.gz", elsewhere, "/html.xml", "/inner.xml")
    serve_xml(server, "/index.xml", index(server, *parts))
    serve_xml(server, "/inner.xml", index(server, "/index.xml", "/plain.xml"))
    serve_xml(server, "/packed.xml.gz", gzip.compress(urlset(server, packed=NOW).encode()))
    serve_xml(server, "/plain.xml", urlset(server, plain=None))
    server.routes["/html.xml"] = answer("<html><body>Just a moment</body></html>")
    serve_stories(server, "/packed", "/plain")


def months() -> list[datetime]:
    """The first days of the last ten years' months, the oldest first."""
    last = NOW.year * 12 + NOW.month - 1
    return [
        datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        for number in range(last - YEARS * 12 + 1, last + 1)
    ]


def story(moment: datetime) -> str:
    return f"story-{moment:%Y%m%d}-x"


def serve_archive(server: FaultServer) -> None:
    """A part a month; the last two months also have articles of ten and forty days ago."""
    parts = {f"/sitemap-{month:%Y-%m}.xml": month for month in months()}
    serve_xml(server, "/index.xml", index(server, *parts))
    for path, month in parts.items():
        days = [month, *(NOW - timedelta(days=age) for age in (0, 10, 40))]
        here = [day for day in days if (day.year, day.month) == (month.year, month.month)]
        serve_xml(server, path, urlset(server, **{story(day): day for day in here}))
        serve_stories(server, *(f"/{story(day)}" for day in here))


def serve_section(server: FaultServer, pages: int = 5) -> None:
    """Two stories a page, the newest first, and the last page links to itself."""
    for number in range(1, pages + 1):
        stories = [f"/world/story-{number}00{n}00" for n in (1, 2)]
        links = "".join(f"<li><a href='{path}'>Accord {path}</a></li>" for path in stories)
        following = f"/world/?page={min(number + 1, pages)}"
        html = f"<html><body><ul>{links}</ul><a rel=next href='{following}'>Older</a></body></html>"
        path = "/world/" if number == 1 else f"/world/?page={number}"
        server.routes[path] = answer(html, etag=f'"{path}"')
        serve_stories(server, *stories)


def serve_all(hosts: FaultServers) -> None:
    serve_index(hosts["index"])
    serve_archive(hosts["archive"])
    serve_section(hosts["section"])
    mixed = hosts["mixed"]
    mixed.routes["/feed"] = answer(rss(item("/both-100001"), item("/feed-1")), 200, RSS, etag='"f"')
    serve_xml(mixed, "/index.xml", urlset(mixed, **{"both-100001": NOW, "map-1": NOW}))
    mixed.routes["/world/"] = answer("<a href='/both-100001'>Accord on gas</a>", etag='"w"')
    serve_stories(mixed, "/both-100001", "/feed-1", "/map-1")
    listed = [{"title": "Accord on gas", "url": "/n/2026_03_01_727000.shtml"}]
    hosts["json"].routes["/list.json"] = answer(json.dumps(listed), 200, "application/json")
    serve_stories(hosts["json"], "/n/2026_03_01_727000.shtml")
    for depth in range(6):
        path = "/index.xml" if depth == 0 else f"/{depth}.xml"
        serve_xml(hosts["deep"], path, index(hosts["deep"], f"/{depth + 1}.xml"))
    hosts["nothing"].routes |= {
        "/index.xml": answer("<html><body>Just a moment</body></html>"),
        "/world/": answer("<html><body>Just a moment</body></html>"),
    }


@dataclass
class History:
    """The crawls, with what each asked of each host."""

    runs: list[Ran] = field(default_factory=list)
    hits: list[dict[str, list[Hit]]] = field(default_factory=list)

    def crawl(self, desk: Desk, hosts: FaultServers, *arguments: str) -> None:
        hosts.forget()
        self.runs.append(desk.crawl(*arguments))
        self.hits.append({name: hosts[name].hits for name in SCENARIOS})

    def paths(self, run: int, name: str) -> list[str]:
        return [hit.path for hit in self.hits[run][name] if hit.path != "/robots.txt"]


FIRST, AGAIN, MONTH, WHOLE, WHOLE_AGAIN = range(5)


@pytest.fixture(scope="module")
def history(hosts: FaultServers, shared_desk: Desk) -> History:
    serve_all(hosts)
    sources = {
        "index": {"sitemaps": ["/index.xml"]},
        "archive": {"sitemaps": ["/index.xml", "/index.xml"]},
        "section": {"pages": ["/world/"]},
        "mixed": {"feeds": ["/feed"], "sitemaps": ["/index.xml"], "pages": ["/world/"]},
        "json": {"pages": ["/list.json"]},
        "deep": {"sitemaps": ["/index.xml"]},
        "nothing": {"sitemaps": ["/index.xml"], "pages": ["/world/"]},
    }
    entries = []
    for name, of_entry in sources.items():
        home = hosts[name].base_url
        whole = {kind: [home + path for path in paths] for kind, paths in of_entry.items()}
        entries.append(an_outlet(home, name, **{"feeds": [], **whole}))
    shared_desk.outlets(*entries)
    history = History()
    history.crawl(shared_desk, hosts)
    history.crawl(shared_desk, hosts)
    history.crawl(shared_desk, hosts, "archive", "--backfill", "--since", "30d")
    history.crawl(shared_desk, hosts, "archive", "section", "--backfill")
    history.crawl(shared_desk, hosts, "archive", "section", "--backfill")
    return history


def test_index(history: History, hosts: FaultServers, shared_desk: Desk) -> None:
    """Each part once, the loop ignored; what is no sitemap, or another host's, is a problem."""
    paths = history.paths(FIRST, "index")
    assert sorted(paths[:5]) == [
        "/html.xml", "/index.xml", "/inner.xml", "/packed.xml.gz", "/plain.xml",
    ]  # fmt: skip
    assert sorted(paths[5:]) == ["/packed", "/plain"]
    row = history.runs[FIRST].of("index")
    assert (row["new"], row["failed"]) == (2, 0)
    home = hosts["index"].base_url
    assert sorted(row["problems"]) == [
        "sitemap: 1 parts on hosts not of the entry, as http://elsewhere.example/sitemap.xml: "
        f"{home}/index.xml",
        f"sitemap: not a sitemap, begins with '<html><body>Just a moment</body></html>': "
        f"{home}/html.xml",
    ]


def test_the_time_of_a_change_is_no_date(history: History, shared_desk: Desk) -> None:
    """The page's own is kept, which is years away from the sitemap's."""
    records = shared_desk.articles("index")
    assert {record["date_published"] for record in records} == {"2026-11-02T08:00:00Z"}
    assert all(record["provenance"]["date_published"] != "feed" for record in records)


@pytest.mark.parametrize("name", ["index", "archive", "section", "mixed"])
def test_a_second_crawl_asks_with_validators_and_for_nothing_else(
    history: History, name: str
) -> None:
    """Each source that an ordinary crawl reads; the parts of an index that is unchanged too."""
    asked = [hit for hit in history.hits[AGAIN][name] if hit.path != "/robots.txt"]
    sources = [path for path in history.paths(FIRST, name) if is_source(path)]
    expected = ["/world/"] if name == "section" else sources
    assert sorted(hit.path for hit in asked) == sorted(expected)
    for hit in asked:
        assert ("if-none-match" in hit.headers) == (hit.path != "/html.xml")


def is_source(path: str) -> bool:
    return path in SOURCES or ".xml" in path or path.startswith("/world/?")


def test_an_ordinary_crawl_reads_the_newest_months(history: History) -> None:
    newest = [f"/sitemap-{month:%Y-%m}.xml" for month in months()[-5:]]
    paths = history.paths(FIRST, "archive")
    assert (paths[0], sorted(paths[1:6])) == ("/index.xml", newest)


def test_a_backfill_of_thirty_days(history: History) -> None:
    """Two or three parts of 120, and no article that is older."""
    paths = history.paths(MONTH, "archive")
    parts = [path for path in paths if path.endswith(".xml")]
    wanted = [month for month in months() if (NOW - month).days <= 31 + 31]
    assert set(parts[1:]) <= {f"/sitemap-{month:%Y-%m}.xml" for month in wanted}
    assert 1 <= len(parts) - 1 <= 3
    assert len(paths) == len(parts)  # what is that new was read by the first crawl


def test_a_backfill_of_ten_years(history: History, shared_desk: Desk) -> None:
    paths = history.paths(WHOLE, "archive")
    parts = {f"/sitemap-{month:%Y-%m}.xml" for month in months()}
    assert parts <= set(paths)
    assert len(paths) == len(set(paths))
    stored = [record["url"].rpartition("/")[2] for record in shared_desk.articles("archive")]
    ages = {story(NOW - timedelta(days=age)) for age in (0, 10, 40)}
    assert set(stored) == {story(month) for month in months()} | ages
    read = [path for path in paths if path.startswith("/story")]
    assert read == sorted(read, reverse=True)
    assert history.paths(WHOLE_AGAIN, "archive") == paths[: len(paths) - len(read)]
    again = [hit for hit in history.hits[WHOLE_AGAIN]["archive"] if hit.path != "/robots.txt"]
    assert all("if-none-match" in hit.headers for hit in again)


def test_pages_of_a_section(history: History) -> None:
    """Three at first; only the first once nothing is new; all for a backfill, and no loop."""
    pages = [path for path in history.paths(FIRST, "section") if "story" not in path]
    assert pages == ["/world/", "/world/?page=2", "/world/?page=3"]
    assert history.runs[FIRST].of("section")["new"] == 6
    assert history.paths(AGAIN, "section") == ["/world/"]
    whole = [path for path in history.paths(WHOLE, "section") if "story" not in path]
    assert whole == ["/world/", *(f"/world/?page={n}" for n in range(2, 6))]
    assert history.runs[WHOLE].of("section")["new"] == 4


def test_one_article_of_several_sources(history: History) -> None:
    row = history.runs[FIRST].of("mixed")
    assert (row["found"], row["new"], row["problems"]) == (3, 3, [])
    assert history.paths(FIRST, "mixed").count("/both-100001") == 1


def test_json_list(history: History) -> None:
    assert history.paths(FIRST, "json") == ["/list.json", "/n/2026_03_01_727000.shtml"]


def test_indexes_in_indexes_end_with_a_problem(history: History, hosts: FaultServers) -> None:
    assert history.paths(FIRST, "deep") == ["/index.xml", "/1.xml", "/2.xml", "/3.xml"]
    (problem,) = history.runs[FIRST].of("deep")["problems"]
    home = hosts["deep"].base_url
    assert problem == f"sitemap: an index more than 3 deep in indexes: {home}/3.xml"


def test_what_is_no_source_is_no_day_without_news(history: History, shared_desk: Desk) -> None:
    home, challenge = history.runs[FIRST].of("nothing"), "<html><body>Just a moment"
    assert len(home["problems"]) == 2
    assert home["problems"][0].startswith(f"sitemap: not a sitemap, begins with '{challenge}")
    assert home["problems"][1].startswith("page: no link to an article in it")
    assert history.runs[FIRST].code == 1


def test_a_backfill_takes_what_an_ordinary_crawl_left(server: FaultServer, desk: Desk) -> None:
    """From a sitemap that has not changed since."""
    days = [NOW - timedelta(days=n) for n in range(30)]
    stories = {story(day): day for day in days}
    serve_xml(server, "/map.xml", urlset(server, **stories))
    serve_stories(server, *(f"/{name}" for name in stories))
    desk.outlets(an_outlet(server.base_url, feeds=[], sitemaps=[f"{server.base_url}/map.xml"]))
    few = {"crawler.discover.sitemap.NEWEST_ITEMS": 3}
    assert desk.crawl(changed=few).row["new"] == 3
    assert desk.crawl(changed=few).row["new"] == 0
    since = f"{NOW - timedelta(days=9, hours=12):%Y-%m-%dT%H:%M}"
    server.forget()
    assert desk.crawl("--backfill", "--since", since, changed=few).row["new"] == 7
    assert "if-none-match" not in server.hits_of("/map.xml")[0].headers
    server.forget()
    assert desk.crawl("--backfill", "--since", since, changed=few).row["new"] == 0
    assert "if-none-match" in server.hits_of("/map.xml")[0].headers
    assert desk.crawl("--backfill", changed=few).row["new"] == 20


def test_what_is_due_is_asked_for_in_parts(server: FaultServer, desk: Desk) -> None:
    """All the same: once each, the newest first, and no more than the limit."""
    paths = [f"/{number}" for number in range(100, 0, -1)]
    listed = [
        f"<item><link>{path}</link><pubDate>02 Nov 2026 08:00:{min(n, 59):02} +0000</pubDate>"
        "</item>"
        for n, path in enumerate(reversed(paths))
    ]
    server.routes["/feed"] = answer(rss(*listed), 200, RSS)
    serve_stories(server, *paths)
    desk.outlets(an_outlet(server.base_url))
    few = {"jobs.memory.DUE_AT_ONCE": 7, "crawler.spider._FEW_OPEN_PAGES": 3}
    assert desk.crawl("--limit", "30", changed=few).row["new"] == 30
    assert desk.crawl(changed=few).row["new"] == 70
    asked = [path for path in server.paths if path in paths]
    assert len(asked) == len(set(asked)) == 100
    assert asked[41:] == paths[41:]  # before, all of one second


def test_a_source_noted_in_parts_is_read_anew_where_the_last_is_missing(
    server: FaultServer, desk: Desk
) -> None:
    """Its validators come with the last part: killed before that, nothing is lost."""
    serve_xml(server, "/map.xml", urlset(server, **{f"story-{n}-x": NOW for n in range(60)}))
    serve_stories(server, *(f"/story-{n}-x" for n in range(60)))
    desk.outlets(an_outlet(server.base_url, feeds=[], sitemaps=[f"{server.base_url}/map.xml"]))
    few = {"jobs.source_memory.LISTINGS_PER_TRANSACTION": 25}
    with storage.open(f"sqlite:///{desk.folder / 'sinorus.db'}", create=True):
        pass  # so that the commits of the crawl are all there are
    process = fork_command(desk.folder, "crawl", changed=few, kill_at=("commit", 8))
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert server.paths == ["/robots.txt", "/map.xml"]
    with desk.database() as database, database.read() as conn:
        assert conn.execute(select(func.count()).select_from(leads)).scalar_one() == 50
    server.forget()
    ran = desk.crawl(changed=few)
    assert (ran.row["found"], ran.row["new"]) == (60, 60)
    assert "if-none-match" not in server.hits_of("/map.xml")[0].headers


def test_a_reader_that_fails_costs_its_source_alone(server: FaultServer, desk: Desk) -> None:
    serve_xml(server, "/map.xml", urlset(server, **{"map-1": NOW}))
    server.routes["/feed"] = answer(rss(item("/a")), 200, RSS)
    serve_stories(server, "/a")
    desk.outlets(an_outlet(server.base_url, sitemaps=[f"{server.base_url}/map.xml"]))
    ran = desk.crawl(changed={"crawler.discover.sitemap.NEWEST_ITEMS": "broken"})
    assert (ran.code, ran.row["new"]) == (1, 1)
    (problem,) = ran.row["problems"]
    assert problem.startswith("sitemap: the reader failed, please report it: TypeError: ")
