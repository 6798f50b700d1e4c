"""Records and listings for the storage tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.items import (
    Article,
    FetchedPage,
    Image,
    Listing,
    RelatedLink,
    Relevance,
    Subhead,
    Video,
)
from storage.articles import Stored, store_article
from storage.database import Database

NOW = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
HOUR = timedelta(hours=1)


def an_article(**changes: Any) -> Article:
    """An article with a value in every field that a page can fill."""
    values: dict[str, Any] = {
        "url": "https://news.example/article/1",
        "outlet": "example",
        "headline": "Ministers of both sides meet in Moscow",
        "language": "en",
        "topic": "China-Russia relations",
        "topics": ["China-Russia relations", "Diplomacy"],
        "section": "China / Diplomacy",
        "summary": ["They met.", "They spoke."],
        "authors": ["Ann Author", "Иван Петров"],
        "date_published": datetime(2026, 3, 3, 10, 0, tzinfo=UTC),
        "date_modified": datetime(2026, 3, 3, 11, 0, tzinfo=UTC),
        "date_published_raw": "2026-03-03T18:00:00+08:00",
        "lead_image": Image("https://news.example/1.jpg", "A handshake", "Reuters"),
        "images": [Image("https://news.example/2.jpg")],
        "paragraphs": ["First paragraph.", "Second paragraph.", "Third paragraph."],
        "subheads": [Subhead("What comes next", 1)],
        "related": [RelatedLink("Another story", "https://news.example/article/2")],
        "videos": [Video("Clip", 61, "https://news.example/v")],
        "comment_count": 3,
        "paywall": "metered",
        "relevance": Relevance(True, 0.9, ["names both countries"]),
        "parser": "example/1",
        "provenance": {"headline": "page", "topic": "state"},
    }
    return Article(**(values | changes))


def store(
    database: Database,
    article: Article,
    identity: str = "1",
    now: datetime = NOW,
    page_id: int | None = None,
) -> Stored:
    with database.write() as conn:
        return store_article(conn, article, identity=identity, page_id=page_id, now=now)


def a_listing(identity: str = "1", **changes: Any) -> Listing:
    values: dict[str, Any] = {
        "address": f"https://news.example/article/{identity}?utm_source=rss",
        "fetch_url": f"https://news.example/article/{identity}",
        "identity": identity,
        "headline": f"Headline {identity}",
        "date": datetime(2026, 3, 3, 10, 0, tzinfo=UTC),
    }
    return Listing(**(values | changes))


def a_page(**changes: Any) -> FetchedPage:
    values: dict[str, Any] = {
        "url": "https://news.example/article/1",
        "status": 200,
        "headers": [("Content-Type", "text/html; charset=utf-8"), ("ETag", '"abc"')],
        "body": "<html>中俄关系 Россия</html>".encode(),
        "fetched_at": NOW,
    }
    return FetchedPage(**(values | changes))
