"""The pictures above an article's text, as rendered pages of every generation show them."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from crawler.items import Image
from crawler.reading.blocks import BlockWalk
from crawler.reading.nodes import children, descendants, element_node
from crawler.reading.page import Page

_LEAD = ('[data-qa="LeadingImage"]', ".main-images", ".main-image", "[class*=leading-image]")
_CAPTION = ".main-image__title, [class*=caption]"
_MOST_NODES = 200  # of one kind that are looked at


def lead_pictures(page: Page, bodies: tuple[str, ...]) -> list[Image]:
    """The lead photo and the others of its carousel; else what stands before the body."""
    for selector in _LEAD:
        nodes = page.tree.css(selector)[:_MOST_NODES]
        images = [image for node in nodes for image in box_images(page, node)]
        if images:
            return images
    return _figures_before(page, ", ".join(bodies))


def _figures_before(page: Page, bodies: str) -> list[Image]:
    for node in page.tree.css(f"article figure, main figure, {bodies}")[:_MOST_NODES]:
        if node.tag != "figure" or node.css_matches(bodies):
            break
        images = box_images(page, node)
        if images:
            return images[:1]
    return []


def box_images(page: Page, node: LexborNode) -> list[Image]:
    """The pictures of a box with their printed captions."""
    box = element_node(node)
    base = page.address
    figures = [part for part in [box, *descendants(box, "figure")] if part["type"] == "figure"]
    titled = node.css_first(_CAPTION)
    if titled is not None and not any(descendants(box, "figcaption")):
        caption = {"type": "figcaption", "children": children(element_node(titled))}
        figures = [{"type": "figure", "children": [*descendants(box, "img"), caption]}]
    return BlockWalk(base).walk(figures or descendants(box, "img")).finish().images
