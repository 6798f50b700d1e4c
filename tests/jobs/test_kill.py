"""Killed at any moment, a crawl that is run again ends as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from storage.pages import read_page
from tests.faultserver import RSS, FaultServer, answer, hang
from tests.jobs.desk import (
    ERR,
    Desk,
    an_article,
    an_outlet,
    end_by_signal,
    fork_command,
    item,
    rss,
    wait_until,
)

PAGES = 4
REQUESTS = PAGES + 2  # robots.txt and the feed come first
# Each page is one transaction; the run's start and end, and the feed, are three more.
COMMITS = PAGES + 3
# Each page is one sync; making the archive's file and its first record are two more.
SYNCS = PAGES + 2
# The server's: as it is asked for the feed, the first page, the last; as it has answered.
KILL_POINTS = [
    *(("commit", number) for number in range(1, COMMITS + 1)),
    *(("fsync", number) for number in range(1, SYNCS + 1)),
    *((moment, number) for moment in ("before", "after") for number in (2, 3, REQUESTS)),
]
CORES = 2
LONGEST_STOP_SECONDS = 8.0
QUICK_STOP_SECONDS = 3.0
TIMEOUT_SECONDS = 60.0

KillPoint = tuple[str, int]
Contents = list[dict[str, Any]]


def serve(server: FaultServer, edition: int) -> None:
    """The same articles in each edition, but for one more and another text in the second."""
    paths = [f"/{number}" for number in range(PAGES if edition == 2 else PAGES - 1)]
    for number, path in enumerate(paths):
        page = an_article(f"China and Russia sign accord {number}, edition {edition}")
        server.routes[path] = answer(page, etag=f'"{number}-{edition}"')
    listed = (item(path, f"Accord, edition {edition}", day=20 - int(path[1:])) for path in paths)
    server.routes["/feed"] = answer(rss(*listed), 200, RSS, etag=f'"feed-{edition}"')


def kill_crawl(folder: Path, server: FaultServer, point: KillPoint) -> None:
    """Crawls and kills that: at a moment of its own, or of the server's n-th answer."""
    moment, number = point
    started: Future[int] = Future()

    def kill(reached: int) -> None:
        if reached == number:
            os.kill(started.result(TIMEOUT_SECONDS), signal.SIGKILL)

    is_the_servers = moment in ("before", "after")
    if is_the_servers:
        setattr(server, moment, kill)
    process = fork_command(folder, "crawl", kill_at=None if is_the_servers else point)
    started.set_result(process.pid or 0)
    process.join(TIMEOUT_SECONDS)
    server.before = server.after = None
    assert process.exitcode == -signal.SIGKILL, point


def crawl_to_the_end(folder: Path) -> Contents:
    process = fork_command(folder, "crawl")
    process.join(TIMEOUT_SECONDS)
    assert process.exitcode == 0, (folder / ERR).read_text("utf-8")
    return Desk(folder).contents()


def crawl_after_kills(folder: Path, points: list[KillPoint]) -> tuple[Contents, list[Contents]]:
    """What the database holds without a kill; and after each kill and a second crawl.

    Every crawl begins with the first edition stored and finds the second one.
    """
    with FaultServer() as server:
        serve(server, 1)
        before = folder / "before"
        before.mkdir(parents=True)
        Desk(before).outlets(an_outlet(server.base_url))
        crawl_to_the_end(before)
        serve(server, 2)
        server.forget()
        whole = crawl_to_the_end(shutil.copytree(before, folder / "whole"))
        assert len(server.hits) == REQUESTS
        found = []
        for number, point in enumerate(points):
            server.forget()
            room = shutil.copytree(before, folder / str(number))
            kill_crawl(room, server, point)
            found.append(crawl_to_the_end(room))
            assert_no_orphans(room)
        return whole, found


def assert_no_orphans(folder: Path) -> None:
    """Revisions and articles belong together, no lead is due, and every page is whole."""
    with sqlite3.connect(folder / "sinorus.db") as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        states = conn.execute("SELECT state, count(*) FROM leads GROUP BY 1").fetchall()
        assert states == [("stored", PAGES)]
        numbers = conn.execute(
            "SELECT a.revision, count(r.id) FROM articles a JOIN revisions r ON r.article_id = a.id"
            " GROUP BY a.id"
        ).fetchall()
        assert len(numbers) == PAGES
        assert all(last == total for last, total in numbers)
        kept = conn.execute("SELECT warc_file, warc_offset FROM pages").fetchall()
        assert len(kept) >= 2 * PAGES - 1
    for warc_file, offset in kept:
        assert read_page(folder / "sinorus-data", warc_file, offset).status == 200


def test_killed_anywhere(tmp_path: Path) -> None:
    shares = [KILL_POINTS[n::CORES] for n in range(CORES)]
    folders = [tmp_path / f"worker-{n}" for n in range(CORES)]
    with ThreadPoolExecutor(CORES) as pool:
        results = list(pool.map(crawl_after_kills, folders, shares))
    for share, (whole, found) in zip(shares, results, strict=True):
        assert [len(record["revisions"]) for record in whole] == [2] * (PAGES - 1) + [1]
        assert len(found) == len(share)
        for point, contents in zip(share, found, strict=True):
            assert contents == whole, point


def serve_and_hang(server: FaultServer) -> None:
    """The newest page is whole, the others never come."""
    serve(server, 2)
    server.routes |= {f"/{number}": hang for number in range(1, PAGES)}


def test_interrupted_while_a_server_hangs(server: FaultServer, desk: Desk) -> None:
    serve_and_hang(server)
    desk.outlets(an_outlet(server.base_url))
    process = desk.start("crawl", "--json")
    wait_until(lambda: "/1" in server.paths)
    ran = end_by_signal(process, signal.SIGINT)
    assert (ran.code, ran.err) == (130, "")
    assert ran.seconds < LONGEST_STOP_SECONDS
    assert ran.json["interrupted"] is True
    assert ran.row["new"] == 1
    assert desk.run("status", "--json").json["runs"][0]["status"] == "interrupted"
    serve(server, 2)
    again = desk.crawl()
    assert (again.code, again.row["new"]) == (0, PAGES - 1)


def test_interrupted_twice(server: FaultServer, desk: Desk) -> None:
    """The second time it waits for nothing."""
    serve_and_hang(server)
    desk.outlets(an_outlet(server.base_url))
    process = desk.start("crawl")
    wait_until(lambda: "/1" in server.paths)
    process.send_signal(signal.SIGTERM)
    server.pause(0.2)  # two signals at once are one
    ran = end_by_signal(process, signal.SIGINT)
    assert (ran.code, ran.err) == (130, "")
    assert ran.seconds < QUICK_STOP_SECONDS


def test_interrupted_in_the_middle(server: FaultServer, desk: Desk) -> None:
    """Answers under way are taken, and nothing more is asked for."""
    serve(server, 2)
    server.routes["/1"] = answer(an_article("China and Russia sign one more"), after_seconds=2.0)
    desk.outlets(an_outlet(server.base_url))
    process = desk.start("crawl")
    wait_until(lambda: "/1" in server.paths)
    ran = end_by_signal(process, signal.SIGINT)
    assert ran.code == 130
    assert "Traceback" not in ran.err
    assert [record["url"][-2:] for record in desk.articles()] == ["/0", "/1"]
    assert server.paths[-1] == "/1"
    assert desk.crawl().row["new"] == PAGES - 2
