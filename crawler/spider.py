"""The spider: one for all outlets, driven by each outlet's entry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import scrapy
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler.answers import NOT_MODIFIED, check_status, conditions, error_of, fetched_page
from crawler.discover import Discovery, Part, Reach, Source, read_source
from crawler.discover.source import MAX_SOURCE_BYTES
from crawler.errors import CrawlError, GoneError, NotAnArticle, RefusedError, UnreadableError
from crawler.evidence import article_from_listing, fill_from_listing
from crawler.items import Article, FetchedPage, Lead
from crawler.memory import CrawlMemory
from crawler.outlets import Outlet
from crawler.parsers import read_article
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

    What it finds goes to `memory`; what is due comes from there. `leads` are pages to fetch
    instead of the outlets' sources.
    """

    name = "news"

    def __init__(
        self,
        outlets: list[Outlet],
        memory: CrawlMemory,
        leads: list[tuple[Outlet, Lead]] | None = None,
        reach: Reach | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.outlets = outlets
        self.memory = memory
        self.leads = leads
        self.reach = reach or Reach()
        self._walks = {outlet.id: Walk(outlet, self.reach) for outlet in outlets}
        self._last_due: dict[str, Lead | None] = {}
        self._open_pages = dict.fromkeys(self._walks, 0)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        if self.leads is not None:
            for outlet, lead in self.leads:
                yield self._page_request(outlet, lead)
            return
        for outlet in self.outlets:
            for source in self._walks[outlet.id].begin():
                yield self._source_request(outlet, source)

    def _source_request(
        self, outlet: Outlet, source: Source, before: frozenset[str] = frozenset()
    ) -> scrapy.Request:
        etag, last_modified = self.memory.validators(outlet.id, source.url)
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
                parts = self.memory.not_modified(outlet.id, source.url)
            else:
                page = fetched_page(response)
                check_status(outlet, page)
                found = discover(page, source, outlet, self.reach)
                for is_any_new in self.memory.listed(outlet.id, source.url, found, page):
                    has_new |= is_any_new
                    await asyncio.sleep(0)  # others have their turn between two transactions
                self._source_problems(outlet, source, found.problems)
                parts = found.parts
                if source.kind != "sitemap":
                    listed = frozenset(listing.identity for listing in found.listings)
        except CrawlError as error:
            self._source_problem(source, error)
        if listed and listed == response.meta["before"]:
            parts = ()  # some lists show their last page for ever
        following, problems = self._walks[outlet.id].go_on(source, parts, has_new=has_new)
        self._source_problems(outlet, source, problems)
        for next_source in following:
            yield self._source_request(outlet, next_source, listed)
        for request in self._end_source(outlet):
            yield request

    def source_failed(self, failure: Failure) -> Iterator[scrapy.Request]:
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        self._source_problem(request.meta["source"], error_of(failure))
        yield from self._end_source(request.meta["outlet"])

    def _source_problems(self, outlet: Outlet, source: Source, problems: list[str]) -> None:
        for problem in problems:
            self._source_problem(source, RefusedError(outlet.id, source.url, problem))

    def _source_problem(self, source: Source, error: CrawlError) -> None:
        """Past the last page of a list there is none, or an empty one: that is its end."""
        is_end = isinstance(error, GoneError | UnreadableError)
        if not (is_end and source.depth and source.kind != "sitemap"):
            self.memory.source_failed(source.url, error)

    def _end_source(self, outlet: Outlet) -> Iterator[scrapy.Request]:
        """After the last source of an outlet, its pages: only then the newest are known."""
        if self._walks[outlet.id].end():
            self._last_due[outlet.id] = None
            yield from self._due_pages(outlet)

    def _due_pages(self, outlet: Outlet) -> Iterator[scrapy.Request]:
        """The next of those due, as long as there are any; never all at once in memory."""
        if outlet.id not in self._last_due or self._open_pages[outlet.id] > _FEW_OPEN_PAGES:
            return
        leads = self.memory.due(outlet.id, self._last_due[outlet.id])
        if not leads:
            del self._last_due[outlet.id]
            return
        self._last_due[outlet.id] = leads[-1]
        self._open_pages[outlet.id] += len(leads)
        for lead in leads:
            yield self._page_request(outlet, lead)

    def read_page(self, response: Response) -> Iterator[scrapy.Request]:
        """An article's page: read it and hand both on."""
        outlet: Outlet = response.meta["outlet"]
        lead: Lead = response.meta["lead"]
        if response.status == NOT_MODIFIED:
            self.memory.unchanged(lead)
        else:
            page = fetched_page(response)
            try:
                check_status(outlet, page)
                article = read_page(outlet, lead, page, is_text=isinstance(response, TextResponse))
            except UnreadableError as error:
                self._page_problem(outlet, lead, error, page)
            except CrawlError as error:
                self._page_problem(outlet, lead, error, None)
            else:
                self.memory.read(lead, page, article)
        yield from self._end_page(outlet)

    def page_failed(self, failure: Failure) -> Iterator[scrapy.Request]:
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        outlet: Outlet = request.meta["outlet"]
        error = error_of(failure)
        if error.is_host_wide:
            self._last_due.pop(outlet.id, None)  # the rest of what is due is left as it is
        self._page_problem(outlet, request.meta["lead"], error, None)
        yield from self._end_page(outlet)

    def _page_problem(
        self, outlet: Outlet, lead: Lead, error: CrawlError, page: FetchedPage | None
    ) -> None:
        known = article_from_listing(outlet, lead, error)
        if known is not None:
            self.memory.read(lead, None, known)
        else:
            self.memory.failed(lead, error, page)

    def _end_page(self, outlet: Outlet) -> Iterator[scrapy.Request]:
        self._open_pages[outlet.id] -= 1
        yield from self._due_pages(outlet)


def discover(page: FetchedPage, source: Source, outlet: Outlet, reach: Reach) -> Discovery:
    """What a fetched source lists. Raises `CrawlError`, whatever its bytes."""
    try:
        return read_source(page, source, outlet, reach)
    except CrawlError:
        raise
    except Exception as error:
        # A fault of a reader costs its source, and not the crawl of all outlets.
        reason = f"{source.kind}: the reader failed, please report it: {type(error).__name__}"
        raise UnreadableError(outlet.id, page.url, f"{reason}: {error}") from error


def read_page(outlet: Outlet, lead: Lead, page: FetchedPage, *, is_text: bool) -> Article:
    """The article of a fetched page. Raises `UnreadableError` where it holds none.

    What the page does not tell is filled from its listing.
    """
    if not is_text:
        kind = page.header("Content-Type") or "no type"
        raise UnreadableError(outlet.id, page.url, f"parse: no HTML page but {kind}")
    content_type = page.header("Content-Type")
    try:
        article = read_article(page.body, page.url, outlet, content_type=content_type)
    except NotAnArticle as error:
        reason = f"parse: not an article: {error.reason}"
        raise UnreadableError(outlet.id, page.url, reason) from error
    except Exception as error:
        # A fault of a reader costs its page, which is kept, and not the crawl of all outlets.
        reason = f"parse: the reader failed, please report it: {type(error).__name__}: {error}"
        raise UnreadableError(outlet.id, page.url, reason) from error
    fill_from_listing(article, lead)
    return article
