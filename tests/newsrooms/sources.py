"""Feeds, sitemaps, lists and indexes, as the newsrooms publish them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

XML, HTML, JSON = "application/xml", "text/html; charset=utf-8", "application/json"
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


@dataclass(frozen=True, slots=True)
class Item:
    """An article as a source lists it; `moment` in the newsroom's zone."""

    url: str
    headline: str
    lead: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Served:
    """A document under an address; `path` has its query with it."""

    path: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source is made of: its address on loopback, what it lists, who publishes it."""

    url: str
    items: Sequence[Item]
    name: str
    language: str
    charset: str = "utf-8"

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def part(self, name: str) -> str:
        """The address of a document beside this one."""
        return f"{self.url.rpartition('/')[0]}/{name}"


def serve(form: str, asked: Asked) -> list[Served]:
    """The documents of a source in that form, itself first."""
    name, _, variant = form.partition("-")
    return _FORMS[name](asked, variant)


def _xml(asked: Asked, body: str, content_type: str) -> list[Served]:
    text = f'<?xml version="1.0" encoding="{asked.charset}"?>\n{body}'
    return [Served(asked.path, text.encode(asked.charset), content_type)]


def _rss(asked: Asked, _: str) -> list[Served]:
    items = "".join(
        f"<item><title>{escape(item.headline)}</title><link>{escape(item.url)}</link>"
        f"<description><![CDATA[<p>{item.lead}</p>]]></description>"
        f'<guid isPermaLink="false">{escape(item.url)}</guid>'
        f"<pubDate>{format_datetime(item.moment)}</pubDate></item>"
        for item in asked.items
    )
    channel = f"<title>{asked.name}</title><link>{escape(asked.url)}</link><description/>"
    body = f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'
    return _xml(asked, body, "application/rss+xml")


def _rdf(asked: Asked, variant: str) -> list[Served]:
    """RSS 1.0; `bare` has titles and addresses only."""

    def item_of(item: Item) -> str:
        more = f"<description>{escape(item.lead)}</description>"
        more += f"<dc:date>{item.moment.isoformat()}</dc:date>"
        url = escape(item.url)
        said = f"<title>{escape(item.headline)}</title><link>{url}</link>"
        return f'<item rdf:about="{url}">{said}{"" if variant == "bare" else more}</item>'

    listed = "".join(f'<rdf:li rdf:resource="{escape(item.url)}"/>' for item in asked.items)
    channel = (
        f'<channel rdf:about="{escape(asked.url)}"><title>{asked.name}</title>'
        f"<link>{escape(asked.url)}</link><items><rdf:Seq>{listed}</rdf:Seq></items></channel>"
    )
    spaces = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    body = f"<rdf:RDF {spaces}>{channel}{''.join(map(item_of, asked.items))}</rdf:RDF>"
    return _xml(asked, body, "application/rdf+xml")


def _atom(asked: Asked, _: str) -> list[Served]:
    entries = "".join(
        f"<entry><id>{escape(item.url)}</id><title>{escape(item.headline)}</title>"
        f'<link rel="alternate" href="{escape(item.url)}"/><summary>{escape(item.lead)}</summary>'
        f"<published>{item.moment.isoformat()}</published>"
        f"<updated>{item.moment.isoformat()}</updated></entry>"
        for item in asked.items
    )
    head = f"<id>{escape(asked.url)}</id><title>{asked.name}</title>"
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'
    return _xml(asked, body, "application/atom+xml")


def _urlset(asked: Asked, _: str) -> list[Served]:
    return _xml(asked, _urlset_of(asked.items), XML)


def _urlset_of(items: Iterable[Item]) -> str:
    urls = "".join(
        f"<url><loc>{escape(item.url)}</loc><lastmod>{item.moment.isoformat()}</lastmod></url>"
        for item in items
    )
    return f"<urlset {_SITEMAP}>{urls}</urlset>"


def _news(asked: Asked, _: str) -> list[Served]:
    """A Google News sitemap."""
    publication = f"<news:name>{asked.name}</news:name>"
    publication += f"<news:language>{asked.language}</news:language>"
    urls = "".join(
        f"<url><loc>{escape(item.url)}</loc><news:news>"
        f"<news:publication>{publication}</news:publication>"
        f"<news:publication_date>{item.moment.isoformat()}</news:publication_date>"
        f"<news:title>{escape(item.headline)}</news:title></news:news></url>"
        for item in asked.items
    )
    return _xml(asked, f"<urlset {_SITEMAP} {_NEWS}>{urls}</urlset>", XML)


def _index(asked: Asked, variant: str) -> list[Served]:
    """A sitemap index with a part a day, a part a month, or one part in gzip."""
    part_of: dict[str, Callable[[Item], str]] = {
        "days": lambda item: f"sitemap_article.xml?date_start={item.moment:%Y%m%d}",
        "months": lambda item: f"sitemap-{item.moment:%Y%m}.xml",
        "gzip": lambda _: "sitemap_1.xml.gz",
    }
    newest_first = sorted(asked.items, key=lambda item: item.moment, reverse=True)
    parts = {
        asked.part(name): list(items) for name, items in groupby(newest_first, part_of[variant])
    }
    body = "".join(
        f"<sitemap><loc>{escape(url)}</loc><lastmod>{items[0].moment.isoformat()}</lastmod></sitemap>"
        for url, items in parts.items()
    )
    served = _xml(asked, f"<sitemapindex {_SITEMAP}>{body}</sitemapindex>", XML)
    for url, items in parts.items():
        data = _urlset_of(items).encode()
        is_packed = variant == "gzip"
        kind = "application/gzip" if is_packed else XML
        packed = gzip.compress(data) if is_packed else data
        served.append(Served(Asked(url, items, "", "").path, packed, kind))
    return served


def _list(asked: Asked, _: str, following: str = "") -> list[Served]:
    """A section page: links to the articles among those to sections."""
    cards = "".join(
        f'<li><a href="{escape(item.url)}"><h3>{escape(item.headline)}</h3></a>'
        f"<p>{escape(item.lead)}</p></li>"
        for item in asked.items
    )
    link = f'<a rel="next" href="{escape(following)}">&gt;&gt;</a>' if following else ""
    html = (
        f'<!DOCTYPE html><html lang="{asked.language}"><head><meta charset="utf-8">'
        f'<title>{asked.name}</title></head><body><nav><a href="/">{asked.name}</a>'
        f'<a href="/video/">Video</a><a href="/about/">About</a></nav>'
        f'<ul class="list">{cards}</ul>{link}<footer><a href="/contact/">@</a></footer>'
        "</body></html>"
    )
    return [Served(asked.path, html.encode(), HTML)]


def _paged(asked: Asked, _: str) -> list[Served]:
    """A section page of two pages."""
    half = (len(asked.items) + 1) // 2
    second = asked.part(f"{asked.url.rpartition('/')[2]}/page_2.html")
    first = Asked(asked.url, asked.items[:half], asked.name, asked.language)
    rest = Asked(second, asked.items[half:], asked.name, asked.language)
    return [*_list(first, "", second), *_list(rest, "")]


def _json(asked: Asked, variant: str) -> list[Served]:
    """A list in JSON, `variant` being the key that each newsroom has for an address."""
    forms: dict[str, Callable[[], Any]] = {
        "publishUrl": lambda: {"datasource": [_publish_url(item) for item in asked.items]},
        "HTTP_URL": lambda: [
            {"TITLE": item.headline, "HTTP_URL": urlsplit(item.url).path} for item in asked.items
        ],
        "aid": lambda: {"list": [_aid(item) for item in asked.items] + [{}]},
        "data": lambda: {"list": [{"data": _publish_time(item)} for item in asked.items]},
    }
    text = json.dumps(forms[variant](), ensure_ascii=False)
    return [Served(asked.path, text.encode(), JSON)]


def _publish_url(item: Item) -> dict[str, Any]:
    when = f"{item.moment:%Y-%m-%d %H:%M:%S}"
    return {"title": item.headline, "publishUrl": item.url, "publishTime": when}


def _publish_time(item: Item) -> dict[str, Any]:
    when = f"{item.moment:%Y-%m-%d %H:%M:%S}"
    return {"title": item.headline, "url": item.url, "publishTime": when}


def _aid(item: Item) -> dict[str, Any]:
    parts = urlsplit(item.url)
    aid = parts.path.rpartition("/")[2]
    milliseconds = str(int(item.moment.timestamp()) * 1000)
    return {"aid": aid, "host": parts.netloc, "title": item.headline, "ctime": milliseconds}


_FORMS: dict[str, Callable[[Asked, str], list[Served]]] = {
    "rss": _rss,
    "rdf": _rdf,
    "atom": _atom,
    "urlset": _urlset,
    "news": _news,
    "index": _index,
    "list": _list,
    "paged": _paged,
    "json": _json,
}
