"""Crawls beside each other: one connection a host and the delay, by the server's own clock."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

import storage
from crawler.turns import Pace
from jobs.crawl import Crawls, plan_crawl, silence_libraries
from jobs.holds import PassingHolds
from jobs.ledger import CrawlOptions
from jobs.reactor import run
from jobs.settings import load_settings
from storage import frontier, host_turns, schema
from tests.conftest import PostgresServer
from tests.faultserver import RSS, FaultServer, FaultServers, answer, hang, redirect
from tests.jobs.desk import (
    ERR,
    SETTINGS,
    Desk,
    an_article,
    an_outlet,
    end_by_signal,
    fork_command,
    item,
    rss,
    wait_until,
)

DELAY = 0.2
PAGES = 2
HITS = 1 + 1 + PAGES + 1  # robots.txt, the feed, the pages, and where one of them moved
TOLERANCE_SECONDS = 0.001  # between two readings of the clock of one machine
ELSEWHERE = "another-machine:1:1/1"
HOST = "127.0.0.1"
TEXT = "text/plain; charset=utf-8"


def serve(server: FaultServer, prefix: str, pages: int = PAGES) -> None:
    """A feed and its pages, the first of them where a redirect leads."""
    paths = [f"{prefix}/{number}" for number in range(pages)]
    for path in paths:
        page = an_article(f"China and Russia sign accord {path}")
        server.routes[path] = answer(page, after_seconds=0.05)
    server.routes[f"{prefix}/0"] = redirect(f"{prefix}/moved")
    server.routes[f"{prefix}/moved"] = answer(an_article(f"China and Russia, moved {prefix}"))
    server.routes[f"{prefix}/feed"] = answer(rss(*map(item, paths)), 200, RSS)


def entry(server: FaultServer, name: str, **changes: object) -> dict[str, object]:
    feeds = [f"{server.base_url}/{name}/feed"]
    return an_outlet(server.base_url, name, **{"feeds": feeds, "delay_seconds": DELAY, **changes})


def assert_polite(server: FaultServer, delay: float = DELAY) -> None:
    for earlier, later in pairwise(server.hits):
        assert earlier.answering is not None
        assert later.started - earlier.answering + TOLERANCE_SECONDS >= delay


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, desk: Desk) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{desk.folder / 'sinorus.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.emptied()


def test_two_commands_at_once(desk: Desk, server: FaultServer, shared_url: str) -> None:
    """Which of them waits for whom is theirs; together they are as slow as one."""
    names = ("one", "two")
    for name in names:
        serve(server, f"/{name}")
    desk.outlets(*(entry(server, name) for name in names))
    with storage.open(shared_url, create=True):
        pass
    folders = [desk.folder / name for name in names]
    running = []
    for name, folder in zip(names, folders, strict=True):
        folder.mkdir()
        settings = {
            "SINORUS_OUTLETS_FILE": str(desk.folder / "outlets.toml"),
            "SINORUS_DATABASE_URL": shared_url,
        }
        running.append(fork_command(folder, "crawl", name, env=settings))
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0, 0]
    with storage.open(shared_url) as database:
        assert database.count() == 2 * PAGES
    assert server.paths.count("/robots.txt") == 2
    assert len(server.hits) == 2 * HITS
    assert_polite(server)
    firsts = [hit.path.split("/")[1] for hit in server.hits if hit.path.count("/") > 1]
    assert firsts != sorted(firsts), "nobody had to wait"


def _crawl_at_once(folder: str, names: list[str]) -> None:
    os.chdir(folder)
    os.environ |= SETTINGS
    silence_libraries()
    settings = load_settings()
    catalogue = settings.catalogue()
    with storage.open(settings.database_url, create=True) as database:
        crawls = Crawls(settings, database, "daemon")

        async def crawl_all() -> None:
            plans = [plan_crawl(catalogue, [name], (), CrawlOptions()) for name in names]
            await asyncio.gather(*(crawls.crawl(plan, lambda _: None) for plan in plans))

        with closing(crawls):
            run(crawl_all, crawls.stop, [HOST], lambda: None)


def crawl_at_once(desk: Desk, *names: str) -> None:
    """As the daemon does: several crawls in one process."""
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=_crawl_at_once, args=(str(desk.folder), list(names)))
    process.start()
    process.join(60)
    assert process.exitcode == 0


def test_two_crawls_of_one_process(desk: Desk, server: FaultServer) -> None:
    """The longer delay of the two, and robots.txt is read once."""
    rules = f"User-agent: *\nCrawl-delay: {DELAY}"
    server.routes["/robots.txt"] = answer(rules, 200, TEXT)
    for name in ("one", "two"):
        serve(server, f"/{name}")
    desk.outlets(entry(server, "one", delay_seconds=0.0), entry(server, "two", delay_seconds=0.1))
    crawl_at_once(desk, "one", "two")
    with desk.database() as database:
        assert database.count() == 2 * PAGES
    assert server.paths.count("/robots.txt") == 1
    assert len(server.hits) == 2 * HITS - 1
    assert_polite(server)


def test_the_gentlest_outlet_of_a_host_decides(desk: Desk, server: FaultServer) -> None:
    """Also for crawls of the others alone."""
    serve(server, "/one")
    desk.outlets(entry(server, "one", delay_seconds=0.0), entry(server, "two"))
    assert desk.crawl("one").row["new"] == PAGES
    assert_polite(server)


def take(url: str, holder: str = ELSEWHERE, *, lapse_seconds: float) -> None:
    """A turn at the host for somebody on another machine, who never ends it."""
    with storage.open(url, create=True) as database, database.write() as conn:
        now = datetime.now(UTC)
        host_turns.take_turn(
            conn, HOST, holder, delay_seconds=DELAY, connections=1, now=now,
            lapse_seconds=lapse_seconds,
        )  # fmt: skip


def end(url: str) -> None:
    with storage.open(url) as database, database.write() as conn:
        now = datetime.now(UTC)
        host_turns.end_turn(conn, HOST, ELSEWHERE, delay_seconds=DELAY, now=now)


def waiting_delay(url: str) -> float:
    """The delay of the row, which whoever waits raises to its own."""
    with storage.open(url) as database, database.read() as conn:
        row = schema.host_turns.c
        found: float = conn.execute(select(row.delay_seconds).where(row.host == HOST)).scalar_one()
        return found


def test_a_command_that_was_killed_keeps_nobody_waiting(desk: Desk, server: FaultServer) -> None:
    """Its machine tells that it is gone; the delay is kept all the same."""
    serve(server, "/one")
    good = server.routes["/one/feed"]
    server.routes["/one/feed"] = hang
    desk.outlets(entry(server, "one"))
    killed = fork_command(desk.folder, "crawl")
    wait_until(lambda: "/one/feed" in server.paths)
    killed.kill()
    killed.join()
    server.routes["/one/feed"] = good
    ran = desk.crawl()
    assert (ran.row["new"], ran.row["problems"]) == (PAGES, [])
    assert ran.seconds < 15
    hits = server.hits[2:]
    assert hits[0].path == "/robots.txt"
    assert hits[1].started - hits[0].started + TOLERANCE_SECONDS >= DELAY


def test_to_wait_is_no_time_limit_nor_do_other_hosts_wait(desk: Desk, hosts: FaultServers) -> None:
    held, free = hosts["held"], hosts["free"]
    assert HOST in held.base_url
    for server, name in ((held, "held"), (free, "free")):
        serve(server, f"/{name}")
    desk.outlets(entry(held, "held", delay_seconds=2 * DELAY), entry(free, "free"))
    url = f"sqlite:///{desk.folder / 'sinorus.db'}"
    take(url, lapse_seconds=600)
    limit = {"crawler.settings.FETCH_TIMEOUT_SECONDS": 1}
    process = fork_command(desk.folder, "crawl", changed=limit)
    wait_until(lambda: waiting_delay(url) > DELAY)
    late = time.monotonic() + 1.5
    wait_until(lambda: len(free.hits) == HITS and time.monotonic() > late)
    assert held.hits == []
    end(url)
    process.join(30)
    assert process.exitcode == 0
    assert len(held.hits) == HITS


def test_a_turn_of_another_machine_that_was_lost_lapses(desk: Desk, server: FaultServer) -> None:
    serve(server, "/one")
    desk.outlets(entry(server, "one"))
    lapses = time.monotonic() + 4
    take(f"sqlite:///{desk.folder / 'sinorus.db'}", lapse_seconds=4)
    assert desk.crawl().row["new"] == PAGES
    assert server.hits[0].started + 0.1 > lapses


def test_what_waits_for_its_turn_ends_when_told(desk: Desk, server: FaultServer) -> None:
    serve(server, "/one")
    desk.outlets(entry(server, "one", delay_seconds=2 * DELAY))
    url = f"sqlite:///{desk.folder / 'sinorus.db'}"
    take(url, lapse_seconds=600)
    process = desk.start("crawl", "--json")
    wait_until(lambda: waiting_delay(url) > DELAY)
    ended = end_by_signal(process, signal.SIGTERM)
    assert ended.code == 130
    assert ended.seconds < 3
    assert server.hits == []


def test_what_waits_is_told_that_the_host_wants_to_be_left_alone(
    desk: Desk, server: FaultServer
) -> None:
    """By another process, which was told so meanwhile."""
    serve(server, "/one")
    desk.outlets(entry(server, "one", delay_seconds=2 * DELAY))
    url = f"sqlite:///{desk.folder / 'sinorus.db'}"
    take(url, lapse_seconds=600)
    process = fork_command(desk.folder, "crawl", "--json")
    wait_until(lambda: waiting_delay(url) > DELAY)
    with desk.database() as database, database.write() as conn:
        frontier.hold(conn, HOST, datetime.now(UTC) + timedelta(hours=1), "HTTP 429")
    end(url)
    process.join(30)
    assert process.exitcode == 1
    assert server.hits == []
    assert "asked to be left alone until" in (desk.folder / ERR).read_text()


@pytest.mark.parametrize("command", ["check", "new"])
def test_commands_that_store_nothing_take_their_turn(
    desk: Desk, server: FaultServer, command: str
) -> None:
    serve(server, "/one")
    server.routes["/"] = answer(
        '<html lang="en"><link rel="alternate" href="/one/feed" '
        'type="application/rss+xml"><title>One</title><p>News</p></html>'
    )
    desk.outlets(entry(server, "one"))
    url = f"sqlite:///{desk.folder / 'sinorus.db'}"
    take(url, lapse_seconds=3)
    held_until = time.monotonic() + 3
    arguments = ["check", "one"] if command == "check" else ["new", server.base_url]
    desk.run("outlets", *arguments, changed={"jobs.drafting.run.DELAY_SECONDS": DELAY})
    assert len(server.hits) > 2
    assert server.hits[0].started > held_until - 1
    with desk.database() as database, database.read() as conn:
        assert conn.execute(select(schema.host_turns.c.holders)).scalar_one() == []
    assert_polite(server)


def test_a_pause_may_be_met_by_several_requests_at_once(shared_url: str) -> None:
    """Of a command that stores nothing: each is told of it, whoever was first."""
    with storage.open(shared_url, create=True) as database, database.write() as conn:
        frontier.hold(conn, HOST, datetime.now(UTC) + timedelta(minutes=5), "asked")
    holds = PassingHolds(shared_url)
    pace = Pace(DELAY, 1, 60.0)

    async def meet() -> list[float | None]:
        assert await holds.held_until(HOST) is not None
        return [await holds.take_turn(HOST, f"me/{number}", pace) for number in range(2)]

    try:
        assert asyncio.run(meet()) == [None, None]
    finally:
        holds.close()
