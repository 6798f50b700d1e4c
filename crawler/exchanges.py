"""The last exchanges with each outlet as they went over the wire, for a person to look at."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from crawler.errors import CrawlError
from crawler.network import crawl_error
from crawler.settings import slot_of

MOST_HEADERS = 40
MOST_HEADER_CHARACTERS = 300
_REMEMBERED = 64  # exchanges of an outlet in a run, to which a fault may still be found
_SECRET = {b"cookie", b"set-cookie", b"authorization", b"proxy-authorization"}
_STARTED = "exchange_started"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came of it. `status`, `body_bytes` (as received, compressed) and
    `response_headers` are null where nothing answered, or nothing was asked; `problem` is null
    where all was well.
    """

    outlet: str
    at: datetime
    url: str
    status: int | None = None
    elapsed_seconds: float | None = None
    body_bytes: int | None = None
    problem: str | None = None
    request_headers: Mapping[str, str] = field(default_factory=dict)
    response_headers: Mapping[str, str] | None = None


class ExchangeLog:
    """Of one run, by outlet: the last exchange, and the last that went wrong."""

    def __init__(self) -> None:
        self.last: dict[str, Exchange] = {}
        self.last_bad: dict[str, Exchange] = {}
        self._recent: dict[str, OrderedDict[str, Exchange]] = {}

    def note(self, exchange: Exchange) -> None:
        """One that went over the wire."""
        self.last[exchange.outlet] = exchange
        recent = self._recent.setdefault(exchange.outlet, OrderedDict())
        recent[exchange.url] = exchange
        recent.move_to_end(exchange.url)
        if len(recent) > _REMEMBERED:
            recent.popitem(last=False)
        if exchange.problem:
            self.last_bad[exchange.outlet] = exchange

    def note_fault(self, error: CrawlError) -> None:
        """What an exchange turned out to be worth; without one, that nothing was asked."""
        recent = self._recent.get(error.outlet)
        found = recent.get(error.url) if recent else None
        bad = found or Exchange(error.outlet, datetime.now(UTC), error.url)
        bad = replace(bad, problem=error.reason)
        self.last_bad[error.outlet] = bad
        last = self.last.get(error.outlet)
        if last is None or last is found:
            self.last[error.outlet] = bad


class ExchangeMiddleware:
    """Notes each exchange beside the wire: what was sent in the end, what came in the first place.

    For spiders that have an `exchanges`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ExchangeMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        request.meta[_STARTED] = time.monotonic()

    async def process_response(self, request: Request, response: Response) -> Response:
        self._note(
            request,
            status=response.status,
            body_bytes=len(response.body),
            response_headers=shown_headers(response.headers),
        )
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        outlet, url = request.meta["outlet"].id, request.url
        error = crawl_error(outlet, url, slot_of(url), exception)
        self._note(request, problem=error.reason)

    def _note(self, request: Request, **came: Any) -> None:
        log: ExchangeLog | None = getattr(self.crawler.spider, "exchanges", None)
        started = request.meta.get(_STARTED)
        if log is None or started is None:
            return
        log.note(
            Exchange(
                request.meta["outlet"].id,
                datetime.now(UTC),
                request.url,
                # Scrapy counts from the connection; before it the request waits for its turn.
                elapsed_seconds=request.meta.get("download_latency", time.monotonic() - started),
                request_headers=shown_headers(request.headers),
                **came,
            )
        )


def shown_headers(headers: Headers) -> dict[str, str]:
    """The headers without secrets, bounded in number and length."""
    shown: dict[str, str] = {}
    for name, values in headers.items():
        if name.lower() not in _SECRET and len(shown) < MOST_HEADERS:
            value = b", ".join(values).decode("latin-1")
            shown[name.decode("latin-1")[:MOST_HEADER_CHARACTERS]] = value[:MOST_HEADER_CHARACTERS]
    return shown
