"""Nikkei Asia: the article is in the state of its Next.js page; of most the beginning alone."""

from __future__ import annotations

import json
from typing import Any

from crawler.parsers import generic
from crawler.parsers.generic.composed import read_composed
from crawler.parsers.generic.fields import offer_fields
from crawler.reading.captions import split_credit
from crawler.reading.draft import Draft
from crawler.reading.json_text import is_small, read_json
from crawler.reading.media import image_from
from crawler.reading.page import Page

VERSION = 1


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`. What is not free to read is there in part: metered, truncated."""
    said = _state(page)
    draft = Draft()
    subhead = said.get("subhead")
    draft.offer("summary", [subhead] if isinstance(subhead, str) and subhead else [], "state")
    image = said.get("image")
    if isinstance(image, dict):
        caption = image.get("fullCaption")
        parts = split_credit(caption if isinstance(caption, str) else None)
        source = str(image.get("url") or page.metadata.first("og:image") or "")
        draft.offer("lead_image", image_from(source, page.url, *parts), "state")
    offer_fields(page, draft)
    draft.offer("truncated", draft.get("paywall") == "metered" or None, "json-ld")
    body = said.get("body")
    if isinstance(body, str) and "<p" in body:
        return read_composed(page, draft, body, "state")
    return generic.read(page, draft)


def _state(page: Page) -> dict[str, Any]:
    """The page's data in `__NEXT_DATA__`; empty where it is missing or of another shape."""
    node = page.first("script#__NEXT_DATA__")
    text = node.text().strip() if node else ""
    try:
        value = read_json(text)[0] if text and is_small(text) else None
    except json.JSONDecodeError:
        return {}
    for name in ("props", "pageProps", "data"):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
