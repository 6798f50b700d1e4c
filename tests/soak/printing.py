"""Feeds and pages of the papers, as they are at a moment."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from functools import cache
from html import escape

from tests.parsers.hostile_pages import hostile
from tests.soak.papers import Paper, Story

BAD_PAGE = b"<!DOCTYPE html><html><head><title>Soon</title></head><body>Back soon</body></html>"


def feed(paper: Paper, base_url: str, now: datetime) -> bytes:
    entry = _atom_entry if paper.is_atom else _rss_item
    listed = "".join(entry(story, base_url, story.announced(now)) for story in paper.listed(now))
    if paper.is_atom:
        head = f"<id>{base_url}{paper.feed}</id><title>{paper.id}</title>"
        body = f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{listed}</feed>'
    else:
        head = f"<title>{paper.id}</title><link>{base_url}/</link><description/>"
        body = f'<rss version="2.0"><channel>{head}{listed}</channel></rss>'
    return f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode()


def _rss_item(story: Story, base_url: str, version: int) -> str:
    text, url = story.text(version), f"{base_url}{story.path}"
    return (
        f"<item><title>{escape(text.headline)}</title><link>{url}</link><guid>{url}</guid>"
        f"<description>{escape(text.summary[0])}</description>"
        f"<pubDate>{format_datetime(story.published)}</pubDate></item>"
    )


def _atom_entry(story: Story, base_url: str, version: int) -> str:
    """Its headline stays: only the date tells of a change."""
    text, url = story.text(1), f"{base_url}{story.path}"
    return (
        f'<entry><id>{url}</id><title>{escape(text.headline)}</title><link href="{url}"/>'
        f"<summary>{escape(text.summary[0])}</summary>"
        f"<published>{story.published.isoformat()}</published>"
        f"<updated>{story.changed(version).isoformat()}</updated></entry>"
    )


def page(story: Story, base_url: str, version: int) -> bytes:
    if story.kind == "bad":
        return BAD_PAGE
    if story.kind == "hostile":
        return _hostile()
    text = story.text(version)
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.paragraphs)
    headline = escape(text.headline)
    return (
        f'<!DOCTYPE html><html lang="{story.language}"><head><meta charset="utf-8">'
        f"<title>{headline}</title>"
        f'<link rel="canonical" href="{base_url}{story.path}"><meta property="og:type" '
        f'content="article"><meta property="article:published_time" '
        f'content="{story.published.isoformat()}"></head><body><main><article><h1>{headline}</h1>'
        f"{body}</article></main></body></html>"
    ).encode()


@cache
def _hostile() -> bytes:
    """8 MiB that take half a second and hold no article."""
    return hostile("a million classes")
