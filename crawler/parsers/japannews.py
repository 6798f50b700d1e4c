"""The Japan News: in its captions the credit comes first, in an element of its own."""

from __future__ import annotations

from crawler.items import Image
from crawler.parsers import generic
from crawler.reading.draft import Draft
from crawler.reading.page import Page, element_text

VERSION = 1


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`."""
    draft = generic.read(page, region=page.first("#p-article-block"))
    lead, printed = draft.get("lead_image"), page.first("figure figcaption")
    span = printed.css_first("span") if printed else None
    if lead and printed and span is not None:
        credit, whole = element_text(span), element_text(printed)
        caption = whole.removeprefix(credit).strip() or None
        draft.replace("lead_image", Image(lead.url, caption, credit or None), "page")
    return draft
