"""Any article page: what the page says of itself, then its text, line by line."""

from __future__ import annotations

from crawler.items import Image
from crawler.parsers.generic.body import Reading, read_body
from crawler.parsers.generic.fields import offer_fields
from crawler.parsers.generic.refusal import refuse
from crawler.parsers.generic.wholeness import is_truncated
from crawler.reading.blocks import BlockWalk
from crawler.reading.captions import split_credit
from crawler.reading.draft import Draft
from crawler.reading.media import image_from
from crawler.reading.nodes import element_node
from crawler.reading.page import Page

VERSION = 2

_AROUND = ("article", "[role=main]", "main")


def read(page: Page) -> Draft:
    """Raises `NotAnArticle` for pages without a headline and a text, and for challenges."""
    draft = Draft()
    offer_fields(page, draft)
    reading = read_body(page, draft)
    refuse(page, draft, reading)
    draft.offer_all(reading.fields(), "page")
    _offer_pictures(page, draft, reading)
    draft.offer("truncated", is_truncated(page, reading), "page")
    canonical = page.canonical_link
    is_own = canonical and (page.outlet is None or page.outlet.is_own(canonical))
    draft.offer("url", canonical if is_own else None, "page")
    return draft


def _offer_pictures(page: Page, draft: Draft, reading: Reading) -> None:
    images: list[Image] = []
    if reading.container is not None:
        walk = BlockWalk(page.canonical_link or page.url)
        images = walk.walk([element_node(reading.container.node)]).finish().images
    lead = images[0] if images else None
    draft.offer("lead_image", lead, "page")
    shared = page.metadata.first("og:image", "twitter:image")
    alt = page.metadata.first("og:image:alt")
    if shared:
        draft.offer("lead_image", image_from(shared, page.url, *split_credit(alt)), "meta")
    draft.offer("images", [i for i in images if lead is None or i.url != lead.url], "page")
