"""Vedomosti: the standfirst is a word in the box of the headline."""

from __future__ import annotations

from crawler.parsers import generic
from crawler.reading.draft import Draft
from crawler.reading.page import Page

VERSION = 1


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`."""
    draft = Draft()
    subtitle = page.first_text(".article-headline__subtitle")
    draft.offer("summary", [subtitle] if subtitle else [], "page")
    return generic.read(page, draft, region=page.first(".article-boxes-list"))
