"""Any article page: what the page says of itself first, then the page."""

from __future__ import annotations

import re
from typing import Any

from bs4 import Tag
from selectolax.lexbor import LexborNode

from crawler.dates import parse_date
from crawler.errors import NotAnArticle
from crawler.items import Image
from crawler.reading.blocks import BlockWalk
from crawler.reading.body import Body
from crawler.reading.captions import split_credit
from crawler.reading.challenge import is_challenge
from crawler.reading.draft import Draft
from crawler.reading.media import image_from
from crawler.reading.metadata import ld_names, ld_text
from crawler.reading.nodes import node_of
from crawler.reading.page import Page
from crawler.text import clean

VERSION = 1

_MARKED_BODY = '[itemprop="articleBody"]'
_AROUND = ("article", "[role=main]", "main")
_STANDFIRST = '[class*="standfirst"], [class*="subheadline"], p.lead, .article-lead, .summary'
_BYLINE = '[rel="author"], [itemprop="author"], [class*="byline"], .author'
_BESIDE_TEXT = f'h1, {_STANDFIRST}, {_BYLINE}, [class*="byline"], .tags, .breadcrumbs, .meta'
_LEAST_TEXT = 80  # characters of paragraphs; shorter pages are notices
_LEAST_PARAGRAPH = 25  # characters; shorter lines do not tell where the text is
_DENSE_SHARE = 0.7  # of the article's paragraphs in one element: that one is the body
_FEWEST_PARAGRAPHS = 3  # where nothing else says that the page is an article


def read(page: Page) -> Draft:
    """Raises `NotAnArticle` for pages without a headline and a text, and for challenges."""
    draft = Draft()
    _offer_json_ld(page, draft)
    _offer_page(page, draft)
    _offer_meta(page, draft)
    body = _body(page, draft)
    draft.offer_all(body.fields(), "page")
    _check(page, draft)
    draft.offer("truncated", not draft.has("paragraphs"), "page")
    canonical = page.canonical_link
    is_own = canonical and (page.outlet is None or page.outlet.is_own(canonical))
    draft.offer("url", canonical if is_own else None, "page")
    return draft


def _check(page: Page, draft: Draft) -> None:
    paragraphs = draft.get("paragraphs") or []
    length = sum(map(len, paragraphs))
    if is_challenge(page, paragraphs):
        raise NotAnArticle(page.url, "a challenge or an error page")
    says_so = page.metadata.article or page.metadata.first("og:type") == "article"
    if length < _LEAST_TEXT and not (says_so and draft.has("summary")):
        raise NotAnArticle(page.url, f"{length} characters of text, at least {_LEAST_TEXT}")
    if not says_so and len(paragraphs) < _FEWEST_PARAGRAPHS and not page.first("article"):
        raise NotAnArticle(page.url, "nothing says that it is one")


def _offer_json_ld(page: Page, draft: Draft) -> None:
    ld = page.metadata.article
    if not ld:
        return
    zone = page.outlet.zone if page.outlet else None
    published = ld_text(ld.get("datePublished"))
    draft.offer_all(
        {
            "authors": ld_names(ld.get("author")),
            "date_published": parse_date(published, zone),
            "date_published_raw": published,
            "date_modified": parse_date(ld_text(ld.get("dateModified")), zone),
            "section": " / ".join(ld_names(ld.get("articleSection"))),
            "topics": _keywords(ld.get("keywords")),
            "comment_count": _count(ld.get("commentCount")),
        },
        "json-ld",
    )
    if str(ld.get("isAccessibleForFree")).lower() == "false":
        draft.offer("paywall", "metered", "json-ld")


def _keywords(value: Any) -> list[str]:
    names = ld_names(value)
    parts = re.split(r"[,;，、]", names[0]) if len(names) == 1 else names
    return list(dict.fromkeys(clean(part) for part in parts if clean(part)))


def _count(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def _offer_page(page: Page, draft: Draft) -> None:
    zone = page.outlet.zone if page.outlet else None
    ld = page.metadata.article
    draft.offer("headline", page.first_text("article h1", "main h1", "h1"), "page")
    draft.offer("headline", ld_text(ld.get("headline")), "json-ld")
    draft.offer("summary", _one(page.first_text(_STANDFIRST)), "page")
    draft.offer("topic", page.first_text('[class*="topic-label"]', ".kicker", ".rubric"), "page")
    times = page.tree.css("article time[datetime], main time[datetime], time[datetime]")
    raw = times[0].attributes.get("datetime") if times else None
    draft.offer("date_published", parse_date(raw, zone), "page")
    draft.offer("date_published_raw", raw, "page")
    names = [clean(node.text(separator=" ")) for node in page.tree.css(_BYLINE)]
    draft.offer("authors", list(dict.fromkeys(name for name in names if name))[:5], "page")


def _offer_meta(page: Page, draft: Draft) -> None:
    meta = page.metadata
    zone = page.outlet.zone if page.outlet else None
    published = meta.first("article:published_time", "datepublished", "pubdate", "date")
    modified = meta.first("article:modified_time", "og:updated_time", "datemodified")
    draft.offer_all(
        {
            "headline": meta.first("og:title", "twitter:title"),
            "authors": _one(meta.first("author", "article:author")),
            "date_published": parse_date(published, zone),
            "date_published_raw": published,
            "date_modified": parse_date(modified, zone),
            "section": meta.first("article:section"),
            "topics": meta.all("article:tag") or _keywords(meta.first("news_keywords") or ""),
        },
        "meta",
    )


def _one(text: str | None) -> list[str]:
    return [text] if text and not text.startswith("http") else []


def _body(page: Page, draft: Draft) -> Body:
    """The text's part of the tree, without what stands beside the text in it."""
    node = _text_node(page)
    walk = BlockWalk(page.canonical_link or page.url)
    if node is not None:
        part: Tag = page.soup(node)
        _cut_before_headline(part)
        for beside in part.select(_BESIDE_TEXT):
            beside.decompose()
        walk.walk([node_of(part)])
    body = walk.body.finish()
    lead = _lead(page, body)
    draft.offer("lead_image", lead, "page")
    shared = page.metadata.first("og:image", "twitter:image")
    alt = page.metadata.first("og:image:alt")
    if shared:
        draft.offer("lead_image", image_from(shared, page.url, *split_credit(alt)), "meta")
    body.images = [image for image in body.images if lead is None or image.url != lead.url]
    return body


def _cut_before_headline(part: Tag) -> None:
    """What stands before the headline is a label or a path, but for a picture."""
    headline = part.find("h1")
    if not isinstance(headline, Tag):
        return
    for before in list(headline.find_all_previous()):
        is_around = before in headline.parents
        if not is_around and before.name != "img" and before.find("img") is None:
            before.decompose()


def _lead(page: Page, body: Body) -> Image | None:
    """The first picture of the text, else the first of the article around it."""
    if body.images:
        return body.images[0]
    figure = page.first(*(f"{around} figure" for around in _AROUND))
    if figure is None:
        return None
    beside = BlockWalk(page.canonical_link or page.url).walk([node_of(page.soup(figure))])
    return beside.images[0] if beside.images else None


def _text_node(page: Page) -> LexborNode | None:
    """The marked body; else the element with most text in paragraphs of its own, or what is
    marked as the article around it where the text is spread over several.
    """
    marked = page.first(_MARKED_BODY)
    if marked is not None and marked.css_first("p") is not None:
        return marked
    best, length = _densest(page)
    around = page.first(*_AROUND)
    if around is not None and best is not None:
        whole = sum(len(clean(paragraph.text())) for paragraph in around.css("p"))
        if length < _DENSE_SHARE * whole:
            return around
    return best if best is not None else around


def _densest(page: Page) -> tuple[LexborNode | None, int]:
    lengths: dict[int, tuple[int, LexborNode]] = {}
    for paragraph in page.tree.css("p"):
        length = len(clean(paragraph.text()))
        parent = paragraph.parent
        if parent is not None and length >= _LEAST_PARAGRAPH:
            known = lengths.get(parent.mem_id, (0, parent))[0]
            lengths[parent.mem_id] = (known + length, parent)
    length, best = max(lengths.values(), key=lambda entry: entry[0], default=(0, None))
    return best, length
