"""The article's leading picture, with its caption and credit."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawler.items import Image
from crawler.parsers.generic.fields_headline import Headline
from crawler.reading.captions import bare_credit, split_credit
from crawler.reading.draft import Draft
from crawler.reading.figures import caption_of, plain_caption_of
from crawler.reading.jsonld import JsonObject, ld_objects, ld_text
from crawler.reading.media import image_from
from crawler.reading.page import Page
from crawler.reading.surroundings import ancestors, is_beside, marks
from crawler.text import clean

_LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-image", "data-img-url",
    "data-url", "data-full-src", "data-hi-res-src", "data-flickity-lazyload", "src",
)  # fmt: skip
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_NO_PICTURE = re.compile(
    r"^data:|placeholder|/(?:blank|spacer|pixel|pxl|transparent|loading|1x1|empty)[\w.-]*\."
    r"|\.svg(?:$|\?)|icon|logo|sprite|avatar|gravatar|/ads?/|//counter\.|/c\.gif|beacon|tracking|emoji|badge|button",
    re.IGNORECASE,
)
_NO_BOX = re.compile(
    r" (?:logo|icon|avatar|author\w*|byline|profile|portrait|brand|ad|ads|advert\w*|banner|emoji"
    r"|sponsor\w*|follow|newsletter|podcast) "
)
_LEAST_SIDE = 120  # pixels, where the page says; smaller ones are icons and portraits
_MOST_PICTURES = 80
_LONG_PARAGRAPH = 140  # characters; the text has begun there
_CLIMB = 4  # boxes around a picture that may hold its caption
_MOST_LINES = 3  # paragraphs of such a box
_LONGEST_BOX = 900  # characters of such a box; more is the article
_SIZE = re.compile(r"[-_](?:\d{2,4}x\d{2,4}|\d{2,4}w|scaled)$")
_SUFFIX = re.compile(r"(?:\.(?:jpe?g|png|webp|gif|avif))+$", re.IGNORECASE)


def offer_picture(page: Page, draft: Draft, headline: Headline | None) -> None:
    """Offer `lead_image`: the one printed before the text, else what metadata names."""
    said = _said(page)
    printed = _printed(page, headline, {_stem(image.url) for image in said})
    if printed:
        alike = next((i for i in said if _stem(i.url) == _stem(printed.url)), None)
        caption = printed.caption or (alike.caption if alike and not printed.credit else None)
        credit = printed.credit or (alike.credit if alike else None)
        draft.offer("lead_image", Image(printed.url, caption, credit), "page")
    for image in said[:1]:
        is_ld = bool(page.metadata.article.get("image"))
        draft.offer("lead_image", image, "json-ld" if is_ld else "meta")


def offer_other_pictures(page: Page, draft: Draft, area: LexborNode) -> None:
    """Offer `images`: the pictures in the box of the text, the leading one left out."""
    lead = draft.get("lead_image")
    known = {_stem(lead.url)} if lead else set()
    others: list[Image] = []
    for node in area.css("img, figure")[:_MOST_PICTURES]:
        image = _image(node, area, page.url) if _is_picture(node, area) else None
        if image is not None and _stem(image.url) not in known:
            known.add(_stem(image.url))
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
    """The first picture of the article: one that metadata names, else one in a figure."""
    area = _area(page, headline)
    if area is None:
        return None
    title = headline.node if headline else None
    bare: Image | None = None
    framed: Image | None = None
    begun = False
    for node in area.css("img, p, figure")[: _MOST_PICTURES * 4]:
        if node.tag == "p":
            begun = begun or (len(node.text()) > _LONG_PARAGRAPH and not _in_figure(node))
            continue
        if begun and (framed or bare):
            break
        image = _image(node, area, page.url, title) if _is_picture(node, area) else None
        if image is not None:
            if _stem(image.url) in said:
                return image
            if _in_figure(node):
                framed = framed or image
            bare = bare or image
    return framed or bare


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
    if node.tag == "figure":
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
    node: LexborNode, area: LexborNode, base: str, title: LexborNode | None = None
) -> Image | None:
    source = _source(node)
    if source is None:
        return None
    caption, credit = _beside(node, area, title)
    if caption is None and node.tag == "img":
        caption, said = split_credit(_title(node))
        credit = credit or said
    return image_from(source, base, caption, credit)


def _title(node: LexborNode) -> str | None:
    return clean(node.attributes.get("title") or "") or None


def _source(node: LexborNode) -> str | None:
    """The largest of a picture's addresses, as far as the page says."""
    attributes = node.attributes
    candidates = [(attributes.get(name) or "").strip() for name in _LAZY]
    holder = node.parent if node.tag == "img" else node
    sets = [attributes.get(name) for name in _SETS]
    if holder is not None and holder.tag in ("picture", "figure"):
        for part in holder.css("source"):
            sets += [part.attributes.get(name) for name in _SETS]
    plain = next((c for c in candidates if c and not _NO_PICTURE.search(c)), None)
    return plain or _largest(sets)


def _largest(sets: list[str | None]) -> str | None:
    found: list[tuple[float, str]] = []
    for value in sets:
        for entry in re.split(r",\s+|,(?=https?:|/)", value or ""):
            address, _, width = entry.strip().partition(" ")
            if address and not _NO_PICTURE.search(address):
                digits = re.match(r"\s*(\d{1,5})", width)
                found.append((float(digits[1]) if digits else 0.0, address))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _beside(
    node: LexborNode, area: LexborNode, title: LexborNode | None
) -> tuple[str | None, str | None]:
    """What is printed with a picture: in its figure, else in a box around it alone."""
    around = list(islice(ancestors(node), _CLIMB + 3))
    figure = node if node.tag == "figure" else None
    figure = figure or next((above for above in around if above.tag == "figure"), None)
    if figure is not None and any(found := caption_of(figure)):
        return found
    for above in islice(ancestors(figure or node), _CLIMB):
        if above.mem_id == area.mem_id or (title is not None and _holds(above, title)):
            break
        if len(clean(above.text())) > _LONGEST_BOX or len(above.css("p")) > _MOST_LINES:
            break
        if any(found := caption_of(above)) or any(found := plain_caption_of(above)):
            return found
    return None, None


def _holds(box: LexborNode, node: LexborNode) -> bool:
    return any(above.mem_id == box.mem_id for above in (node, *ancestors(node)))


def _stem(url: str) -> str:
    """The name of a picture's file without the marks of its sizes."""
    path = unquote(urlsplit(url).path).rstrip("/")
    name = _SIZE.sub("", _SUFFIX.sub("", path.rsplit("/", 1)[-1]))
    return name.lower() if len(name) > 3 else path.lower()
