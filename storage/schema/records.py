"""What is kept of articles: their pages, revisions, stories and search entries."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.columns import BigId, CleanJson, CleanText, Sha256, UtcTime
from storage.schema.base import NO_TIME, metadata

pages = Table(
    "pages",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("url", CleanText, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("content_type", CleanText),
    Column("payload_digest", CleanText, nullable=False, index=True),
    Column("warc_file", CleanText, nullable=False),
    Column("warc_offset", BigId, nullable=False),
    Column("warc_length", BigId, nullable=False),
    # When retention took the page away; its row tells that there was one.
    Column("removed_at", UtcTime),
    UniqueConstraint("warc_file", "warc_offset"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("outlet", CleanText, nullable=False),
    Column("identity_hash", Sha256, nullable=False, unique=True),
    Column("url_hash", Sha256, nullable=False, index=True),
    Column("language", CleanText),
    Column("date_published", UtcTime),
    # As printed, else first seen: what listings sort and filter by.
    Column("published", UtcTime, nullable=False, server_default=text(f"'{NO_TIME}'")),
    Column("date_modified", UtcTime),
    Column("first_seen", UtcTime, nullable=False, index=True),
    Column("last_seen", UtcTime, nullable=False),
    Column("last_changed", UtcTime, nullable=False, index=True),
    Column("relevant", Boolean, nullable=False),
    Column("relevance_score", Float, nullable=False),
    Column("story_id", BigId),
    # Grows with every change of a record, in the order of commits: see `storage.turns`.
    Column("change", BigId, nullable=False, server_default=text("0")),
    Column("revision", Integer, nullable=False),
    Column("content_hash", Sha256, nullable=False),
    Column("comment_count", Integer),
    Column("paywall", CleanText, nullable=False),
    Column("truncated", Boolean, nullable=False),
    Column("page_id", BigId, ForeignKey("pages.id")),
    Column("parser", CleanText, nullable=False),
    Column("date_published_raw", CleanText),
    Column("topic", CleanText),
    Column("section", CleanText),
    Column("identity", CleanText, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("headline", CleanText, nullable=False),
    Column("topics", CleanJson, nullable=False),
    Column("summary", CleanJson, nullable=False),
    Column("authors", CleanJson, nullable=False),
    Column("lead_image", CleanJson),
    Column("images", CleanJson, nullable=False),
    Column("subheads", CleanJson, nullable=False),
    Column("related", CleanJson, nullable=False),
    Column("videos", CleanJson, nullable=False),
    Column("relevance_reasons", CleanJson, nullable=False),
    Column("provenance", CleanJson, nullable=False),
    Column("paragraphs", CleanJson, nullable=False),
    Column("gone_at", UtcTime),
    Index(None, "published", "id"),
    Index(None, "outlet", "published"),
    # Tells the stories of several outlets, and when, without reading an article.
    Index(None, "story_id", "outlet", "published"),
    Index(None, "change", unique=True),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("article_id", BigId, ForeignKey("articles.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("content_hash", Sha256, nullable=False),
    Column("page_id", BigId, ForeignKey("pages.id")),
    Column("kind", CleanText, nullable=False, server_default=text("'new'")),
    Column("changed", CleanJson, nullable=False),
    # Null: the same as the next revision's; the last one's is the article's own.
    Column("content", CleanJson),
    UniqueConstraint("article_id", "revision"),
)

# What articles are compared by, see storage/stories/signatures.py: none for a text too short.
# They are written before their articles, so that these are written once, story and all.
signatures = Table(
    "signatures",
    metadata,
    Column("article_id", BigId, primary_key=True, autoincrement=False),
    Column("scheme", Integer, nullable=False),
    Column("published", UtcTime),
    Column("shingles", Integer, nullable=False),
    Column("headline", BigId),
    Column("opening", LargeBinary, nullable=False),
    Column("whole", LargeBinary, nullable=False),
    Column("figures", LargeBinary, nullable=False),
)

# Some 25 rows an article, see storage/stories/bands.py.
signature_bands = Table(
    "signature_bands",
    metadata,
    Column("key", BigId, primary_key=True, autoincrement=False),
    Column("article_id", BigId, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# What searches find articles by: see `storage.search`. Beside it stands what no dialect shares:
# on SQLite the FTS5 table `search_index`, on PostgreSQL the GIN index of that name.
search_entries = Table(
    "search_entries",
    metadata,
    Column("article_id", BigId, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("position", BigId, nullable=False, unique=True),
    Column("scheme", Integer, nullable=False),
    Column("tokens", LargeBinary().with_variant(TSVECTOR(), "postgresql"), nullable=False),
)
