"""Pages that hang, kill or fill their reader cost themselves and nothing else."""

from __future__ import annotations

import os
import signal

from sqlalchemy import select

from storage.schema import leads
from tests.faultserver import RSS, FaultServer, FaultServers, answer
from tests.jobs.daemon.running import (
    NO_CROWD,
    READING,
    STRICT_READERS,
    RunningDaemon,
    parent_of,
    resident_kibibytes,
    running_daemon,
    serve_slowly,
)
from tests.jobs.desk import Desk, an_article, an_outlet, item, rss, wait_until
from tests.jobs.newsroom import serve_newsroom

PAGES = 10
MOST_GROWTH_KIBIBYTES = 60 * 1024
REASONS = {
    "/spin": "the reader was ended at its limit of 3 s",
    "/grow": "the reader needed more memory than it may",
    "/crash": "the reader crashed",
}


def serve_costly(server: FaultServer) -> None:
    """Pages that cost their readers, and between them good ones."""
    items = []
    for day, path in enumerate(REASONS, start=2):
        server.routes[path] = answer(path[1:])
        server.routes[f"{path}-not"] = answer(an_article(f"China and Russia sign accord {path}"))
        items += [item(path, day=2 * day), item(f"{path}-not", day=2 * day - 1)]
    server.routes["/feed"] = answer(rss(*items), 200, RSS)


def readers_of(daemon: RunningDaemon) -> list[int]:
    """They are started by a process that the daemon started."""
    return [pid for pid in daemon.company if parent_of(pid) != daemon.pid]


def test_readers_that_are_lost(hosts: FaultServers, desk: Desk) -> None:
    costly, other, third = hosts["costly"], hosts["other"], hosts["third"]
    serve_costly(costly)
    serve_slowly(other, PAGES)
    serve_newsroom(third, 2)
    entries = [an_outlet(costly.base_url, "costly"), an_outlet(other.base_url, "other")]
    desk.outlets(*entries)
    changed = {**NO_CROWD, **STRICT_READERS, "jobs.daemon.daemon._FILES_SECONDS": 0.2}
    with running_daemon(desk.folder, env={READING: "2"}, changed=changed) as daemon:
        daemon.wait_for("leading")
        before = resident_kibibytes(daemon.pid)
        assert daemon.wait_for("run finished", outlet="other")["new"] == PAGES
        run = daemon.wait_for("run finished", outlet="costly")
        assert (run["new"], run["failed"]) == (len(REASONS), len(REASONS))
        assert recorded(desk) == {
            path: ("unreadable", f"parse: {REASONS[path]}") for path in REASONS
        }
        assert resident_kibibytes(daemon.pid) - before < MOST_GROWTH_KIBIBYTES
        idle = readers_of(daemon)
        assert len(idle) == 2
        for pid in idle:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: set(readers_of(daemon)).isdisjoint(idle))
        desk.outlets(*entries, an_outlet(third.base_url, "third"))
        assert daemon.wait_for("run finished", outlet="third")["new"] == 2
        assert not daemon.events_of("run broke")
        daemon.stop()


def recorded(desk: Desk) -> dict[str, tuple[str, str]]:
    """What is known of the pages that could not be read, by path."""
    with desk.database() as database, database.read() as conn:
        rows = conn.execute(select(leads).where(leads.c.outlet == "costly"))
        return {
            path: (row.state, row.reason)
            for row in rows
            for path in REASONS
            if row.fetch_url.endswith(path)
        }
