"""What a crawl asks of whoever remembers, and what it tells them.

The crawler knows no database: `jobs` gives it one of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from crawler.errors import CrawlError
from crawler.items import Article, FetchedPage, Lead, Listing


class CrawlMemory(Protocol):
    """The memory of a crawl. Every call is durable when it returns."""

    def validators(self, outlet: str, source_url: str) -> tuple[str | None, str | None]:
        """(ETag, Last-Modified) of the source as last read, null where none or outworn."""

    def listed(
        self, outlet: str, source_url: str, listings: Sequence[Listing], page: FetchedPage
    ) -> None:
        """A source was read and listed these."""

    def not_modified(self, outlet: str, source_url: str) -> None:
        """A source answered that it has not changed."""

    def source_failed(self, source_url: str, error: CrawlError) -> None:
        """A source could not be read."""

    def due(self, outlet: str) -> list[Lead]:
        """The article addresses to fetch now, newest first."""

    def held_until(self, host: str) -> datetime | None:
        """Until when a host asked to be left alone, UTC; null if it did not."""

    def hold(self, host: str, until: datetime, reason: str) -> None:
        """A host asked to be left alone."""

    def read(self, lead: Lead, page: FetchedPage, article: Article) -> None:
        """A page was fetched and read."""

    def unchanged(self, lead: Lead) -> None:
        """A page answered that it has not changed."""

    def failed(self, lead: Lead, error: CrawlError, page: FetchedPage | None) -> None:
        """A page could not be fetched, or not be read; then `page` is what came."""
