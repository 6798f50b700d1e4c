"""The article's leading picture, with its caption and credit."""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.items import Image
from crawler.parsers.generic.fields_headline import Headline
from crawler.printed_dates import read_printed
from crawler.reading.captions import bare_credit, split_credit
from crawler.reading.draft import Draft
from crawler.reading.figures import text_beside
from crawler.reading.jsonld import JsonObject, ld_objects, ld_text
from crawler.reading.media import image_from, is_site_art
from crawler.reading.page import Page
from crawler.reading.picture_addresses import address_of, names_of
from crawler.reading.surroundings import ancestors, is_beside, marks
from crawler.text import clean

_NO_BOX = re.compile(
    r" (?:logo|icon|avatar|author\w*|byline|profile|portrait|brand|ad|ads|advert\w*|banner|emoji"
    r"|sponsor\w*|follow|newsletter|podcast) "
)
_LEAST_SIDE = 120  # pixels, where the page says; smaller ones are icons and portraits
_MOST_PICTURES = 80
_LONG_PARAGRAPH = 140  # characters; the text has begun there
_LEAST_HEADLINE = 15  # characters; a shorter one may be in a caption by chance
_LONGEST_DATE = 30  # characters


def offer_picture(page: Page, draft: Draft, headline: Headline | None) -> None:
    """Offer `lead_image`: the one printed before the text, else what metadata names."""
    said = _said(page)
    names = {name for image in said for name in names_of(image.url)}
    printed = _printed(page, headline, names)
    if printed:
        printed = _without_other_text(printed, str(draft.get("headline") or ""))
        alike = next((i for i in said if names_of(i.url) & names_of(printed.url)), None)
        caption = printed.caption or (alike.caption if alike and not printed.credit else None)
        credit = printed.credit or (alike.credit if alike else None)
        draft.offer("lead_image", Image(printed.url, caption, credit), "page")
    for image in said[:1]:
        is_ld = bool(page.metadata.article.get("image"))
        draft.offer("lead_image", image, "json-ld" if is_ld else "meta")


def _without_other_text(image: Image, headline: str) -> Image:
    """No caption where that is the article's own head, or its date."""
    caption = image.caption or ""
    is_head = len(headline) > _LEAST_HEADLINE and headline.casefold() in caption.casefold()
    is_date = 0 < len(caption) <= _LONGEST_DATE and read_printed(caption) is not None
    return Image(image.url) if is_head or is_date else image


def offer_other_pictures(page: Page, draft: Draft, area: LexborNode) -> None:
    """Offer `images`: the pictures in the box of the text, the leading one left out."""
    lead = draft.get("lead_image")
    known = names_of(lead.url) if lead else set()
    others: list[Image] = []
    for node in area.css("img, figure")[:_MOST_PICTURES]:
        source = address_of(node) if _is_picture(node, area) else None
        image = _image(node, source, area, page.url) if source else None
        if image is not None and known.isdisjoint(names := names_of(image.url)):
            known |= names
            others.append(image)
    draft.offer("images", others, "page")


def _said(page: Page) -> list[Image]:
    """The pictures that metadata names, with what it says of them."""
    meta = page.metadata
    value = meta.article.get("image") or meta.article.get("thumbnailUrl")
    found: list[Image | None] = []
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, str):
            found.append(image_from(entry, page.url, None, None))
    for entry in ld_objects(value, meta.json_ld_ids):
        found.append(_ld_image(entry, page.url))
    for shared in (meta.first("og:image", "og:image:url"), meta.first("twitter:image")):
        if shared:
            found.append(image_from(shared, page.url, None, None))
    return [image for image in found if image]


def _ld_image(entry: JsonObject, base: str) -> Image | None:
    source = entry.get("contentUrl") or entry.get("url") or entry.get("@id")
    if isinstance(source, list):
        source = next(iter(source), None)
    if not isinstance(source, str):
        return None
    caption, credit = split_credit(ld_text(entry.get("caption")))
    named = ld_text(entry.get("creditText")) or ld_text(entry.get("copyrightNotice"))
    return image_from(source, base, caption, bare_credit(named) or credit)


def _printed(page: Page, headline: Headline | None, said: set[str]) -> Image | None:
    """The first picture of the article: one that metadata names, else one with a caption."""
    area = _area(page, headline)
    if area is None:
        return None
    title = headline.node if headline else None
    others: list[tuple[LexborNode, str]] = []
    begun = False
    for node in area.css("img, p, figure")[: _MOST_PICTURES * 4]:
        if node.tag == "p":
            begun = begun or (len(node.text()) > _LONG_PARAGRAPH and not _in_figure(node))
            continue
        if begun and others:
            break
        source = address_of(node)
        if source is None or is_site_art(source):
            continue
        if not said.isdisjoint(names_of(source)):
            return _image(node, source, area, page.url, title)
        if _is_picture(node, area):
            others.append((node, source))
    bare: Image | None = None
    for node, source in others:
        image = _image(node, source, area, page.url, title)
        if image is not None and (image.caption or image.credit or _in_figure(node)):
            return image
        bare = bare or image
    return None if said else bare


def _area(page: Page, headline: Headline | None) -> LexborNode | None:
    """The article's part of the page: what is marked so around the headline, else the body."""
    if headline is not None:
        around = [a for a in ancestors(headline.node) if a.tag in ("article", "main")]
        for box in around:
            if box.css_first("img") is not None and len(box.css("p")) > 2:
                return box
    marked = page.first("main", "[role=main]", "article")
    if marked is not None and marked.css_first("img") is not None and len(marked.css("p")) > 2:
        return marked
    return page.tree.body


def _in_figure(node: LexborNode) -> bool:
    return any(above.tag in ("figure", "figcaption") for above in islice(ancestors(node), 4))


def _is_picture(node: LexborNode, area: LexborNode) -> bool:
    if node.tag == "figure":  # whose picture is put in by a script
        return node.css_first("img") is None and node.css_first("source, noscript") is not None
    attributes = node.attributes
    for name in ("width", "height"):
        side = (attributes.get(name) or "").removesuffix("px")
        if side.isdigit() and 0 < int(side) < _LEAST_SIDE:
            return False
    if _NO_BOX.search(marks(node)):
        return False
    if any(_NO_BOX.search(marks(above)) for above in islice(ancestors(node), 3)):
        return False
    return not is_beside(node, until=area)


def _image(
    node: LexborNode,
    source: str,
    area: LexborNode,
    base: str,
    title: LexborNode | None = None,
) -> Image | None:
    caption, credit = text_beside(node, area, title)
    if caption is None and node.tag == "img":
        caption, said = split_credit(_title(node))
        credit = credit or said
    return image_from(source, base, caption, credit)


def _title(node: LexborNode) -> str | None:
    return clean(node.attributes.get("title") or "") or None
