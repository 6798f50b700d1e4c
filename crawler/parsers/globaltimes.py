"""Global Times: the text stands bare between line breaks, its `p` elements are captions."""

from __future__ import annotations

import re

from crawler.parsers import generic
from crawler.reading.bylines import names_in_byline
from crawler.reading.captions import split_credit
from crawler.reading.draft import Draft
from crawler.reading.media import image_from
from crawler.reading.page import Page, element_text
from crawler.reading.stamps import offer_stamp

VERSION = 1

_TEXT = (".article_content .article_right", ".article_content")
_CAPTION = "p.picture"
_STAMP = re.compile(r"\w{3,9} \d{1,2}, \d{4} \d{1,2}:\d{2} [AP]M")


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`."""
    draft = Draft()
    draft.offer("headline", page.first_text(".article_title"), "page")
    subtitle = page.first_text(".article_subtitle")
    draft.offer("summary", [subtitle] if subtitle else [], "page")
    draft.offer("authors", names_in_byline(page.first_text(".byline") or ""), "page")
    draft.offer("section", page.first_text(".article_column"), "page")
    offer_stamp(page, draft, page.first_text(".pub_time"), _STAMP)
    region = page.first(*_TEXT)
    picture = region.css_first("img[src]") if region else None
    if region and picture is not None:
        printed = region.css_first(_CAPTION)
        caption, credit = split_credit(element_text(printed) if printed else None)
        source = picture.attributes.get("src") or ""
        draft.offer("lead_image", image_from(source, page.url, caption, credit), "page")
        for node in region.css(_CAPTION):
            node.decompose()
    return generic.read(page, draft, region=region)
