"""Pieces of HTML and of JSON that the page templates share."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from typing import Any

HONG_KONG = timezone(timedelta(hours=8))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOON = 12  # hour
HEADLINE_LIMIT = 110  # characters; structured data cuts a longer headline

_INLINE = re.compile(r"\[(?P<label>[^\]]+)\]\((?P<path>[^)]+)\)|\*(?P<stress>[^*]+)\*")


def inline_parts(text: str) -> list[tuple[str, str, str]]:
    """A paragraph's pieces, each (`text`, `a` or `em`; words; path of an `a`)."""
    parts, end = [], 0
    for mark in _INLINE.finditer(text):
        parts.append(("text", text[end : mark.start()], ""))
        if mark["label"]:
            parts.append(("a", mark["label"], mark["path"]))
        else:
            parts.append(("em", mark["stress"], ""))
        end = mark.end()
    parts.append(("text", text[end:], ""))
    return [part for part in parts if part[1]]


def plain(text: str) -> str:
    """A paragraph as a reader sees it."""
    return "".join(words for _, words, _ in inline_parts(text))


def inline_html(text: str, base_url: str) -> str:
    """A paragraph's words with their links and stress as HTML."""
    pieces = []
    for tag, words, path in inline_parts(text):
        href = f' href="{escape(base_url + path)}"' if path else ""
        pieces.append(escape(words) if tag == "text" else f"<{tag}{href}>{escape(words)}</{tag}>")
    return "".join(pieces)


def meta_tags(pairs: Iterable[tuple[str, str]]) -> str:
    """`<meta>` elements; a name with a colon is a property, as OpenGraph has it."""
    return "".join(
        f'<meta {"property" if ":" in name else "name"}="{name}" content="{escape(content)}">\n'
        for name, content in pairs
    )


def page_head(title: str, canonical: str, extra: str = "", charset: str = "utf-8") -> str:
    """The inside of `<head>` that all pages share."""
    return (
        f'<meta charset="{charset}"><title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="stylesheet" href="/demo.css">\n'
        f'<link rel="canonical" href="{escape(canonical)}">\n'
        f'<meta property="og:url" content="{escape(canonical)}">\n{extra}'
    )


def script_json(value: Any) -> str:
    """JSON that can stand inside a `<script>` element."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def json_ld(value: dict[str, Any]) -> str:
    """A block of structured data."""
    return f'<script type="application/ld+json">{script_json(value)}</script>\n'


def short_headline(headline: str) -> str:
    """A headline as structured data has it, cut at 110 characters."""
    if len(headline) <= HEADLINE_LIMIT:
        return headline
    return headline[: HEADLINE_LIMIT - len("...")] + "..."


def epoch_milliseconds(moment: datetime) -> int:
    """A time as the page states have it."""
    return int(moment.timestamp() * 1000)


def utc_stamp(moment: datetime) -> str:
    """`2026-11-17T10:20:00.000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def hong_kong_stamp(moment: datetime) -> str:
    """`2026-11-17T18:20:00+08:00`."""
    return moment.astimezone(HONG_KONG).isoformat()


def hong_kong_clock(moment: datetime) -> str:
    """`6:20pm`, Hong Kong time."""
    local = moment.astimezone(HONG_KONG)
    half = "am" if local.hour < NOON else "pm"
    return f"{local.hour % NOON or NOON}:{local.minute:02}{half}"


def hong_kong_day(moment: datetime, comma: str = "") -> str:
    """`17 Nov 2026`, Hong Kong time; `comma` stands before the year."""
    local = moment.astimezone(HONG_KONG)
    return f"{local.day} {MONTHS[local.month - 1]}{comma} {local.year}"
