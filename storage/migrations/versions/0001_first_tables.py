"""Articles, their revisions and pages, the frontier, the runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import BigId, CleanJson, CleanText, Sha256, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _create_pages() -> None:
    op.create_table(
        "pages",
        sa.Column("id", BigId, nullable=False),
        sa.Column("url", CleanText, nullable=False),
        sa.Column("fetched_at", UtcTime, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("content_type", CleanText),
        sa.Column("payload_digest", CleanText, nullable=False),
        sa.Column("warc_file", CleanText, nullable=False),
        sa.Column("warc_offset", BigId, nullable=False),
        sa.Column("warc_length", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
        sa.UniqueConstraint("warc_file", "warc_offset", name="uq_pages_warc_file_warc_offset"),
    )
    op.create_index("ix_pages_payload_digest", "pages", ["payload_digest"])


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", BigId, nullable=False),
        sa.Column("outlet", CleanText, nullable=False),
        sa.Column("identity_hash", Sha256, nullable=False),
        sa.Column("url_hash", Sha256, nullable=False),
        sa.Column("language", CleanText),
        sa.Column("date_published", UtcTime),
        sa.Column("date_modified", UtcTime),
        sa.Column("first_seen", UtcTime, nullable=False),
        sa.Column("last_seen", UtcTime, nullable=False),
        sa.Column("last_changed", UtcTime, nullable=False),
        sa.Column("relevant", sa.Boolean, nullable=False),
        sa.Column("relevance_score", sa.Float, nullable=False),
        sa.Column("story_id", BigId),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("content_hash", Sha256, nullable=False),
        sa.Column("comment_count", sa.Integer),
        sa.Column("paywall", CleanText, nullable=False),
        sa.Column("truncated", sa.Boolean, nullable=False),
        sa.Column("page_id", BigId),
        sa.Column("parser", CleanText, nullable=False),
        sa.Column("date_published_raw", CleanText),
        sa.Column("topic", CleanText),
        sa.Column("section", CleanText),
        sa.Column("identity", CleanText, nullable=False),
        sa.Column("url", CleanText, nullable=False),
        sa.Column("headline", CleanText, nullable=False),
        sa.Column("topic_labels", CleanText, nullable=False),
        sa.Column("topics", CleanJson, nullable=False),
        sa.Column("summary", CleanJson, nullable=False),
        sa.Column("authors", CleanJson, nullable=False),
        sa.Column("lead_image", CleanJson),
        sa.Column("images", CleanJson, nullable=False),
        sa.Column("subheads", CleanJson, nullable=False),
        sa.Column("related", CleanJson, nullable=False),
        sa.Column("videos", CleanJson, nullable=False),
        sa.Column("relevance_reasons", CleanJson, nullable=False),
        sa.Column("provenance", CleanJson, nullable=False),
        sa.Column("paragraphs", CleanJson, nullable=False),
        sa.Column("search_text", CleanText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_articles_page_id"),
        sa.UniqueConstraint("identity_hash", name="uq_articles_identity_hash"),
    )
    op.create_index("ix_articles_date_published", "articles", ["date_published"])
    op.create_index("ix_articles_first_seen", "articles", ["first_seen"])
    op.create_index("ix_articles_last_changed", "articles", ["last_changed"])
    op.create_index("ix_articles_outlet_date_published", "articles", ["outlet", "date_published"])
    op.create_index("ix_articles_story_id", "articles", ["story_id"])
    op.create_index("ix_articles_url_hash", "articles", ["url_hash"])


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("article_id", BigId, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("seen_at", UtcTime, nullable=False),
        sa.Column("content_hash", Sha256, nullable=False),
        sa.Column("page_id", BigId),
        sa.Column("changed", CleanJson, nullable=False),
        sa.Column("content", CleanJson, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_revisions_article_id"),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_revisions_page_id"),
        sa.UniqueConstraint("article_id", "revision", name="uq_revisions_article_id_revision"),
    )


def _create_leads() -> None:
    op.create_table(
        "leads",
        sa.Column("id", BigId, nullable=False),
        sa.Column("outlet", CleanText, nullable=False),
        sa.Column("identity", CleanText, nullable=False),
        sa.Column("identity_hash", Sha256, nullable=False),
        sa.Column("fetch_url", CleanText, nullable=False),
        sa.Column("fetch_url_hash", Sha256, nullable=False),
        sa.Column("listed_headline", CleanText),
        sa.Column("listed_date", UtcTime),
        sa.Column("first_seen", UtcTime, nullable=False),
        sa.Column("state", CleanText, nullable=False),
        sa.Column("reason", CleanText),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_fetch", UtcTime),
        sa.Column("last_fetched", UtcTime),
        sa.Column("etag", CleanText),
        sa.Column("last_modified", CleanText),
        sa.Column("article_id", BigId),
        sa.Column("relevance_score", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_leads"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_leads_article_id"),
        sa.UniqueConstraint("identity_hash", name="uq_leads_identity_hash"),
    )
    op.create_index("ix_leads_article_id", "leads", ["article_id"])
    op.create_index("ix_leads_fetch_url_hash", "leads", ["fetch_url_hash"])
    op.create_index("ix_leads_outlet_next_fetch", "leads", ["outlet", "next_fetch"])


def _create_sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("lead_id", BigId, nullable=False),
        sa.Column("address", CleanText, nullable=False),
        sa.Column("address_hash", Sha256, nullable=False),
        sa.Column("source_url", CleanText),
        sa.Column("first_seen", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sightings"),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name="fk_sightings_lead_id"),
        sa.UniqueConstraint("lead_id", "address_hash", name="uq_sightings_lead_id_address_hash"),
    )
    op.create_index("ix_sightings_address_hash", "sightings", ["address_hash"])


def _create_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", BigId, nullable=False),
        sa.Column("outlet", CleanText, nullable=False),
        sa.Column("url", CleanText, nullable=False),
        sa.Column("url_hash", Sha256, nullable=False),
        sa.Column("etag", CleanText),
        sa.Column("last_modified", CleanText),
        sa.Column("last_checked", UtcTime),
        sa.Column("last_success", UtcTime),
        sa.Column("last_full_fetch", UtcTime),
        sa.Column("last_new", UtcTime),
        sa.Column("problem", CleanText),
        sa.Column("status", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("outlet", "url_hash", name="uq_sources_outlet_url_hash"),
    )


def _create_listings() -> None:
    op.create_table(
        "listings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("source_id", BigId, nullable=False),
        sa.Column("lead_id", BigId, nullable=False),
        sa.Column("headline", CleanText),
        sa.Column("date", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_listings"),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name="fk_listings_lead_id"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_listings_source_id"),
        sa.UniqueConstraint("source_id", "lead_id", name="uq_listings_source_id_lead_id"),
    )


def _create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", BigId, nullable=False),
        sa.Column("command", CleanText, nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("finished_at", UtcTime),
        sa.Column("status", CleanText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )


def _create_run_outlets() -> None:
    op.create_table(
        "run_outlets",
        sa.Column("run_id", BigId, nullable=False),
        sa.Column("outlet", CleanText, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("new", sa.Integer, nullable=False),
        sa.Column("updated", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("off_topic", sa.Integer, nullable=False),
        sa.Column("forbidden", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("problems", CleanJson, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "outlet", name="pk_run_outlets"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_outlets_run_id"),
    )
    op.create_index("ix_run_outlets_outlet", "run_outlets", ["outlet"])


def upgrade() -> None:
    _create_pages()
    _create_articles()
    _create_revisions()
    _create_leads()
    _create_sightings()
    _create_sources()
    _create_listings()
    _create_runs()
    _create_run_outlets()


def downgrade() -> None:
    """All data goes. Those that point at others first."""
    for table in (
        "run_outlets", "runs", "listings", "sources", "sightings", "leads", "revisions",
        "articles", "pages",
    ):  # fmt: skip
        op.drop_table(table)
