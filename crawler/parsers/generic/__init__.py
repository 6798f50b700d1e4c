"""Any article page: what the page says of itself, then its text, line by line."""

from __future__ import annotations

from crawler.parsers.generic.body import Reading, read_body
from crawler.parsers.generic.elsewhere import read_elsewhere
from crawler.parsers.generic.fields import offer_fields
from crawler.parsers.generic.fields_picture import offer_other_pictures
from crawler.parsers.generic.refusal import refuse
from crawler.parsers.generic.wholeness import is_truncated
from crawler.reading.draft import Draft
from crawler.reading.page import Page

VERSION = 2


def read(page: Page) -> Draft:
    """Raises `NotAnArticle` for pages without a headline and a text, and for challenges."""
    draft = Draft()
    headline = offer_fields(page, draft)
    reading = read_body(page, draft, headline.node if headline else None)
    try:
        _offer_body(page, draft, reading)
    finally:
        reading.release()
    return draft


def _offer_body(page: Page, draft: Draft, reading: Reading) -> None:
    source = read_elsewhere(page, draft.get("headline") or "", reading)
    refuse(page, reading)
    draft.offer_all(reading.fields(), source)
    if reading.container is not None:
        offer_other_pictures(page, draft, reading.container.node)
    draft.offer("truncated", is_truncated(page, reading), "page")
