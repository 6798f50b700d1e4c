"""The gate every request passes: is it allowed, is it wanted, is it time?"""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.answers import fetched_page
from crawler.errors import (
    ForbiddenError,
    HostDownError,
    HostUnavailableError,
    RefusedError,
    TemporaryError,
)
from crawler.freshness import fresh_for
from crawler.manners import Manners
from crawler.network import crawl_error
from crawler.outlets import Outlet
from crawler.robots import RobotsRules, rules_from_response
from crawler.robots_cache import ReadRobots
from crawler.settings import slot_of
from crawler.turns import CalledBack
from crawler.urls import MAX_URL_LENGTH, host_of

LONGEST_WAIT = timedelta(seconds=60)
"""A run waits this long for a Retry-After; a longer one is left to a later run."""

LONGEST_HOLD = timedelta(hours=24)
"""A Retry-After beyond this is cut to it."""

_UNSAID_HOLD = timedelta(minutes=5)  # for a 429 that names no time
_MOST_WAITS = 2  # for one address in one run
_MOST_FAILURES = 3  # of a host in a row: then it is down for this run
_ROBOTS_META = "is_robots_txt"
_TOO_MANY_REQUESTS = 429
_UNAVAILABLE = 503


class GateMiddleware:
    """Checks address, Retry-After and robots.txt before each request, redirects included.

    The delay between requests and the number of connections are Scrapy's slots', which are
    told of a host's Crawl-delay here, and among crawls those of `crawler.turns`. A host's
    requests pass the gate together and then wait in its slot, the first of them for its turn:
    when the host asks to wait, or is down, they are called back to the gate.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._failures: dict[str, int] = {}
        self._down: dict[str, str] = {}
        self._is_stopping = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GateMiddleware:
        return cls(crawler)

    @property
    def _manners(self) -> Manners:
        manners: Manners = self.crawler.spider.manners  # type: ignore[union-attr]
        return manners

    async def process_request(self, request: Request) -> None:
        if self._is_stopping:
            raise CalledBack("the crawl is stopping")
        outlet: Outlet = request.meta["outlet"]
        self._check_address(request.url, outlet)
        host = slot_of(request.url)
        if host in self._down:
            raise HostDownError(outlet.id, request.url, self._down[host])
        await self._wait_for_hold(request, outlet)
        if not request.meta.get(_ROBOTS_META):
            await self._check_robots(request, outlet)
        # Set by the first hop, and wrong for a redirect to another of the outlet's hosts.
        request.meta["download_slot"] = host

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        until = _retry_after(response)
        if until is None:
            return response
        host = slot_of(request.url)
        outlet: Outlet = request.meta["outlet"]
        waits = request.meta.get("waits", 0)
        if until - datetime.now(UTC) <= LONGEST_WAIT and waits < _MOST_WAITS:
            return request.replace(dont_filter=True, meta={**request.meta, "waits": waits + 1})
        raise _held(outlet, request.url, host, until)

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Count connection faults: a host that gives three in a row is down for this run."""
        if isinstance(exception, CalledBack):
            # A request that somebody awaits would be sent again and again.
            is_over = self._is_stopping and request.callback is NO_CALLBACK
            return None if is_over else request
        outlet: Outlet = request.meta["outlet"]
        host = slot_of(request.url)
        self._count_delay_from_now(host)
        error = crawl_error(outlet.id, request.url, host, exception)
        if not isinstance(error, TemporaryError):
            return None
        self._failures[host] = self._failures.get(host, 0) + 1
        if self._failures[host] >= _MOST_FAILURES:
            self._down[host] = error.reason
            self._call_back(host)
        return None

    async def note_answer(self, request: Request, response: Response) -> None:
        """To be called as an answer came, before the host's next request can be sent."""
        host = slot_of(request.url)
        self._count_delay_from_now(host)
        self._failures[host] = 0
        until = _retry_after(response)
        if until is not None:
            self._manners.hold(host, until)
            self._call_back(host)
            reason = f"answered HTTP {response.status} and asks to wait"
            await self.crawler.spider.memory.hold(host, until, reason)  # type: ignore[union-attr]

    def _count_delay_from_now(self, host: str) -> None:
        """Scrapy counts from when it meant to send: while the loop is busy that is too early, and
        the host sees less than its delay. The end of an answer is later than its request for sure.
        """
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.lastseen = time.monotonic()

    def _call_back(self, host: str) -> None:
        """Let requests that wait for their turn at this host pass the gate once more."""
        slot = self.crawler.engine.downloader.slots.get(host)
        while slot is not None and slot.queue:
            request, answer = slot.queue.popleft()
            answer.callback(request)  # type: ignore[arg-type] # as if redirected to itself
        self._manners.turns.call_back(host)

    def call_all_back(self) -> None:
        """At the end of a crawl: what waits for its turn is left for another one."""
        self._is_stopping = True
        for host in list(self.crawler.engine.downloader.slots):
            self._call_back(host)

    def rules_of(self, url: str) -> RobotsRules | None:
        """What the robots.txt of an address's host says; null while nobody has read it."""
        return self._manners.robots.known(_origin(url))

    def _check_address(self, url: str, outlet: Outlet) -> None:
        if len(url) > MAX_URL_LENGTH:
            raise RefusedError(outlet.id, url[:200], f"address over {MAX_URL_LENGTH} characters")
        parts = urlsplit(url)
        if host_of(url) is None or parts.username or parts.password:
            raise RefusedError(outlet.id, url, "address: not a plain http(s) one")
        if not outlet.is_own(url):
            raise RefusedError(outlet.id, url, "address: not on a host of the outlet's entry")

    async def _wait_for_hold(self, request: Request, outlet: Outlet) -> None:
        host = slot_of(request.url)
        while True:
            kept = await self.crawler.spider.memory.held_until(host)  # type: ignore[union-attr]
            now = datetime.now(UTC)
            until = max(kept or now, self._manners.held_until(host) or now)
            if until <= now:
                return
            if until - now > LONGEST_WAIT:
                raise _held(outlet, request.url, host, until)
            await asyncio.sleep((until - now).total_seconds())

    async def _check_robots(self, request: Request, outlet: Outlet) -> None:
        origin = _origin(request.url)
        ask = partial(self._fetch_robots, origin, outlet)
        rules = await self._manners.robots.rules(origin, ask)
        if rules.unreachable:
            error = HostDownError if rules.is_down else HostUnavailableError
            raise error(outlet.id, request.url, rules.unreachable)
        if not rules.allows(request.url):
            raise ForbiddenError(outlet.id, request.url, "robots.txt forbids it")
        self._slow_down(slot_of(request.url), rules.crawl_delay_seconds)

    async def _fetch_robots(self, origin: str, outlet: Outlet) -> ReadRobots:
        url = f"{origin}/robots.txt"
        meta: dict[str, Any] = {"outlet": outlet, _ROBOTS_META: True}
        request = Request(url, meta=meta, callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except CalledBack:
            raise
        except Exception as fault:  # noqa: BLE001
            # Whatever kept it from being read, unread means forbidden (RFC 9309, 2.3.1.4).
            error = crawl_error(outlet.id, url, slot_of(url), fault)
            is_passing = isinstance(error, TemporaryError | HostUnavailableError)
            is_down = isinstance(error, TemporaryError | HostDownError)
            reason = f"robots.txt: {error.reason}"
            return ReadRobots(RobotsRules(reason, is_passing=is_passing, is_down=is_down))
        fresh = fresh_for(fetched_page(response))
        rules = rules_from_response(response.status, response.body)
        return ReadRobots(rules, None if fresh is None else fresh.total_seconds())

    def _slow_down(self, slot_name: str, crawl_delay_seconds: float) -> None:
        """The longer of the outlet's delay and the host's Crawl-delay holds."""
        downloader = self.crawler.engine.downloader
        settings = downloader.per_slot_settings.setdefault(slot_name, {"jitter": 0.0})
        if crawl_delay_seconds > settings.get("delay", 0.0):
            settings["delay"] = crawl_delay_seconds
            if slot_name in downloader.slots:
                downloader.slots[slot_name].delay = crawl_delay_seconds


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _held(outlet: Outlet, url: str, host: str, until: datetime) -> HostDownError:
    when = until.strftime("%Y-%m-%d %H:%M UTC")
    return HostDownError(outlet.id, url, f"{host} asked to be left alone until {when}")


def _retry_after(response: Response) -> datetime | None:
    """Until when the answer asks to wait (RFC 9110, 10.2.3); null where it does not ask.

    A 429 asks even where it names no time, or one that cannot be read.
    """
    if response.status not in (_TOO_MANY_REQUESTS, _UNAVAILABLE):
        return None
    now = datetime.now(UTC)
    raw = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    until: datetime | None = None
    if re.fullmatch(r"\d{1,12}", raw):
        until = now + min(timedelta(seconds=int(raw)), LONGEST_HOLD)
    elif raw:
        try:
            until = parsedate_to_datetime(raw).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            until = None
    if until is None:
        return now + _UNSAID_HOLD if response.status == _TOO_MANY_REQUESTS else None
    return min(max(until, now), now + LONGEST_HOLD)
