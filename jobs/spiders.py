"""Runs spiders on the reactor's loop, and ends them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from scrapy import Spider

from crawler.gate import GateMiddleware
from crawler.outlets import Outlet
from crawler.settings import scrapy_settings


class SpiderRunner:
    """One spider after another, each with the manners that its outlets ask for."""

    def __init__(self, user_agent: str) -> None:
        # Imported here: it needs the reactor, which must not exist before it is chosen.
        from scrapy.crawler import AsyncCrawlerRunner

        self._make_runner = AsyncCrawlerRunner
        self._runner: Any = None
        self._user_agent = user_agent

    async def run(self, spider: type[Spider], outlets: Sequence[Outlet], **arguments: Any) -> None:
        """Runs it to its end. Raises the first fault of its own that is no download's."""
        from scrapy import signals

        self._runner = self._make_runner(scrapy_settings(outlets, self._user_agent))
        crawler = self._runner.create_crawler(spider)
        faults: list[BaseException] = []
        stopping: list[asyncio.Task[None]] = []

        def stop(failure: Any) -> None:  # Scrapy does not await the handlers of this signal
            faults.append(failure.value)
            stopping.append(asyncio.ensure_future(crawler.stop_async()))

        crawler.signals.connect(stop, signal=signals.spider_error, weak=False)
        await self._runner.crawl(crawler, outlets=outlets, **arguments)
        if faults:
            raise faults[0]

    async def stop(self) -> None:
        """Take no more work and let answers under way come in."""
        if self._runner is None:
            return
        stopping = asyncio.ensure_future(self._runner.stop())
        for crawler in self._runner.crawlers:
            crawler.get_downloader_middleware(GateMiddleware).call_all_back()
        await stopping
