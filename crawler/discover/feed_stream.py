"""Large feeds that are whole, read as a stream: no tree, and a tenth of feedparser's time.

Only XML without a fault is read so. Of anything else the answer is null, and the patient
reader takes it: a quick one that guesses loses items in silence.
"""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from urllib.parse import urljoin

from lxml import etree

from crawler.discover.entry import MAX_RAW_LENGTH, Entry, age_of, moment_of
from crawler.outlets import Outlet
from crawler.urls import MAX_URL_LENGTH, host_of

_ITEM = re.compile(rb"<(?:item|entry)[\s>]", re.IGNORECASE)
NEXT_RELATIONS = ("next", "prev-archive")
"""What Atom's links, in RSS too, call the next page of a feed's archive (RFC 5005)."""

_CHUNK_BYTES = 65_536
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_NAMESPACES = {
    "": "",
    "http://purl.org/rss/1.0/": "",
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/rss/1.0/modules/content/": "content",
}
_ITEMS = ("item", "atom:entry")
_DATES = {
    "pubDate": "published",
    "atom:published": "published",
    "dc:date": "published",
    "atom:updated": "updated",
}
_DESCRIPTIONS = ("description", "atom:summary", "content:encoded", "atom:content")
_AUTHORS = ("author", "dc:creator", "atom:name")
_IDENTIFIERS = ("guid", "atom:id")


def count_items(body: bytes) -> int:
    """How many items a feed seems to have."""
    return sum(1 for _ in _ITEM.finditer(body))


def stream_entries(
    body: bytes, outlet: Outlet, now: datetime
) -> tuple[list[Entry], str | None] | None:
    """All entries of a feed in UTF-8, and the next page of its archive.

    Null unless it is faultless and as many entries are found as are there.
    """
    collector = _Collector(outlet, now)
    parser = etree.XMLParser(
        target=collector, resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8"
    )
    try:
        for start in range(0, len(body), _CHUNK_BYTES):
            parser.feed(body[start : start + _CHUNK_BYTES])
        parser.close()
    except (etree.XMLSyntaxError, LookupError, ValueError):
        return None
    is_whole = len(collector.entries) == count_items(body) and not collector.is_beyond_us
    return (collector.entries, collector.next_url) if is_whole else None


class _Collector:
    """lxml calls it for each tag and text. An `xml:base` within an item is beyond it."""

    def __init__(self, outlet: Outlet, now: datetime) -> None:
        self.entries: list[Entry] = []
        self._outlet, self._now = outlet, now
        self._path: list[str] = []
        self._fields: dict[str, str] | None = None
        self._authors: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._base = ""
        self.is_beyond_us = False
        self.next_url: str | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _name(tag)
        base = attributes.get(_BASE)
        if self._fields is None:
            if name in _ITEMS:
                self._fields, self._authors, self._path = {}, [], []
                self.is_beyond_us |= base is not None
            elif base is not None:
                self._base = urljoin(self._base, base)
            if name == "atom:link" and attributes.get("rel") in NEXT_RELATIONS:
                self.next_url = self.next_url or urljoin(self._base, attributes.get("href", ""))
            return
        self._path.append(name)
        if len(self._path) == 1 or name == "atom:name":
            self._text, self._length = [], 0
        if name == "atom:link" and attributes.get("rel", "alternate") == "alternate":
            self.is_beyond_us |= base is not None
            self._fields.setdefault("link", attributes.get("href", ""))

    def data(self, text: str) -> None:
        if self._path and self._length < MAX_RAW_LENGTH:
            self._text.append(text)
            self._length += len(text)

    def end(self, tag: str) -> None:  # noqa: ARG002 - lxml's
        if self._fields is None:
            return
        if not self._path:
            self._end_item(self._fields)
            self._fields = None
            return
        name = self._path.pop()
        if self._path and name != "atom:name":
            return
        text = "".join(self._text).strip()
        if name in _AUTHORS and text:
            self._authors.append(text)
        elif text:
            self._fields.setdefault(name, text)

    def close(self) -> None:
        """Nothing is open."""

    def _end_item(self, said: dict[str, str]) -> None:
        dates: dict[str, datetime | None] = {}
        for name, meaning in _DATES.items():
            if name in said:
                found = moment_of(said[name], self._outlet, self._now)
                dates[meaning] = dates.get(meaning) or found
        identifier = next((said[name] for name in _IDENTIFIERS if name in said), None)
        title = said.get("title") or said.get("atom:title")
        link, raw = said.get("link"), said.get("pubDate") or said.get("atom:published")
        self.entries.append(
            Entry(
                url=urljoin(self._base, link) if link else _whole_address(identifier),
                title=unescape(title) if title else None,
                description=next((said[n] for n in _DESCRIPTIONS if n in said), None),
                authors=self._authors,
                published=dates.get("published"),
                updated=dates.get("updated"),
                age_hint=None if dates.get("published") else age_of(raw, self._outlet, self._now),
            )
        )


def _name(tag: str) -> str:
    """A tag with the prefix that we give to its namespace; of a foreign one, a name of none."""
    space, brace, local = tag.rpartition("}")
    prefix = _NAMESPACES.get(space[1:] if brace else "")
    if prefix is None:
        return "foreign:"
    return f"{prefix}:{local}" if prefix else local


def _whole_address(value: str | None) -> str | None:
    return value if value and len(value) <= MAX_URL_LENGTH and host_of(value) else None
