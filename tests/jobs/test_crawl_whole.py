"""From feed to record, once and again: what is asked for, and what is not.

Each scenario is an outlet with a host of its own; all go through the same four crawls.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.faultserver import RSS, FaultServer, FaultServers, Hit, answer
from tests.jobs.desk import (
    CONTACT,
    Desk,
    Ran,
    a_numbered_outlet,
    a_rendered_article,
    an_article,
    an_outlet,
    item,
    number_path,
    rss,
)

FEED_DATE = "Mon, 02 Nov 2026 09:00:00 GMT"
PATHS = ["/story/1", "/story/2", "/story/3"]
FIRST, SECOND = number_path(3300001), number_path(3300001, "another-slug")
POOL = ["The city opened a new swimming pool today, and many children came to swim in it."] * 4
TERMINAL_HEADLINE = "China \x1b[31mand\x1b]0;x\x07 Russia sign"
SCENARIOS = ("steady", "silent", "changing", "numbers", "canonical", "topics", "escapes", "named")


def serve_three(server: FaultServer) -> None:
    for number, path in enumerate(PATHS, 1):
        page = an_article(f"China and Russia sign accord {number}")
        server.routes[path] = answer(page, etag=f'"page-{number}"', Set_Cookie="id=1; Path=/")
    feed = rss(*(item(path, f"Accord {n}", day=n) for n, path in enumerate(PATHS, 1)))
    validators = {"etag": '"feed"', "last_modified": FEED_DATE}
    server.routes["/feed"] = answer(feed, 200, RSS, Set_Cookie="id=1; Path=/", **validators)


def serve_feed(server: FaultServer, *items: str) -> None:
    server.routes["/feed"] = answer(rss(*items), 200, RSS)


def serve_all(hosts: FaultServers) -> None:
    for name in ("steady", "changing", "named"):
        serve_three(hosts[name])
    hosts["silent"].routes["/a"] = answer(an_article())
    serve_feed(hosts["silent"], item("/a"))
    hosts["numbers"].routes |= dict.fromkeys((FIRST, SECOND), answer(a_rendered_article(3300001)))
    second = f"{SECOND}?utm_source=rss_feed"
    serve_feed(hosts["numbers"], item(FIRST), item(second), item(f"{FIRST}#comments"))
    page = answer(an_article(canonical=f"{hosts['canonical'].base_url}/story"))
    addresses = ("/story", "/story/amp", "/news/story?id=7")
    hosts["canonical"].routes |= dict.fromkeys(addresses, page)
    serve_feed(hosts["canonical"], item("/story?utm_campaign=a"), *map(item, addresses[1:]))
    hosts["topics"].routes |= {
        "/pool": answer(an_article("New swimming pool opens", POOL)),
        "/gas": answer(an_article()),
    }
    serve_feed(hosts["topics"], item("/pool"), item("/gas"))
    hosts["escapes"].routes["/a"] = answer(an_article(TERMINAL_HEADLINE))
    serve_feed(hosts["escapes"], item("/a", TERMINAL_HEADLINE), item("/\x1b[2Jb"))


def change_some(hosts: FaultServers) -> None:
    """A title and a date of `changing`, and the page behind the title."""
    server = hosts["changing"]
    server.routes[PATHS[0]] = answer(an_article("China and Russia sign two accords"))
    titles, days = ("Accord 1, corrected", "Accord 2", "Accord 3"), (1, 2, 4)
    listed = map(item, PATHS, titles, days)
    server.routes["/feed"] = answer(rss(*listed), 200, RSS, etag='"feed-2"')


@dataclass
class History:
    """The crawls, with what each asked of each host, and the records after each."""

    runs: list[Ran] = field(default_factory=list)
    hits: list[dict[str, list[Hit]]] = field(default_factory=list)
    records: list[dict[str, list[dict[str, Any]]]] = field(default_factory=list)

    def crawl(self, desk: Desk, hosts: FaultServers, *arguments: str) -> None:
        hosts.forget()
        self.runs.append(desk.crawl(*arguments))
        self.hits.append({name: hosts[name].hits for name in SCENARIOS})
        self.records.append({name: desk.articles(name) for name in SCENARIOS})

    def paths(self, run: int, name: str) -> list[str]:
        return [hit.path for hit in self.hits[run][name]]

    def headers(self, run: int, name: str, path: str) -> dict[str, str]:
        (hit,) = (hit for hit in self.hits[run][name] if hit.path == path)
        return dict(hit.headers)


def named(*urls: str) -> list[str]:
    return [word for url in urls for word in ("--url", url)]


@pytest.fixture(scope="module")
def history(hosts: FaultServers, shared_desk: Desk) -> History:
    serve_all(hosts)
    shared_desk.outlets(
        a_numbered_outlet(hosts["numbers"].base_url, outlet_id="numbers"),
        an_outlet(hosts["topics"].base_url, "topics", on_topic=False),
        *(an_outlet(hosts[n].base_url, n) for n in SCENARIOS if n not in ("numbers", "topics")),
    )
    history = History()
    history.crawl(shared_desk, hosts)
    change_some(hosts)
    history.crawl(shared_desk, hosts)
    home = hosts["named"].base_url
    hosts["named"].routes[PATHS[1]] = answer(an_article("China and Russia sign two accords"))
    hosts["named"].routes[PATHS[2]] = answer("<h1>Gone</h1>", 410)
    urls = [f"{home}{PATHS[0]}?utm_source=x#top", *(f"{home}{path}" for path in PATHS)]
    history.crawl(shared_desk, hosts, *named(*urls))
    history.crawl(shared_desk, hosts, "--all", *named(f"{hosts['topics'].base_url}/pool"))
    return history


def test_report(history: History) -> None:
    # The one page of the first crawl that was none is a problem of `escapes`.
    assert [run.code for run in history.runs] == [1, 0, 0, 0]
    assert [line.partition(":")[0] for line in history.runs[0].err.splitlines()] == ["escapes"]
    assert history.runs[0].of("steady") == {
        "outlet": "steady", "found": 3, "new": 3, "updated": 0, "unchanged": 0,
        "off_topic": 0, "forbidden": 0, "failed": 0, "problems": [],
    }  # fmt: skip
    assert history.runs[0].json["interrupted"] is False


def test_pages_are_asked_for_once_and_the_newest_first(history: History) -> None:
    """Should the crawl end early, the news is in."""
    assert history.paths(0, "steady") == ["/robots.txt", "/feed", *reversed(PATHS)]


def test_records(history: History, hosts: FaultServers, shared_desk: Desk) -> None:
    records = history.records[0]["steady"]
    home = hosts["steady"].base_url
    assert [record["url"] for record in records] == [home + path for path in reversed(PATHS)]
    first = records[0]
    assert first["headline"] == "China and Russia sign accord 3"
    assert first["paragraphs"][0].startswith("The foreign ministers")
    assert (first["outlet"], first["language"], first["revision"]) == ("steady", "en", 1)
    assert first["date_published"] == "2026-11-02T08:00:00Z"
    assert first["relevant"] is True
    listed = shared_desk.run("articles", "--json", "--sort", "id", "--outlet", "steady")
    assert (listed.code, listed.err) == (0, "")
    assert listed.json == history.records[3]["steady"]


def test_requests_name_us_and_nothing_else(history: History) -> None:
    hits = [hit for run in history.hits for hit in run["steady"] + run["changing"]]
    assert len(hits) > 10
    for hit in hits:
        assert hit.headers["user-agent"].startswith("sinorus/")
        assert f"+{CONTACT}" in hit.headers["user-agent"]
        assert not {"cookie", "referer", "authorization"} & set(hit.headers)
    assert "application/rss+xml" in history.headers(0, "steady", "/feed")["accept"]


def test_unchanged_feed_costs_one_request(history: History) -> None:
    assert history.paths(1, "steady") == ["/robots.txt", "/feed"]
    asked = history.headers(1, "steady", "/feed")
    assert asked["if-none-match"] == '"feed"'
    assert asked["if-modified-since"] == FEED_DATE
    row = history.runs[1].of("steady")
    assert (row["new"], row["failed"], row["problems"]) == (0, 0, [])


def test_feed_without_validators_costs_no_page(history: History) -> None:
    assert history.paths(1, "silent") == ["/robots.txt", "/feed"]
    assert "if-none-match" not in history.headers(1, "silent", "/feed")
    row = history.runs[1].of("silent")
    assert (row["found"], row["unchanged"]) == (1, 1)


def test_a_changed_listing_makes_its_page_due(history: History, shared_desk: Desk) -> None:
    """Another title, or another date; the page may have changed or not."""
    assert set(history.paths(1, "changing")[2:]) == {PATHS[0], PATHS[2]}
    assert history.headers(1, "changing", PATHS[2])["if-none-match"] == '"page-3"'
    row = history.runs[1].of("changing")
    assert (row["updated"], row["unchanged"]) == (1, 2)
    record = next(r for r in history.records[1]["changing"] if r["url"].endswith(PATHS[0]))
    assert (record["headline"], record["revision"]) == ("China and Russia sign two accords", 2)
    shown = shared_desk.run("show", str(record["id"]), "--revisions", "--json").json
    assert [entry["revision"] for entry in shown["revisions"]] == [1, 2]
    assert shown["revisions"][1]["seen_at"] == record["last_changed"]


def test_one_record_for_all_addresses_of_a_number(history: History, hosts: FaultServers) -> None:
    home = hosts["numbers"].base_url
    row = history.runs[0].of("numbers")
    assert (row["found"], row["new"]) == (1, 1)
    assert history.paths(0, "numbers") == ["/robots.txt", "/feed", FIRST]
    (record,) = history.records[0]["numbers"]
    assert record["url"] == home + FIRST
    assert record["alternate_urls"] == [f"{home}{SECOND}?utm_source=rss_feed"]


def test_one_record_for_pages_that_name_one_address(history: History, hosts: FaultServers) -> None:
    home = hosts["canonical"].base_url
    row = history.runs[0].of("canonical")
    assert (row["new"], row["unchanged"], row["failed"]) == (1, 1, 0)
    (record,) = history.records[0]["canonical"]
    assert (record["url"], record["revision"]) == (f"{home}/story", 1)
    assert set(record["alternate_urls"]) == {
        f"{home}/story?utm_campaign=a", f"{home}/story/amp", f"{home}/news/story?id=7",
    }  # fmt: skip


def test_off_topic_is_read_once_and_not_kept(history: History, hosts: FaultServers) -> None:
    row = history.runs[0].of("topics")
    assert (row["new"], row["off_topic"]) == (1, 1)
    home = hosts["topics"].base_url
    assert [record["url"] for record in history.records[1]["topics"]] == [f"{home}/gas"]
    assert history.runs[1].of("topics")["off_topic"] == 1
    assert history.paths(1, "topics") == ["/robots.txt", "/feed"]


def test_off_topic_is_kept_when_asked_to(history: History) -> None:
    assert history.runs[3].row["new"] == 1
    assert [r["relevant"] for r in history.records[3]["topics"]] == [True, False]


def test_pages_that_people_name_are_fetched_again(history: History) -> None:
    """Once each, whatever address they are named under."""
    assert history.paths(2, "named") == ["/robots.txt", *PATHS]
    row = history.runs[2].row
    assert (row["found"], row["updated"], row["unchanged"]) == (3, 2, 1)
    assert [r["revision"] for r in history.records[2]["named"]] == [2, 2, 1]
    assert all(history.paths(2, name) == [] for name in SCENARIOS if name != "named")


def test_a_page_that_goes_keeps_its_text(history: History) -> None:
    before, after = (records["named"][0] for records in history.records[1:3])
    assert before["url"].endswith(PATHS[2])
    assert (before["gone_at"], before["revision"], after["revision"]) == (None, 1, 2)
    assert after["gone_at"] == after["last_changed"] > before["last_changed"]
    changed = ("gone_at", "last_changed", "revision")
    assert after | dict.fromkeys(changed) == before | dict.fromkeys(changed)
    assert history.runs[2].code == 0
    number = before["id"]
    assert history.runs[2].err == (
        f"named: article {number} is gone from its site; its text is kept\n"
    )


def test_headlines_steer_no_terminal(history: History, shared_desk: Desk) -> None:
    (record,) = history.records[0]["escapes"]
    assert "Russia" in record["headline"]
    for command in (["articles"], ["status"], ["outlets"], ["show", str(record["id"])]):
        assert shared_desk.run(*command).code == 0  # `run` looks for ESC in all they print


def test_pages_of_a_feed_noted_before_a_kill_are_still_fetched(
    server: FaultServer, desk: Desk
) -> None:
    serve_three(server)
    desk.outlets(an_outlet(server.base_url))
    process = desk.start("crawl")
    # The third request is the first page's: the feed and its validators are stored by then.
    server.before = lambda number: process.kill() if number == 3 else None
    process.communicate()
    server.before = None
    assert server.paths == ["/robots.txt", "/feed", PATHS[2]]
    server.forget()
    again = desk.crawl()
    assert (again.code, again.row["new"]) == (0, 3)
    assert server.hits_of("/feed")[0].headers["if-none-match"] == '"feed"'
    assert server.paths[2:] == PATHS[::-1]


def test_since_and_limit(server: FaultServer, desk: Desk) -> None:
    """And a User-Agent of the operator's own."""
    serve_three(server)
    desk.outlets(an_outlet(server.base_url))
    agent = "desk-bot/1 (+https://newsroom.example/bot)"
    ran = desk.crawl("--since", "2026-11-02", "--limit", "1", env={"SINORUS_USER_AGENT": agent})
    assert (ran.row["found"], ran.row["new"]) == (3, 1)
    assert server.paths[2:] == [PATHS[2]]
    assert {hit.headers["user-agent"] for hit in server.hits} == {agent}
    server.forget()
    assert desk.crawl("--since", "2026-11-02").row["new"] == 1
    assert server.paths[2:] == [PATHS[1]]
