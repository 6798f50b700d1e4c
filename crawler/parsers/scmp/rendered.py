"""The rendered HTML of the two JavaScript generations.

Next.js pages are found by their `data-qa` test attributes, Vue pages by their class names;
generated class names (`css-1a2b3c`) and `data-v-*` say nothing.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.items import Video
from crawler.parsers.scmp import labels
from crawler.parsers.scmp.pictures import lead_pictures
from crawler.parsers.scmp.videos import completed
from crawler.reading.blocks import BlockWalk
from crawler.reading.body import Body
from crawler.reading.draft import Draft
from crawler.reading.media import is_video_box, video_of_box
from crawler.reading.nodes import element_node
from crawler.reading.page import Page, element_text
from crawler.text import clean

_HEADLINE = ('[data-qa="ContentHeadline-Headline"]', "h1.main-headline", "article h1", "main h1")
_TOPIC = '[data-qa="ContentHeadline-Topic"], p.topic-label'
_TOPIC_AUTHOR = ".topic-label__topic-author"
_SUMMARY = ('[data-qa="ContentSubHeadline"]', "h2.sub-headline", ".sub-headline")
_AUTHORS = (
    '[data-qa="Byline"] a',
    ".article-author__name-link",
    'a[href*="/author/"][rel=author]',
    _TOPIC_AUTHOR,
)
_BYLINE = ('[data-qa="Byline"]', ".article-author__name", ".article-author")
_BODIES = (
    '[data-qa="ContentBody"]',
    '[data-qa="ArticleBody"]',
    ".article-details__body",
    ".live-article__body, .live-blog__body",
    '[itemprop="articleBody"]',
)
_PARAGRAPHS = "p.generic-article__body, p.content--p, .article-details-type--p"
_PLAYERS = ('[data-qa="VideoPlayer"]', ".video-wrapper")
_COMMENTS = ('[data-qa="CommentButton"]', ".share-widget__comment")
_MOST_NODES = 200  # of one kind that are looked at
_NO_COMMENTS = ".comment__no-count"
_COUNT = re.compile(r"[^\d+]*(\d{1,3}(?:,\d{3}){1,2}|\d{1,7})(?![\d,]*\+)[^\d+]*")


def offer(page: Page, draft: Draft) -> None:
    """Offer what the elements show; complete videos that the state knows by address only."""
    topic = _topic(page)
    draft.offer_all(
        {
            "headline": labels.unlabelled(page.first_text(*_HEADLINE)),
            "topic": topic,
            "printed_topic": topic,
            "summary": _summary(page),
            "authors": _authors(page),
        },
        "page",
    )
    _offer_comments(page, draft)
    _offer_body(page, draft)


def _topic(page: Page) -> str | None:
    """The label before the headline, else between it and the body; those of other articles
    stand after it.
    """
    marks = ", ".join((_TOPIC, *_HEADLINE, *_BODIES, _PARAGRAPHS))
    label, is_below = None, False
    for node in page.tree.css(marks)[:_MOST_NODES]:
        if node.css_matches(_TOPIC):
            if is_below and not _is_within(node, "article", "main"):
                continue
            label = node
            if is_below:
                break
        elif label is None and node.css_matches(", ".join(_HEADLINE)):
            is_below = True
        else:
            break
    if label is None or label.css_first(_TOPIC_AUTHOR) is not None:
        return None
    return re.sub(r"^topic\s*\|\s*", "", element_text(label), flags=re.IGNORECASE) or None


def _is_within(node: LexborNode, *tags: str) -> bool:
    around = [parent.tag for parent in _ancestors(node)]
    return "aside" not in around and any(tag in around for tag in tags)


def _authors(page: Page) -> list[str]:
    for selector in _AUTHORS:
        links = map(element_text, page.tree.css(selector)[:_MOST_NODES])
        names = [name for text in links for name in labels.names_in(text)]
        if names:
            return list(dict.fromkeys(names))
    return labels.names_in(page.first_text(*_BYLINE) or "")


def _summary(page: Page) -> list[str]:
    node = page.first(*_SUMMARY)
    if node is None:
        return []
    bullets = [element_text(item) for item in node.css("li")]
    return [b for b in bullets if b] or [text for text in [element_text(node)] if text]


def _offer_comments(page: Page, draft: Draft) -> None:
    """A count shown on the page beats a 0 in the state, which is filled in later.

    `99+` is no number: null.
    """
    node = page.first(*_COMMENTS)
    if node is None or node.css_first(_NO_COMMENTS) is not None:
        return
    text = clean(node.text(separator=" "))
    found = _COUNT.fullmatch(text)
    count = int(found[1].replace(",", "")) if found else None
    if not draft.get("comment_count"):
        if count:
            draft.replace("comment_count", count, "page")
        elif text.endswith("+"):
            draft.withdraw("comment_count")
    draft.offer("comment_count", count, "page")


def _offer_body(page: Page, draft: Draft) -> None:
    """Offer body and pictures; a page whose state has all of them is not walked again."""
    videos: list[Video] = draft.get("videos") or []
    has_body = draft.has("paragraphs")
    is_known = all(video.title and video.duration_seconds for video in videos)
    if not draft.has("lead_image") or not has_body:
        pictures = lead_pictures(page, (*_BODIES, _PARAGRAPHS))
        draft.offer("lead_image", next(iter(pictures), None), "page")
        draft.offer("slides", pictures[1:], "page")
    if has_body and is_known and (videos or page.first(*_PLAYERS) is None):
        return
    body = _body(page).finish(draft.get("lead_image"), draft.get("slides"))
    body.related = labels.on_main_host(body.related)
    printed = body.videos or _video_boxes(page)
    body.videos = completed(videos, printed) if videos else printed
    if not has_body:
        draft.offer_all(body.fields(), "page")
    if videos:
        draft.replace("videos", body.videos, draft.provenance["videos"])
    draft.offer("videos", body.videos, "page")


def _body(page: Page) -> Body:
    walk = BlockWalk(page.address)
    node = page.first(*_BODIES) or _common_parent(page.tree.css(_PARAGRAPHS))
    if node is not None:
        walk.walk(page.article_nodes(node))
    return walk.body


def _common_parent(nodes: list[LexborNode]) -> LexborNode | None:
    """The innermost element that holds all of them."""
    if not nodes:
        return None
    paths = [_ancestors(node) for node in (*nodes[:_MOST_NODES], nodes[-1])]
    shared = set.intersection(*({node.mem_id for node in path} for path in paths))
    return next((node for node in paths[0] if node.mem_id in shared), None)


def _ancestors(node: LexborNode) -> list[LexborNode]:
    found = []
    parent = node.parent
    while parent is not None:
        found.append(parent)
        parent = parent.parent
    return found


def _video_boxes(page: Page) -> list[Video]:
    boxes = [element_node(node) for node in page.tree.css(", ".join(_PLAYERS))[:_MOST_NODES]]
    found = (video_of_box(box, page.url) for box in boxes if is_video_box(box))
    return list(dict.fromkeys(video for video in found if video))
