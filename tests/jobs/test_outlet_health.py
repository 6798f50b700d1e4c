"""How outlets are, as the commands tell it: from a real crawl to `explain` and `status`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import storage
from jobs.status import LONGEST_RUN, status_record
from storage import runs
from storage.outlet_states import OutletState, save_health
from storage.schema import leaders
from tests.faultserver import FaultServer, answer
from tests.jobs.desk import Desk, an_outlet
from tests.jobs.newsroom import serve_newsroom
from tests.storage.samples import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def blocked(server: FaultServer, desk: Desk) -> Desk:
    """A newsroom that answers its feed to a person's browser, and 403 to us."""
    serve_newsroom(server)
    server.routes["/feed"] = answer("Forbidden", 403, "text/html", Set_Cookie="a=1")
    desk.outlets(an_outlet(server.base_url, "example"))
    return desk


def explained(desk: Desk) -> dict[str, Any]:
    return dict(desk.run("outlets", "explain", "example", "--json").json)


def test_blocked_outlet_is_explained(blocked: Desk, server: FaultServer) -> None:
    for _ in range(3):
        blocked.run("crawl")
    record = explained(blocked)
    assert (record["state"], record["failures"], record["failure_kind"]) == (
        "blocked", 3, "blocked",
    )  # fmt: skip
    assert record["reason"] == (
        f"none of its sources could be read: fetch: HTTP 403: {server.base_url}/feed"
    )
    assert record["last_success"] is None
    bad = record["last_bad_exchange"]
    assert bad == record["last_exchange"]
    assert (bad["url"], bad["status"], bad["problem"]) == (
        f"{server.base_url}/feed", 403, "fetch: HTTP 403",
    )  # fmt: skip
    assert bad["body_bytes"] == len("Forbidden")
    assert bad["elapsed_seconds"] >= 0
    assert "User-Agent" in bad["request_headers"]
    assert bad["response_headers"]["Content-Type"].startswith("text/html")
    assert "Set-Cookie" not in bad["response_headers"]

    said = blocked.run("outlets", "explain", "example").out
    assert "example: blocked" in said
    assert f"GET {server.base_url}/feed" in said
    assert "> User-Agent: sinorus/" in said
    assert "< HTTP 403" in said


def test_status_puts_problems_first(blocked: Desk) -> None:
    for _ in range(3):
        blocked.run("crawl")
    (problem,) = blocked.run("status", "--json").json["problems"]
    assert (problem["outlet"], problem["state"]) == ("example", "blocked")
    said = blocked.run("status").out
    assert said.index("example: blocked") < said.index("next run")
    (row,) = blocked.run("outlets", "--json").json
    assert row["state"] == "blocked"
    assert "HTTP 403" in blocked.run("outlets").out


def test_outlet_that_works_is_healthy_and_measured(server: FaultServer, desk: Desk) -> None:
    serve_newsroom(server)
    desk.outlets(an_outlet(server.base_url, "example"))
    desk.run("crawl")
    record = explained(desk)
    assert (record["state"], record["failures"]) == ("healthy", 0)
    assert record["reason"] == "1 source answered, 6 pages read"
    assert record["last_good_url"].startswith(server.base_url)
    assert record["last_bad_exchange"] is None
    assert record["last_exchange"]["status"] == 200
    assert "last good page" in desk.run("outlets", "explain", "example").out
    (row,) = desk.run("status", "--json").json["outlets"]
    assert row["state"] == "healthy"


def test_page_that_is_walled_is_the_bad_exchange(server: FaultServer, desk: Desk) -> None:
    """It answers 200: only what stands in it tells."""
    paths = serve_newsroom(server)
    wall = "<html><title>Are you a human?</title><body><h1>Are you a human?</h1></body></html>"
    for path in paths:
        server.routes[path] = answer(wall)
    desk.outlets(an_outlet(server.base_url, "example"))
    for _ in range(3):
        desk.run("crawl", *(f"--url={server.base_url}{path}" for path in paths))
    record = explained(desk)
    assert record["state"] == "blocked"
    assert record["last_bad_exchange"]["status"] == 200
    assert "a challenge or an error page" in record["last_bad_exchange"]["problem"]


def test_unknown_outlet_is_a_usage_fault(blocked: Desk) -> None:
    ran = blocked.run("outlets", "explain", "nobody")
    assert ran.code == 2


@pytest.mark.parametrize(
    ("command", "age", "leader_age", "silence", "expected"),
    [
        ("crawl", MINUTE, None, None, "running"),
        ("crawl", LONGEST_RUN + MINUTE, None, None, "lost"),
        ("daemon", MINUTE, 2 * MINUTE, timedelta(0), "running"),
        ("daemon", MINUTE, 2 * MINUTE, 5 * MINUTE, "lost"),
        ("daemon", 3 * MINUTE, 2 * MINUTE, timedelta(0), "lost"),
        ("daemon", MINUTE, None, None, "lost"),
    ],
)
def test_killed_run_is_not_running_for_ever(
    database: storage.Database,
    command: str,
    age: timedelta,
    leader_age: timedelta | None,
    silence: timedelta | None,
    expected: str,
) -> None:
    with database.write() as conn:
        runs.start_run(conn, command, NOW - age)
        if leader_age is not None and silence is not None:
            conn.execute(
                leaders.insert().values(
                    name="daemon",
                    epoch=1,
                    holder="h:1",
                    since=NOW - leader_age,
                    heartbeat=NOW - silence,
                )
            )
    (run,) = status_record(database, NOW)["runs"]
    assert run["status"] == expected


def test_worst_problem_comes_first(database: storage.Database) -> None:
    states = {"a": "failing", "b": "healthy", "c": "blocked", "d": "reader_broken", "e": "quiet"}
    with database.write() as conn:
        for outlet, state in states.items():
            save_health(conn, OutletState(outlet, state=state, since=NOW, reason="why"))  # type: ignore[arg-type]
    record = status_record(database, NOW)
    assert [problem["outlet"] for problem in record["problems"]] == ["d", "c", "a"]
    assert [row["outlet"] for row in record["outlets"]] == list("abcde")
