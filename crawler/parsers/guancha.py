"""Guancha: long articles come in parts, and whole under an address of another form."""

from __future__ import annotations

import re

from crawler.parsers import generic
from crawler.reading.draft import Draft
from crawler.reading.page import Page
from crawler.urls import normalise

VERSION = 1

_PART = re.compile(r"(/\d{4}_\d{2}_\d{2}_\d+)(?:_\d)?\.shtml$")


def fetch_url(url: str) -> str:
    """The address of the whole article on one page."""
    return _PART.sub(r"\1_s.shtml", normalise(url))


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`."""
    return generic.read(page, region=page.first(".all-txt"))
