"""Any article page: what the page says of itself, then its text, line by line."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from crawler.parsers.generic.agencies import reporters_in
from crawler.parsers.generic.body import Reading, read_body
from crawler.parsers.generic.elsewhere import read_elsewhere
from crawler.parsers.generic.fields import offer_fields
from crawler.parsers.generic.fields_picture import offer_other_pictures
from crawler.parsers.generic.refusal import refuse
from crawler.parsers.generic.wholeness import is_truncated
from crawler.reading.draft import Draft
from crawler.reading.page import Page

VERSION = 3


def read(page: Page, draft: Draft | None = None, *, region: LexborNode | None = None) -> Draft:
    """Raises `NotAnArticle` for pages without a headline and a text, and for challenges.

    An outlet's own reader gives what it knows better: fields found, in `draft`, which stand,
    and the element that has the text, as `region`.
    """
    draft = Draft() if draft is None else draft
    headline = offer_fields(page, draft)
    reading = read_body(page, draft, headline.node if headline else None, region)
    try:
        _offer_body(page, draft, reading)
    finally:
        reading.release()
    return draft


def _offer_body(page: Page, draft: Draft, reading: Reading) -> None:
    source = read_elsewhere(page, draft.get("headline") or "", reading)
    refuse(page, reading)
    _offer_reporters(draft, reading.body.paragraphs)
    draft.offer_all(reading.fields(), source)
    if reading.container is not None:
        offer_other_pictures(page, draft, reading.container.node)
    draft.offer("truncated", is_truncated(page, reading), "page")


def _offer_reporters(draft: Draft, paragraphs: list[str]) -> None:
    """Those behind the dateline come before an editor whom the page prints."""
    names = reporters_in(paragraphs[0]) if paragraphs else []
    if names and draft.provenance.get("authors") == "page":
        draft.withdraw("authors")
    draft.offer("authors", names, "page")
