"""Sources of article addresses: what an outlet lists, and where."""

from __future__ import annotations

import re

from crawler.discover.feed import discover_feed
from crawler.discover.page import discover_page
from crawler.discover.sitemap import discover_sitemap
from crawler.discover.source import Discovery, Part, Reach, Source, SourceKind
from crawler.items import FetchedPage
from crawler.outlets import Outlet

__all__ = ["Discovery", "Part", "Reach", "Source", "SourceKind", "read_source", "sources_of"]

_FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_START_BYTES = 2000  # of a file, which its first element is in


def sources_of(outlet: Outlet) -> list[Source]:
    """The sources of an outlet's entry, each address once."""
    found: dict[str, Source] = {}
    kinds: tuple[tuple[SourceKind, list[str]], ...] = (
        ("feed", outlet.feeds), ("sitemap", outlet.sitemaps), ("page", outlet.pages),
    )  # fmt: skip
    for kind, urls in kinds:
        for url in urls:
            found.setdefault(url, Source(url, kind))
    return list(found.values())


def read_source(page: FetchedPage, source: Source, outlet: Outlet, reach: Reach) -> Discovery:
    """What a fetched source lists and leads on to.

    Raises `UnreadableError` where it is not what it should be, which is told apart from a
    source that lists nothing today.
    """
    if source.kind == "page":
        return discover_page(page, outlet, reach)
    # Feeds may be listed among sitemaps, and in their indexes (sitemaps.org).
    is_feed = source.kind == "feed" or _FEED_ROOT.search(page.body[:_START_BYTES]) is not None
    return discover_feed(page, outlet, reach) if is_feed else discover_sitemap(page, outlet, reach)
