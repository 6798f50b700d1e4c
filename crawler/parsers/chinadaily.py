"""China Daily: its metadata name the editor, the line below the headline who wrote it and when."""

from __future__ import annotations

import re

from crawler.parsers import generic
from crawler.reading.bylines import names_in_byline
from crawler.reading.draft import Draft
from crawler.reading.page import Page
from crawler.reading.stamps import offer_stamp

VERSION = 1

_LINE = (".info_l", ".info")  # `By NAME | China Daily | Updated: 2023-11-17 09:05`
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")
_PARTS = ".selectpage a[href]"
_PART = re.compile(r"_\d+\.html")


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`. Of an article in several parts the page has one: truncated."""
    draft = Draft()
    line = page.first_text(*_LINE) or ""
    byline = line.split("|")[0]
    draft.offer("authors", names_in_byline(byline) if byline.startswith("By ") else [], "page")
    offer_stamp(page, draft, line, _STAMP)
    links = (node.attributes.get("href") or "" for node in page.tree.css(_PARTS))
    draft.offer("truncated", any(map(_PART.search, links)) or None, "page")
    return generic.read(page, draft, region=page.first("#Content"))
