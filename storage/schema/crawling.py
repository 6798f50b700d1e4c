"""What a crawl goes by: addresses, sources, turns at hosts, and what ran."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, UniqueConstraint

from storage.columns import BigId, CleanJson, CleanText, Sha256, UtcTime
from storage.schema.base import metadata

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
    # The page that came and could not be read; null in any other state. No foreign key: SQLite
    # could not drop it, and pages are never deleted.
    Column("page_id", BigId),
    # How old it seems to be: what is due is ordered and left out by it, no record has it.
    Column("moment", UtcTime),
    Index(None, "outlet", "next_fetch"),
    Index(None, "outlet", "first_seen"),
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
    # For how long it said that it stays as it is; null where it said nothing.
    Column("fresh_seconds", Float),
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

# Whose turn it is at a host, among all processes: see `storage.host_turns`.
host_turns = Table(
    "host_turns",
    metadata,
    Column("host", CleanText, primary_key=True),
    # The last request or answer, and the delay to be kept from it.
    Column("quiet_since", UtcTime, nullable=False),
    Column("delay_seconds", Float, nullable=False),
    # [[holder, ISO time at which its turn lapses, most holders it bears]] of requests under way.
    Column("holders", CleanJson, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("command", CleanText, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("status", CleanText, nullable=False),
    # When a scheduled run was to begin; null for one that a person started.
    Column("due_at", UtcTime),
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
