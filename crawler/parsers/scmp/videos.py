"""The videos of an article: where they stand, and what is known of each, are told apart."""

from __future__ import annotations

from typing import Any

from crawler.dates import parse_duration
from crawler.items import Video
from crawler.reading.media import youtube_id, youtube_url
from crawler.text import clean
from crawler.urls import absolute


def listed_videos(article: dict[str, Any], base: str) -> list[Video]:
    """The videos of the article's own list, which says nothing of where they stand."""
    entries = article.get("articleVideos")
    listed = entries if isinstance(entries, list) else []
    found = (_video(entry, base) for entry in listed if isinstance(entry, dict))
    return list(dict.fromkeys(video for video in found if video.title or video.url))


def _video(entry: dict[str, Any], base: str) -> Video:
    texts = {name: value for name, value in entry.items() if isinstance(value, str)}
    said = (texts.get(name, "") for name in ("videoId", "youtubeId", "url", "src"))
    video_id = next((found for text in said if (found := youtube_id(text))), None)
    page = next((texts[name] for name in ("urlAlias", "url", "src") if texts.get(name)), None)
    own = absolute(base, page) if page else None
    titles = (clean(texts.get(name, "")) for name in ("title", "name", "headline"))
    durations = (parse_duration(entry.get(name)) for name in ("duration", "length"))
    return Video(
        next((title for title in titles if title), None),
        next((seconds for seconds in durations if seconds), None),
        youtube_url(video_id) if video_id else own,
    )


def merged(placed: list[Video], known: list[Video]) -> list[Video]:
    """The placed videos, completed by those of the same address; then, if as many are left
    of either, by those in the same place; then what is known beside them.
    """
    placed = list(dict.fromkeys(placed))
    by_url = {video.url: video for video in known if video.url is not None}
    urls = {video.url for video in placed}
    rest = [video for video in known if video.url is None or video.url not in urls]
    unknown = [video for video in placed if video.url not in by_url]
    partners: dict[Video, Video] = {}
    if len(rest) == len(unknown) and not any(map(_are_different, unknown, rest)):
        partners = dict(zip(unknown, rest, strict=True))
        rest = []
    videos = [_completed(v, by_url.get(v.url or "") or partners.get(v)) for v in placed]
    return [*videos, *rest]


def completed(videos: list[Video], printed: list[Video]) -> list[Video]:
    """The videos with titles and durations as printed, by address or else in their order; a
    page that is cut prints the first ones only.
    """
    by_url = {video.url: video for video in printed if video.url}
    urls = {video.url for video in videos}
    rest = [video for video in printed if video.url not in urls]
    unknown = [video for video in videos if video.url not in by_url]
    if len(rest) > len(unknown) or any(map(_are_different, unknown, rest)):
        rest = []
    partners = dict(zip(unknown, rest, strict=False))
    return [_completed(v, by_url.get(v.url or "") or partners.get(v)) for v in videos]


def _are_different(video: Video, other: Video) -> bool:
    return all(v.url and youtube_id(v.url) for v in (video, other))


def _completed(video: Video, other: Video | None) -> Video:
    if other is None:
        return video
    is_frame_only = not (video.url and youtube_id(video.url))
    return Video(
        video.title or other.title,
        video.duration_seconds or other.duration_seconds,
        (other.url or video.url) if is_frame_only else video.url,
    )
