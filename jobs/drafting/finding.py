"""Looking for a site's sources: the ones it names, then the usual places, few and in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

from crawler.discover import Source, SourceKind
from crawler.discover.forms import FEEDS, SITEMAPS, Form, form_of
from crawler.discover.source import MAX_SOURCE_BYTES, ORDINARY
from crawler.drafting.home import Home
from crawler.drafting.zones import offsets_of
from crawler.errors import CrawlError, RefusedError
from crawler.inquiry import InquirySpider
from crawler.items import FetchedPage, Listing
from crawler.outlets import Outlet
from crawler.probe import brief_parts
from crawler.readers import discover
from crawler.urls import absolute
from jobs.checking.sources import DEAD_AFTER, SourceFinding, look_at

MOST_FEEDS = 8
"""Of those a page names that are asked for; large sites name one a section, with the main first."""

MOST_SITEMAPS = 4

MOST_REQUESTS = 18
"""For sources: with home page and article twenty, which take forty seconds at the usual pace."""

USUAL_FEEDS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml")
"""Tried in turn where a site names no feed, beside its home page and at its root, until one
answers.
"""

USUAL_SITEMAP = "/sitemap.xml"
_MOST_HOSTS_SHOWN = 3
_MOST_LINKS_TRIED = 3  # links of a page that may be feeds


@dataclass(slots=True)
class FoundSource:
    """A source that answers. `articles` are all addresses in it, of an index those in its newest
    part; `moment` is the newest one's, null where none is dated.
    """

    url: str
    form: Form
    articles: list[Listing]
    moment: datetime | None
    offsets: set[int] = field(default_factory=set)


class Search:
    """Asks, and keeps what it found and why the rest was left out."""

    def __init__(
        self,
        spider: InquirySpider,
        outlet: Outlet,
        now: datetime,
        on_progress: Callable[[str], None],
    ) -> None:
        self.feeds: list[FoundSource] = []
        self.sitemaps: list[FoundSource] = []
        self.left_out: list[str] = []
        self._spider, self._outlet, self._now = spider, outlet, now
        self._on_progress = on_progress
        self._tried: set[str] = set()
        self._requests = 0

    async def look(self, home_url: str, home: Home) -> None:
        """All of it, one request after another."""
        for url in home.feeds[:MOST_FEEDS]:
            await self._try(url)
        if len(home.feeds) > MOST_FEEDS:
            rest = len(home.feeds) - MOST_FEEDS
            self.left_out.append(f"{rest} more feeds that the home page names, not tried")
        if not self.feeds:
            for url in home.feed_links[:_MOST_LINKS_TRIED]:
                await self._try(url)
        if not self.feeds:
            await self._try_usual(home_url)
        rules = self._spider.rules_of(home_url)
        named = [absolute(home_url, said) for said in rules.sitemaps] if rules else []
        for url in [url for url in named if url][:MOST_SITEMAPS]:
            await self._try(url)
        if not named:
            await self._try(urljoin(home_url, USUAL_SITEMAP), is_guess=True)

    async def _try_usual(self, home_url: str) -> None:
        beside = [urljoin(home_url, path.lstrip("/")) for path in USUAL_FEEDS]
        for url in dict.fromkeys([*beside, *(urljoin(home_url, path) for path in USUAL_FEEDS)]):
            await self._try(url, is_guess=True)
            if self.feeds:
                return
        self.left_out.append(f"no feed at {', '.join(USUAL_FEEDS)}")

    async def _try(self, url: str, *, is_guess: bool = False) -> None:
        if url in self._tried:
            return
        self._tried.add(url)
        if not self._outlet.is_own(url):
            self._leave_out(
                url, "on another host, not tried: name it with --other-host", is_guess=False
            )
            return
        try:
            page = await self._ask(url)
        except CrawlError as error:
            self._leave_out(url, error.reason, is_guess=is_guess)
            return
        form = form_of(page.body)
        if form in FEEDS or form in SITEMAPS:
            await self._take(page, form)
        else:
            self._leave_out(
                url, f"no feed and no sitemap but {form or 'something else'}", is_guess=is_guess
            )

    async def _take(self, page: FetchedPage, form: Form) -> None:
        kind: SourceKind = "feed" if form in FEEDS else "sitemap"
        found = look_at(Source(page.url, kind), page, self._outlet, self._now)
        listings, newest = found.articles, found.newest
        if form == "sitemap index":
            part = await self._newest_part(page)
            listings, newest = (part.articles, part.newest) if part else ([], None)
        if newest is not None and newest < self._now - DEAD_AFTER:
            self._leave_out(page.url, f"dead: its newest item is of {newest:%Y-%m-%d}")
            return
        if not listings:
            strays = ", ".join(found.stray_hosts[:_MOST_HOSTS_SHOWN])
            hosts = f"its articles are on {strays}: name it with --other-host"
            self._leave_out(page.url, hosts if strays else "lists nothing that can be read")
            return
        kept = self.feeds if kind == "feed" else self.sitemaps
        identities = {listing.identity for listing in listings}
        for other in kept:
            if identities == {listing.identity for listing in other.articles}:
                self._leave_out(page.url, f"the same articles as {other.url}")
                return
        kept.append(FoundSource(page.url, form, listings, newest, offsets_of(page.body)))

    async def _newest_part(self, page: FetchedPage) -> SourceFinding | None:
        """What the newest sitemap of an index lists; null where it cannot be had."""
        url = newest_part(page, self._outlet)
        if url is None:
            return None
        try:
            part = await self._ask(url)
        except CrawlError:
            return None
        return look_at(Source(url, "sitemap", 1), part, self._outlet, self._now)

    async def _ask(self, url: str) -> FetchedPage:
        self._requests += 1
        if self._requests > MOST_REQUESTS:
            reason = f"not tried: over {MOST_REQUESTS} requests for sources"
            raise RefusedError(self._outlet.id, url, reason)
        self._on_progress(f"asking for {url}")
        return (await self._spider.ask(url, MAX_SOURCE_BYTES)).page

    def _leave_out(self, url: str, reason: str, *, is_guess: bool = False) -> None:
        """Of what was only guessed at, it is no news that it is not there."""
        if not is_guess:
            self.left_out.append(f"left out: {url} ({reason})")


def newest_part(page: FetchedPage, outlet: Outlet) -> str | None:
    """The part of a sitemap index that a crawl would read for the newest articles, or null."""
    source = Source(page.url, "sitemap")
    try:
        found = discover(page, source, outlet, ORDINARY)
    except CrawlError:
        return None
    parts = brief_parts(source, found.parts, ORDINARY)
    return parts[0].url if parts else None
