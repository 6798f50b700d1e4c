"""What an answer is: the page as we keep it, and what its status means."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.errors import (
    BlockedError,
    CrawlError,
    GoneError,
    HardError,
    RefusedError,
    TemporaryError,
)
from crawler.items import FetchedPage
from crawler.network import crawl_error
from crawler.outlets import Outlet
from crawler.settings import slot_of
from crawler.text import MAX_PAGE_BYTES

NOT_MODIFIED = 304


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


def conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional GET (RFC 9110, 13.1)."""
    validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in validators.items() if value}


def error_of(failure: Failure) -> CrawlError:
    """Why a request came to nothing. A fault that is no download's is raised again."""
    request: Request = failure.request  # type: ignore[attr-defined]
    outlet: Outlet = request.meta["outlet"]
    most_bytes = request.meta.get("download_maxsize", MAX_PAGE_BYTES)
    return crawl_error(outlet.id, request.url, slot_of(request.url), failure.value, most_bytes)  # type: ignore[arg-type]
