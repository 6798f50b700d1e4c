"""Pages are read in processes of their own: what becomes of those that cost their reader."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from pebble.pool.base_pool import PoolStatus

from crawler.discover import Reach, sources_of
from crawler.errors import UnreadableError
from crawler.items import Article, FetchedPage, Lead
from crawler.outlets import Outlet
from crawler.readers import read_page
from crawler.reading_pool import ReadingHere, ReadingPool
from tests.crawler.lost_readers import DEADLINE_SECONDS, read_or_be_lost, strict_readers

OUTLET = Outlet(
    id="one", name="One", home="https://one.example/", feeds=["https://one.example/feed"]
)
URL = "https://one.example/news/gas-accord"
HTML = (
    "<html lang=en><head><title>China and Russia sign gas accord</title></head><body><article>"
    "<h1>China and Russia sign gas accord</h1>"
    + "<p>The foreign ministers of China and Russia signed an accord on gas in Beijing.</p>" * 4
    + "</article></body></html>"
).encode()
FEED = (
    '<rss version="2.0"><channel><title>One</title><item><title>Gas accord</title>'
    f"<link>{URL}</link></item></channel></rss>"
).encode()


def page(body: bytes, kind: str = "text/html; charset=utf-8") -> FetchedPage:
    return FetchedPage(URL, 200, [("Content-Type", kind)], body, datetime.now(UTC))


LEAD = Lead(1, "one", "gas-accord", URL)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReadingPool]:
    monkeypatch.setattr("crawler.reading_pool._read_page", read_or_be_lost)
    with closing(strict_readers(2)) as running:
        yield running


def read(pool: ReadingPool, *bodies: bytes) -> list[Article | BaseException]:
    """All at once."""

    async def main() -> list[Article | BaseException]:
        readings = [pool.article(OUTLET, LEAD, page(body), is_text=True) for body in bodies]
        return await asyncio.gather(*readings, return_exceptions=True)

    return asyncio.run(main())


def test_a_page_is_read_as_in_the_own_process() -> None:
    with closing(ReadingPool(1)) as pool:
        (found,) = read(pool, HTML)
    assert found == read_page(OUTLET, LEAD, page(HTML), is_text=True)


def test_a_source_is_read_in_a_process_too() -> None:
    (source,) = sources_of(OUTLET)
    fetched = page(FEED, "application/rss+xml")
    with closing(ReadingPool(1)) as pool:
        found = asyncio.run(pool.discovery(fetched, source, OUTLET, Reach()))
    here = asyncio.run(ReadingHere().discovery(fetched, source, OUTLET, Reach()))
    assert found == here
    assert [listing.address for listing in found.listings] == [URL]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"hang", "ended at its limit of 3 s"),
        (b"spin", "ended at its limit of 3 s"),
        (b"crash", "the reader crashed"),
        (b"exit", "the reader crashed"),
        (b"killed", "the reader crashed"),
        (b"grow", "more memory than it may"),
    ],
)
def test_a_page_that_costs_its_reader_costs_nothing_else(
    pool: ReadingPool, body: bytes, sentence: str
) -> None:
    started = time.monotonic()
    before, lost, *others = read(pool, HTML, body, *[HTML] * 6)
    assert isinstance(lost, UnreadableError)
    assert sentence in lost.reason
    assert lost.outlet == "one"
    assert lost.url == URL
    assert [type(one) for one in (before, *others)] == [Article] * 7
    assert time.monotonic() - started < 10 * DEADLINE_SECONDS
    (after,) = read(pool, HTML)
    assert isinstance(after, Article)
    assert pool.waiting == 0


def test_a_page_whose_reader_somebody_killed_is_tried_once_more(
    pool: ReadingPool, tmp_path: Path
) -> None:
    mark = tmp_path / "killed"
    (found,) = read(pool, f"killed-once {mark}".encode())
    assert mark.exists()
    assert isinstance(found, UnreadableError)
    assert found.reason.startswith("parse: not an article")  # it was read, and is none


def test_every_reader_may_be_lost_and_again(pool: ReadingPool) -> None:
    found = read(pool, *[b"exit", HTML] * 6)
    assert [isinstance(one, Article) for one in found] == [False, True] * 6


def test_readers_that_are_killed_between_two_pages_cost_none(pool: ReadingPool) -> None:
    for _ in range(2):
        (before,) = read(pool, HTML)
        assert isinstance(before, Article)
        for child in psutil.Process().children(recursive=True):
            if child.parent() and any("forkserver" in part for part in child.parent().cmdline()):
                child.kill()
    (after, other) = read(pool, HTML, HTML)
    assert isinstance(after, Article)
    assert isinstance(other, Article)


def test_what_waited_in_a_pool_that_broke_is_read_in_the_next(pool: ReadingPool) -> None:
    """A page that was queued as its pool broke is forgotten there, and never answered."""

    async def main() -> Article:
        await pool.article(OUTLET, LEAD, page(HTML), is_text=True)
        broken = pool._pool
        broken._context.task_queue.put = lambda _task: None
        waiting = asyncio.ensure_future(pool.article(OUTLET, LEAD, page(HTML), is_text=True))
        await asyncio.sleep(0.1)
        broken._context.status = PoolStatus.ERROR
        del broken._context.task_queue.put
        return await asyncio.wait_for(waiting, 30)

    assert isinstance(asyncio.run(main()), Article)


def test_what_is_wrong_with_a_page_comes_back_as_it_is(pool: ReadingPool) -> None:
    (error,) = read(pool, b"<html><body>nothing</body></html>")
    assert isinstance(error, UnreadableError)
    assert error.reason.startswith("parse: not an article")
    assert (error.outlet, error.url) == ("one", URL)


def test_its_end_leaves_no_process_whatever_they_are_at(pool: ReadingPool) -> None:
    async def main() -> None:
        await pool.article(OUTLET, LEAD, page(HTML), is_text=True)
        hanging = asyncio.ensure_future(pool.article(OUTLET, LEAD, page(b"spin"), is_text=True))
        await asyncio.sleep(0.3)
        children = [
            child
            for child in psutil.Process().children(recursive=True)
            if any("forkserver" in part for part in child.cmdline())
            and any("forkserver" in part for part in child.parent().cmdline())
        ]
        assert len(children) >= 2
        started = time.monotonic()
        await asyncio.to_thread(pool.close)
        assert time.monotonic() - started < DEADLINE_SECONDS
        gone, alive = psutil.wait_procs(children, 5)
        assert alive == []
        assert len(gone) == len(children)
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)

    asyncio.run(main())


LATE_READER = """
import _multiprocessing, multiprocessing, os, sys
if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(sys.argv[1:])
    lock = context.Lock()
    _multiprocessing.sem_unlink(lock._semlock.name)  # as a pool that ended meanwhile
    process = context.Process(target=os.getpid, args=(lock,))
    process.start()
    process.join()
    print(process.exitcode, flush=True)
    os._exit(0)
"""


@pytest.mark.parametrize(("preload", "is_told"), [("crawler.reading_warm", False), ("os", True)])
def test_a_reader_that_begins_as_its_pool_ends_prints_nothing(
    preload: str, is_told: bool, tmp_path: Path
) -> None:
    script = tmp_path / "late.py"
    script.write_text(LATE_READER, "utf-8")
    ran = subprocess.run(
        [sys.executable, str(script), preload],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout.strip() == "1"
    assert ("Traceback" in ran.stderr) is is_told  # the tracker of resources says what it misses


def test_ctrl_c_is_not_for_the_readers(pool: ReadingPool) -> None:
    (first,) = read(pool, HTML)
    assert isinstance(first, Article)
    for child in psutil.Process().children(recursive=True):
        if child.parent() and any("forkserver" in part for part in child.parent().cmdline()):
            child.send_signal(signal.SIGINT)
    (second,) = read(pool, HTML)
    assert isinstance(second, Article)
