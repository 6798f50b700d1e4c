"""What a run leaves is read soon where its limit left it, and not where a host cannot be had."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.frontier import backlog
from tests.faultserver import RSS, FaultServer, FaultServers, answer
from tests.jobs.daemon.running import NO_CROWD, running_daemon, serve_slowly
from tests.jobs.desk import Desk, an_article, an_outlet, item, rss

PAGES = 5
LEFT = "pages are left to read"


def test_what_the_limit_left_is_read_soon(server: FaultServer, desk: Desk) -> None:
    serve_slowly(server, PAGES)
    desk.outlets(an_outlet(server.base_url))
    changed = {**NO_CROWD, "jobs.daemon.rounds.PAGES_A_RUN": PAGES - 1}
    with running_daemon(desk.folder, changed=changed) as daemon:
        run = daemon.wait_for("run finished")
        assert (run["new"], run["reason"]) == (PAGES - 1, LEFT)
        daemon.stop()


def test_what_a_run_had_no_time_for_is_no_fault(server: FaultServer, desk: Desk) -> None:
    serve_slowly(server, PAGES)
    desk.outlets(an_outlet(server.base_url, delay_seconds=1.0))
    changed = {**NO_CROWD, "jobs.daemon.rounds.RUN_LIMIT_SECONDS": 4.0}
    with running_daemon(desk.folder, changed=changed) as daemon:
        run = daemon.wait_for("run finished")
        assert (run["status"], run["reason"]) == ("done", LEFT), run
        assert 0 < run["new"] < PAGES
        daemon.stop()


def test_a_page_of_a_host_that_cannot_be_had_hurries_nothing(
    hosts: FaultServers, desk: Desk
) -> None:
    """Its sources would be asked every two minutes for as long as that lasts."""
    server, other = hosts["desk"], hosts["other"]
    other.routes["/robots.txt"] = answer("down", 503, "text/plain")
    server.routes["/one"] = answer(an_article())
    server.routes["/feed"] = answer(rss(item("/one"), item(f"{other.base_url}/two")), 200, RSS)
    desk.outlets(an_outlet(server.base_url, other_hosts=[f"127.0.0.2:{other.port}"]))
    with running_daemon(desk.folder, changed=NO_CROWD) as daemon:
        run = daemon.wait_for("run finished")
        assert run["new"] == 1
        assert "asked" not in run["reason"]
        assert run["reason"] != LEFT
        daemon.stop()
    assert other.paths == ["/robots.txt"]
    with desk.database() as database, database.read() as conn:
        assert backlog(conn, datetime.now(UTC))["desk"].due == 1
