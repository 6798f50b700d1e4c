"""Several daemons on one database: one crawls, and whoever led before writes nothing."""

from __future__ import annotations

import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from sqlalchemy import create_engine, text

import storage
from storage.engine import _POSTGRESQL_SESSION
from storage.leadership import Office
from tests.faultserver import FaultServer
from tests.jobs.daemon.running import (
    RunningDaemon,
    free_port,
    running_daemon,
    serve_slowly,
)
from tests.jobs.desk import Desk, an_outlet, wait_until

PAGES = 30
SOON_SECONDS = 15.0
SESSION_SECONDS = 4.0
HASTY_OFFICE = {
    "jobs.daemon.daemon.Office": partial(Office, session_timeout_seconds=SESSION_SECONDS),
    "jobs.daemon.daemon.BEAT_SECONDS": 0.5,
    "crawler.settings.FETCH_TIMEOUT_SECONDS": 3,
    "crawler.downloading._LAPSE_MARGIN_SECONDS": 1.0,
    "storage.engine._POSTGRESQL_SESSION": tuple(
        (name, round(SESSION_SECONDS * 1000) if name.startswith("idle") else value)
        for name, value in _POSTGRESQL_SESSION
    ),
}
"""A leader that gives no sign for four seconds loses its office, its turn at a host and what it
had begun to write; not for 30, 45 and 60."""

END_SESSION = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND granted AND state = 'idle' AND datname = current_database()"
)
"""Of whoever holds the office: it alone keeps an advisory lock between two transactions."""


def test_on_sqlite_the_second_is_refused(server: FaultServer, desk: Desk) -> None:
    serve_slowly(server, PAGES)
    desk.outlets(an_outlet(server.base_url))
    second = Desk(desk.folder / "second")
    second.folder.mkdir()
    second.outlets(an_outlet(server.base_url))
    with running_daemon(desk.folder) as first:
        first.wait_for("leading")
        url = f"sqlite:///{desk.folder / 'sinorus.db'}"
        ran = second.run("daemon", "--database-url", url, env={"SINORUS_HEALTH_PORT": "0"})
        assert ran.code == 1
        assert "one daemon is enough for sqlite:///" in ran.err
        assert f"the daemon on {socket.gethostname()}, process {first.pid}, leads since" in ran.err
        lines = [line for line in ran.err.splitlines() if line.startswith("sinorus:")]
        assert len(lines) == 1
        first.wait_for("run finished", new=PAGES)
        first.stop()


class Pair:
    """Two daemons of one PostgreSQL, in folders of their own but with the same outlets."""

    def __init__(self, desk: Desk, url: str, resources: ExitStack) -> None:
        self.desk, self.url, self.resources = desk, url, resources
        self.number = 0

    def start(self) -> RunningDaemon:
        self.number += 1
        folder = self.desk.folder / str(self.number)
        folder.mkdir()
        shutil.copy(self.desk.folder / "outlets.toml", folder)
        env = {"SINORUS_DATA_DIR": str(self.desk.folder / "sinorus-data")}
        return self.resources.enter_context(
            running_daemon(
                folder,
                "--database-url",
                self.url,
                env=env,
                health_port=free_port(),
                changed=HASTY_OFFICE,
            )
        )

    def leader_and_other(self) -> tuple[RunningDaemon, RunningDaemon]:
        leader = self.start()
        leader.wait_for("leading")
        other = self.start()
        other.wait_for("standing by")
        assert leader.role == "leading"
        assert other.ask("/readyz") == (200, {"ok": True, "role": "standing by", "reasons": []})
        return leader, other

    def rows(self, query: str) -> list[Any]:
        engine = create_engine(self.url.replace("postgresql:", "postgresql+psycopg:"))
        try:
            with engine.begin() as conn:
                return list(conn.execute(text(query)).all())
        finally:
            engine.dispose()

    def articles(self) -> list[str]:
        with storage.open(self.url) as database:
            return sorted(article.url for article in database.articles())


@pytest.fixture
def pair(desk: Desk, postgres_url: str, server: FaultServer) -> Iterator[Pair]:
    serve_slowly(server, PAGES)
    desk.outlets(an_outlet(server.base_url))
    with ExitStack() as resources:
        yield Pair(desk, postgres_url, resources)


def crawled_once(pair: Pair, server: FaultServer) -> None:
    """Every article is there once."""
    found = pair.articles()
    assert len(found) == len(set(found)) == PAGES
    assert pair.rows("SELECT max(revision) FROM articles") == [(1,)]


def test_another_takes_over_from_a_leader_that_was_killed(pair: Pair, server: FaultServer) -> None:
    leader, other = pair.leader_and_other()
    wait_until(lambda: len(server.hits) > 6)
    leader.kill()
    term = other.wait_for("leading", seconds=SOON_SECONDS)
    assert term["epoch"] == 2
    other.wait_for("run finished")
    crawled_once(pair, server)
    other.stop()


def test_a_leader_whose_session_ended_goes_on_or_hands_over(
    pair: Pair, server: FaultServer
) -> None:
    """Never both crawl: who writes under an older epoch is refused."""
    leader, other = pair.leader_and_other()
    wait_until(lambda: len(server.hits) > 6)
    wait_until(lambda: pair.rows(END_SESSION) == [(True,)])
    wait_until(lambda: len(pair.articles()) == PAGES)
    both = (leader, other)
    wait_until(
        lambda: sorted(daemon.role for daemon in both) == ["leading", "standing by"], SOON_SECONDS
    )
    crawled_once(pair, server)
    terms = leader.events_of("leading") + other.events_of("leading")
    epochs = [term["epoch"] for term in terms]
    assert sorted(set(epochs)) == sorted(epochs)
    assert len(other.events_of("leading")) == len(leader.events_of("lost the lead"))
    for daemon in both:
        daemon.stop()


def test_a_leader_that_was_paused_wakes_up_late(pair: Pair, server: FaultServer) -> None:
    leader, other = pair.leader_and_other()
    wait_until(lambda: len(server.hits) > 6)
    leader.send(signal.SIGSTOP)
    other.wait_for("leading", seconds=SOON_SECONDS)
    other.wait_for("run finished")
    crawled_once(pair, server)
    before = pair.rows("SELECT id, status FROM runs ORDER BY id")
    leader.send(signal.SIGCONT)
    leader.wait_for("lost the lead", seconds=SOON_SECONDS)
    leader.wait_for("standing by", seconds=SOON_SECONDS)
    crawled_once(pair, server)
    assert pair.rows("SELECT id, status FROM runs ORDER BY id") == before
    for daemon in (leader, other):
        daemon.stop()
