"""Newsrooms on loopback, one for each entry of the catalogue, and what a crawl must make of them.

Each has written six articles: two on topic, one of them listed twice, a third on topic that is
the same report of a wire everywhere, two off topic, and one on topic that its robots.txt keeps
from programs. Each of its sources lists some of them, and all of them together list all.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.outlets import Outlet
from tests.faultserver import FaultServer, answer, redirect
from tests.newsrooms.cases import Case
from tests.newsrooms.hosts import Loopback
from tests.newsrooms.sources import HTML, Asked, Item, Served, serve
from tests.newsrooms.texts import Kind, Text, invent

STYLES: Mapping[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("newsrooms.toml").read_text("utf-8")
)
SOURCES = ("feeds", "sitemaps", "pages")

# What each newsroom wrote: of which kind, how many days ago, and whether programs may read it.
_PLAN: tuple[tuple[Kind, int, bool], ...] = (
    ("on_topic", 1, True),
    ("wire", 2, True),
    ("off_topic", 2, True),
    ("on_topic", 3, True),
    ("off_topic", 4, True),
    ("on_topic", 5, False),
)
_FIRST_NUMBER = 100_000  # article numbers have six digits
_TRACKING = "?utm_source=rss&utm_medium=feed"


@dataclass(frozen=True, slots=True)
class Article:
    """One that a newsroom wrote; addresses are on loopback, `record` is what is to be stored."""

    kind: Kind
    is_allowed: bool
    text: Text
    moment: datetime
    address: str
    fetched: str
    copy: str | None
    page: bytes | None
    record: dict[str, Any]


@dataclass
class Newsroom:
    """An outlet's site. `outlet` is its real entry."""

    outlet: Outlet
    loopback: Loopback
    now: datetime
    articles: list[Article] = field(init=False)

    def __post_init__(self) -> None:
        self._style = STYLES[self.outlet.id]
        self.articles = [
            self._article(place, *planned)
            for place, planned in enumerate(_PLAN)
            # What an outlet lists as on topic is.
            if planned[0] != "off_topic" or not self.outlet.on_topic
        ]

    @property
    def stored(self) -> list[Article]:
        """What a crawl must store. Of closed pages the listing is known also where they are
        forbidden.
        """
        wanted = [article for article in self.articles if article.kind != "off_topic"]
        return [a for a in wanted if a.is_allowed or self.outlet.paywall == "closed"]

    @property
    def sources(self) -> list[str]:
        """The addresses of the entry's sources."""
        listed = (url for name in SOURCES for url in getattr(self.outlet, name))
        return [self.loopback.url(url) for url in listed]

    def serve(self) -> None:
        """Puts everything on the servers."""
        for number, (form, real) in enumerate(self._forms()):
            target = self._style.get("redirects", {}).get(real)
            if target:
                self._server(real).routes[_path(real)] = redirect(self.loopback.url(target))
            asked = Asked(
                self.loopback.url(target or real),
                self._items(number),
                self.outlet.name.replace("&", "and"),
                self.outlet.language or "",
                self._style.get("feed_charset", "utf-8") if form == "rss" else "utf-8",
            )
            for document in serve(form, asked):
                self._put(target or real, document)
        content_type = self._style.get("content_type", HTML.partition(";")[0])
        for article in self.articles:
            parts = urlsplit(article.fetched)
            route = answer("", 403)
            if article.page is not None:
                route = answer(article.page, 200, content_type, etag=_tag(article.page))
            self.loopback.server_at(parts.netloc).routes[_path(article.fetched)] = route

    def rules(self) -> dict[str, list[str]]:
        """Lines for the robots.txt of each of its hosts, by the host on loopback."""
        lines: dict[str, list[str]] = {}
        for article in self.articles:
            if not article.is_allowed:
                host, path = urlsplit(article.fetched).netloc, _path(article.fetched)
                lines.setdefault(host, []).append(f"Disallow: {path}")
        if delay := self.crawl_delay_seconds:
            for host in {urlsplit(url).netloc for url in self.sources}:
                lines.setdefault(host, []).append(f"Crawl-delay: {delay}")
        return lines

    @property
    def crawl_delay_seconds(self) -> float:
        """What the robots.txt of its sources' hosts asks for, 0 for nothing."""
        return float(self._style.get("crawl_delay_seconds", 0.0))

    def _forms(self) -> Iterable[tuple[str, str]]:
        for name in SOURCES:
            yield from zip(self._style.get(name, []), getattr(self.outlet, name), strict=True)

    def _items(self, source: int) -> list[Item]:
        """What the n-th source lists: every n-th article, the first one everywhere."""
        sources = len(self.sources)
        items: list[Item] = []
        for place, article in enumerate(self.articles):
            if place and place % sources != source:
                continue
            lead = article.text.summary[0]
            item = Item(article.address, article.text.headline, lead, article.moment)
            items.append(item)
            if article.copy and source == sources - 1:
                items.append(Item(article.copy, item.headline, lead, article.moment))
        return items

    def _article(self, place: int, kind: Kind, days_ago: int, is_allowed: bool) -> Article:
        key = f"{self.outlet.id} {place}"
        text = invent(self.outlet.language or "", kind, key)
        case = self._case()
        if case:
            moment = case.published(days_ago, self.now)
        else:
            moment = (self.now - timedelta(days=days_ago)).replace(microsecond=0)
        moment = moment.astimezone(self.outlet.zone)
        parts = {
            "date": moment,
            "month": f"{moment:%b}".lower(),
            "number": _FIRST_NUMBER + place,
            "hex": hashlib.sha1(key.encode()).hexdigest(),
            "slug": _slug(text.headline, place),
        }
        address = self.loopback.url(_filled(self._style["address"], parts))
        fetched = self.loopback.url(
            _filled(self._style.get("fetched", self._style["address"]), parts)
        )
        copy = None
        if place == 0:
            form = self._style.get("copy")
            copy = self.loopback.url(_filled(form, parts)) if form else address + _TRACKING
        page = None
        if case:
            page, record = case.written(text, fetched, days_ago, self.now)
            record["authors"] = record["authors"] or self._style.get("authors", [])
        else:
            record = _known_by_its_listing(text, moment)
        record |= {"url": fetched, "outlet": self.outlet.id, "language": self.outlet.language}
        return Article(kind, is_allowed, text, moment, address, fetched, copy, page, record)

    def _case(self) -> Case | None:
        if "case" not in self._style:
            return None
        return Case(
            self._style["case"],
            self._style.get("charset", "utf-8"),
            self.outlet.zone,
            self.outlet.language or "",
            self._style.get("instead", {}),
        )

    def _put(self, real: str, document: Served) -> None:
        tag = _tag(document.body)
        route = answer(document.body, 200, document.content_type, etag=tag)
        self._server(real).routes[document.path] = route

    def _server(self, real: str) -> FaultServer:
        return self.loopback.servers[urlsplit(real).netloc]


def _known_by_its_listing(text: Text, moment: datetime) -> dict[str, Any]:
    return {
        "headline": text.headline,
        "summary": [text.summary[0]],
        "authors": [],
        "date_published": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "date_modified": None,
        "paragraphs": [],
        "section": None,
        "paywall": "closed",
        "truncated": True,
    }


def open_newsrooms(
    outlets: Iterable[Outlet], loopback: Loopback, now: datetime
) -> dict[str, Newsroom]:
    """The newsrooms of these outlets, all of it served; by outlet id."""
    newsrooms = {outlet.id: Newsroom(outlet, loopback, now) for outlet in outlets}
    rules: dict[str, list[str]] = {}
    for newsroom in newsrooms.values():
        newsroom.serve()
        for host, lines in newsroom.rules().items():
            rules.setdefault(host, []).extend(lines)
    for host, lines in rules.items():
        text = "\n".join(["User-agent: *", *lines, ""])
        loopback.server_at(host).routes["/robots.txt"] = answer(text, 200, "text/plain")
    return newsrooms


def _filled(form: str, parts: Mapping[str, Any]) -> str:
    """The address with its parts. Not `str.format_map` alone: strftime has no `%-d` everywhere."""
    date: datetime = parts["date"]
    form = form.replace("%-m", str(date.month)).replace("%-d", str(date.day))
    return form.format_map(parts)


def _slug(headline: str, number: int) -> str:
    words = re.findall(r"[a-z0-9]+", headline.lower())
    if not headline.isascii():
        words = ["novost", "dnya", "xinwen"]
    return "-".join([*words, f"n{number}"])


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'
