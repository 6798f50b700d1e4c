"""Runs spiders on the reactor's loop, and ends them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from scrapy import Spider

from crawler.gate import GateMiddleware
from crawler.manners import Manners
from crawler.outlets import Outlet
from crawler.settings import scrapy_settings
from jobs.processes import process_name


class SpiderRunner:
    """Spiders, several at once or one after another, each with its outlets' manners."""

    def __init__(self, user_agent: str) -> None:
        """What they must know of each other is kept as long as this is."""
        # Imported here: it needs the reactor, which must not exist before it is chosen.
        from scrapy.crawler import AsyncCrawlerRunner

        self._make_runner = AsyncCrawlerRunner
        self._running: set[Any] = set()
        self._user_agent = user_agent
        self._manners = Manners(process_name())

    async def run(
        self,
        spider: type[Spider],
        outlets: Sequence[Outlet],
        *,
        beside: Sequence[Outlet] = (),
        limit_seconds: float | None = None,
        **arguments: Any,
    ) -> bool:
        """Runs it to its end, or stops it at its limit: false. `beside` are outlets whose hosts
        these may share: the gentlest decides. Raises the first fault of its own that is no
        download's.
        """
        from scrapy import signals

        runner = self._make_runner(scrapy_settings(outlets, self._user_agent, beside))
        crawler = runner.create_crawler(spider)
        faults: list[BaseException] = []
        stopping: list[asyncio.Task[None]] = []
        is_whole = True

        def end() -> None:
            nonlocal is_whole
            is_whole = False
            stopping.append(asyncio.ensure_future(_stop(runner)))

        def stop(failure: Any) -> None:  # Scrapy does not await the handlers of this signal
            faults.append(failure.value)
            stopping.append(asyncio.ensure_future(crawler.stop_async()))

        crawler.signals.connect(stop, signal=signals.spider_error, weak=False)
        self._running.add(runner)
        if limit_seconds is not None:
            limit = asyncio.get_running_loop().call_later(limit_seconds, end)
        try:
            await runner.crawl(crawler, outlets=outlets, manners=self._manners, **arguments)
        finally:
            # Else the dispatcher, which is the process's, keeps it and all its crawl for ever.
            crawler.signals.disconnect(stop, signal=signals.spider_error, weak=False)
            self._running.discard(runner)
            if limit_seconds is not None:
                limit.cancel()
        if faults:
            raise faults[0]
        return is_whole

    async def stop(self) -> None:
        """Take no more work and let answers under way come in."""
        await asyncio.gather(*map(_stop, set(self._running)))


async def _stop(runner: Any) -> None:
    stopping = asyncio.ensure_future(runner.stop())
    for crawler in runner.crawlers:
        if crawler.engine is None:  # it has asked for nothing yet
            continue
        crawler.get_downloader_middleware(GateMiddleware).call_all_back()
    await stopping
