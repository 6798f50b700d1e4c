"""The fields of a plain article object, as both kinds of state have it."""

from __future__ import annotations

import logging
import re
from typing import Any

from crawler.dates import parse_date
from crawler.items import Image
from crawler.parsers.scmp import labels
from crawler.parsers.scmp.videos import listed_videos, merged
from crawler.reading.blocks import BlockWalk
from crawler.reading.body import Body
from crawler.reading.captions import split_credit
from crawler.reading.draft import Draft
from crawler.reading.media import image_from
from crawler.reading.nodes import Node, descendants, nodes_of
from crawler.reading.page import Page
from crawler.text import clean

State = dict[str, Any]

NAMES = frozenset(
    "entityId headline urlAlias topics sections subHeadline authors publishedDate updatedDate"
    " commentCount contentLock paywallTypes body images leadingSlides articleVideos"
    " multimediaEmbed".split()
)
"""What is read of an article object."""

_LEAD_TYPES = ("leading", "default", None)
_LONGEST_KIND = 40  # characters of a node type that are logged
_BULLET = re.compile(r"^[•·▪‣*–-]\s+")
_log = logging.getLogger(__name__)


def offer(article: State, page: Page, draft: Draft) -> None:
    """Offer all that the article object says; what is missing stays unsaid."""
    base = page.address
    published = article.get("publishedDate")
    topics = _names(article.get("topics"))
    draft.offer_all(
        {
            "headline": labels.unlabelled(_text(article.get("headline"))),
            "url_alias": _text(article.get("urlAlias")),
            "topic": next(iter(topics), None),
            "topics": topics,
            "section": _section(article.get("sections")),
            "summary": _summary(article.get("subHeadline")),
            "authors": _names(article.get("authors")),
            "date_published": parse_date(published),
            "date_published_raw": str(published) if published else None,
            "date_modified": parse_date(article.get("updatedDate")),
            "comment_count": _count(article.get("commentCount")),
            "content_lock": bool(article.get("contentLock")),
            "paywall_types": _names(article.get("paywallTypes")),
        },
        "state",
    )
    lead, slides = _images(article, base)
    draft.offer("lead_image", lead, "state")
    draft.offer("slides", slides, "state")
    body = _body(article, base).finish(lead, slides)
    body.videos = merged(_hero_videos(article, base) + body.videos, listed_videos(article, base))
    if body.paragraphs:
        draft.offer_all(body.fields(), "state")
        _claim_body(draft)
    draft.offer("videos", body.videos, "state")
    if body.unknown_kinds:
        kinds = ",".join(
            f"{name[:_LONGEST_KIND]}:{n}" for name, n in sorted(body.unknown_kinds.items())
        )
        _log.warning("unknown_nodes url=%s kinds=%s", base, kinds)


def _claim_body(draft: Draft) -> None:
    """The body's fields go together: none of them is filled in from another layout."""
    for name in ("subheads", "related", "images"):
        if not draft.has(name):
            draft.replace(name, [], "state")


def _text(value: Any) -> str | None:
    return (clean(value) or None) if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:9])
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_count else None


def _list(value: Any) -> list[Any]:
    if isinstance(value, dict) and isinstance(value.get("json"), list):
        value = value["json"]
    return value if isinstance(value, list) else []


def _names(value: Any) -> list[str]:
    """The names of a list of objects or strings, each once, in order."""
    names: list[str] = []
    for entry in _list(value):
        name = entry.get("name") if isinstance(entry, dict) else entry
        if isinstance(name, str) and clean(name):
            names.append(clean(name))
    return list(dict.fromkeys(names))


def _section(value: Any) -> str | None:
    """The first path of sections."""
    path = next((entry for entry in _list(value) if entry), None)
    names = _names(path.get("value") if isinstance(path, dict) and "value" in path else path)
    return labels.section_path(names or _names(value)[:1])


def _summary(value: Any) -> list[str]:
    """The bullets, or the prose under the headline as one entry."""
    nodes = nodes_of(value)
    body = BlockWalk("").walk(nodes)
    lines = body.paragraphs or [head.text for head in body.subheads]
    if lines and not any(_is_list(node) for node in nodes):
        lines = [" ".join(lines)]
    if not lines:
        flat = value.get("text") if isinstance(value, dict) else value
        lines = flat.splitlines() if isinstance(flat, str) else []
    cleaned = (_BULLET.sub("", clean(line)) for line in lines)
    return [line for line in cleaned if line]


def _is_list(node: Node) -> bool:
    return node.get("type") in ("ul", "ol", "li") or any(descendants(node, "li"))


def _body(article: State, base: str) -> Body:
    value = article.get("body")
    body = BlockWalk(base).walk(nodes_of(value))
    if not body.paragraphs and isinstance(value, dict):
        for line in str(value.get("text") or "").splitlines():
            body.add_paragraph(line)
    body.related = labels.on_main_host(body.related)
    return body


def _hero_videos(article: State, base: str) -> list[Any]:
    """The video in the lead photo's place."""
    return BlockWalk(base).walk(nodes_of(article.get("multimediaEmbed"))).videos


def _images(article: State, base: str) -> tuple[Image | None, list[Image]]:
    """(lead photo, the others of its carousel)."""
    entries = [e for e in _list(article.get("images")) if isinstance(e, dict)]
    by_kind = ([e for e in entries if e.get("type") == kind] for kind in _LEAD_TYPES)
    found = ([image for e in some if (image := _image(e, base))] for some in by_kind)
    leads = next((images for images in found if images), [])
    slides = (_image(e, base) for e in _list(article.get("leadingSlides")))
    return next(iter(leads), None), [*leads[1:], *(image for image in slides if image)]


def _image(entry: Any, base: str) -> Image | None:
    if not isinstance(entry, dict):
        return None
    printed = entry.get("title") or entry.get("caption") or entry.get("alt")
    source = entry.get("url") or entry.get("src")
    if not isinstance(source, str):
        return None
    return image_from(source, base, *split_credit(printed if isinstance(printed, str) else None))
