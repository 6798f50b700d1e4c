"""The rendered HTML of the two JavaScript generations.

Next.js pages are found by their `data-qa` test attributes, Vue pages by their class names;
generated class names (`css-1a2b3c`) and `data-v-*` say nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from crawler.dates import parse_date
from crawler.items import Image, Video
from crawler.reading.blocks import BlockWalk
from crawler.reading.body import Body
from crawler.reading.draft import Draft
from crawler.reading.media import image_of, is_video_box, video_of_box
from crawler.reading.nodes import Node, descendants, node_of, text_of
from crawler.reading.page import Page
from crawler.text import clean

_HEADLINE = ('[data-qa="ContentHeadline-Headline"]', "h1.main-headline", "article h1", "main h1")
_TOPIC = ('[data-qa="ContentHeadline-Topic"]', "p.topic-label")
_TOPIC_AUTHOR = ".topic-label__topic-author"
_SUMMARY = ('[data-qa="ContentSubHeadline"]', "h2.sub-headline", ".sub-headline")
_AUTHORS = ('[data-qa="Byline"] a', ".article-author__name-link", 'a[href*="/author/"][rel=author]')
_DATES = '[data-qa="Dates"] time, .article-author__published-date time, .article-author time'
_UPDATED = (".article-author__updated-date", '[data-qa="Dates"]')
_LEAD = ('[data-qa="LeadingImage"]', ".main-image", ".leading-image")
_BODIES = ('[data-qa="ContentBody"]', '[data-qa="ArticleBody"]', ".article-details__body")
_PARAGRAPHS = "p.generic-article__body, p.content--p, .article-details-type--p"
_COMMENTS = ('[data-qa="CommentButton"]', ".share-widget__comment")
_LABEL = re.compile(
    r"^(?:opinion|editorial|exclusive|explainer|live|letters|analysis|as it happened)\s*\|\s*",
    re.IGNORECASE,
)


def offer(page: Page, draft: Draft) -> None:
    """Offer what the elements show; complete videos that the state knows by address only."""
    headline = page.first_text(*_HEADLINE)
    topic = _topic(page)
    times = _times(page)
    draft.offer_all(
        {
            "headline": _LABEL.sub("", headline) if headline else None,
            "topic": topic,
            "topics": [topic] if topic else [],
            "summary": _summary(page),
            "authors": _texts(page, _AUTHORS),
            "date_published": _time(times, page, 0),
            "date_published_raw": times[0][0] or times[0][1] if times else None,
            "date_modified": _time(times, page, 1) or _updated(page),
            "lead_image": _lead(page),
        },
        "page",
    )
    _offer_comments(page, draft)
    body = _body(page, draft.get("lead_image"))
    if not draft.has("paragraphs"):
        draft.offer_all(body.fields(), "page")
    _complete_videos(page, draft, body)


def _topic(page: Page) -> str | None:
    node = page.first(*_TOPIC)
    if node is None or node.css_first(_TOPIC_AUTHOR) is not None:
        return None
    return clean(node.text(separator=" ")) or None


def _texts(page: Page, selectors: tuple[str, ...]) -> list[str]:
    for selector in selectors:
        texts = [clean(node.text(separator=" ")) for node in page.tree.css(selector)]
        if any(texts):
            return list(dict.fromkeys(text for text in texts if text))
    return []


def _summary(page: Page) -> list[str]:
    node = page.first(*_SUMMARY)
    if node is None:
        return []
    bullets = [clean(item.text(separator=" ")) for item in node.css("li")]
    return [b for b in bullets if b] or [t for t in [clean(node.text(separator=" "))] if t]


def _times(page: Page) -> list[tuple[str | None, str]]:
    """(`datetime` attribute, text) of the times beside the byline, in order."""
    nodes = page.tree.css(_DATES)
    return [(n.attributes.get("datetime"), clean(n.text())) for n in nodes]


def _time(times: list[tuple[str | None, str]], page: Page, index: int) -> object:
    if index >= len(times):
        return None
    zone = page.outlet.zone if page.outlet else None
    attribute, text = times[index]
    return parse_date(attribute, zone) or parse_date(text, zone)


def _updated(page: Page) -> object:
    zone = page.outlet.zone if page.outlet else None
    text = page.first_text(_UPDATED[0]) or page.first_text(_UPDATED[1]) or ""
    after = re.split(r"updated\s*:", text, flags=re.IGNORECASE)
    return parse_date(after[1], zone) if len(after) > 1 else None


def _lead(page: Page) -> Image | None:
    node = page.first(*_LEAD)
    return figure_image(page, node) if node is not None else None


def figure_image(page: Page, node: LexborNode) -> Image | None:
    """The picture of a box with its printed caption."""
    box = node_of(page.soup(node))
    captions = [clean(text_of([n])) for n in descendants(box, "figcaption")]
    if not captions:
        titled = node.css_first(".main-image__title, [class*=caption]")
        captions = [clean(titled.text(separator=" "))] if titled is not None else []
    base = page.canonical_link or page.url
    pictures = (
        image_of(picture, base, captions[0] if captions else None)
        for picture in descendants(box, "img")
    )
    return next((picture for picture in pictures if picture), None)


def _offer_comments(page: Page, draft: Draft) -> None:
    """A count shown on the page beats a 0 in the state, which is filled in later.

    `99+` is no number: null.
    """
    text = page.first_text(*_COMMENTS) or ""
    count = int(text) if text.isascii() and text.isdigit() else None
    if count and not draft.get("comment_count"):
        draft.replace("comment_count", count, "page")
    draft.offer("comment_count", count, "page")


def _body(page: Page, lead: Image | None) -> Body:
    node = page.first(*_BODIES)
    if node is None:
        first = page.first(_PARAGRAPHS)
        node = first.parent if first is not None else None
    walk = BlockWalk(page.canonical_link or page.url)
    if node is not None:
        walk.walk([node_of(page.soup(node))])
    body = walk.body.finish()
    body.images = [image for image in body.images if lead is None or image.url != lead.url]
    return body


def _complete_videos(page: Page, draft: Draft, body: Body) -> None:
    """Titles and durations as printed, for videos of the state that lack them.

    The printed ones are the state's in the same order, if they are as many.
    """
    videos: list[Video] = draft.get("videos") or []
    printed = body.videos or _video_boxes(page)
    if not videos:
        draft.offer("videos", printed, "page")
    elif len(videos) == len(printed) and any(v.title is None for v in videos):
        pairs = zip(videos, printed, strict=True)
        completed = [
            replace(
                v,
                title=v.title or p.title,
                duration_seconds=v.duration_seconds or p.duration_seconds,
            )
            for v, p in pairs
        ]
        draft.replace("videos", completed, draft.provenance["videos"])


def _video_boxes(page: Page) -> list[Video]:
    boxes: list[Node] = [node_of(page.soup(n)) for n in page.tree.css('[data-qa="VideoPlayer"]')]
    inner = [n for box in boxes for n in descendants(box, "div", "figure") if is_video_box(n)]
    found = (video_of_box(box, page.url) for box in inner)
    return [video for video in found if video]
