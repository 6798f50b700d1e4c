"""Sitemaps, sitemap indexes and Google News sitemaps, gzipped or not, read as a stream.

A sitemap's `lastmod` is when a page changed, at some sites when the sitemap was made: articles
are chosen by it and never dated by it. `news:publication_date` is a date of publication.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal
from zlib import MAX_WBITS, decompressobj
from zlib import error as ZlibError  # noqa: N812 - a class

from lxml import etree

from crawler import charsets
from crawler.discover.entry import Entry, age_of, day_in_address, listings_of, moment_of
from crawler.discover.source import (
    MAX_BACKFILL_ITEMS,
    MAX_SOURCE_BYTES,
    Discovery,
    Part,
    Reach,
    chosen,
)
from crawler.errors import RefusedError, UnreadableError
from crawler.items import FetchedPage
from crawler.outlets import Outlet
from crawler.text import clean
from crawler.urls import absolute

NEWEST_ITEMS = 1000
"""Of a sitemap that an ordinary crawl takes; a news sitemap has as many at most (Google)."""

_CHUNK_BYTES = 65_536
_MAX_TEXT = 10_000  # characters of one element; addresses are shorter
_GZIP_MAGIC = b"\x1f\x8b"
_ENTITY = b"<!ENTITY"
# Sites forget to write `&` as `&amp;`; the parser would drop it and what stands behind it.
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,10};)")
_OPEN_END = re.compile(rb"&[#\w]{0,10}$")
_ROOTS: dict[str, Literal["urls", "index"]] = {"urlset": "urls", "sitemapindex": "index"}
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_ENTRIES = ("url", "sitemap")


def discover_sitemap(page: FetchedPage, outlet: Outlet, reach: Reach) -> Discovery:
    """What a sitemap lists, or the sitemaps of an index as parts.

    Of a broken one what can be read. Addresses off the outlet's hosts are left out, with a
    problem that counts them. Raises `UnreadableError` where it is no sitemap, and
    `RefusedError` where it is too large.
    """
    collector = _Collector(outlet, datetime.now(UTC))
    parser = etree.XMLParser(
        target=collector, recover=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    start, before = b"", b""
    try:
        for chunk in _escaped(_in_utf8(_unpacked(page, outlet))):
            start = start or chunk[:60]
            if _ENTITY in before[-len(_ENTITY) :] + chunk:
                raise UnreadableError(outlet.id, page.url, "sitemap: defines XML entities, refused")
            parser.feed(chunk)
            before = chunk
        parser.close()
    except (etree.XMLSyntaxError, LookupError, ValueError):
        pass  # of what is no XML nothing was collected, which is told below
    if collector.kind is None:
        said = clean(start.decode("utf-8", "replace"))
        raise UnreadableError(outlet.id, page.url, f"sitemap: not a sitemap, begins with {said!r}")
    if collector.kind == "index":
        return _index(collector.entries, page, outlet)
    return _articles(collector, page, outlet, reach)


def _articles(collector: _Collector, page: FetchedPage, outlet: Outlet, reach: Reach) -> Discovery:
    taken, back_to = chosen(collector.entries, lambda entry: entry.moment, reach, NEWEST_ITEMS)
    listings = listings_of(taken, page.url, outlet)
    own = [listing for listing in listings if outlet.own_host(listing.address)]
    problems = []
    if len(own) < len(listings):
        number = len(listings) - len(own)
        stray = next(item.address for item in listings if not outlet.own_host(item.address))
        problems.append(f"sitemap: {number} addresses on hosts not of the entry, as {stray}")
    return Discovery(own, problems=problems, read_back_to=back_to)


def _index(entries: list[Entry], page: FetchedPage, outlet: Outlet) -> Discovery:
    parts: dict[str, Part] = {}
    strays: list[str] = []
    for entry in entries:
        address = absolute(page.url, entry.url) if entry.url else None
        if address is None:
            continue
        if outlet.is_own(address):
            parts.setdefault(address, Part(address, entry.age_hint))
        else:
            strays.append(address)
    problems = []
    if strays:
        problems.append(f"sitemap: {len(strays)} parts on hosts not of the entry, as {strays[0]}")
    return Discovery(parts=list(parts.values()), problems=problems)


def _unpacked(page: FetchedPage, outlet: Outlet) -> Iterator[bytes]:
    """The body in pieces, gunzipped where it is gzip; a file that breaks off, up to there."""
    if not page.body.startswith(_GZIP_MAGIC):
        for start in range(0, len(page.body), _CHUNK_BYTES):
            yield page.body[start : start + _CHUNK_BYTES]
        return
    total, left = 0, page.body
    try:
        while left.startswith(_GZIP_MAGIC):  # a file may have several members (RFC 1952, 2.2)
            unpacker = decompressobj(MAX_WBITS | 16)
            while left and not unpacker.eof:
                chunk = unpacker.decompress(left, _CHUNK_BYTES)
                left = unpacker.unconsumed_tail
                total += len(chunk)
                if total > MAX_SOURCE_BYTES:
                    reason = f"sitemap: over {MAX_SOURCE_BYTES} bytes unpacked"
                    raise RefusedError(outlet.id, page.url, reason)
                yield chunk
            left = unpacker.unused_data
    except ZlibError:
        return


def _in_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same, of UTF-16 made UTF-8; what is looked for in bytes is in ASCII."""
    first = next(chunks, b"")
    mark = charsets.by_mark(first)
    name = mark[0] if mark else charsets.without_mark(first)
    if name is None or name == "utf-8":
        yield first
        yield from chunks
        return
    decoder = getincrementaldecoder(name)("replace")
    start = decoder.decode(first).removeprefix("\ufeff")
    yield _DECLARATION.sub("", start, count=1).encode("utf-8", "replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")


def _escaped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same with each bare `&` escaped; no piece ends within a reference."""
    kept = b""
    for chunk in chunks:
        data = kept + chunk
        cut = _OPEN_END.search(data)
        kept = data[cut.start() :] if cut else b""
        data = data[: cut.start()] if cut else data
        if data:
            yield _BARE_AMPERSAND.sub(b"&amp;", data)
    if kept:
        yield _BARE_AMPERSAND.sub(b"&amp;", kept)


class _Collector:
    """lxml calls it for each tag and text; it keeps addresses and dates and no tree."""

    def __init__(self, outlet: Outlet, now: datetime) -> None:
        self.kind: Literal["urls", "index"] | None = None
        self.entries: list[Entry] = []
        self._outlet, self._now = outlet, now
        self._said: dict[str, str] | None = None
        self._text: list[str] = []
        self._length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - lxml's
        name = _local(tag)
        if self.kind is None:
            self.kind = _ROOTS.get(name)
        elif name in _ENTRIES:
            self._take()  # one that was never closed
            self._said = {}
        self._text, self._length = [], 0

    def data(self, text: str) -> None:
        if self._said is not None and self._length < _MAX_TEXT:
            self._text.append(text)
            self._length += len(text)

    def end(self, tag: str) -> None:
        if self._said is None:
            return
        name = _local(tag)
        if name not in _ENTRIES:
            # The first of each: what pictures and videos of an article have comes after it.
            self._said.setdefault(_prefixed(tag, name), "".join(self._text).strip())
            return
        self._take()

    def _take(self) -> None:
        if self._said and self._said.get("loc") and len(self.entries) < MAX_BACKFILL_ITEMS:
            self.entries.append(self._entry(self._said))
        self._said = None

    def close(self) -> None:
        """Nothing is open."""

    def _entry(self, said: dict[str, str]) -> Entry:
        address, lastmod = said["loc"], said.get("lastmod")
        published = said.get("news:publication_date")
        hints = (age_of(published, self._outlet, self._now), day_in_address(address),
                 age_of(lastmod, self._outlet, self._now))  # fmt: skip
        return Entry(
            url=address,
            title=said.get("news:title"),
            published=moment_of(published, self._outlet, self._now),
            age_hint=next(filter(None, hints), None),
        )


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]


def _prefixed(tag: str, name: str) -> str:
    """`loc` and `lastmod` as they are, those of Google News with `news:`, others apart."""
    space = tag.rpartition("}")[0] or tag.rpartition(":")[0]
    if "sitemap-news" in space or space == "news":
        return f"news:{name}"
    return f"other:{name}" if "sitemap-" in space or (space and "}" not in tag) else name
