"""The fields of a plain article object, as both kinds of state have it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crawler.dates import parse_date, parse_duration
from crawler.items import Image, Video
from crawler.reading.blocks import BlockWalk
from crawler.reading.body import Body
from crawler.reading.captions import split_credit
from crawler.reading.draft import Draft
from crawler.reading.media import image_from, youtube_id, youtube_url
from crawler.reading.nodes import Node, nodes_of
from crawler.reading.page import Page
from crawler.text import clean

State = dict[str, Any]

_LEAD_TYPES = ("leading", "default")


def offer(article: State, page: Page, draft: Draft) -> None:
    """Offer all that the article object says; what is missing stays unsaid."""
    base = page.canonical_link or page.url
    published = article.get("publishedDate")
    draft.offer_all(
        {
            "headline": _text(article.get("headline")),
            "url_alias": _text(article.get("urlAlias")),
            "topic": next(iter(_names(article.get("topics"))), None),
            "topics": _names(article.get("topics")),
            "section": _section(article.get("sections")),
            "summary": _summary(article),
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
    body = _body(article, base)
    lead, others = _images(article, base)
    draft.offer("lead_image", lead, "state")
    if body.paragraphs:
        body.videos = _videos(article, body)
        body.images = [*others, *body.images]
        draft.offer_all(body.fields(), "state")
        _claim_body(draft)


def _claim_body(draft: Draft) -> None:
    """The body's fields go together: none of them is filled in from another layout."""
    for name in ("subheads", "related", "images"):
        if not draft.has(name):
            draft.replace(name, [], "state")


def _text(value: Any) -> str | None:
    return (clean(value) or None) if isinstance(value, str) else None


def _count(value: Any) -> int | None:
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
    """The first path of sections; the root `News` is not printed before its parts."""
    path = next(iter(_list(value)), None)
    names = _names(path.get("value") if isinstance(path, dict) and "value" in path else path)
    if not names:
        names = _names(value)[:1]
    if len(names) > 1 and names[0] == "News":
        names = names[1:]
    return " / ".join(names) or None


def _summary(article: State) -> list[str]:
    """The bullets, or the prose under the headline as one entry."""
    value = article.get("subHeadline")
    lines = _lines(nodes_of(value))
    if not lines and isinstance(value, dict):
        lines = [clean(line) for line in str(value.get("text") or "").splitlines()]
    if not lines and isinstance(value, str):
        lines = [clean(value)]
    return [line for line in lines if line]


def _lines(nodes: list[Node]) -> list[str]:
    body = BlockWalk("").walk(nodes)
    return body.paragraphs or [head.text for head in body.subheads]


def _body(article: State, base: str) -> Body:
    value = article.get("body")
    nodes = nodes_of(value)
    body = BlockWalk(base).walk(nodes).finish()
    if not body.paragraphs and isinstance(value, dict):
        for line in str(value.get("text") or "").splitlines():
            body.add_paragraph(line)
    return body


def _images(article: State, base: str) -> tuple[Image | None, list[Image]]:
    """(lead photo, the others of its carousel)."""
    entries = [e for e in _list(article.get("images")) if isinstance(e, dict) and e.get("url")]
    chosen = next((e for kind in _LEAD_TYPES for e in entries if e.get("type") == kind), None)
    lead = _image(chosen, base) if chosen else None
    slides = [e for e in _list(article.get("leadingSlides")) if isinstance(e, dict)]
    others = [image for e in slides if (image := _image(e, base)) and image != lead]
    return lead, list({image.url: image for image in others}.values())


def _image(entry: State, base: str) -> Image | None:
    printed = entry.get("title") or entry.get("caption") or entry.get("alt")
    source = entry.get("url") or entry.get("src")
    if not isinstance(source, str):
        return None
    caption, credit = split_credit(printed if isinstance(printed, str) else None)
    return image_from(source, base, caption, credit)


def _videos(article: State, body: Body) -> list[Video]:
    """The videos of the text, with what the article's own list knows of each."""
    listed = [_video(e) for e in _list(article.get("articleVideos")) if isinstance(e, dict)]
    known = {video.url: video for video in listed if video.url}
    videos = [_completed(video, known.pop(video.url or "", None)) for video in body.videos]
    unplaced = [v for v in listed if v.url is None or v.url in known]
    return [*videos, *unplaced]


def _completed(video: Video, other: Video | None) -> Video:
    if other is None:
        return video
    return replace(
        video,
        title=video.title or other.title,
        duration_seconds=video.duration_seconds or other.duration_seconds,
    )


def _video(entry: State) -> Video:
    video_id = entry.get("videoId") or youtube_id(str(entry.get("url") or ""))
    url = youtube_url(video_id) if isinstance(video_id, str) and video_id else None
    title = entry.get("title") or entry.get("name") or entry.get("headline")
    return Video(_text(title), parse_duration(entry.get("duration")), url or entry.get("url"))
