"""Feeds: RSS 2.0, RSS 1.0, Atom and JSON Feed, as well as broken ones can be read."""

from __future__ import annotations

import json
import re
from calendar import timegm
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from crawler.dates import is_plausible, parse_date
from crawler.errors import UnreadableError
from crawler.items import FetchedPage, Listing
from crawler.outlets import Outlet
from crawler.parsers import fetch_url_of, identity_of
from crawler.text import clean
from crawler.urls import absolute, host_of

MAX_ITEMS = 5000
"""Items of one feed that are read; the largest real feeds carry a few hundred."""

MAX_HEADLINE_LENGTH = 1000
"""Characters of a headline in a listing; longer ones are cut. Articles keep theirs whole."""

MAX_RAW_HEADLINE_LENGTH = 20_000
"""Characters of a title, its mark-up included, that are looked at."""

_JSON_FEED_BYTES = 4096  # of the file's start, which the version is in
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_JSON_FEED = re.compile(r'\s*\{.{0,2000}"version"\s*:\s*"https?://jsonfeed\.org/', re.DOTALL)


def read_feed(page: FetchedPage, outlet: Outlet) -> list[Listing]:
    """The article addresses a feed lists, in its order, each once.

    Items that are damaged or no article's are passed over. Raises `UnreadableError` where the
    page is no feed at all: a feed without items is one, an HTML page is not.
    """
    if _ENTITY.search(page.body):
        raise UnreadableError(outlet.id, page.url, "feed: defines XML entities, refused")
    text = page.body[:_JSON_FEED_BYTES].decode("utf-8-sig", "replace")
    is_json = _JSON_FEED.match(text) is not None
    items = _json_items(page, outlet) if is_json else _xml_items(page, outlet)
    now = datetime.now(UTC)
    listings: dict[str, Listing] = {}
    for item in items[:MAX_ITEMS]:
        listing = _listing(item, page.url, outlet, now)
        if listing is not None:
            listings.setdefault(listing.address, listing)
    return list(listings.values())


def _xml_items(page: FetchedPage, outlet: Outlet) -> list[dict[str, Any]]:
    headers = {"content-type": page.header("Content-Type") or "application/xml"}
    if not page.body.strip():
        raise UnreadableError(outlet.id, page.url, "feed: an empty answer")
    # Its own clean-up of HTML is for showing items; only addresses and titles are read here.
    try:
        feed = feedparser.parse(
            page.body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # it documents none, and raises several on what is no feed
        name = type(error).__name__
        raise UnreadableError(outlet.id, page.url, f"feed: cannot be read ({name})") from error
    # An HTML page gives no items and no error (measured): that it is no feed is our check.
    if not feed.get("version") and not feed.get("entries"):
        start = clean(page.body[:60].decode("utf-8", "replace"))
        raise UnreadableError(outlet.id, page.url, f"feed: not a feed, begins with {start!r}")
    is_rss = str(feed.get("version")).startswith("rss")
    return [_xml_item(entry, is_rss=is_rss) for entry in feed.entries]


def _xml_item(entry: Any, *, is_rss: bool) -> dict[str, Any]:
    published, updated = _said(entry, "published"), _said(entry, "updated")
    return {
        "url": entry.get("link") or _whole_address(entry.get("id")),
        "title": entry.get("title"),
        # feedparser calls a `dc:date` the date of change; in RSS it is the item's only date.
        "published": published or (updated if is_rss else None),
        "updated": updated,
    }


def _said(entry: Any, name: str) -> struct_time | str | None:
    """A date as a UTC tuple, or the text that feedparser could not read."""
    found = (entry[key] for key in (f"{name}_parsed", name) if key in entry)
    return next(filter(None, found), None)


def _json_items(page: FetchedPage, outlet: Outlet) -> list[dict[str, Any]]:
    try:
        items = json.loads(page.body.decode("utf-8-sig", "replace"))["items"]
    except (ValueError, RecursionError, KeyError) as error:
        raise UnreadableError(outlet.id, page.url, "feed: a JSON feed that is broken") from error
    return [
        {
            "url": item.get("url") or _whole_address(item.get("id")),
            "title": item.get("title"),
            "published": item.get("date_published"),
            "updated": item.get("date_modified"),
        }
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict)
    ]


def _whole_address(value: Any) -> str | None:
    """An item's identifier where that is an address, as feeds without links have it."""
    return value if isinstance(value, str) and host_of(value.strip()) else None


def _listing(item: dict[str, Any], base_url: str, outlet: Outlet, now: datetime) -> Listing | None:
    url = item["url"]
    address = absolute(base_url, url) if isinstance(url, str) else None
    if address is None or not outlet.is_article_url(address):
        return None
    title = item["title"]
    headline = _headline(title) if isinstance(title, str) else None
    published = _moment(item["published"], outlet, now)
    updated = _moment(item["updated"], outlet, now)
    return Listing(
        address=address,
        fetch_url=fetch_url_of(address, outlet),
        identity=identity_of(address, outlet),
        headline=headline,
        date=published,
        updated=updated or published,
    )


def _headline(title: str) -> str | None:
    text = re.sub(r"<[^>]{0,500}>", "", title[:MAX_RAW_HEADLINE_LENGTH])
    return clean(text)[:MAX_HEADLINE_LENGTH] or None


def _moment(value: Any, outlet: Outlet, now: datetime) -> datetime | None:
    moment: datetime | None = None
    if isinstance(value, struct_time):
        moment = datetime.fromtimestamp(timegm(value), UTC)
    elif isinstance(value, str):
        moment = parse_date(value, outlet.zone)
    return moment if moment and is_plausible(moment, now) else None
