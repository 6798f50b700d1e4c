"""The download itself: each has its turn at the host, and tells the gate what came."""

from __future__ import annotations

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response

from crawler.gate import GateMiddleware
from crawler.settings import slot_of
from crawler.turns import Pace

# After its time limit a request is ended, and that it is has to be written down.
_LAPSE_MARGIN_SECONDS = 15.0


class PoliteDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's own for http and https, which counts its time limit from when the turn came.

    A crawl's own queue let the request through before; here it meets the other crawls. Redirects
    and robots.txt come here too, each on its own.
    """

    async def download_request(self, request: Request) -> Response:
        spider = self.crawler.spider
        memory, turns = spider.memory, spider.manners.turns  # type: ignore[union-attr]
        host, pace = slot_of(request.url), self._pace(request)
        holder = await turns.take(memory, host, pace)
        try:
            response: Response = await super().download_request(request)
            # Before the turn ends: a host that asks to be left alone gets no other request.
            await self._gate.note_answer(request, response)
        finally:
            await turns.end(memory, host, holder, pace)
        return response

    def _pace(self, request: Request) -> Pace:
        """As Scrapy's slot has it: of the outlet's entry, or its host's longer Crawl-delay."""
        slot = self.crawler.engine.downloader.slots[request.meta["download_slot"]]
        limit = request.meta.get("download_timeout") or 0.0
        return Pace(slot.delay, slot.concurrency, limit + _LAPSE_MARGIN_SECONDS)

    @property
    def _gate(self) -> GateMiddleware:
        gate = self.crawler.get_downloader_middleware(GateMiddleware)
        assert gate is not None  # noqa: S101 - our settings
        return gate
