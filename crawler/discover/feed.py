"""Feeds: RSS 2.0, RSS 1.0, Atom and JSON Feed, as well as broken ones can be read."""

from __future__ import annotations

import json
import re
from calendar import timegm
from codecs import BOM_UTF8
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from crawler.charsets import is_utf8
from crawler.dates import is_plausible, read_date
from crawler.discover.entry import MAX_HEADLINE_LENGTH, Entry, age_of, listings_of, moment_of
from crawler.discover.feed_stream import NEXT_RELATIONS, count_items, stream_entries
from crawler.discover.source import (
    MAX_SOURCE_BYTES,
    ORDINARY,
    Discovery,
    Part,
    Reach,
    chosen,
    is_past,
)
from crawler.errors import UnreadableError
from crawler.items import FetchedPage, Listing
from crawler.outlets import Outlet
from crawler.text import MAX_PAGE_BYTES, clean, decode_page
from crawler.urls import absolute, host_of

__all__ = ["MAX_HEADLINE_LENGTH", "MAX_ITEMS", "discover_feed", "read_feed"]

MAX_ITEMS = 5000
"""Of one feed that are taken, the newest; the largest real feeds carry a few hundred."""

STREAM_FROM_ITEMS = 500
"""Feeds with more are read in a stream: feedparser takes 0.3 ms and 10 kB an item."""

_JSON_FEED_BYTES = 4096  # of the file's start, which the version is in
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
# Halves of characters, as `&#55357;&#56832;` for an emoji: one of them costs the whole feed.
_SURROGATE = re.compile(
    rb"&#(?:x0*d[89a-f][0-9a-f]{2}"
    rb"|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));",
    re.IGNORECASE,
)
_ITEM_END = re.compile(rb"</(?:item|entry)\s*>", re.IGNORECASE)
_JSON_FEED = re.compile(r'\s*\{.{0,2000}"version"\s*:\s*"https?://jsonfeed\.org/', re.DOTALL)
_BROKEN = "feed: broken XML, so only its first {items} items are read"


def read_feed(page: FetchedPage, outlet: Outlet) -> list[Listing]:
    """The article addresses a feed lists, in its order, each once; of more than `MAX_ITEMS`
    the newest. Raises what `discover_feed` does.
    """
    return discover_feed(page, outlet, ORDINARY).listings


def discover_feed(page: FetchedPage, outlet: Outlet, reach: Reach) -> Discovery:
    """What a feed lists, and for a backfill the next page of its archive.

    Items that are damaged or no article's are passed over. Raises `UnreadableError` where the
    page is no feed at all: a feed without items is one, an HTML page is not.
    """
    now = datetime.now(UTC)
    text = page.body[:_JSON_FEED_BYTES].decode("utf-8-sig", "replace")
    if _JSON_FEED.match(text):
        entries, next_url = _json_entries(page, outlet, now)
        is_whole = True
    else:
        entries, next_url, is_whole = _xml_entries(page, outlet, now)
    taken, back_to = chosen(entries, lambda entry: entry.moment, reach, MAX_ITEMS)
    is_over = is_past((entry.moment for entry in entries), reach)
    address = absolute(page.url, next_url) if next_url and not is_over else None
    return Discovery(
        listings_of(taken, page.url, outlet),
        [Part(address)] if address else [],
        [] if is_whole else [_BROKEN.format(items=len(entries))],
        read_back_to=(reach.since if is_over else back_to) if is_whole else None,
    )


def _xml_entries(
    page: FetchedPage, outlet: Outlet, now: datetime
) -> tuple[list[Entry], str | None, bool]:
    """The entries, the next page of the feed's archive, and whether these are all entries."""
    body = _in_utf8(page)
    if not body.strip():
        raise UnreadableError(outlet.id, page.url, "feed: an empty answer")
    if _ENTITY.search(body):
        raise UnreadableError(outlet.id, page.url, "feed: defines XML entities, refused")
    if count_items(body) > STREAM_FROM_ITEMS:
        streamed = stream_entries(body, outlet, now)
        if streamed is not None:
            return *streamed, True
    patiently = _cut(body)
    headers = {"content-type": "application/xml; charset=utf-8"}
    # Its own clean-up of HTML is for showing items; here they become plain text.
    try:
        feed = feedparser.parse(
            patiently, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # it documents none, and raises several on what is no feed
        name = type(error).__name__
        raise UnreadableError(outlet.id, page.url, f"feed: cannot be read ({name})") from error
    # An HTML page gives no items and no error (measured): that it is no feed is our check.
    if not feed.get("version") and not feed.get("entries"):
        start = clean(body[:60].decode("utf-8", "replace"))
        raise UnreadableError(outlet.id, page.url, f"feed: not a feed, begins with {start!r}")
    is_rss = str(feed.get("version")).startswith("rss")
    entries = [_xml_entry(entry, outlet, now, is_rss=is_rss) for entry in feed.entries]
    links = feed.feed.get("links", ())
    next_url = next((a.get("href") for a in links if a.get("rel") in NEXT_RELATIONS), None)
    return entries, next_url, len(patiently) == len(body)


def _in_utf8(page: FetchedPage) -> bytes:
    """The feed as UTF-8, whatever its labels say: readers of XML believe them, and are wrong."""
    body = page.body
    if not is_utf8(body):
        text = decode_page(body, page.header("Content-Type"), most_bytes=MAX_SOURCE_BYTES)
        body = text.encode("utf-8", "replace")
    body = body.removeprefix(BOM_UTF8)
    return _SURROGATE.sub(b"", body) if _SURROGATE.search(body) else body


def _cut(body: bytes) -> bytes:
    """As much of a feed as is read with patience: what is broken takes the longest."""
    for number, end in enumerate(_ITEM_END.finditer(body, 0, MAX_PAGE_BYTES), 1):
        if number == MAX_ITEMS:
            rest_begins = end.end()
            return body if _ITEM_END.search(body, rest_begins) is None else body[:rest_begins]
    return body[:MAX_PAGE_BYTES]


def _xml_entry(entry: Any, outlet: Outlet, now: datetime, *, is_rss: bool) -> Entry:
    published = _said(entry, "published", outlet, now)
    updated = _said(entry, "updated", outlet, now)
    contents = (part.get("value") for part in entry.get("content", ()) if hasattr(part, "get"))
    persons = [person.get("name") for person in entry.get("authors", ())]
    if "@" in (_text(entry.get("author")) or ""):
        persons = []  # it takes long endings for a part of the name: `desk@desk.exam`, `ple (…`
    return Entry(
        url=_text(entry.get("link")) or _whole_address(entry.get("id")),
        title=_text(entry.get("title")),
        description=_text(entry.get("summary")) or _text(next(contents, None)),
        authors=[name for name in persons or [entry.get("author")] if isinstance(name, str)],
        # feedparser calls a `dc:date` the date of change; in RSS it is the item's only date.
        published=published or (updated if is_rss else None),
        updated=updated,
        age_hint=age_of(entry.get("published"), outlet, now) if published is None else None,
    )


def _said(entry: Any, name: str, outlet: Outlet, now: datetime) -> datetime | None:
    """A date as our own rules read its text, else as feedparser did.

    feedparser takes a time without a zone for UTC, and a mere day for its midnight.
    """
    parsed = entry.get(f"{name}_parsed") if f"{name}_parsed" in entry else None
    if isinstance(parsed, struct_time) and read_date(entry.get(name)) is None:
        moment = datetime.fromtimestamp(timegm(parsed), UTC)
        return moment if is_plausible(moment, now) else None
    return moment_of(entry[name], outlet, now) if name in entry else None


def _json_entries(
    page: FetchedPage, outlet: Outlet, now: datetime
) -> tuple[list[Entry], str | None]:
    try:
        feed = json.loads(page.body.decode("utf-8-sig", "replace"))
        items = feed["items"]
    except (ValueError, RecursionError, KeyError) as error:
        raise UnreadableError(outlet.id, page.url, "feed: a JSON feed that is broken") from error
    items = items if isinstance(items, list) else []
    entries = [_json_entry(item, outlet, now) for item in items if isinstance(item, dict)]
    return entries, _text(feed.get("next_url"))


def _json_entry(item: dict[str, Any], outlet: Outlet, now: datetime) -> Entry:
    persons = item.get("authors") or [item.get("author")]
    names = [
        person.get("name")
        for person in (persons if isinstance(persons, list) else ())
        if isinstance(person, dict)
    ]
    descriptions = (_text(item.get(n)) for n in ("summary", "content_text", "content_html"))
    return Entry(
        url=_text(item.get("url")) or _whole_address(item.get("id")),
        title=_text(item.get("title")),
        description=next(filter(None, descriptions), None),
        authors=[name for name in names if isinstance(name, str)],
        published=_json_moment(item.get("date_published"), outlet, now),
        updated=_json_moment(item.get("date_modified"), outlet, now),
    )


def _json_moment(value: Any, outlet: Outlet, now: datetime) -> datetime | None:
    return moment_of(value, outlet, now) if isinstance(value, str) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _whole_address(value: Any) -> str | None:
    """An item's identifier where that is an address, as feeds without links have it."""
    return value if isinstance(value, str) and host_of(value.strip()) else None
