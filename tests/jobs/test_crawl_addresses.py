"""Where requests may go: the hosts of the outlet's entry and nowhere else."""

from __future__ import annotations

from tests.faultserver import RSS, FaultServer, answer, redirect
from tests.jobs.desk import Desk, an_article, an_outlet, item, rss


def test_redirects_of_the_host(server: FaultServer, desk: Desk) -> None:
    """Five hops are followed; the sixth is not, nor is a loop."""
    statuses = (301, 302, 303, 307, 308)
    server.routes |= {f"/{n}": redirect(f"/{n + 1}", statuses[n % 5]) for n in range(7)}
    server.routes |= {"/7": answer(an_article()), "/a": redirect("/b"), "/b": redirect("/a")}
    server.routes["/old-feed"] = redirect("/new/feed", 301)
    listed = [item("../2", day=4), item("/1", day=3), item("/a", day=2)]
    server.routes["/new/feed"] = answer(rss(*listed), 200, RSS)
    desk.outlets(an_outlet(server.base_url, feeds=[f"{server.base_url}/old-feed"]))
    ran = desk.crawl()
    assert (ran.code, ran.row["new"], ran.row["failed"]) == (1, 1, 2)
    assert ran.row["problems"] == [
        f"fetch: max redirections reached: {server.base_url}/{name}" for name in "1a"
    ]
    (record,) = desk.articles()
    assert record["url"] == f"{server.base_url}/7"
    assert record["alternate_urls"] == [f"{server.base_url}/2"]
    assert len(server.hits_of("/7")) == 1
    assert len(server.hits_of("/a") + server.hits_of("/b")) == 6


def test_redirects_lead_nowhere_else(server: FaultServer, desk: Desk) -> None:
    """Neither to other hosts nor to other ports: nothing connects there."""
    with FaultServer("127.0.0.2") as other, FaultServer() as neighbour:
        port, path = neighbour.port, "/secret"
        targets = [
            f"http://127.0.0.2:{other.port}{path}",
            f"http://127.0.0.1:{port}{path}",
            f"http://localhost:{port}{path}",
            f"http://127.1:{port}{path}",
            f"http://2130706433:{port}{path}",
            f"http://0x7f.1:{port}{path}",
            f"http://0177.0.0.1:{port}{path}",
            f"http://[::1]:{port}{path}",
            f"http://[::ffff:127.0.0.1]:{port}{path}",
            f"http://127.0.0.1.:{port}{path}",
            f"http://127.0.0.1:{server.port}@127.0.0.1:{port}{path}",
            f"http://127.0.0.1:{server.port}\\@127.0.0.1:{port}{path}",
            f"http://user:word@127.0.0.1:{server.port}{path}",
            f"//127.0.0.1:{port}{path}",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fe80::1]/",
            "https://www.scmp.com/",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "data:text/html,<h1>x</h1>",
            "javascript:alert(1)",
            "http://",
            "http://[",
            "http://127.0.0.1:99999/",
        ]
        listed = []
        for number, target in enumerate(targets):
            server.routes[f"/{number}"] = redirect(target)
            listed.append(item(f"/{number}"))
        server.routes["/feed"] = answer(rss(*listed), 200, RSS)
        desk.outlets(an_outlet(server.base_url))
        ran = desk.crawl()
        assert (other.connections, neighbour.connections) == (0, 0)
    assert (ran.code, ran.row["failed"]) == (1, len(targets)), ran.row["problems"]
    assert path not in server.paths
    assert desk.articles() == []
    server.forget()
    desk.crawl()
    assert server.paths == ["/robots.txt", "/feed"]  # refused is refused for good


def test_listed_addresses_on_other_hosts(server: FaultServer, desk: Desk) -> None:
    with FaultServer("127.0.0.2") as other:
        other.routes["/a"] = answer(an_article())
        foreign = [f"{other.base_url}/a", f"http://127.0.0.1:{other.port}/a"]
        useless = ["mailto:desk@newsroom.example", "javascript:alert(1)", "file:///etc/passwd"]
        server.routes["/feed"] = answer(rss(*map(item, foreign + useless), item("/a")), 200, RSS)
        server.routes["/a"] = answer(an_article())
        desk.outlets(an_outlet(server.base_url))
        ran = desk.crawl()
        assert other.connections == 0
    assert ran.row["found"] == 3
    assert (ran.row["new"], ran.row["failed"]) == (1, 2)
    assert all("not on a host of the outlet's entry" in text for text in ran.row["problems"])


def test_an_outlet_may_have_two_hosts(server: FaultServer, desk: Desk) -> None:
    """Each with a robots.txt of its own; a redirect from one to the other is followed."""
    with FaultServer("127.0.0.2") as pages:
        pages.routes["/a"] = answer(an_article())
        pages.routes["/robots.txt"] = answer("User-agent: *\nDisallow: /no", 200, "text/plain")
        pages.routes["/no"] = answer(an_article())
        server.routes["/go"] = redirect(f"{pages.base_url}/a")
        server.routes["/no"] = redirect(f"{pages.base_url}/no")
        server.routes["/feed"] = answer(rss(item("/go"), item("/no")), 200, RSS)
        desk.outlets({**an_outlet(server.base_url), "home": f"{pages.base_url}/"})
        ran = desk.crawl()
        assert (ran.code, ran.row["new"], ran.row["forbidden"]) == (0, 1, 1)
        assert pages.paths == ["/robots.txt", "/a"]
        assert desk.articles()[0]["url"] == f"{pages.base_url}/a"


def test_names_that_lead_to_loopback(server: FaultServer, desk: Desk) -> None:
    """Only an address that an entry itself names, as an address, may be a private one."""
    server.routes["/feed"] = answer(rss(), 200, RSS)
    named = ["LOCALHOST", "127.0.0.1"]
    other = ["127.1", "2130706433", "0x7f.1", "0177.0.0.1"]
    entries = {f"n{number}": host for number, host in enumerate(named + other)}
    desk.outlets(*(an_outlet(f"http://{h}:{server.port}", name) for name, h in entries.items()))
    ran = desk.crawl()
    assert ran.code == 1
    for name, host in entries.items():
        problems = ran.of(name)["problems"]
        assert bool(problems) == (host in other), host
        assert all("no public address" in text for text in problems), problems
    assert sorted(server.paths) == ["/feed", "/feed", "/robots.txt", "/robots.txt"]
