"""A database that is away for a while costs no run and no page, and is told to who asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

import storage
from tests.faultserver import FaultServer, FaultServers
from tests.jobs.daemon.running import free_port, is_sound, running_daemon, serve_slowly
from tests.jobs.desk import Desk, an_outlet, wait_until
from tests.postgres import OwnServer, own_server

PAGES = 20
AWAY_SECONDS = 8.0  # longer than a beat, and than the longest pause between two tries
BEFORE_IT = 8  # requests


@pytest.fixture
def postgres() -> Iterator[OwnServer]:
    with own_server() as running:
        yield running


def test_a_server_that_is_away(postgres: OwnServer, server: FaultServer, desk: Desk) -> None:
    paths = serve_slowly(server, PAGES)
    desk.outlets(an_outlet(server.base_url))
    options = {"health_port": free_port()}
    with running_daemon(desk.folder, "--database-url", postgres.url, **options) as daemon:
        wait_until(lambda: len(server.hits) >= BEFORE_IT)
        postgres.stop()
        daemon.wait_for("database away", seconds=AWAY_SECONDS)
        status, answer = daemon.ask("/readyz")
        assert status == 503
        assert "database" in answer["reasons"][0] or "postgresql" in answer["reasons"][0]
        assert daemon.ask("/healthz")[0] == 200
        asked = len(server.hits)
        server.pause(AWAY_SECONDS)
        assert daemon.ask("/healthz")[0] == 200
        assert len(server.hits) <= asked + 1, "it fetched what it could not keep"
        postgres.start()
        daemon.wait_for("database back")
        run = daemon.wait_for("run finished")
        assert (run["status"], run["new"]) == ("done", PAGES)
        assert daemon.ask("/readyz")[0] == 200
        assert [len(server.hits_of(path)) for path in paths] == [1] * PAGES
        assert daemon.role == "leading"
        daemon.stop()
    with storage.open(postgres.url) as database:
        assert len(list(database.articles())) == PAGES


def test_an_outlet_that_is_new_while_it_is_away(
    postgres: OwnServer, hosts: FaultServers, desk: Desk
) -> None:
    entries = {}
    for name in ("one", "two"):
        serve_slowly(hosts[name], 1)
        entries[name] = an_outlet(hosts[name].base_url, name)
    desk.outlets(entries["one"])
    with running_daemon(desk.folder, "--database-url", postgres.url) as daemon:
        daemon.wait_for("run finished", outlet="one")
        postgres.stop()
        desk.outlets(*entries.values())
        daemon.wait_for("outlets read again")
        postgres.start()
        daemon.wait_for("run finished", outlet="two")
        daemon.stop()


def test_a_server_that_is_not_there_yet(
    postgres: OwnServer, server: FaultServer, desk: Desk
) -> None:
    serve_slowly(server, 2)
    desk.outlets(an_outlet(server.base_url))
    postgres.stop()
    with running_daemon(desk.folder, "--database-url", postgres.url) as daemon:
        daemon.wait_for("database away")
        postgres.start()
        daemon.wait_for("run finished", new=2)
        daemon.stop()


def test_a_file_that_is_locked(server: FaultServer, desk: Desk) -> None:
    """For longer than SQLite waits."""
    paths = serve_slowly(server, PAGES)
    desk.outlets(an_outlet(server.base_url))
    short = {"storage.engine.SQLITE_BUSY_TIMEOUT_SECONDS": 1}
    options = {"health_port": free_port(), "changed": short}
    with running_daemon(desk.folder, **options) as daemon:
        wait_until(lambda: len(server.hits) >= BEFORE_IT)
        with closing(sqlite3.connect(desk.folder / "sinorus.db", isolation_level=None)) as other:
            other.execute("PRAGMA busy_timeout = 10000")
            other.execute("BEGIN IMMEDIATE")
            asked = len(server.hits)
            server.pause(AWAY_SECONDS)
            assert daemon.ask("/healthz")[0] == 200
            assert len(server.hits) <= asked + 1
            other.execute("ROLLBACK")
        run = daemon.wait_for("run finished")
        assert (run["status"], run["new"]) == ("done", PAGES)
        assert [len(server.hits_of(path)) for path in paths] == [1] * PAGES
        daemon.stop()
    assert is_sound(desk)
