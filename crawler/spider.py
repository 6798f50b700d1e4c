"""The spider: one for all outlets, driven by each outlet's entry."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler.discover.feed import read_feed
from crawler.errors import (
    BlockedError,
    CrawlError,
    GoneError,
    HardError,
    NotAnArticle,
    RefusedError,
    TemporaryError,
    UnreadableError,
)
from crawler.items import Article, FetchedPage, Lead, Relevance
from crawler.memory import CrawlMemory
from crawler.network import crawl_error
from crawler.outlets import Outlet
from crawler.parsers import read_article
from crawler.settings import slot_of

_FEED_TYPES = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9,"
    " text/xml;q=0.9, */*;q=0.5"
)
_SOURCE_PRIORITY = 10  # sources before pages: the newest articles are in them


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
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.outlets = outlets
        self.memory = memory
        self.leads = leads
        self._open_sources = {outlet.id: len(outlet.feeds) for outlet in outlets}

    async def start(self) -> AsyncIterator[scrapy.Request]:
        if self.leads is not None:
            for outlet, lead in self.leads:
                yield self._page_request(outlet, lead)
            return
        for outlet in self.outlets:
            for url in outlet.feeds:
                yield self._source_request(outlet, url)

    def _source_request(self, outlet: Outlet, url: str) -> scrapy.Request:
        etag, last_modified = self.memory.validators(outlet.id, url)
        return scrapy.Request(
            url,
            headers={"Accept": _FEED_TYPES, **_conditions(etag, last_modified)},
            callback=self.read_source,
            errback=self.source_failed,
            meta={"outlet": outlet, "source_url": url},
            priority=_SOURCE_PRIORITY,
            dont_filter=True,
        )

    def _page_request(self, outlet: Outlet, lead: Lead) -> scrapy.Request:
        return scrapy.Request(
            lead.fetch_url,
            headers=_conditions(lead.etag, lead.last_modified),
            callback=self.read_page,
            errback=self.page_failed,
            meta={"outlet": outlet, "lead": lead},
            dont_filter=True,
        )

    def read_source(self, response: Response) -> Iterator[scrapy.Request]:
        """A feed: note what it lists, then ask for what is due."""
        outlet: Outlet = response.meta["outlet"]
        url: str = response.meta["source_url"]
        try:
            if response.status == 304:
                self.memory.not_modified(outlet.id, url)
            else:
                page = fetched_page(response)
                check_status(outlet, page)
                self.memory.listed(outlet.id, url, read_feed(page, outlet), page)
        except CrawlError as error:
            self.memory.source_failed(url, error)
        yield from self._end_source(outlet)

    def source_failed(self, failure: Failure) -> Iterator[scrapy.Request]:
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        outlet: Outlet = request.meta["outlet"]
        error = _error_of(failure)
        self.memory.source_failed(request.meta["source_url"], error)
        yield from self._end_source(outlet)

    def _end_source(self, outlet: Outlet) -> Iterator[scrapy.Request]:
        """After the last source of an outlet, its pages: only then the newest are known."""
        self._open_sources[outlet.id] -= 1
        if self._open_sources[outlet.id] == 0:
            for lead in self.memory.due(outlet.id):
                yield self._page_request(outlet, lead)

    def read_page(self, response: Response) -> None:
        """An article's page: read it and hand both on."""
        outlet: Outlet = response.meta["outlet"]
        lead: Lead = response.meta["lead"]
        if response.status == 304:
            self.memory.unchanged(lead)
            return
        page = fetched_page(response)
        try:
            check_status(outlet, page)
            article = read_page(outlet, lead, page, is_text=isinstance(response, TextResponse))
        except UnreadableError as error:
            self.memory.failed(lead, error, page)
        except CrawlError as error:
            self.memory.failed(lead, error, None)
        else:
            self.memory.read(lead, page, article)

    def page_failed(self, failure: Failure) -> None:
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        self.memory.failed(request.meta["lead"], _error_of(failure), None)


def read_page(outlet: Outlet, lead: Lead, page: FetchedPage, *, is_text: bool) -> Article:
    """The article of a fetched page. Raises `UnreadableError` where it holds none.

    A date the page does not give is the feed's.
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
    if article.date_published is None and lead.date is not None:
        article.date_published = lead.date
        article.provenance["date_published"] = "feed"
    return article


def listed_on_topic(outlet: Outlet, relevance: Relevance) -> Relevance:
    """The judgement of an article that an on-topic source of the outlet listed."""
    if not outlet.on_topic:
        return relevance
    reason = f"Listed by a source of {outlet.name} that is on topic."
    return Relevance(True, 1.0, [reason, *relevance.reasons])


def fetched_page(response: Response) -> FetchedPage:
    """A response as we keep it: without cookies, its body decompressed."""
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
        if name.lower() != b"set-cookie"
    ]
    return FetchedPage(response.url, response.status, headers, response.body, datetime.now(UTC))


def check_status(outlet: Outlet, page: FetchedPage) -> None:
    """Raise what an HTTP status other than 200 means."""
    status, reason = page.status, f"fetch: HTTP {page.status}"
    if 200 <= status < 300:
        return
    if status in (404, 410):
        raise GoneError(outlet.id, page.url, reason)
    if status in (401, 402, 403, 407, 429, 451):
        raise BlockedError(outlet.id, page.url, reason)
    if status in (408, 425) or status >= 500:
        raise TemporaryError(outlet.id, page.url, reason)
    if 300 <= status < 400:
        target = page.header("Location") or "nowhere"
        raise RefusedError(outlet.id, page.url, f"{reason}, a redirect to {target[:200]}")
    raise HardError(outlet.id, page.url, reason)


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional GET (RFC 9110, 13.1)."""
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in conditions.items() if value}


def _error_of(failure: Failure) -> CrawlError:
    request: scrapy.Request = failure.request  # type: ignore[attr-defined]
    outlet: Outlet = request.meta["outlet"]
    return crawl_error(outlet.id, request.url, slot_of(request.url), failure.value)  # type: ignore[arg-type]
