"""Killed at any moment it leaves nobody behind, and the next one ends as if nothing had been."""

from __future__ import annotations

from random import Random

import pytest

from tests.faultserver import RSS, FaultServer, answer
from tests.jobs.daemon.running import (
    READING,
    STRICT_READERS,
    is_sound,
    running_daemon,
    serve_slowly,
)
from tests.jobs.desk import Desk, an_outlet, item, rss, wait_until

SEED = 20261103
PAGES = 30
KILLS = 6
# Of a database that has its tables: the lead, that the run begins, the feed, pages.
COMMITS = (1, 2, 3, 4, 5, 6)


@pytest.fixture
def whole(server: FaultServer, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk whose daemon was let alone."""
    serve_slowly(server, PAGES)
    desk = Desk(tmp_path_factory.mktemp("whole"))
    desk.outlets(an_outlet(server.base_url))
    with running_daemon(desk.folder) as daemon:
        daemon.wait_for("run finished")
        daemon.stop()
    assert len(desk.articles()) == PAGES
    return desk


def test_killed_again_and_again(server: FaultServer, desk: Desk, whole: Desk) -> None:
    """By chance and at each kind of transaction; the crawl that ran is due again at once."""
    desk.outlets(an_outlet(server.base_url))
    random = Random(SEED)
    for number in range(KILLS):
        server.forget()
        with running_daemon(desk.folder, env={READING: str(number % 2)}) as daemon:
            wait_until(lambda: len(server.hits) > 0)
            server.pause(random.uniform(0, 0.8))
            daemon.kill()
        assert is_sound(desk), number
    for number in COMMITS:
        with running_daemon(desk.folder, kill_at=("commit", number)) as daemon:
            daemon.process.join(30)
            assert daemon.process.exitcode == -9, daemon.said
            daemon.nobody_is_left()
        assert is_sound(desk), number
    with running_daemon(desk.folder) as daemon:
        daemon.wait_for("run finished")
        daemon.stop()
    assert is_sound(desk)
    assert desk.contents() == whole.contents()
    runs = desk.run("status", "--json").json["runs"]
    assert runs[0]["status"] == "done"


def test_killed_while_a_reader_hangs(server: FaultServer, desk: Desk) -> None:
    """The reading process, which nobody ends at its deadline any more, goes too."""
    server.routes["/feed"] = answer(rss(item("/spin")), 200, RSS)
    server.routes["/spin"] = answer("spin")
    desk.outlets(an_outlet(server.base_url))
    with running_daemon(desk.folder, changed=STRICT_READERS, env={READING: "1"}) as daemon:
        daemon.reads()
        daemon.kill()
