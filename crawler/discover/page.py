"""Topic and section pages: their links to articles, and the next page of the list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.dates import is_plausible
from crawler.discover.entry import MAX_RAW_LENGTH, Entry, day_in_address, listings_of
from crawler.discover.links import is_article_link
from crawler.discover.source import Discovery, Part, Reach, is_past
from crawler.errors import UnreadableError
from crawler.items import FetchedPage
from crawler.outlets import Outlet
from crawler.outlets.outlet import TEMPLATE_KEY
from crawler.reading.bounds import ExcessError, parsed
from crawler.text import clean, decode_page
from crawler.urls import absolute

MAX_LINKS = 20_000
"""Of one page that are looked at; the largest real ones have two thousand."""

MAX_ARTICLES = 1000
"""Of one page that are taken; the largest real ones list three hundred."""

_SHORTEST_HEADLINE = 6  # characters; less is "More", a number, or a flag
_LONGEST_HEADLINE = 300  # of a link without a heading in it; more is a headline and its teaser
_MOST_VALUES = 100_000  # of a JSON answer that are looked at
_HEADINGS = "h1, h2, h3, h4, h5, h6, [class*=headline], [class*=title]"
_JSON_TITLES = ("title", "headline", "showtitle", "short_title", "name")
_OFFSET = re.compile(r"[0-9]{1,9}")
_PAGE_NUMBER = re.compile(
    r"(?P<before>[?&](?:page|p|pg|paged|pagenum|start_page)=|/page[/-]?|/p/|[/_-]index_|/list_)"
    r"(?P<number>\d{1,5})(?=$|[/&#.])",
    re.IGNORECASE,
)


def discover_page(page: FetchedPage, outlet: Outlet, reach: Reach) -> Discovery:
    """The articles that a page links to, or a JSON answer names, and the next page of the list.

    There is no next one after a page of which all that is dated is older than is wanted.

    Raises `UnreadableError` where there is no article's address at all: a challenge page, or
    a site that was rebuilt, is no day without news.
    """
    is_json = "json" in (page.header("Content-Type") or "") or page.body[:1] in (b"{", b"[")
    if is_json:
        entries, next_url = _json_entries(page, outlet), None
    else:
        entries, next_url = _html_entries(page, outlet)
    listings = listings_of(entries[:MAX_ARTICLES], page.url, outlet)
    if not listings:
        raise UnreadableError(outlet.id, page.url, "page: no link to an article in it")
    if is_json:
        next_url = _next_offset(page.url)
    if is_past(
        (listing.moment for listing in listings), reach
    ):  # for a crawl that wants older ones the list goes on
        return Discovery(listings, read_back_to=reach.since)
    return Discovery(listings, [Part(next_url)] if next_url else [])


def _html_entries(page: FetchedPage, outlet: Outlet) -> tuple[list[Entry], str | None]:
    try:
        tree = parsed(decode_page(page.body, page.header("Content-Type")))
    except ExcessError as error:
        raise UnreadableError(outlet.id, page.url, f"page: {error}") from error
    base = _base_of(tree, page.url)
    found: dict[str, Entry] = {}
    addresses: list[str] = []
    next_url: str | None = None
    for node in tree.css("a[href], link[rel=next][href]")[:MAX_LINKS]:
        address = absolute(base, node.attributes.get("href") or "")
        if address is None or outlet.own_host(address) is None:
            continue
        if "next" in (node.attributes.get("rel") or "").lower().split():
            next_url = next_url or (address if outlet.is_own(address) else None)
        elif is_article_link(address, outlet) and address != page.url:
            entry = found.setdefault(address, _entry(address))
            entry.title = entry.title or _headline(node)
        elif outlet.is_own(address) and not _is_first(address, node):
            addresses.append(address)
    if next_url == page.url:
        next_url = None
    return list(found.values()), next_url or _following(page.url, addresses)


def _base_of(tree: LexborHTMLParser, url: str) -> str:
    base = tree.css_first("base[href]")
    return (absolute(url, base.attributes.get("href") or "") if base else None) or url


def _entry(address: str) -> Entry:
    day = day_in_address(address)
    is_so = day is not None and is_plausible(day, datetime.now(UTC))
    return Entry(url=address, age_hint=day if is_so else None)


def _headline(link: LexborNode) -> str | None:
    """The heading in a link, else its text where that is short enough for one."""
    heading = link.css_first(_HEADINGS)
    text = clean((heading or link).text(separator=" ")[:MAX_RAW_LENGTH])
    return text if _SHORTEST_HEADLINE <= len(text) <= _LONGEST_HEADLINE else None


def _following(url: str, addresses: Iterable[str]) -> str | None:
    """The linked address that is this one's with the next page's number, or null."""
    here = _PAGE_NUMBER.search(url)
    number = int(here["number"]) if here else 1
    stem = _stem(url)
    for address in addresses:
        there = _PAGE_NUMBER.search(address)
        # Some count from 0 or leave the first page's number out, some call the second one 1.
        follows = {number + 1} if here else {1, 2}
        if there and int(there["number"]) in follows and _stem(address) == stem:
            return address
    return None


def _is_first(address: str, link: LexborNode) -> bool:
    """Whether a link is called 1 and leads to page 1: this page, where its own has no number."""
    number = _PAGE_NUMBER.search(address)
    return number is not None and number["number"] == "1" and clean(link.text()) == "1"


def _stem(url: str) -> str:
    """What the addresses of all pages of one list share."""
    parts = urlsplit(_PAGE_NUMBER.sub("", url))
    path = re.sub(r"(?:/index)?(?:\.s?html?)?/*$", "", parts.path)
    return f"{parts.netloc}{path}?{parts.query.lstrip('&')}"


def _json_entries(page: FetchedPage, outlet: Outlet) -> list[Entry]:
    try:
        answer = json.loads(decode_page(page.body, page.header("Content-Type")))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(outlet.id, page.url, "page: JSON that is broken") from error
    found: dict[str, Entry] = {}
    for text, siblings in _strings(answer, outlet.list_address):
        if not text.startswith(("http://", "https://", "/")):
            continue
        address = absolute(page.url, text)
        if address and is_article_link(address, outlet):
            entry = found.setdefault(address, _entry(address))
            entry.title = entry.title or _json_title(siblings)
    return list(found.values())


def _strings(answer: Any, template: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each string of a JSON answer, in its order, with the object it stands in.

    With a template (see `Outlet.list_address`), the address each object makes comes first.
    """
    waiting: list[tuple[Any, dict[str, Any]]] = [(answer, {})]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        value, around = waiting.pop()
        if isinstance(value, str):
            yield value, around
        elif isinstance(value, dict):
            if template and (composed := _composed(template, value)):
                yield composed, value
            waiting.extend((inner, value) for inner in reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend((inner, around) for inner in reversed(value))


def _composed(template: str, item: dict[str, Any]) -> str | None:
    """The template with the item's values in it; null where one is no text and no number."""
    parts = TEMPLATE_KEY.split(template)
    for place in range(1, len(parts), 2):
        value = item.get(parts[place])
        if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
            return None
        parts[place] = quote(str(value), safe=":")  # a host may come with its port
    return "".join(parts)


def _json_title(siblings: dict[str, Any]) -> str | None:
    named = {key.lower(): value for key, value in siblings.items() if isinstance(value, str)}
    titles = (named[name] for name in _JSON_TITLES if named.get(name))
    return next(titles, None)


def _next_offset(url: str) -> str | None:
    """The next stretch of a list whose address has `offset` and `limit`; null without them."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    offset, limit = query.get("offset", ""), query.get("limit", "")
    if not (_OFFSET.fullmatch(offset) and _OFFSET.fullmatch(limit) and int(limit)):
        return None
    query["offset"] = str(int(offset) + int(limit))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
