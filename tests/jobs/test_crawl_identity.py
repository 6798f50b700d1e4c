"""One record for the copies of an article, two for two, whatever pages say of themselves."""

from __future__ import annotations

from tests.faultserver import RSS, FaultServer, answer, redirect
from tests.jobs.desk import Desk, an_article, an_outlet, item, rss

OTHER = "Russia and China open a bridge over the Amur"


def serve(server: FaultServer, *listed: str) -> None:
    server.routes["/feed"] = answer(rss(*map(item, listed)), 200, RSS)


def test_copies_are_fetched_once(server: FaultServer, desk: Desk) -> None:
    copies = ("/amp/world/accord", "/world/accord/", "/world/accord?print=1&utm_source=x")
    server.routes |= {"/world/accord": answer(an_article())}
    serve(server, *copies)
    desk.outlets(an_outlet(server.base_url))
    ran = desk.crawl()
    assert (ran.code, ran.row["found"], ran.row["new"]) == (0, 1, 1)
    assert server.paths[2:] == ["/world/accord"]
    (record,) = desk.articles()
    assert record["url"] == f"{server.base_url}/world/accord"
    assert set(record["alternate_urls"]) == {f"{server.base_url}{copy}" for copy in copies}


def test_a_query_that_is_the_number_is_kept_whatever_the_page_says(
    server: FaultServer, desk: Desk
) -> None:
    """Every page of this site says that it is the program that made it."""
    link = f"{server.base_url}/view.php"
    server.routes |= {
        "/view.php?newsid=5": answer(an_article(canonical=link)),
        "/view.php?newsid=6": answer(an_article(OTHER, canonical=link)),
        "/view.php?20241105": answer(an_article("A third accord", canonical=link)),
    }
    serve(server, *server.routes.keys() - {"/feed", "/robots.txt"})
    desk.outlets(an_outlet(server.base_url))
    assert desk.crawl().row["new"] == 3


def test_pages_that_lie_about_their_address(server: FaultServer, desk: Desk) -> None:
    home = server.base_url
    lies = {
        "/1001/accord": f"{home}/1002/bridge",
        "/1002/bridge": f"{home}/",
        "/1003/lorries": "http://127.0.0.2/1003/lorries",
        "/world/a-line-for-lorries": f"{home}/world",
    }
    for path, said in lies.items():
        server.routes[path] = answer(an_article(f"China and Russia: {path}", canonical=said))
    serve(server, *lies)
    desk.outlets(an_outlet(home))
    assert desk.crawl().row["new"] == len(lies)
    assert {record["url"] for record in desk.articles()} == {f"{home}{path}" for path in lies}


def test_where_redirects_ended_is_remembered(server: FaultServer, desk: Desk) -> None:
    home = server.base_url
    server.routes |= {
        "/go/5": redirect("/old/5001/accord"),
        "/old/5001/accord": answer(an_article(canonical=f"{home}/world/5001/accord")),
    }
    serve(server, "/go/5")
    desk.outlets(an_outlet(home))
    desk.crawl()
    (record,) = desk.articles()
    assert record["url"] == f"{home}/world/5001/accord"
    assert record["alternate_urls"] == [f"{home}/go/5", f"{home}/old/5001/accord"]
    assert desk.run("show", f"{home}/old/5001/accord", "--json").json["id"] == record["id"]


def test_a_new_rule_for_addresses_makes_no_article_new(server: FaultServer, desk: Desk) -> None:
    paths = ("/world/5001-accord", "/world/5002-bridge")
    for path in paths:
        server.routes[path] = answer(an_article(f"China and Russia: {path}"))
    serve(server, *paths)
    desk.outlets(an_outlet(server.base_url))
    assert desk.crawl().row["new"] == 2
    before = desk.articles()
    desk.outlets(an_outlet(server.base_url, article_urls=["/world/(?P<id>\\d+)-"]))
    server.forget()
    again = desk.crawl()
    assert (again.row["new"], again.row["unchanged"]) == (0, 2)
    assert not {*paths} & {*server.paths}
    asked = desk.crawl("--url", f"{server.base_url}{paths[0]}")
    assert (asked.row["new"], asked.row["unchanged"]) == (0, 1)
    assert [record["id"] for record in desk.articles()] == [record["id"] for record in before]
    assert desk.run("db", "check").code == 0
