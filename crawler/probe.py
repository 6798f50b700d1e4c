"""A spider that looks whether an outlet's sources work: as a crawl does, and only as far."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Protocol

import scrapy
from scrapy.http import Response

from crawler.answers import fetched_page
from crawler.discover import Part, Reach, Source
from crawler.discover.following import following, period_end
from crawler.discover.source import EVERYTHING
from crawler.items import FetchedPage
from crawler.manners import Manners
from crawler.memory import CrawlMemory
from crawler.outlets import Outlet
from crawler.reading_pool import Readers
from crawler.spider import NewsSpider
from crawler.walk import Walk


class ProbeMemory(CrawlMemory, Protocol):
    """A crawl's memory that is also told what came, before anything is read of it."""

    def answered(self, outlet: str, source: Source, page: FetchedPage) -> None:
        """A source answered; `page.url` is where redirects ended, its status any."""


class ProbeSpider(NewsSpider):
    """Asks each source of the entry once, of an index one or two parts, and what is then due."""

    memory: ProbeMemory

    def __init__(
        self,
        outlets: list[Outlet],
        memory: ProbeMemory,
        readers: Readers,
        manners: Manners,
        **kwargs: Any,
    ) -> None:
        super().__init__(outlets, memory, readers, manners, **kwargs)
        self._walks = {outlet.id: _BriefWalk(outlet, self.reach) for outlet in outlets}

    async def read_source(self, response: Response) -> AsyncIterator[scrapy.Request]:
        outlet: Outlet = response.meta["outlet"]
        self.memory.answered(outlet.id, response.meta["source"], fetched_page(response))
        async for request in super().read_source(response):
            yield request


class _BriefWalk(Walk):
    """Of an index the newest part and a part of news; of a list one page."""

    def go_on(
        self, source: Source, parts: Sequence[Part], *, has_new: bool
    ) -> tuple[list[Source], list[str]]:
        if source.kind != "sitemap":
            return super().go_on(source, (), has_new=has_new)
        few = brief_parts(source, parts, self.reach)
        return super().go_on(source, few, has_new=has_new)


def brief_parts(source: Source, parts: Sequence[Part], reach: Reach) -> list[Part]:
    """Of the parts of an index that a crawl would read, the first one of news and the newest."""
    by_url = {part.url: part for part in parts}
    read = [by_url[found.url] for found in following(source, parts, reach, has_new=False)]
    news = [part for part in read[:1] if _moment(part) == EVERYTHING]  # they come first
    few = {part.url: part for part in [*news, *sorted(read, key=_moment)[-1:]]}
    return list(few.values())


def _moment(part: Part) -> datetime:
    return part.changed or period_end(part.url) or EVERYTHING
