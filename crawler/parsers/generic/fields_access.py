"""Whether an article can be read by everyone, and how much it is talked about."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.reading.draft import Draft
from crawler.reading.jsonld import JsonObject, ld_objects, ld_text
from crawler.reading.page import Page
from crawler.reading.surroundings import is_beside, line_of

_TIER = ("article:content_tier", "content_tier", "og:content_tier", "article.content_tier")
_TIERS = {"free": "none", "metered": "metered", "locked": "closed", "paid": "closed"}
_LARGEST_COUNT = 9_999_999  # comments; a larger number is an id
_COMMENT_BOX = '[class*="omment"]'
_MOST_BOXES = 6
_COUNT = re.compile(r"^\D{0,30}(\d{1,7})(?![\d.,:])\D{0,30}$")


def offer_access(page: Page, draft: Draft) -> None:
    """Offer `paywall` and `comment_count`. A page that does not say is null."""
    meta, ld = page.metadata, page.metadata.article
    tier = (meta.first(*_TIER) or "").lower()
    draft.offer("paywall", _TIERS.get(tier), "meta")
    free = ld.get("isAccessibleForFree")
    parts = ld_objects(ld.get("hasPart"), meta.json_ld_ids)
    if _is_false(free) or (free is None and any(map(_is_closed_part, parts))):
        draft.offer("paywall", "metered", "json-ld")
    draft.offer("comment_count", count_of(ld.get("commentCount")), "json-ld")
    draft.offer("comment_count", _interactions(ld, page), "json-ld")
    for value in meta.marked_values("commentCount"):
        draft.offer("comment_count", count_of(value), "microdata")
    if not draft.has("comment_count"):
        draft.offer("comment_count", _printed_count(page), "page")


def _is_false(value: Any) -> bool:
    return value is False or str(value).strip().lower() in ("false", "no", "0")


def _is_closed_part(part: JsonObject) -> bool:
    return _is_false(part.get("isAccessibleForFree"))


def count_of(value: Any) -> int | None:
    """A number that counts something, from a number or its digits."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return value if 0 <= value <= _LARGEST_COUNT else None
    text = ld_text(value) or ""
    return count_of(int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _interactions(ld: JsonObject, page: Page) -> int | None:
    """The comments among https://schema.org/interactionStatistic."""
    for entry in ld_objects(ld.get("interactionStatistic"), page.metadata.json_ld_ids):
        kind = entry.get("interactionType")
        name = kind.get("@type") if isinstance(kind, dict) else kind
        if "CommentAction" in str(name):
            return count_of(entry.get("userInteractionCount"))
    return None


def _printed_count(page: Page) -> int | None:
    boxes = (node for node in page.tree.css(_COMMENT_BOX) if _is_count_box(node))
    for node in islice(boxes, _MOST_BOXES):
        if node.css_first("a a, article, p") is not None or len(node.text()) > 200:
            continue
        found = _COUNT.match(line_of(node))
        if found and not is_beside(node.parent or node):
            return int(found[1])
    return None


def _is_count_box(node: LexborNode) -> bool:
    named = node.attributes.get("class") or ""
    return "ount" in named or "umber" in named
