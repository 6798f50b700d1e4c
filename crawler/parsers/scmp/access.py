"""Whether an SCMP page asks for money, and whether it held the whole article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.reading.draft import Draft
from crawler.reading.page import Page

_WALL = ".piano-metering__paywall-container, .paywalled-content, [data-qa*=Paywall]"
_STUB = "read full article"
_CLOSED_TYPES = re.compile(r"plus|premium|subscriber|hard|closed", re.IGNORECASE)
_FEWEST_PARAGRAPHS = 3  # of a whole article; teasers have one or two
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
    """No body, a teaser's length, a flat body much longer, or a button to the rest.

    A state has the whole body unless it is behind a wall; wire flashes of one paragraph were
    common in the Drupal years.
    """
    paragraphs = draft.get("paragraphs") or []
    if not paragraphs:
        return True
    is_whole_by_kind = draft.get("is_drupal") or draft.provenance["paragraphs"] != "page"
    is_short = len(paragraphs) < _FEWEST_PARAGRAPHS
    if is_short and (draft.has("paywall") or not is_whole_by_kind):
        return True
    flat = page.metadata.article.get("articleBody")
    if isinstance(flat, str) and len(flat) > _FLAT_BODY_RATIO * sum(map(len, paragraphs)):
        return True
    return draft.provenance["paragraphs"] == "page" and _has_stub(page)


def _has_stub(page: Page) -> bool:
    text = page.text.lower()
    return _STUB in text and any(
        " ".join(node.text().lower().split()).startswith(_STUB)
        for node in page.tree.css("a, button, div, span, p")
        if len(node.text()) < 2 * len(_STUB)
    )
