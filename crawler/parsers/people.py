"""People's Daily Online, the Chinese edition and those in other languages."""

from __future__ import annotations

import re

from crawler.parsers import generic
from crawler.reading.draft import Draft
from crawler.reading.page import Page, element_text
from crawler.reading.stamps import offer_stamp

VERSION = 1

_COLUMN = (".rm_txt .col-1", ".d2txtCon", ".w860")
_WHEN = ".channel .col-1-1, .d2txtCon > div, .w860 > div"
_MOST_LINES = 10  # looked at for the date
_TEXT = (".rm_txt_con",)
# `2024年04月24日23:52`, and `11:20, November 02, 2025` behind the agency's name in brackets.
_STAMP = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日\s*\d{1,2}:\d{2}|\d{1,2}:\d{2}, \w+ \d{1,2}, \d{4}")


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`. The page's first `h1` is its logo."""
    draft = Draft()
    draft.offer("headline", page.first_text(*(f"{box} h1" for box in _COLUMN)), "page")
    for node in page.tree.css(_WHEN)[:_MOST_LINES]:
        offer_stamp(page, draft, element_text(node), _STAMP)
    return generic.read(page, draft, region=page.first(*_TEXT))
