"""Whether an SCMP page asks for money, and whether it held the whole article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.reading.draft import Draft
from crawler.reading.page import Page

_WALL = ".piano-metering__paywall-container, .paywalled-content, [data-qa*=Paywall]"
_STUB = re.compile(r">\s*read full article\s*<", re.IGNORECASE)
_CLOSED_TYPES = re.compile(r"plus|premium|subscriber|hard|closed", re.IGNORECASE)
_FEWEST_PARAGRAPHS = 3  # of a whole article behind a paywall; teasers have one or two
_FLAT_BODY_RATIO = 1.5  # articleBody this much longer than our paragraphs: some are missing


def offer_access(page: Page, draft: Draft) -> None:
    """Offer `paywall` and `truncated`.

    `isAccessibleForFree: False` and a content lock stand on readable pages too: they mean
    metered. The body of `/plus/` pages is for subscribers.
    """
    kinds = draft.get("paywall_types") or []
    is_plus = urlsplit(draft.get("url") or page.url).path.startswith("/plus/")
    if is_plus or any(_CLOSED_TYPES.search(kind) for kind in kinds):
        draft.offer("paywall", "closed", "url" if is_plus else "state")
    elif draft.get("content_lock") or kinds:
        draft.offer("paywall", "metered", "state")
    elif str(page.metadata.article.get("isAccessibleForFree")).lower() == "false":
        draft.offer("paywall", "metered", "json-ld")
    elif page.first(_WALL) is not None:
        draft.offer("paywall", "metered", "page")
    draft.offer("truncated", _is_truncated(page, draft), "page")


def _is_truncated(page: Page, draft: Draft) -> bool:
    paragraphs = draft.get("paragraphs") or []
    if not paragraphs:
        return True
    if draft.has("paywall") and len(paragraphs) < _FEWEST_PARAGRAPHS:
        return True
    if draft.provenance["paragraphs"] != "page":
        return False
    flat = page.metadata.article.get("articleBody")
    length = sum(map(len, paragraphs))
    is_part = isinstance(flat, str) and len(flat) > _FLAT_BODY_RATIO * length
    return is_part or bool(_STUB.search(page.text))
