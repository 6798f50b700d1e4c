"""A database that goes away in the middle of a crawl is waited for."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

import storage
from tests.faultserver import RSS, FaultServer, answer
from tests.jobs.desk import Desk, an_article, an_outlet, end_by_signal, item, rss, wait_until
from tests.postgres import OwnServer, own_server

PAGES = 4
SECONDS_AWAY = 2.0
QUICK_STOP_SECONDS = 8.0


@pytest.fixture
def postgres() -> Iterator[OwnServer]:
    with own_server() as running:
        yield running


def serve(server: FaultServer) -> None:
    for number in range(PAGES):
        server.routes[f"/{number}"] = answer(an_article(f"China and Russia sign accord {number}"))
    listed = (item(f"/{number}", "Accord", day=20 - number) for number in range(PAGES))
    server.routes["/feed"] = answer(rss(*listed), 200, RSS)


def stored(url: str) -> list[tuple[str, int]]:
    with storage.open(url) as database:
        return [(article.url[-2:], article.revision) for article in database.articles(sort="id")]


def test_a_server_that_restarts_costs_no_page(
    postgres: OwnServer, server: FaultServer, desk: Desk
) -> None:
    serve(server)
    desk.outlets(an_outlet(server.base_url))
    back: list[threading.Timer] = []

    def restart(number: int) -> None:
        if number == 4:  # robots.txt, the feed and a page were answered
            postgres.stop()
            back.append(threading.Timer(SECONDS_AWAY, postgres.start))
            back[0].start()

    server.before = restart
    ran = desk.crawl("--database-url", postgres.url)
    back[0].join()
    assert (ran.code, ran.row["new"], ran.row["failed"]) == (0, PAGES, 0)
    assert "waiting up to 300 s" in ran.err
    assert server.paths == ["/robots.txt", "/feed", *(f"/{number}" for number in range(PAGES))]
    assert stored(postgres.url) == [(f"/{number}", 1) for number in range(PAGES)]


def test_waiting_ends_when_somebody_asks(
    postgres: OwnServer, server: FaultServer, desk: Desk
) -> None:
    serve(server)
    desk.outlets(an_outlet(server.base_url))
    server.before = lambda number: postgres.stop() if number == 4 else None
    process = desk.start("crawl", "--database-url", postgres.url)
    wait_until(lambda: len(server.paths) == 4)
    server.pause(1.5)
    ran = end_by_signal(process, signal.SIGTERM)
    assert ran.seconds < QUICK_STOP_SECONDS
    assert ran.code in (1, 130)
    assert "Traceback" not in ran.err
    postgres.start()
    server.before = None
    again = desk.crawl("--database-url", postgres.url)
    assert again.code == 0
    assert len(stored(postgres.url)) == PAGES
