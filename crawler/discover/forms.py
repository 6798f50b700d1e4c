"""What form a source's answer has, told by its first bytes, whatever its header says."""

from __future__ import annotations

import re
from typing import Literal
from zlib import MAX_WBITS, decompressobj
from zlib import error as ZlibError  # noqa: N812 - a class

Form = Literal[
    "RSS", "Atom", "JSON Feed", "sitemap", "news sitemap", "sitemap index", "JSON", "HTML"
]

FEEDS: frozenset[Form] = frozenset(["RSS", "Atom", "JSON Feed"])
SITEMAPS: frozenset[Form] = frozenset(["sitemap", "news sitemap", "sitemap index"])

_START_BYTES = 4000  # comments and stylesheets stand before the first element
_GZIP_MAGIC = b"\x1f\x8b"
_JSON_FEED = rb'\A\s*\{.{0,2000}"version"\s*:\s*"https?:\\?/\\?/jsonfeed'
_FORMS: tuple[tuple[Form, re.Pattern[bytes]], ...] = (
    ("JSON Feed", re.compile(_JSON_FEED, re.DOTALL)),
    ("JSON", re.compile(rb"\A\s*[\[{]")),
    ("HTML", re.compile(rb"\A[^<]{0,200}<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)),
    ("RSS", re.compile(rb"<(?:\w+:)?(?:rss|RDF)[\s>]")),
    ("Atom", re.compile(rb"<(?:\w+:)?feed[\s>]")),
    ("sitemap index", re.compile(rb"<(?:\w+:)?sitemapindex[\s>]")),
    ("news sitemap", re.compile(rb"<(?:\w+:)?urlset[\s>].*<news:news[\s>]", re.DOTALL)),
    ("sitemap", re.compile(rb"<(?:\w+:)?urlset[\s>]")),
    ("HTML", re.compile(rb"<(?:html|head|body|div|p|a)[\s>]", re.IGNORECASE)),
)  # fmt: skip


def form_of(body: bytes) -> Form | None:
    """The form of an answer, gunzipped first where it is gzip; null for anything else."""
    start = body[:_START_BYTES].removeprefix(b"\xef\xbb\xbf")
    if start.startswith(_GZIP_MAGIC):
        try:
            start = decompressobj(MAX_WBITS | 16).decompress(body, _START_BYTES)
        except ZlibError:
            return None
    return next((form for form, pattern in _FORMS if pattern.search(start)), None)
