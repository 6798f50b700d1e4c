"""Stored pages out of the archive and through the reading processes, a few at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pebble import ProcessExpired
from scrapy.http import Headers, TextResponse
from scrapy.responsetypes import responsetypes

from crawler.errors import UnreadableError
from crawler.items import Article, FetchedPage, Lead
from crawler.outlets import Catalogue, Outlet
from crawler.reading_pool import LOOK_SECONDS, ReadingPool, lost_reader
from crawler.urls import host_of
from storage.errors import StorageError
from storage.kept_pages import read_kept
from storage.stored_pages import StoredPage

# Enough to keep every process busy while a batch is written.
PAGES_AHEAD_PER_PROCESS = 32
# Of pages of ordinary size far more than that; of hostile ones a few.
BYTES_AHEAD = 64 * 2**20

Fault = Literal["no_page", "removed", "unread", "no_article", "lost"]
"""Why there is no article: no page was ever kept; retention took it; the archive does not give
it; it holds none; its reader was ended or crashed.
"""


@dataclass(frozen=True, slots=True)
class PageRead:
    """A stored page, and its article or why there is none.

    `knows_outlet`: it is in the catalogue.
    """

    stored: StoredPage
    outlet: Outlet
    knows_outlet: bool
    page: FetchedPage | None = None
    article: Article | None = None
    fault: Fault | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Begun:
    """A page under way of so many bytes; `future` is null where there is nothing to wait for."""

    read: PageRead
    future: Future[Article] | None = None
    size: int = 0


class PageReader:
    """Reads stored pages in the order given, some of them ahead of who takes them."""

    def __init__(
        self, pool: ReadingPool, processes: int, data_dir: Path, catalogue: Catalogue
    ) -> None:
        self._pool = pool
        self._ahead = PAGES_AHEAD_PER_PROCESS * processes
        self._data_dir = data_dir
        self._catalogue = catalogue

    def read(self, pages: Iterable[StoredPage]) -> Iterator[PageRead]:
        """What came of each, whatever its bytes."""
        under_way: deque[_Begun] = deque()
        size = 0
        for stored in pages:
            under_way.append(self._begin(stored))
            size += under_way[-1].size
            while len(under_way) > self._ahead or (under_way and size > BYTES_AHEAD):
                size -= under_way[0].size
                yield self._end(under_way.popleft())
        while under_way:
            yield self._end(under_way.popleft())

    def _begin(self, stored: StoredPage) -> _Begun:
        known = self._catalogue.get(stored.outlet)
        outlet = known or _stand_in(stored)
        read = PageRead(stored, outlet, known is not None)
        if stored.page is None or stored.page.removed_at is not None:
            fault: Fault = "no_page" if stored.page is None else "removed"
            return _Begun(_with_fault(read, fault, ""))
        try:
            page = read_kept(self._data_dir, stored.page)
        except StorageError as error:
            return _Begun(_with_fault(read, "unread", str(error)))
        lead = stored.lead or Lead(0, stored.outlet, "", stored.url)
        future = self._pool.submit_page(outlet, lead, page, is_text=is_text(page))
        begun = PageRead(stored, outlet, read.knows_outlet, _without_body(page))
        return _Begun(begun, future, len(page.body))

    def _end(self, begun: _Begun) -> PageRead:
        try:
            return self._result(begun)
        except BrokenProcessPool:  # of all that were under way, which is no fault of this page
            return self._result(self._begin(begun.read.stored))

    def _result(self, begun: _Begun) -> PageRead:
        if begun.future is not None:
            while not wait([begun.future], LOOK_SECONDS).done:
                self._pool.check(begun.future)
        return _result(begun)


def _result(begun: _Begun) -> PageRead:
    read = begun.read
    if begun.future is None:
        return read
    try:
        article = begun.future.result()
    except UnreadableError as error:
        return _with_fault(read, "no_article", error.reason)
    except (TimeoutError, ProcessExpired) as error:
        return _with_fault(read, "lost", lost_reader(error))
    return PageRead(read.stored, read.outlet, read.knows_outlet, read.page, article)


def _with_fault(read: PageRead, fault: Fault, reason: str) -> PageRead:
    return PageRead(
        read.stored, read.outlet, read.knows_outlet, read.page, fault=fault, reason=reason
    )


def _without_body(page: FetchedPage) -> FetchedPage:
    """All that is asked of it once it is read."""
    return FetchedPage(page.url, page.status, page.headers, b"", page.fetched_at)


def _stand_in(stored: StoredPage) -> Outlet:
    """For pages of an outlet that left the catalogue: read by general rules."""
    host = host_of(stored.url)
    home = f"https://{host[0] if host else 'unknown.invalid'}/"
    return Outlet(id=stored.outlet, name=stored.outlet, home=home, parser="generic")


def is_text(page: FetchedPage) -> bool:
    """As a crawl takes it, by its headers, address and first bytes."""
    kind = responsetypes.from_args(headers=Headers(page.headers), url=page.url, body=page.body)
    return issubclass(kind, TextResponse)
