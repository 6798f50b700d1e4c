"""Huanqiu: the article stands escaped in `textarea` elements, for a script to show."""

from __future__ import annotations

import html

from crawler.dates import parse_date
from crawler.errors import NotAnArticle
from crawler.parsers.generic.composed import read_composed
from crawler.parsers.generic.fields import offer_fields
from crawler.reading.draft import Draft
from crawler.reading.page import Page

VERSION = 1

_HEADLINE = ("textarea.article-title", ".t-container-title h3", "h1")


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`. The date is in milliseconds since 1970."""
    content = page.first("textarea.article-content")
    if content is None:
        raise NotAnArticle(page.url, "no textarea with an article")
    draft = Draft()
    titles = (node.text().strip() for node in map(page.first, _HEADLINE) if node)
    draft.offer("headline", next(filter(None, titles), None), "page")
    raw = page.first("textarea.article-time")
    stamp = raw.text().strip() if raw else None
    draft.offer("date_published", parse_date(stamp), "page")
    draft.offer("date_published_raw", stamp, "page")
    offer_fields(page, draft)
    markup = content.text()
    return read_composed(page, draft, markup if "<" in markup else html.unescape(markup), "page")
