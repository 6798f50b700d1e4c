"""A process that crawls for months: what a crawl needed goes with it."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
from contextlib import closing

import storage
from crawler.spider import NewsSpider
from jobs.crawl import Crawls, plan_crawl, silence_libraries
from jobs.ledger import CrawlOptions
from jobs.reactor import run
from jobs.settings import load_settings
from tests.faultserver import RSS, FaultServer, answer
from tests.jobs.desk import SETTINGS, Desk, an_article, an_outlet, item, rss

CRAWLS = 3


def _crawl_and_count(folder: str) -> None:
    os.chdir(folder)
    os.environ |= {**SETTINGS, "SINORUS_READING_PROCESSES": "0"}
    silence_libraries()
    settings = load_settings()
    with storage.open(settings.database_url, create=True) as database:
        crawls = Crawls(settings, database, "daemon")

        async def crawl_again_and_again() -> int:
            plan = plan_crawl(settings.catalogue(), [], (), CrawlOptions())
            for _ in range(CRAWLS):
                await crawls.crawl(plan, lambda _: None)
            await asyncio.sleep(0)  # what was called back for the last time lets go
            gc.collect()
            return sum(isinstance(thing, NewsSpider) for thing in gc.get_objects())

        with closing(crawls):
            left = run(crawl_again_and_again, crawls.stop, ["127.0.0.1"], lambda: None)
    assert left == 0, f"{left} spiders of {CRAWLS} crawls"


def test_no_spider_outlives_its_crawl(desk: Desk, server: FaultServer) -> None:
    server.routes["/feed"] = answer(rss(item("/one")), 200, RSS)
    server.routes["/one"] = answer(an_article())
    desk.outlets(an_outlet(server.base_url))
    process = multiprocessing.get_context("forkserver").Process(
        target=_crawl_and_count, args=(str(desk.folder),)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 0
