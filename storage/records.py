"""The article record as a row of the table, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from crawler.items import Article, Image, RelatedLink, Relevance, Subhead, Video, plain_value
from storage.cleaning import address_hash, clean_values
from storage.schema import articles

CONTENT_FIELDS: tuple[str, ...] = (
    "headline", "topic", "topics", "section", "language", "summary", "authors",
    "date_published", "lead_image", "images", "paragraphs", "subheads", "related", "videos",
)  # fmt: skip
"""A change in one of these makes a new revision."""

_SAME_NAME = (
    "url", "outlet", "language", "topic", "topics", "section", "headline", "summary", "authors",
    "date_published", "date_modified", "date_published_raw", "paragraphs", "comment_count",
    "paywall", "truncated", "parser", "provenance",
)  # fmt: skip
_FROM_DATABASE = (
    "id", "story_id", "revision", "first_seen", "last_seen", "last_changed", "gone_at",
    "identity",
)  # fmt: skip

READ_COLUMNS = list(articles.columns)
"""All that a record needs."""


def content_of(article: Article) -> dict[str, Any]:
    """The content fields, ready for JSON: what revisions keep and compare, once cleaned."""
    return {name: plain_value(getattr(article, name)) for name in CONTENT_FIELDS}


def is_partial(article: Article) -> bool:
    """The reading holds no body, or only a part of it."""
    return article.truncated or not article.paragraphs


def keep_known(stored: Article, reading: Article) -> Article:
    """`reading` with what it lacks filled from `stored`: an absence in a part means nothing."""
    kept = {
        name: getattr(stored, name)
        for name in (*CONTENT_FIELDS, "comment_count", "date_modified", "date_published_raw")
        if getattr(reading, name) in (None, [], "")
    }
    if reading.paragraphs:
        kept.pop("subheads", None)  # their indexes count other paragraphs
    return replace(reading, **kept)


def merged(stored: Article, reading: Article) -> Article | None:
    """What the record becomes by a reading; null for a part, which never replaces a whole text."""
    if is_partial(reading) and not is_partial(stored):
        return None
    if reading.truncated or (stored.paragraphs and not reading.paragraphs):
        return keep_known(stored, reading)
    return reading


def differs(stored: Article, reading: Article) -> bool:
    """The record would change by the reading; a comment count and a sight alone do not count."""
    names = [name for name in (*_SAME_NAME, "relevance") if name != "comment_count"]
    return any(_clean(stored, name) != _clean(reading, name) for name in names)


def _clean(article: Article, name: str) -> Any:
    value = getattr(article, name)
    return clean_values(asdict(value) if isinstance(value, Relevance) else value)


def article_values(article: Article) -> dict[str, Any]:
    """The columns that a reading of a page fills."""
    return {
        **{name: getattr(article, name) for name in _SAME_NAME},
        "url_hash": address_hash(article.url),
        "lead_image": plain_value(article.lead_image),
        "images": plain_value(article.images),
        "subheads": plain_value(article.subheads),
        "related": plain_value(article.related),
        "videos": plain_value(article.videos),
        "relevant": article.relevance.relevant,
        "relevance_score": article.relevance.score,
        "relevance_reasons": article.relevance.reasons,
    }


def article_of(row: Mapping[Any, Any], alternate_urls: list[str]) -> Article:
    """The record of a row that holds READ_COLUMNS."""
    lead_image = row["lead_image"]
    return Article(
        **{name: row[name] for name in (*_SAME_NAME, *_FROM_DATABASE)},
        alternate_urls=alternate_urls,
        lead_image=Image(**lead_image) if lead_image else None,
        images=[Image(**image) for image in row["images"]],
        subheads=[Subhead(**subhead) for subhead in row["subheads"]],
        related=[RelatedLink(**link) for link in row["related"]],
        videos=[Video(**video) for video in row["videos"]],
        relevance=Relevance(row["relevant"], row["relevance_score"], row["relevance_reasons"]),
    )
