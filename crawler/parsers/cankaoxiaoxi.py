"""Cankaoxiaoxi: a site of one page; each article is a JSON document of its own."""

from __future__ import annotations

import json
import re

from crawler.dates import parse_date
from crawler.errors import NotAnArticle
from crawler.parsers.generic.composed import read_composed
from crawler.reading.draft import Draft
from crawler.reading.json_text import read_json
from crawler.reading.page import Page
from crawler.urls import normalise

VERSION = 1

_PAGE = re.compile(r"^(https?://[^/]+)/(?:[^?#]*?/)?pages/([^?#]+)\.html")


def fetch_url(url: str) -> str:
    """The JSON document behind an address of the list: its page shows nothing without scripts."""
    found = _PAGE.search(url)
    if found is None:
        return normalise(url)
    site = found[1].replace("//www.", "//china.")  # the other host has none
    return f"{site}/json/content/{found[2]}.detailjson"


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`."""
    try:
        said, _ = read_json(page.text.lstrip("\ufeff \r\n\t"))
    except json.JSONDecodeError:
        said = None
    text = said.get("txt") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(text, str):
        raise NotAnArticle(page.url, "no JSON document of an article")
    draft = Draft()
    title, published = said.get("title"), said.get("publishTime")
    draft.offer("headline", title if isinstance(title, str) else None, "state")
    if isinstance(published, str):
        zone = page.outlet.zone if page.outlet else None
        draft.offer("date_published", parse_date(published, zone), "state")
        draft.offer("date_published_raw", published, "state")
    section = said.get("channelName")
    draft.offer("section", section if isinstance(section, str) else None, "state")
    return read_composed(page, draft, text, "state")
