"""A spider for asking one address after another, each because of what the last one said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import scrapy
from scrapy.http import TextResponse
from scrapy.http.request import NO_CALLBACK

from crawler.answers import check_status, fetched_page
from crawler.gate import GateMiddleware
from crawler.items import FetchedPage
from crawler.manners import Manners
from crawler.network import crawl_error
from crawler.outlets import Outlet
from crawler.robots import RobotsRules
from crawler.settings import slot_of
from crawler.text import MAX_PAGE_BYTES
from crawler.turns import TurnMemory

_NOTHING_MORE: tuple[scrapy.Request, ...] = ()


class HoldMemory(TurnMemory, Protocol):
    """What the gate, and the download after it, ask of a memory."""

    async def held_until(self, host: str) -> datetime | None:
        """Until when a host asked to be left alone, UTC; null if it did not."""

    async def hold(self, host: str, until: datetime, reason: str) -> None:
        """A host asked to be left alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A page that came with a status of success; whether it is text by its type and start."""

    page: FetchedPage
    is_text: bool


class InquirySpider(scrapy.Spider):
    """Runs `inquire` with itself, which `ask`s. Every request passes the gate of a crawl.

    Scrapy swallows what `inquire` raises, so it must keep its faults for whoever waits.
    """

    name = "inquiry"

    def __init__(
        self,
        outlets: list[Outlet],
        memory: HoldMemory,
        inquire: Callable[[InquirySpider], Awaitable[None]],
        manners: Manners,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        (self.outlet,) = outlets
        self.memory = memory
        self.manners = manners
        self._inquire = inquire

    async def start(self) -> AsyncIterator[scrapy.Request]:
        await self._inquire(self)
        for request in _NOTHING_MORE:
            yield request

    async def ask(self, url: str, most_bytes: int = MAX_PAGE_BYTES) -> Answer:
        """What is at an address of the outlet. Raises `CrawlError`."""
        meta: dict[str, Any] = {"outlet": self.outlet, "download_maxsize": most_bytes}
        request = scrapy.Request(url, meta=meta, callback=NO_CALLBACK, dont_filter=True)
        assert self.crawler.engine is not None  # noqa: S101 - it runs us
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            raise crawl_error(self.outlet.id, url, slot_of(url), error, most_bytes) from error
        page = fetched_page(response)
        check_status(self.outlet, page)
        return Answer(page, isinstance(response, TextResponse))

    def rules_of(self, url: str) -> RobotsRules | None:
        """What the host's robots.txt says; null where it was not read."""
        gate = self.crawler.get_downloader_middleware(GateMiddleware)
        return gate.rules_of(url) if gate else None
