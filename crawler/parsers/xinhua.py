"""Xinhua in every language: pages without any metadata worth the name."""

from __future__ import annotations

import re

from crawler.parsers import generic
from crawler.reading.draft import Draft
from crawler.reading.page import Page
from crawler.reading.stamps import offer_stamp

VERSION = 1

_HEADLINE = (".head-line .title", "h1.Btitle", ".h-title", ".mheader .title")
_WHEN = (".mheader .info", ".h-time", ".conTop .time", ".header-time")
_TEXT = ("#detailContent", "#detail", "#p-detail")
# The desktop page sets year, day and time apart: `2023 11/17 20:52:15`.
_STAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}\s+\d{2}:\d{2}(?::\d{2})?|\d{4}\s*\d{1,2}/\d{1,2}\s*\d{2}:\d{2}:\d{2}"
)
_APART = re.compile(r"(\d{4})\s*(\d{1,2})/(\d{1,2})\s*(\d{2}:\d{2}:\d{2})")


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`."""
    draft = Draft()
    draft.offer("headline", page.first_text(*_HEADLINE), "page")
    for selector in _WHEN:
        said = page.first_text(selector) or ""
        offer_stamp(page, draft, _APART.sub(r"\1-\2-\3 \4", said), _STAMP)
    region = next((node for node in map(page.first, _TEXT) if node and node.css_first("p")), None)
    return generic.read(page, draft, region=region)
