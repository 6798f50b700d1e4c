"""The Drupal 7 generation, before about 2018."""

from __future__ import annotations

import re

from crawler.dates import parse_date
from crawler.items import Image
from crawler.parsers.scmp.rendered import figure_image
from crawler.reading.blocks import BlockWalk
from crawler.reading.captions import split_credit
from crawler.reading.draft import Draft
from crawler.reading.media import image_from
from crawler.reading.nodes import node_of
from crawler.reading.page import Page
from crawler.text import clean

_HEADLINE = (
    "h1#page-title",
    '.view-mode-level_masthead h2.node-title[property="dc:title"]',
    "h2.node-title",
)
_SUBHEADING = (".pane-node-field-subheading", ".field-name-field-subheading")
_BODY = (".pane-node-body", ".field-name-body")
_AUTHORS = ".field-name-field-authors a, .pane-node-field-authors a"
_AUTHORS_TEXT = (".field-name-field-authors", ".pane-node-field-authors")
_BYLINE = (".field-name-field-byline", ".pane-node-field-byline")
_CREATED = (".pane-node-created .pane-content", ".pane-node-created")
_UPDATED = (".pane-node-changed .pane-content", ".pane-node-changed")
_PICTURES = (".pane-node-field-images", ".field-name-field-images")
_MARKS = ", ".join((*_BODY, "h1#page-title", ".pane-node-created"))
_EMAIL = re.compile(r"\S+@\S+")


def offer(page: Page, draft: Draft) -> None:
    """Offer what a Drupal page shows. Printed times are Hong Kong's."""
    if page.first(_MARKS) is None:
        return
    created, raw = _date(page, "dateCreated", _CREATED)
    modified, _ = _date(page, "dateModified", _UPDATED)
    draft.offer_all(
        {
            "headline": page.first_text(*_HEADLINE),
            "summary": _summary(page),
            "authors": _authors(page),
            "date_published": created,
            "date_published_raw": raw,
            "date_modified": modified,
        },
        "page",
    )
    lead, others = _pictures(page)
    draft.offer("lead_image", lead, "page")
    node = page.first(*_BODY)
    if node is None or draft.has("paragraphs"):
        return
    body = BlockWalk(page.canonical_link or page.url).walk([node_of(page.soup(node))]).finish()
    body.images = [*others, *body.images]
    draft.offer_all(body.fields(), "page")


def _summary(page: Page) -> list[str]:
    node = page.first(*_SUBHEADING)
    if node is None:
        return []
    items = [clean(item.text(separator=" ")) for item in node.css("li, p")]
    whole = clean(node.text(separator=" "))
    return [item for item in items if item] or [text for text in [whole] if text]


def _authors(page: Page) -> list[str]:
    """The authors' links, else the byline without e-mail addresses and "by"."""
    names = [clean(node.text()) for node in page.tree.css(_AUTHORS)]
    if not any(names):
        text = page.first_text(*_AUTHORS_TEXT) or page.first_text(*_BYLINE) or ""
        text = re.sub(r"^by\s+", "", _EMAIL.sub("", text), flags=re.IGNORECASE)
        names = [clean(part) for part in re.split(r",|\band\b", text)]
    return list(dict.fromkeys(name for name in names if name))


def _date(page: Page, itemprop: str, selectors: tuple[str, ...]) -> tuple[object, str | None]:
    """(time, as printed) by `itemprop`, else by the pane. The page's own clock is not asked."""
    zone = page.outlet.zone if page.outlet else None
    for node in page.tree.css(f'[itemprop="{itemprop}"]'):
        said = (node.attributes.get("datetime"), node.attributes.get("content"), node.text())
        for raw in said:
            if moment := parse_date(clean(raw or ""), zone):
                return moment, clean(raw or "")
    text = page.first_text(*selectors)
    moment = parse_date(text, zone) if text else None
    return moment, text


def _pictures(page: Page) -> tuple[Image | None, list[Image]]:
    """(lead picture, those of the gallery); a gallery's captions are its links' titles."""
    node = page.first(*_PICTURES)
    if node is None:
        return None, []
    base = page.canonical_link or page.url
    gallery: list[Image] = []
    for link in node.css(".gallery-slide a[href]"):
        caption, credit = split_credit(link.attributes.get("title"))
        image = image_from(link.attributes.get("href") or "", base, caption, credit)
        if image:
            gallery.append(image)
    if gallery:
        return gallery[0], gallery[1:]
    return figure_image(page, node), []
