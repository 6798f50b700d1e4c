"""Pictures and videos of an article, by what their elements say."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.dates import is_clock, parse_duration
from crawler.items import Image, Video
from crawler.reading.captions import split_credit
from crawler.reading.nodes import (
    Node,
    attribute_words,
    attributes,
    descendants,
    kind,
    line_texts,
)
from crawler.text import clean
from crawler.urls import absolute

_IMAGE_SOURCES = ("data-original", "data-src", "src", "data-enlarged")
_SOURCE_SETS = ("data-srcset", "srcset")
_SITE_ART = re.compile(
    r"/images/author/|styles/118x118|(?:bookmark|share|print)-icon|/_next/static/media/"
    r"|\.svg(?:$|\?)|pixel|spacer|/static/img/|/blank\.gif|placeholder",
    re.IGNORECASE,
)
_SIZE_IN_NAME = re.compile(r"_image_hires(?:_\d+)?|_\d{2,4}x\d{2,4}(?=[_.])")
_YOUTUBE_ID = re.compile(r"(?:/embed/|[?&]v=|youtu\.be/|/v/|/shorts/|/live/)([\w-]{11})(?![\w-])")
_BARE_YOUTUBE_ID = re.compile(r"[\w-]{11}")
_PLAYER = re.compile(r"/video|player|\.mp4|vimeo\.com|dailymotion", re.IGNORECASE)
_NO_PLAYER = re.compile(r"//multimedia\.scmp\.com|/newsletters?/", re.IGNORECASE)
_TIMED_TITLE = re.compile(r"(\d{1,2}(?::\d{2}){1,2})\s+(\S.*)")


def image_of(node: Node, base_url: str, caption: str | None = None) -> Image | None:
    """An editorial picture of an `img`; its caption as printed, else its title or `alt`."""
    found = attributes(node)
    sources = [str(found.get(name) or "").strip() for name in _IMAGE_SOURCES]
    sets = (str(found.get(name) or "").split() for name in _SOURCE_SETS)
    sources += [words[0].rstrip(",") for words in sets if words]
    printed = caption or clean(str(found.get("title") or "")) or found.get("alt")
    text = split_credit(str(printed) if printed else None)
    made = (image_from(s, base_url, *text) for s in sources if s and not s.startswith("data:"))
    return next((image for image in made if image), None)


def image_from(source: str, base_url: str, caption: str | None, credit: str | None) -> Image | None:
    """A picture by its address, or null for an author's portrait, an icon, a pixel."""
    url = _picture_url(source, base_url)
    return Image(url, caption, credit) if url else None


@lru_cache(maxsize=256)  # a page names its lead picture in many places
def _picture_url(source: str, base_url: str) -> str | None:
    url = absolute(base_url, source)
    return None if url is None or is_site_art(url) else one_size(url)


def is_site_art(url: str) -> bool:
    """Whether an address is that of an author's portrait, an icon, a pixel."""
    return bool(_SITE_ART.search(url))


def one_size(url: str) -> str:
    """The address of a picture without the size it was asked in: one picture, one address."""
    url = re.sub(r"/cdn-cgi/image/[^/]+/", "/", url)
    url = re.sub(r"/styles/[^/]+/public/", "/", url)
    return url.split("?")[0] if "/sites/default/files/" in url else url


def picture_key(url: str) -> str:
    """The same for one picture's addresses, whatever size they ask for."""
    return _SIZE_IN_NAME.sub("", url).lower()


def youtube_id(text: str) -> str | None:
    """The id in an address of that site, or the text itself where it is one."""
    if _BARE_YOUTUBE_ID.fullmatch(text) and not text.isdigit():
        return text
    found = _YOUTUBE_ID.search(text) if "youtu" in text else None
    return found[1] if found else None


def youtube_url(video_id: str) -> str:
    """Where a person can watch that video."""
    return f"https://www.youtube.com/watch?v={video_id}"


def is_video_box(node: Node) -> bool:
    """Whether a box is a video player by its class or test attribute."""
    words = attribute_words(node, "class", "data-qa").lower()
    return kind(node) in ("div", "figure", "section") and "video" in words


def video_of_frame(node: Node, base_url: str, *, is_player: bool = False) -> Video | None:
    """The video a frame shows, or null where it shows something else."""
    found = attributes(node)
    source = str(found.get("src") or found.get("data-src") or "")
    video_id = youtube_id(str(found.get("data-youtube-id") or "")) or youtube_id(source)
    title = clean(str(found.get("title") or "")) or None
    if video_id:
        return Video(title, None, youtube_url(video_id))
    url = absolute(base_url, source) if source else None
    if url is None or _NO_PLAYER.search(url) or not (is_player or _PLAYER.search(url)):
        return None
    return Video(title, None, url)


def video_of_box(node: Node, base_url: str) -> Video | None:
    """A player: its frame or link, its duration `MM:SS`, its title (often printed twice)."""
    parts = descendants(node, "iframe", "video")
    frames = (video_of_frame(part, base_url, is_player=True) for part in parts)
    framed = next((video for video in frames if video), None)
    links = (str(attributes(a).get("href") or "") for a in descendants(node, "a"))
    linked = next((url for link in links if link and (url := absolute(base_url, link))), None)
    lines = [line for text in line_texts(node) if (line := clean(text))]
    timed = next((found for line in lines if (found := _TIMED_TITLE.fullmatch(line))), None)
    if timed:
        lines = [*timed.groups(), *lines]
    duration = next((parse_duration(line) for line in lines if is_clock(line)), None)
    title = next((line for line in lines if not is_clock(line)), None)
    if framed:
        return Video(title or framed.title, duration, framed.url)
    return Video(title, duration, linked) if title or linked else None
