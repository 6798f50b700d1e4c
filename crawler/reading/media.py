"""Pictures and videos of an article, by what their elements say."""

from __future__ import annotations

import re
from typing import Any

from crawler.dates import parse_duration
from crawler.items import Image, Video
from crawler.reading.captions import split_credit
from crawler.reading.nodes import (
    Node,
    attribute_words,
    attributes,
    descendants,
    innermost_texts,
    kind,
)
from crawler.text import clean
from crawler.urls import absolute

_IMAGE_SOURCES = ("data-original", "data-src", "src", "data-enlarged")
_SITE_ART = re.compile(
    r"/images/author/|styles/118x118|(?:bookmark|share|print)-icon|/_next/static/media/"
    r"|\.svg(?:$|\?)|pixel|spacer|/static/img/",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}")
_YOUTUBE_ID = re.compile(r"(?:/embed/|[?&]v=|youtu\.be/|/v/)([\w-]{11})")
_PLAYER = re.compile(r"/video|player|\.mp4|vimeo\.com|dailymotion", re.IGNORECASE)


def image_of(node: Node, base_url: str, caption: str | None = None) -> Image | None:
    """An editorial picture of an `img`; its caption as printed, else its title or `alt`."""
    found = attributes(node)
    sources = (str(found.get(name) or "").strip() for name in _IMAGE_SOURCES)
    source = next((s for s in sources if s and not s.startswith("data:")), None)
    if source is None:
        return None
    printed = caption or found.get("title") or found.get("alt")
    return image_from(source, base_url, *split_credit(str(printed) if printed else None))


def image_from(source: str, base_url: str, caption: str | None, credit: str | None) -> Image | None:
    """A picture by its address, or null for an author's portrait, an icon, a pixel."""
    url = absolute(base_url, source)
    if url is None or _SITE_ART.search(url):
        return None
    return Image(one_size(url), caption, credit)


def one_size(url: str) -> str:
    """The address of a picture without the size it was asked in: one picture, one address."""
    url = re.sub(r"/cdn-cgi/image/[^/]+/", "/", url)
    url = re.sub(r"/styles/[^/]+/public/", "/", url)
    return url.split("?")[0] if "/sites/default/files/" in url else url


def youtube_id(url: str) -> str | None:
    found = _YOUTUBE_ID.search(url) if "youtu" in url else None
    return found[1] if found else None


def youtube_url(video_id: str) -> str:
    """Where a person can watch that video."""
    return f"https://www.youtube.com/watch?v={video_id}"


def is_video_box(node: Node) -> bool:
    """Whether a box is a video player by its class or test attribute."""
    words = attribute_words(node, "class", "data-qa").lower()
    return kind(node) in ("div", "figure", "section") and "video" in words


def video_of_frame(node: Node, base_url: str) -> Video | None:
    """The video a frame shows, or null where it shows something else."""
    found = attributes(node)
    source = str(found.get("src") or found.get("data-src") or "")
    video_id: Any = found.get("data-youtube-id") or youtube_id(source)
    title = clean(str(found.get("title") or "")) or None
    if video_id:
        return Video(title, None, youtube_url(str(video_id)))
    url = absolute(base_url, source) if source else None
    return Video(title, None, url) if url and _PLAYER.search(url) else None


def video_of_box(node: Node, base_url: str) -> Video | None:
    """A player: its frame or link, its duration `MM:SS`, its title (often printed twice)."""
    frames = (video_of_frame(f, base_url) for f in descendants(node, "iframe", "video"))
    framed = next((video for video in frames if video), None)
    links = (str(attributes(a).get("href") or "") for a in descendants(node, "a"))
    linked = next((url for link in links if link and (url := absolute(base_url, link))), None)
    lines = [clean(line) for line in innermost_texts(node)]
    duration = next((parse_duration(line) for line in lines if _CLOCK.fullmatch(line)), None)
    title = next((line for line in lines if line and not _CLOCK.fullmatch(line)), None)
    if framed:
        return Video(title or framed.title, duration, framed.url)
    return Video(title, duration, linked) if title or linked else None
