"""What SCMP pages of every generation say in `<meta>` and JSON-LD: the last resort."""

from __future__ import annotations

from typing import Any

from crawler.dates import parse_date
from crawler.reading.draft import Draft
from crawler.reading.metadata import ld_names, ld_text
from crawler.reading.page import Page
from crawler.text import clean


def offer(page: Page, draft: Draft) -> None:
    """Offer dates, names and labels; og:title is the social headline and is not asked."""
    meta = page.metadata
    ld: dict[str, Any] = meta.article
    zone = page.outlet.zone if page.outlet else None
    published = ld_text(ld.get("datePublished"))
    draft.offer("date_published", parse_date(published, zone), "json-ld")
    draft.offer("date_published_raw", published, "json-ld")
    draft.offer("date_modified", parse_date(ld_text(ld.get("dateModified")), zone), "json-ld")
    published = meta.first("article:published_time")
    modified = meta.first("article:modified_time", "og:updated_time")
    draft.offer("date_published", parse_date(published, zone), "meta")
    draft.offer("date_published_raw", published, "meta")
    draft.offer("date_modified", parse_date(modified, zone), "meta")
    topics = _split(meta.first("cse_topic")) or meta.all("article:tag")
    draft.offer_all(
        {
            "headline": meta.first("cse_headline"),
            "authors": _split(meta.first("cse_author")),
            "topics": topics,
            "topic": topics[0] if topics else None,
            "section": " / ".join(_split(meta.first("cse_sectionname"))),
        },
        "meta",
    )
    draft.offer("authors", ld_names(ld.get("author")), "json-ld")
    draft.offer("headline", _uncut(ld_text(ld.get("headline"))), "json-ld")
    body = ld.get("articleBody")
    if isinstance(body, str):
        draft.offer(
            "paragraphs", [t for line in body.splitlines() if (t := clean(line))], "json-ld"
        )


def _split(value: str | None) -> list[str]:
    """The parts of a comma-joined list, each once."""
    parts = (clean(part) for part in (value or "").split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _uncut(headline: str | None) -> str | None:
    """JSON-LD headlines are cut at 110 characters with dots: a cut one is none."""
    return None if headline and headline.endswith(("...", "…")) else headline
