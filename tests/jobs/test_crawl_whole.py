"""From feed to record, once and again: what is asked for, and what is not."""

from __future__ import annotations

from tests.faultserver import RSS, FaultServer, answer
from tests.jobs.desk import (
    CONTACT,
    Desk,
    a_numbered_outlet,
    a_rendered_article,
    an_article,
    an_outlet,
    item,
    number_path,
    rss,
)

FEED_DATE = "Mon, 02 Nov 2026 09:00:00 GMT"


def serve_three(server: FaultServer) -> list[str]:
    paths = [f"/story/{number}" for number in (1, 2, 3)]
    for number, path in enumerate(paths, 1):
        page = an_article(f"China and Russia sign accord {number}")
        server.routes[path] = answer(page, etag=f'"page-{number}"')
    feed = rss(*(item(path, f"Accord {n}", day=n) for n, path in enumerate(paths, 1)))
    server.routes["/feed"] = answer(feed, 200, RSS, etag='"feed"', last_modified=FEED_DATE)
    return paths


def test_feed_to_database(server: FaultServer, desk: Desk) -> None:
    paths = serve_three(server)
    desk.outlets(an_outlet(server.base_url))
    ran = desk.crawl()
    assert ran.code == 0
    assert ran.err == ""
    assert ran.json == {
        "outlets": [
            {
                "outlet": "desk", "found": 3, "new": 3, "updated": 0, "unchanged": 0,
                "off_topic": 0, "forbidden": 0, "failed": 0, "problems": [],
            }
        ],
        "interrupted": False,
    }  # fmt: skip
    # The newest first: should the crawl end early, the news is in.
    assert server.paths == ["/robots.txt", "/feed", *reversed(paths)]

    listed = desk.run("articles", "--json", "--sort", "id")
    assert [record["url"] for record in listed.json] == [
        server.base_url + path for path in reversed(paths)
    ]
    record = listed.json[0]
    assert record["headline"] == "China and Russia sign accord 3"
    assert record["paragraphs"][0].startswith("Chinese President Xi Jinping")
    assert record["outlet"] == "desk"
    assert record["parser"] == "generic/2"
    assert record["date_published"] == "2026-11-02T08:00:00Z"
    assert record["revision"] == 1
    assert record["relevant"] is True
    assert listed.json == desk.articles()


def test_requests_name_us_and_nothing_else(server: FaultServer, desk: Desk) -> None:
    page = an_article()
    server.routes["/a"] = answer(page, Set_Cookie="id=1; Path=/")
    server.routes["/feed"] = answer(rss(item("/a")), 200, RSS, Set_Cookie="id=1; Path=/")
    desk.outlets(an_outlet(server.base_url))
    assert desk.crawl().row["new"] == 1
    assert server.paths == ["/robots.txt", "/feed", "/a"]
    for hit in server.hits:
        assert hit.headers["user-agent"].startswith("sinorus/")
        assert f"+{CONTACT}" in hit.headers["user-agent"]
        assert not {"cookie", "referer", "authorization"} & set(hit.headers)
    assert "application/rss+xml" in server.hits_of("/feed")[0].headers["accept"]


def test_user_agent_setting(server: FaultServer, desk: Desk) -> None:
    server.routes["/feed"] = answer(rss(), 200, RSS)
    desk.outlets(an_outlet(server.base_url))
    desk.crawl(env={"SINORUS_USER_AGENT": "desk-bot/1 (+https://newsroom.example/bot)"})
    assert {hit.headers["user-agent"] for hit in server.hits} == {
        "desk-bot/1 (+https://newsroom.example/bot)"
    }


def test_unchanged_feed_costs_one_request(server: FaultServer, desk: Desk) -> None:
    serve_three(server)
    desk.outlets(an_outlet(server.base_url))
    desk.crawl()
    server.forget()
    again = desk.crawl()
    assert again.code == 0
    assert (again.row["new"], again.row["failed"]) == (0, 0)
    assert server.paths == ["/robots.txt", "/feed"]
    asked = server.hits_of("/feed")[0].headers
    assert asked["if-none-match"] == '"feed"'
    assert asked["if-modified-since"] == FEED_DATE


def test_feed_without_validators_costs_no_page(server: FaultServer, desk: Desk) -> None:
    server.routes["/a"] = answer(an_article())
    server.routes["/feed"] = answer(rss(item("/a")), 200, RSS)
    desk.outlets(an_outlet(server.base_url))
    desk.crawl()
    server.forget()
    again = desk.crawl()
    assert (again.row["found"], again.row["unchanged"]) == (1, 1)
    assert server.paths == ["/robots.txt", "/feed"]
    assert "if-none-match" not in server.hits_of("/feed")[0].headers


def test_pages_of_a_feed_noted_before_a_kill_are_still_fetched(
    server: FaultServer, desk: Desk
) -> None:
    paths = serve_three(server)
    desk.outlets(an_outlet(server.base_url))
    process = desk.start("crawl")
    # The third request is the first page's: the feed and its validators are stored by then.
    server.before = lambda number: process.kill() if number == 3 else None
    process.communicate()
    server.before = None
    assert server.paths == ["/robots.txt", "/feed", paths[2]]
    server.forget()
    again = desk.crawl()
    assert (again.code, again.row["new"]) == (0, 3)
    assert server.hits_of("/feed")[0].headers["if-none-match"] == '"feed"'
    assert sorted(server.paths[2:]) == paths


def test_a_changed_listing_makes_its_page_due(server: FaultServer, desk: Desk) -> None:
    paths = serve_three(server)
    desk.outlets(an_outlet(server.base_url))
    desk.crawl()
    server.routes[paths[0]] = answer(an_article("China and Russia sign two accords"))
    titles = ("Accord 1, corrected", "Accord 2", "Accord 3")
    listed = [item(paths[n], titles[n], day=(1, 2, 4)[n]) for n in range(3)]
    server.routes["/feed"] = answer(rss(*listed), 200, RSS, etag='"feed-2"')
    server.forget()
    again = desk.crawl()
    assert (again.row["updated"], again.row["unchanged"]) == (1, 2)
    assert set(server.paths[2:]) == {paths[0], paths[2]}  # another title, another date
    assert server.hits_of(paths[2])[0].headers["if-none-match"] == '"page-3"'
    record = next(r for r in desk.articles() if r["url"].endswith("/1"))
    assert (record["headline"], record["revision"]) == ("China and Russia sign two accords", 2)
    shown = desk.run("show", str(record["id"]), "--revisions", "--json").json
    assert [entry["revision"] for entry in shown["revisions"]] == [1, 2]
    assert shown["revisions"][1]["changed"] == ["headline"]


def test_url_is_fetched_again(server: FaultServer, desk: Desk) -> None:
    paths = serve_three(server)
    desk.outlets(an_outlet(server.base_url))
    desk.crawl()
    server.forget()
    one = f"{server.base_url}{paths[0]}?utm_source=x#top"
    same = desk.crawl("--url", one)
    assert (same.row["found"], same.row["unchanged"]) == (1, 1)
    assert server.paths == ["/robots.txt", paths[0]]
    server.routes[paths[0]] = answer(an_article("China and Russia sign two accords"))
    assert desk.crawl("--url", one, "--url", server.base_url + paths[0]).row["updated"] == 1
    assert len(server.hits_of(paths[0])) == 2
    assert len(desk.articles()) == 3


def test_one_record_for_all_addresses_of_a_number(server: FaultServer, desk: Desk) -> None:
    first, second = number_path(3300001), number_path(3300001, "another-slug")
    for path in (first, second):
        server.routes[path] = answer(a_rendered_article(3300001))
    listed = [item(first), item(f"{second}?utm_source=rss_feed"), item(f"{first}#comments")]
    server.routes["/feed"] = answer(rss(*listed), 200, RSS)
    desk.outlets(a_numbered_outlet(server.base_url))
    ran = desk.crawl()
    assert (ran.row["found"], ran.row["new"]) == (1, 1)
    assert server.paths == ["/robots.txt", "/feed", first]
    (record,) = desk.articles()
    assert record["url"] == server.base_url + first
    assert record["alternate_urls"] == [f"{server.base_url}{second}?utm_source=rss_feed"]
    shown = desk.run("show", f"{server.base_url}{second}?utm_source=rss_feed", "--json")
    assert shown.json["id"] == record["id"]


def test_one_record_for_pages_that_name_one_address(server: FaultServer, desk: Desk) -> None:
    true = f"{server.base_url}/story"
    for path in ("/story", "/story/amp", "/news/story?id=7"):
        server.routes[path] = answer(an_article(canonical=true))
    listed = [item("/story?utm_campaign=a"), item("/story/amp"), item("/news/story?id=7")]
    server.routes["/feed"] = answer(rss(*listed), 200, RSS)
    desk.outlets(an_outlet(server.base_url))
    ran = desk.crawl()
    assert (ran.code, ran.row["new"], ran.row["unchanged"]) == (0, 1, 2)
    (record,) = desk.articles()
    assert record["url"] == true
    assert record["revision"] == 1
    assert set(record["alternate_urls"]) == {
        f"{true}?utm_campaign=a", f"{true}/amp", f"{server.base_url}/news/story?id=7",
    }  # fmt: skip


def test_off_topic(server: FaultServer, desk: Desk) -> None:
    words = ["The city opened a new swimming pool today, and many children came to swim in it."]
    server.routes["/pool"] = answer(an_article("New swimming pool opens", words * 4))
    server.routes["/gas"] = answer(an_article())
    server.routes["/feed"] = answer(rss(item("/pool"), item("/gas")), 200, RSS)
    desk.outlets(an_outlet(server.base_url, on_topic=False))
    ran = desk.crawl()
    assert (ran.code, ran.row["new"], ran.row["off_topic"]) == (0, 1, 1)
    assert [record["url"] for record in desk.articles()] == [f"{server.base_url}/gas"]
    assert desk.crawl().row["off_topic"] == 1
    assert len(server.hits_of("/pool")) == 1

    kept = desk.crawl("--all", "--url", f"{server.base_url}/pool")
    assert kept.row["new"] == 1
    assert [record["relevant"] for record in desk.articles()] == [True, False]


def test_since_and_limit(server: FaultServer, desk: Desk) -> None:
    paths = serve_three(server)
    desk.outlets(an_outlet(server.base_url))
    ran = desk.crawl("--since", "2026-11-02", "--limit", "1")
    assert (ran.row["found"], ran.row["new"]) == (3, 1)
    assert server.paths[2:] == [paths[2]]
    server.forget()
    assert desk.crawl("--since", "2026-11-02").row["new"] == 1
    assert server.paths[2:] == [paths[1]]
    server.forget()
    assert desk.crawl().row["new"] == 1
    assert server.paths[2:] == [paths[0]]


def test_a_page_that_goes_keeps_its_text(server: FaultServer, desk: Desk) -> None:
    server.routes["/a"] = answer(an_article())
    server.routes["/feed"] = answer(rss(item("/a")), 200, RSS)
    desk.outlets(an_outlet(server.base_url))
    desk.crawl()
    (before,) = desk.articles()
    server.routes["/a"] = answer("<h1>Gone</h1>", 410)
    gone = desk.crawl("--url", f"{server.base_url}/a")
    assert (gone.code, gone.row["failed"], gone.row["unchanged"]) == (0, 0, 1)
    assert gone.err == f"desk: article {before['id']} is gone from its site; its text is kept\n"
    assert desk.articles() == [before]


def test_headlines_steer_no_terminal(server: FaultServer, desk: Desk) -> None:
    server.routes["/a"] = answer(an_article("China \x1b[31mand\x1b]0;x\x07 Russia sign"))
    bad_link = f"{server.base_url}/\x1b[2Jb"
    server.routes["/feed"] = answer(rss(item("/a", "A\x1b[31m"), item(bad_link)), 200, RSS)
    desk.outlets(an_outlet(server.base_url))
    desk.crawl()
    assert len(desk.articles()) == 1
    for command in ("articles", "status", "outlets"):  # `run` looks for ESC in all they print
        assert desk.run(command).code == 0
    assert "China" in desk.run("show", "1").out
