"""Told to stop at any moment it ends in time, with nothing half written, and goes on later."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest

from jobs.daemon.run import GRACE_SECONDS
from jobs.reactor import _LAST_SECONDS as LAST_SECONDS
from storage.runs import recent_runs
from tests.faultserver import RSS, FaultServer, FaultServers, answer, hang
from tests.jobs.daemon.running import (
    NO_CROWD,
    READING,
    SECOND_LIMIT_SECONDS,
    STOP_LIMIT_SECONDS,
    STRICT_READERS,
    is_sound,
    running_daemon,
    serve_slowly,
)
from tests.jobs.desk import Desk, an_outlet, item, rss, wait_until

SEED = 20261102
PAGES = 120
STOPS_AT_THE_START = 6
STOPS_IN_THE_CRAWL = 9
LONGEST_DELAY_SECONDS = 0.6
ORDERS = (signal.SIGTERM, signal.SIGINT)
# The first of all are those that make the tables.
COMMITS = (1, 3, 6, 8)
# So that the suite need not wait for as long as a user may: what counts is that it adds up.
HASTE = {"jobs.daemon.run.GRACE_SECONDS": 1.5}
HASTE_SECONDS = 2 * 1.5 + LAST_SECONDS


def test_the_parts_of_a_stop_add_up_to_what_is_promised() -> None:
    assert 2 * GRACE_SECONDS + LAST_SECONDS < STOP_LIMIT_SECONDS


def test_at_random_moments(server: FaultServer, desk: Desk) -> None:
    """From its first moment to the middle of a crawl, again and again on one database."""
    serve_slowly(server, PAGES)
    desk.outlets(an_outlet(server.base_url))
    random = Random(SEED)
    for number in range(STOPS_AT_THE_START + STOPS_IN_THE_CRAWL):
        seen = len(server.hits)
        processes = str(number % 2)
        with running_daemon(desk.folder, env={READING: processes}) as daemon:
            if number >= STOPS_AT_THE_START:
                wait_until(lambda seen=seen: len(server.hits) > seen)  # type: ignore[misc]
            delay = random.uniform(0, LONGEST_DELAY_SECONDS)
            server.pause(delay)
            daemon.stop(random.choice(ORDERS))
        assert is_sound(desk), (number, delay)
    with running_daemon(desk.folder) as daemon:
        daemon.wait_for("run finished")
        daemon.stop()
    assert len(desk.articles()) == PAGES


@pytest.mark.parametrize("number", COMMITS)
def test_during_a_transaction(server: FaultServer, desk: Desk, number: int) -> None:
    serve_slowly(server, 3)
    desk.outlets(an_outlet(server.base_url))
    options = {"kill_at": ("commit", number), "kill_by": signal.SIGTERM}
    with running_daemon(desk.folder, **options) as daemon:
        daemon.ends(STOP_LIMIT_SECONDS)
    assert is_sound(desk)
    with running_daemon(desk.folder) as daemon:
        daemon.wait_for("run finished")
        daemon.stop()
    assert len(desk.articles()) == 3


@contextmanager
def locked(desk: Desk) -> Iterator[None]:
    """The database's one write lock is somebody else's."""
    with closing(sqlite3.connect(desk.folder / "sinorus.db", isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout = 10000")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_while_the_database_is_locked(server: FaultServer, desk: Desk) -> None:
    serve_slowly(server, PAGES)
    desk.outlets(an_outlet(server.base_url))
    with running_daemon(desk.folder, changed=HASTE) as daemon:
        wait_until(lambda: len(server.hits) > 5)
        with locked(desk):
            server.pause(0.5)
            daemon.send(signal.SIGTERM)
            daemon.ends(HASTE_SECONDS)
    assert is_sound(desk)


def test_what_waits_for_its_place_does_not_begin(hosts: FaultServers, desk: Desk) -> None:
    names = ("one", "two")
    servers = [hosts[name] for name in names]
    for server in servers:
        serve_slowly(server, PAGES)
    desk.outlets(*(an_outlet(hosts[name].base_url, name) for name in names))
    changed = {**NO_CROWD, "jobs.daemon.rounds.OUTLETS_AT_ONCE": 1}
    with running_daemon(desk.folder, changed=changed) as daemon:
        wait_until(lambda: any(len(server.hits) > PAGES / 2 for server in servers))
        daemon.stop()
    assert sorted(len(server.hits) > 0 for server in servers) == [False, True]
    with desk.database() as database, database.read() as conn:
        assert len(recent_runs(conn, 5)) == 1


def test_while_a_locked_database_is_opened(desk: Desk, migrated_file: Path) -> None:
    shutil.copy(migrated_file, desk.folder / "sinorus.db")
    desk.outlets(an_outlet("http://127.0.0.1:9"))
    with locked(desk), running_daemon(desk.folder, changed=HASTE) as daemon:
        time.sleep(1.0)
        daemon.send(signal.SIGTERM)
        daemon.ends(HASTE_SECONDS)
    assert is_sound(desk)


def test_while_a_page_hangs(server: FaultServer, desk: Desk) -> None:
    server.routes["/feed"] = answer(rss(item("/hang")), 200, RSS)
    server.routes["/hang"] = hang
    desk.outlets(an_outlet(server.base_url))
    with running_daemon(desk.folder, changed=HASTE) as daemon:
        wait_until(lambda: "/hang" in server.paths)
        daemon.send(signal.SIGTERM)
        daemon.ends(HASTE_SECONDS)
    assert is_sound(desk)


def test_while_a_reader_hangs(server: FaultServer, desk: Desk) -> None:
    server.routes["/feed"] = answer(rss(item("/spin")), 200, RSS)
    server.routes["/spin"] = answer("spin")
    desk.outlets(an_outlet(server.base_url))
    with running_daemon(desk.folder, changed=STRICT_READERS, env={READING: "1"}) as daemon:
        daemon.reads()
        daemon.stop()
    assert is_sound(desk)


def test_the_second_signal_waits_for_nothing(hosts: FaultServers, desk: Desk) -> None:
    """Not for a write that waits for a locked database, nor for a page that hangs its reader."""
    server, spin = hosts["desk"], hosts["spin"]
    serve_slowly(server, PAGES)
    spin.routes["/feed"] = answer(rss(item("/spin")), 200, RSS)
    spin.routes["/spin"] = answer("spin")
    desk.outlets(an_outlet(server.base_url), an_outlet(spin.base_url, "spin"))
    changed = {**NO_CROWD, **STRICT_READERS}
    with running_daemon(desk.folder, changed=changed, env={READING: "2"}) as daemon:
        wait_until(lambda: "/spin" in spin.paths and len(server.hits) > 8)
        with locked(desk):
            server.pause(0.5)
            daemon.send(signal.SIGTERM)
            daemon.wait_for("stopping")
            daemon.send(signal.SIGINT)
            daemon.ends(SECOND_LIMIT_SECONDS)
    assert is_sound(desk)
