"""What SCMP pages of every generation say in `<meta>` and JSON-LD: the last resort."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from crawler.dates import parse_date
from crawler.parsers.scmp import labels
from crawler.reading.draft import Draft
from crawler.reading.media import image_from
from crawler.reading.metadata import ld_names, ld_text
from crawler.reading.page import Page
from crawler.text import clean

_LONGEST_TITLE = 500  # characters that are read
_SITE_NAME = re.compile(r"\s*[|–-]\s*(?:South China Morning Post|SCMP(?:\.com)?|Young Post)\s*$")


def offer(page: Page, draft: Draft) -> None:
    """Offer dates, names and labels; og:title is the social headline and is not asked."""
    meta = page.metadata
    ld: dict[str, Any] = meta.article
    _offer_dates(page, draft, ld_text(ld.get("datePublished")), ld.get("dateModified"), "json-ld")
    modified = meta.first("article:modified_time", "og:updated_time")
    _offer_dates(page, draft, meta.first("article:published_time"), modified, "meta")
    _offer_topics(page, draft)
    draft.offer("headline", labels.unlabelled(meta.first("cse_headline")), "meta")
    draft.offer("authors", ld_names(ld.get("author")), "json-ld")
    draft.offer("authors", _split(meta.first("cse_author")), "meta")
    draft.offer("section", _section(page), "meta")
    draft.offer("headline", labels.unlabelled(_uncut(ld_text(ld.get("headline")))), "json-ld")
    title = _SITE_NAME.sub("", (page.first_text("title") or "")[:_LONGEST_TITLE].strip())
    draft.offer("headline", labels.unlabelled(_uncut(title)), "meta")
    if draft.provenance.get("headline") != "state":
        picture = image_from(meta.first("cse_mainimage") or "", page.url, None, None)
        draft.offer("lead_image", picture if meta.first("cse_mainimage") else None, "meta")
    body = ld.get("articleBody")
    if isinstance(body, str):
        lines = [text for line in body.splitlines() if (text := clean(line))]
        draft.offer("paragraphs", lines, "json-ld")


def _offer_dates(
    page: Page, draft: Draft, published: str | None, modified: Any, source: Any
) -> None:
    zone = page.outlet.zone if page.outlet else None
    moment = parse_date(published, zone)
    if moment and not draft.has("date_published"):
        draft.offer("date_published", moment, source)
        draft.replace("date_published_raw", published, source)
    draft.offer("date_modified", parse_date(ld_text(modified), zone), source)


def _offer_topics(page: Page, draft: Draft) -> None:
    """The label over the headline and the tags; the first tag is the label where none shows."""
    meta = page.metadata
    tags = meta.all("article:tag") or _split(meta.first("cse_topic"))
    printed = draft.get("printed_topic")
    labelled = [printed] if printed else []
    draft.offer("topics", list(dict.fromkeys([*labelled, *tags])), "meta" if tags else "page")
    draft.offer("topic", tags[0] if tags else None, "meta")


def _section(page: Page) -> str | None:
    """The first path; `article:section` has all paths in one, so the address tells its length."""
    meta = page.metadata
    names = _split(meta.first("cse_sectionname"))
    if not names:
        path = urlsplit(page.address).path.split("/article/")[0]
        names = meta.all("article:section")[: len([part for part in path.split("/") if part])]
    return labels.section_path(names)


def _split(value: str | None) -> list[str]:
    """The parts of a comma-joined list, each once."""
    parts = (clean(part) for part in (value or "").split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _uncut(headline: str | None) -> str | None:
    """JSON-LD headlines are cut at 110 characters with dots: a cut one is none."""
    return None if headline and headline.endswith(("...", "…")) else headline
