"""What a crawl asks of whoever remembers, and what it tells them.

The crawler knows no database: `jobs` gives it one of these. All is awaited, so that a database
that takes its time holds up nobody's downloads.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from crawler.discover import Discovery, Part
from crawler.errors import CrawlError
from crawler.items import Article, FetchedPage, Lead
from crawler.turns import TurnMemory


class CrawlMemory(TurnMemory, Protocol):
    """The memory of a crawl. Every call is durable when it returns."""

    async def validators(self, outlet: str, source_url: str) -> tuple[str | None, str | None]:
        """(ETag, Last-Modified) of the source as last read, null where none or outworn."""

    def listed(
        self, outlet: str, source_url: str, found: Discovery, page: FetchedPage
    ) -> AsyncIterator[bool]:
        """A source was read and listed these. Noted in parts, as the iterator is asked; each
        time it tells whether an article was among them that no source had listed before.
        """

    async def not_modified(self, outlet: str, source_url: str) -> list[Part]:
        """A source answered that it has not changed; gives what it led on to when it was read."""

    async def source_failed(self, source_url: str, error: CrawlError) -> None:
        """A source could not be read."""

    async def due(self, outlet: str, after: Lead | None) -> list[Lead]:
        """The next article addresses to fetch now, newest first; `after` is the last one of
        those given before, null at first. None is the end.
        """

    async def held_until(self, host: str) -> datetime | None:
        """Until when a host asked to be left alone, UTC; null if it did not."""

    async def hold(self, host: str, until: datetime, reason: str) -> None:
        """A host asked to be left alone."""

    async def read(self, lead: Lead, page: FetchedPage | None, article: Article) -> None:
        """A page was fetched and read; it is null for what is known by its listing alone."""

    async def unchanged(self, lead: Lead) -> None:
        """A page answered that it has not changed."""

    async def failed(self, lead: Lead, error: CrawlError, page: FetchedPage | None) -> None:
        """A page could not be fetched, or not be read; then `page` is what came."""
