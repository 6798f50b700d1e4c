"""The tables. Small columns come first: SQLite then filters without reading the long ones."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.columns import BigId, CleanJson, CleanText, Sha256, UtcTime

NO_TIME = "1970-01-01T00:00:00.000000Z"
"""What a time that is never unknown holds between ADD COLUMN and being filled."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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

leads = Table(
    "leads",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("outlet", CleanText, nullable=False),
    Column("identity", CleanText, nullable=False),
    Column("identity_hash", Sha256, nullable=False, unique=True),
    Column("fetch_url", CleanText, nullable=False),
    Column("fetch_url_hash", Sha256, nullable=False, index=True),
    Column("listed_headline", CleanText),
    Column("listed_date", UtcTime),
    Column("first_seen", UtcTime, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("reason", CleanText),
    Column("attempts", Integer, nullable=False),
    Column("next_fetch", UtcTime),
    Column("last_fetched", UtcTime),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    Column("article_id", BigId, ForeignKey("articles.id"), index=True),
    Column("relevance_score", Float),
    # The words of a source, for articles whose page may not be read.
    Column("listed_lead", CleanText),
    Column("listed_authors", CleanJson),
    # How old it seems to be: what is due is ordered and left out by it, no record has it.
    Column("moment", UtcTime),
    Index(None, "outlet", "next_fetch"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("lead_id", BigId, ForeignKey("leads.id"), nullable=False),
    Column("address", CleanText, nullable=False),
    Column("address_hash", Sha256, nullable=False, index=True),
    Column("source_url", CleanText),
    Column("first_seen", UtcTime, nullable=False),
    UniqueConstraint("lead_id", "address_hash"),
)

sources = Table(
    "sources",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("outlet", CleanText, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("url_hash", Sha256, nullable=False),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    Column("last_checked", UtcTime),
    Column("last_success", UtcTime),
    Column("last_full_fetch", UtcTime),
    Column("last_new", UtcTime),
    Column("problem", CleanText),
    Column("status", Integer),
    # All it listed from then on was taken; null where only the newest was, however old.
    Column("read_back_to", UtcTime),
    # [address, ISO time of change or null] of each further source it led to, for a 304.
    Column("parts", CleanJson),
    UniqueConstraint("outlet", "url_hash"),
)

# What each source last said of each lead. Two sources may print different headlines for good:
# only a change within one source tells that the article changed.
listings = Table(
    "listings",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("source_id", BigId, ForeignKey("sources.id"), nullable=False),
    Column("lead_id", BigId, ForeignKey("leads.id"), nullable=False),
    Column("headline", CleanText),
    Column("date", UtcTime),
    UniqueConstraint("source_id", "lead_id"),
)

holds = Table(
    "holds",
    metadata,
    Column("host", CleanText, primary_key=True),
    Column("until", UtcTime, nullable=False),
    Column("reason", CleanText, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("command", CleanText, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("status", CleanText, nullable=False),
)

run_outlets = Table(
    "run_outlets",
    metadata,
    Column("run_id", BigId, ForeignKey("runs.id"), primary_key=True),
    Column("outlet", CleanText, primary_key=True, index=True),
    Column("found", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("off_topic", Integer, nullable=False),
    Column("forbidden", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("problems", CleanJson, nullable=False),
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
