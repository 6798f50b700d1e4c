"""An outlet that is slow holds up no other, and does not run twice at once."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from tests.faultserver import RSS, FaultServers, answer
from tests.jobs.daemon.running import NO_CROWD, running_daemon
from tests.jobs.daemon.set_clocks import SetClock, set_clock
from tests.jobs.desk import Desk, an_article, an_outlet, item, rss, wait_until
from tests.jobs.newsroom import serve_newsroom

PAGES = 3
PAGE_SECONDS = 3.0
CALM_SECONDS = 2.0
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_a_slow_outlet(hosts: FaultServers, desk: Desk) -> None:
    slow, fast = hosts["slow"], hosts["fast"]
    for number in range(PAGES):
        page = an_article(f"China and Russia sign accord number {number}")
        slow.routes[f"/{number}"] = answer(page, after_seconds=PAGE_SECONDS)
    slow.routes["/feed"] = answer(rss(*(item(f"/{number}") for number in range(PAGES))), 200, RSS)
    serve_newsroom(fast, 6)
    minute = (datetime.now(UTC) + 20 * MINUTE).minute
    desk.outlets(
        an_outlet(slow.base_url, "slow", schedule=f"{minute} * * * *"),
        an_outlet(fast.base_url, "fast"),
    )
    changed = {**NO_CROWD, "jobs.daemon.daemon.Clock": SetClock}
    with running_daemon(desk.folder, changed=changed) as daemon:
        wait_until(lambda: "/0" in slow.paths or "/1" in slow.paths or "/2" in slow.paths)
        assert daemon.wait_for("run finished", outlet="fast")["new"] == 6
        assert not daemon.events_of("run finished", outlet="slow")
        for number in range(1, 4):  # one of its moments passes each time
            set_clock(desk.folder, number * HOUR)
            daemon.wait_for("the clock was set", number)
        assert daemon.wait_for("run finished", outlet="slow")["new"] == PAGES
        slow.pause(CALM_SECONDS)
        assert len(slow.hits_of("/feed")) == 1
        set_clock(desk.folder, 3 * HOUR + 30 * MINUTE)
        daemon.wait_for("run finished", 2, outlet="slow")
        slow.pause(CALM_SECONDS)
        assert len(slow.hits_of("/feed")) == 2
        daemon.stop()
    hits = slow.hits
    assert all((a.answering or 0) <= b.started for a, b in itertools.pairwise(hits))
