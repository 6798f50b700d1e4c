"""What a crawl asks of whoever remembers, and what it tells them.

The crawler knows no database: `jobs` gives it one of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from crawler.discover import Discovery, Part
from crawler.errors import CrawlError
from crawler.items import Article, FetchedPage, Lead


class CrawlMemory(Protocol):
    """The memory of a crawl. Every call is durable when it returns."""

    def validators(self, outlet: str, source_url: str) -> tuple[str | None, str | None]:
        """(ETag, Last-Modified) of the source as last read, null where none or outworn."""

    def listed(
        self, outlet: str, source_url: str, found: Discovery, page: FetchedPage
    ) -> Iterator[bool]:
        """A source was read and listed these. Noted in parts, as the iterator is asked; each
        time it tells whether an article was among them that no source had listed before.
        """

    def not_modified(self, outlet: str, source_url: str) -> list[Part]:
        """A source answered that it has not changed; gives what it led on to when it was read."""

    def source_failed(self, source_url: str, error: CrawlError) -> None:
        """A source could not be read."""

    def due(self, outlet: str, after: Lead | None) -> list[Lead]:
        """The next article addresses to fetch now, newest first; `after` is the last one of
        those given before, null at first. None is the end.
        """

    def held_until(self, host: str) -> datetime | None:
        """Until when a host asked to be left alone, UTC; null if it did not."""

    def hold(self, host: str, until: datetime, reason: str) -> None:
        """A host asked to be left alone."""

    def read(self, lead: Lead, page: FetchedPage | None, article: Article) -> None:
        """A page was fetched and read; it is null for what is known by its listing alone."""

    def unchanged(self, lead: Lead) -> None:
        """A page answered that it has not changed."""

    def failed(self, lead: Lead, error: CrawlError, page: FetchedPage | None) -> None:
        """A page could not be fetched, or not be read; then `page` is what came."""
