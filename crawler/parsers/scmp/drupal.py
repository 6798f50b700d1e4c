"""The Drupal 7 generation, before about 2018."""

from __future__ import annotations

from crawler.items import Image
from crawler.parsers.scmp import labels
from crawler.parsers.scmp.pictures import box_images
from crawler.reading.blocks import BlockWalk
from crawler.reading.captions import split_credit
from crawler.reading.draft import Draft
from crawler.reading.media import image_from
from crawler.reading.page import Page, element_text

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
_PICTURES = (".pane-node-field-images", ".field-name-field-images")
_MARKS = ", ".join((*_BODY, "h1#page-title", ".pane-node-created"))


def offer(page: Page, draft: Draft) -> None:
    """Offer what a Drupal page shows, but for its times."""
    if page.first(_MARKS) is None:
        return
    draft.offer_all(
        {
            "headline": labels.unlabelled(page.first_text(*_HEADLINE)),
            "summary": _summary(page),
            "authors": _authors(page),
            "is_drupal": True,
        },
        "page",
    )
    pictures = _pictures(page)
    draft.offer("lead_image", next(iter(pictures), None), "page")
    node = page.first(*_BODY)
    if node is None or draft.has("paragraphs"):
        return
    walk = BlockWalk(page.address).walk(page.article_nodes(node))
    body = walk.finish(draft.get("lead_image"), pictures)
    body.related = labels.on_main_host(body.related)
    draft.offer_all(body.fields(), "page")


def _summary(page: Page) -> list[str]:
    node = page.first(*_SUBHEADING)
    if node is None:
        return []
    items = [element_text(item) for item in node.css("li, p")]
    return [item for item in items if item] or [text for text in [element_text(node)] if text]


def _authors(page: Page) -> list[str]:
    """The authors' links, else the byline."""
    texts = map(element_text, page.tree.css(_AUTHORS))
    links = [name for text in texts for name in labels.names_in(text)]
    text = page.first_text(*_AUTHORS_TEXT) or page.first_text(*_BYLINE) or ""
    return list(dict.fromkeys(links)) or labels.names_in(text)


def _pictures(page: Page) -> list[Image]:
    """The pictures above the text; a gallery's captions are its links' titles."""
    node = page.first(*_PICTURES)
    if node is None:
        return []
    base = page.address
    gallery: list[Image] = []
    for link in node.css(".gallery-slide a[href]"):
        picture = link.css_first("img")
        printed = link.attributes.get("title") or (
            picture and (picture.attributes.get("title") or picture.attributes.get("alt"))
        )
        address = link.attributes.get("href") or ""
        image = image_from(address, base, *split_credit(printed or None))
        if image:
            gallery.append(image)
    return gallery or box_images(page, node)
