"""An outlet that is not crawled any more is no problem of anybody's."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.health.states import BAD_RUNS
from tests.faultserver import FaultServers, answer
from tests.jobs.daemon.running import NO_CROWD, running_daemon, serve_slowly
from tests.jobs.desk import Desk, an_outlet, wait_until

QUICK = {"jobs.daemon.daemon._FILES_SECONDS": 0.2, **NO_CROWD}


@pytest.mark.parametrize("changes", [{"enabled": False}, None])
def test_its_trouble_is_over(
    hosts: FaultServers, desk: Desk, changes: dict[str, Any] | None
) -> None:
    good, bad = hosts["good"], hosts["bad"]
    serve_slowly(good, 1)
    bad.routes["/feed"] = answer("down", 500, "text/plain")
    entries = [an_outlet(good.base_url, "good"), an_outlet(bad.base_url, "bad")]
    desk.outlets(*entries)
    for _ in range(BAD_RUNS):
        desk.run("crawl")
    assert states(desk) == {"good": "healthy", "bad": "failing"}
    with running_daemon(desk.folder, changed=QUICK) as daemon:
        daemon.wait_for("run finished", outlet="bad")
        desk.outlets(entries[0], *([entries[1] | changes] if changes else []))
        daemon.wait_for("outlets read again")
        wait_until(lambda: states(desk)["bad"] == "disabled")
        daemon.stop()
    status = desk.run("status", "--json").json
    assert status["problems"] == []
    assert [row["next_due"] for row in status["outlets"] if row["outlet"] == "bad"] == [None]
    desk.outlets(*entries)
    desk.run("crawl", "bad")
    assert states(desk)["bad"] != "disabled"


def states(desk: Desk) -> dict[str, str]:
    rows = desk.run("status", "--json").json["outlets"]
    return {row["outlet"]: row["state"] for row in rows}
