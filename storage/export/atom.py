"""Atom (RFC 4287): what is stored as a feed that any reader of feeds can follow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape as escape_html
from itertools import groupby
from typing import TextIO
from urllib.parse import quote
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from crawler.items import Article, utc_iso
from storage.export.program import PROGRAM, VERSION
from storage.filters import Filters

NAMESPACE = "http://www.w3.org/2005/Atom"
# Of all ids of ours. It must never change: readers of a feed would see every article anew.
IDS = UUID("6c1b7a3e-52d4-5f0a-9a2e-3d1f8c4b7e90")
# What XML 1.0 does not take, not even as a reference: https://www.w3.org/TR/xml/#charsets
_REFUSED_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself.

    `address` is where it can be had, relative to itself if need be; `updated` is when an
    article in it last changed.
    """

    id: str
    title: str
    address: str
    updated: datetime


def feed_of(filters: Filters, *, updated: datetime, name: str, url: str | None = None) -> Feed:
    """The feed of what meets the filters, at `url`, or in a file of that name beside its reader.

    Its id is `url`, else made of what the filters ask for, without times and number: so
    tomorrow's feed of the same articles is the same feed.
    """
    outlets = [filters.outlet] if isinstance(filters.outlet, str) else filters.outlet or []
    asked = {
        "search": filters.search,
        "outlet": ", ".join(sorted(outlets)),
        "topic": filters.topic,
        "author": filters.author,
        "language": filters.language,
        "story": filters.story and str(filters.story),
    }
    words = [f"{criterion} {value}" for criterion, value in asked.items() if value]
    return Feed(
        id=url or uuid5(IDS, _clean("\n".join(["feed", *words]))).urn,
        title=" · ".join([PROGRAM, *words]),
        address=url or quote(name),
        updated=updated,
    )


def entry_id(article: Article) -> str:
    """The same in every database and under every address, headline and text of the article."""
    return uuid5(IDS, _clean(f"{article.outlet}\n{article.identity or article.url}")).urn


def write_atom(articles: Iterable[Article], stream: TextIO, feed: Feed) -> int:
    """One entry an article, in their order; gives how many.

    An entry's `updated` is when its content last changed, `published` what the page says, and
    missing where it is silent. Atom wants an author: without one it is the outlet.
    """
    stream.write('<?xml version="1.0" encoding="utf-8"?>\n')
    xml = _Writer(stream)
    xml.start("feed", xmlns=NAMESPACE)
    xml.element("id", feed.id)
    xml.element("title", feed.title)
    xml.element("updated", utc_iso(feed.updated))
    xml.element("link", rel="self", type="application/atom+xml", href=feed.address)
    xml.element("generator", PROGRAM, version=VERSION)
    written = 0
    for article in articles:
        _write_entry(xml, article, feed.updated)
        written += 1
    xml.end("feed")
    return written


def _write_entry(xml: _Writer, article: Article, default_time: datetime) -> None:
    xml.start("entry", **({"xml:lang": article.language} if article.language else {}))
    xml.element("id", entry_id(article))
    xml.element("title", article.headline)
    xml.element("link", rel="alternate", type="text/html", href=article.url)
    xml.element("updated", utc_iso(article.last_changed or default_time))
    if article.date_published:
        xml.element("published", utc_iso(article.date_published))
    for author in article.authors or [article.outlet or PROGRAM]:
        xml.start("author")
        xml.element("name", author)
        xml.end("author")
    for label in dict.fromkeys([article.topic, *article.topics]):
        if label:
            xml.element("category", term=label)
    if article.summary:
        xml.element("summary", "\n".join(article.summary))
    if article.paragraphs:
        xml.element("content", "".join(_html_of(article)), type="html")
    xml.end("entry")


def _html_of(article: Article) -> Iterator[str]:
    """The body as HTML, piece by piece: a subhead before the paragraph that its index names."""
    last = len(article.paragraphs)
    ordered = sorted(article.subheads, key=lambda subhead: subhead.before)
    grouped = groupby(ordered, key=lambda subhead: min(max(subhead.before, 0), last))
    headings = {before: [subhead.text for subhead in group] for before, group in grouped}
    for index in range(last + 1):
        for text in headings.get(index, []):
            yield f"<h2>{escape_html(text, quote=False)}</h2>"
        if index < last:
            yield f"<p>{escape_html(article.paragraphs[index], quote=False)}</p>"


class _Writer:
    """Elements one after another, of texts that may hold anything: what XML refuses is left out.

    It ends nothing that it was not told to end: a part of a feed is never well-formed.
    """

    def __init__(self, stream: TextIO) -> None:
        self._write = stream.write

    def start(self, name: str, **attributes: str) -> None:
        self._write(f"<{name}{_attributes(attributes)}>\n")

    def end(self, name: str) -> None:
        self._write(f"</{name}>\n")

    def element(self, name: str, text: str = "", **attributes: str) -> None:
        """An element with text alone."""
        tag = f"{name}{_attributes(attributes)}"
        self._write(f"<{tag}>{escape(_clean(text))}</{name}>\n" if text else f"<{tag}/>\n")


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(_clean(value))}" for name, value in values.items())


def _clean(text: str) -> str:
    return _REFUSED_CHARACTERS.sub("", text)
