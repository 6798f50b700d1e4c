"""Lianhe Zaobao: the Singapore site keeps its articles in the data of its router; the other
site prints them.
"""

from __future__ import annotations

import json
import re
from typing import Any

from crawler.dates import parse_date
from crawler.items import Image
from crawler.parsers import generic
from crawler.parsers.generic.composed import read_composed
from crawler.parsers.generic.fields import offer_fields
from crawler.reading.captions import split_credit
from crawler.reading.draft import Draft
from crawler.reading.json_text import is_small, read_json
from crawler.reading.jsonld import ld_names
from crawler.reading.labels import labels_of
from crawler.reading.media import image_from
from crawler.reading.page import Page

VERSION = 1

_HYDRATION = re.compile(r"__staticRouterHydrationData\s*=\s*JSON\.parse\(\s*(?=\")")
_PRINTED = (".article-body",)
_NOT_TEXT = ".bff-google-ad, .bff-recommend-article, astro-island, .further-reading"


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`."""
    article = _hydrated(page)
    body = article.get("body_cn")
    if not isinstance(body, str):
        for node in page.tree.css(_NOT_TEXT):
            node.decompose()
        return generic.read(page, region=page.first(*_PRINTED))
    draft = Draft()
    headline, created = article.get("headline"), article.get("create_time")
    draft.offer("headline", headline if isinstance(headline, str) else None, "state")
    draft.offer("date_published", parse_date(created), "state")
    draft.offer("date_published_raw", str(created or ""), "state")
    draft.offer("topics", labels_of(ld_names(article.get("tags"))), "state")
    pictures = _pictures(article.get("images"), page.url)
    draft.offer("lead_image", next(iter(pictures), None), "state")
    draft.offer("images", pictures[1:], "state")
    offer_fields(page, draft)
    return read_composed(page, draft, body, "state")


def _hydrated(page: Page) -> dict[str, Any]:
    """The article in the router's data: JSON in a string of JavaScript; empty if there is none."""
    found = _HYDRATION.search(page.text)
    if found is None:
        return {}
    try:
        inner, _ = read_json(page.text, found.end())
        data = read_json(inner)[0] if isinstance(inner, str) and is_small(inner) else None
    except json.JSONDecodeError:
        return {}
    routes = data.get("loaderData") if isinstance(data, dict) else None
    for value in routes.values() if isinstance(routes, dict) else ():
        for name in ("context", "payload", "article"):
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, dict):
            return value
    return {}


def _pictures(said: Any, base_url: str) -> list[Image]:
    entries = [e for e in said if isinstance(e, dict)] if isinstance(said, list) else []
    found: list[Image | None] = []
    for entry in entries:
        caption = entry.get("caption")
        parts = split_credit(caption if isinstance(caption, str) else None)
        found.append(image_from(str(entry.get("url") or ""), base_url, *parts))
    return [image for image in found if image]
