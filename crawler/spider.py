"""The spider: one for all outlets, driven by each outlet's entry."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import scrapy
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler.answers import NOT_MODIFIED, check_status, conditions, error_of, fetched_page
from crawler.discover import Part, Reach, Source
from crawler.discover.source import MAX_SOURCE_BYTES
from crawler.errors import CrawlError, GoneError, RefusedError, UnreadableError
from crawler.evidence import article_from_listing
from crawler.exchanges import ExchangeLog
from crawler.items import FetchedPage, Lead
from crawler.manners import Manners
from crawler.memory import CrawlMemory
from crawler.outlets import Outlet
from crawler.reading_pool import Readers
from crawler.walk import Walk

_TYPES = {
    "feed": "application/rss+xml, application/atom+xml, application/feed+json,"
    " application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "sitemap": "application/xml, text/xml;q=0.9, */*;q=0.5",
    "page": "text/html, application/json;q=0.9, */*;q=0.5",
}
_SOURCE_PRIORITY = 10  # sources before pages: the newest articles are in them
_FEW_OPEN_PAGES = 50  # of an outlet: then the next of those due are asked for


class NewsSpider(scrapy.Spider):
    """Sources of each outlet → addresses that are due → pages → article records.

    What it finds goes to `memory`; what is due comes from there. What was fetched is read by
    `readers`. `leads` are pages to fetch instead of the outlets' sources.
    """

    name = "news"

    def __init__(
        self,
        outlets: list[Outlet],
        memory: CrawlMemory,
        readers: Readers,
        manners: Manners,
        leads: list[tuple[Outlet, Lead]] | None = None,
        reach: Reach | None = None,
        exchanges: ExchangeLog | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.outlets = outlets
        self.memory = memory
        self.readers = readers
        self.exchanges = exchanges or ExchangeLog()
        self.manners = manners
        self.leads = leads
        self.reach = reach or Reach()
        self._walks = {outlet.id: Walk(outlet, self.reach) for outlet in outlets}
        self._last_due: dict[str, Lead | None] = {}
        self._left_alone: set[str] = set()
        self._open_pages = dict.fromkeys(self._walks, 0)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        if self.leads is not None:
            for outlet, lead in self.leads:
                yield self._page_request(outlet, lead)
            return
        for outlet in self.outlets:
            for source in self._walks[outlet.id].begin():
                yield await self._source_request(outlet, source)

    async def _source_request(
        self, outlet: Outlet, source: Source, before: frozenset[str] = frozenset()
    ) -> scrapy.Request:
        etag, last_modified = await self.memory.validators(outlet.id, source.url)
        meta: dict[str, Any] = {"outlet": outlet, "source": source, "before": before}
        if source.kind != "page":
            meta["download_maxsize"] = MAX_SOURCE_BYTES
        return scrapy.Request(
            source.url,
            headers={"Accept": _TYPES[source.kind], **conditions(etag, last_modified)},
            callback=self.read_source,
            errback=self.source_failed,
            meta=meta,
            priority=_SOURCE_PRIORITY,
            dont_filter=True,
        )

    def _page_request(self, outlet: Outlet, lead: Lead) -> scrapy.Request:
        return scrapy.Request(
            lead.fetch_url,
            headers=conditions(lead.etag, lead.last_modified),
            callback=self.read_page,
            errback=self.page_failed,
            meta={"outlet": outlet, "lead": lead},
            dont_filter=True,
        )

    async def read_source(self, response: Response) -> AsyncIterator[scrapy.Request]:
        """A source: note what it lists, then ask for what it leads to, and for what is due."""
        outlet: Outlet = response.meta["outlet"]
        source: Source = response.meta["source"]
        parts: Sequence[Part] = ()
        listed: frozenset[str] = frozenset()
        has_new = False
        try:
            if response.status == NOT_MODIFIED:
                parts = await self.memory.not_modified(outlet.id, source.url)
            else:
                page = fetched_page(response)
                check_status(outlet, page)
                found = await self.readers.discovery(page, source, outlet, self.reach)
                async for is_any_new in self.memory.listed(outlet.id, source.url, found, page):
                    has_new |= is_any_new
                await self._source_problems(outlet, source, found.problems)
                parts = found.parts
                if source.kind != "sitemap":
                    listed = frozenset(listing.identity for listing in found.listings)
        except CrawlError as error:
            await self._source_problem(source, error)
        if listed and listed == response.meta["before"]:
            parts = ()  # some lists show their last page for ever
        following, problems = self._walks[outlet.id].go_on(source, parts, has_new=has_new)
        await self._source_problems(outlet, source, problems)
        for next_source in following:
            yield await self._source_request(outlet, next_source, listed)
        for request in await self._end_source(outlet):
            yield request

    async def source_failed(self, failure: Failure) -> AsyncIterator[scrapy.Request]:
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        await self._source_problem(request.meta["source"], error_of(failure))
        for following in await self._end_source(request.meta["outlet"]):
            yield following

    async def _source_problems(self, outlet: Outlet, source: Source, problems: list[str]) -> None:
        for problem in problems:
            await self._source_problem(source, RefusedError(outlet.id, source.url, problem))

    async def _source_problem(self, source: Source, error: CrawlError) -> None:
        """Past the last page of a list there is none, or an empty one: that is its end."""
        is_end = isinstance(error, GoneError | UnreadableError)
        if not (is_end and source.depth and source.kind != "sitemap"):
            self.exchanges.note_fault(error)
            await self.memory.source_failed(source.url, error)

    async def _end_source(self, outlet: Outlet) -> list[scrapy.Request]:
        """After the last source of an outlet, its pages: only then the newest are known."""
        if not self._walks[outlet.id].end():
            return []
        self._last_due[outlet.id] = None
        return await self._due_pages(outlet)

    async def _due_pages(self, outlet: Outlet) -> list[scrapy.Request]:
        """The next of those due, as long as there are any; never all at once in memory."""
        if outlet.id not in self._last_due or self._open_pages[outlet.id] > _FEW_OPEN_PAGES:
            return []
        last = self._last_due.pop(outlet.id)  # the next page to end must not ask for the same
        leads = await self.memory.due(outlet.id, last)
        if not leads or outlet.id in self._left_alone:
            return []
        self._last_due[outlet.id] = leads[-1]
        self._open_pages[outlet.id] += len(leads)
        return [self._page_request(outlet, lead) for lead in leads]

    async def read_page(self, response: Response) -> AsyncIterator[scrapy.Request]:
        """An article's page: read it and hand both on."""
        outlet: Outlet = response.meta["outlet"]
        lead: Lead = response.meta["lead"]
        if response.status == NOT_MODIFIED:
            await self.memory.unchanged(lead)
        else:
            page = fetched_page(response)
            is_text = isinstance(response, TextResponse)
            try:
                check_status(outlet, page)
                article = await self.readers.article(outlet, lead, page, is_text=is_text)
            except UnreadableError as error:
                await self._page_problem(outlet, lead, error, page)
            except CrawlError as error:
                await self._page_problem(outlet, lead, error, None)
            else:
                await self.memory.read(lead, page, article)
        for request in await self._end_page(outlet):
            yield request

    async def page_failed(self, failure: Failure) -> AsyncIterator[scrapy.Request]:
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        outlet: Outlet = request.meta["outlet"]
        error = error_of(failure)
        if error.is_host_wide:
            self._left_alone.add(outlet.id)  # the rest of what is due is left as it is
            self._last_due.pop(outlet.id, None)
        await self._page_problem(outlet, request.meta["lead"], error, None)
        for following in await self._end_page(outlet):
            yield following

    async def _page_problem(
        self, outlet: Outlet, lead: Lead, error: CrawlError, page: FetchedPage | None
    ) -> None:
        self.exchanges.note_fault(error)
        known = article_from_listing(outlet, lead, error)
        if known is not None:
            await self.memory.read(lead, None, known)
        else:
            await self.memory.failed(lead, error, page)

    async def _end_page(self, outlet: Outlet) -> list[scrapy.Request]:
        self._open_pages[outlet.id] -= 1
        return await self._due_pages(outlet)
