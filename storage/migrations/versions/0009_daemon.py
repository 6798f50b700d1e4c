"""What months without a person need: schedule, health, turns, leaders, outbox, progress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import BigId, CleanJson, CleanText, UtcTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pages", sa.Column("removed_at", UtcTime))
    op.add_column("runs", sa.Column("due_at", UtcTime))
    op.add_column("sources", sa.Column("fresh_seconds", sa.Float))
    op.add_column("leads", sa.Column("page_id", BigId))
    op.create_index("ix_leads_outlet_first_seen", "leads", ["outlet", "first_seen"])
    op.create_table(
        "outlet_states",
        sa.Column("outlet", CleanText, nullable=False),
        sa.Column("next_due", UtcTime),
        sa.Column("due_reason", CleanText),
        sa.Column("state", CleanText, nullable=False, server_default=sa.text("'healthy'")),
        sa.Column("since", UtcTime),
        sa.Column("reason", CleanText),
        sa.Column("evidence", CleanJson),
        sa.Column("failures", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("failure_kind", CleanText),
        sa.Column("last_good_url", CleanText),
        sa.Column("last_good_at", UtcTime),
        sa.Column("last_looked", UtcTime),
        sa.Column("listed", CleanJson),
        sa.PrimaryKeyConstraint("outlet", name="pk_outlet_states"),
    )
    op.create_table(
        "exchanges",
        sa.Column("outlet", CleanText, nullable=False),
        sa.Column("kind", CleanText, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("url", CleanText, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("elapsed_seconds", sa.Float),
        sa.Column("body_bytes", BigId),
        sa.Column("problem", CleanText),
        sa.Column("request_headers", CleanJson, nullable=False),
        sa.Column("response_headers", CleanJson),
        sa.PrimaryKeyConstraint("outlet", "kind", name="pk_exchanges"),
    )
    op.create_table(
        "page_readings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("outlet", CleanText, nullable=False),
        sa.Column("read_at", UtcTime, nullable=False),
        sa.Column("is_article", sa.Boolean, nullable=False),
        sa.Column("parser", CleanText),
        sa.Column("url", CleanText, nullable=False),
        sa.Column("fields", CleanJson),
        sa.PrimaryKeyConstraint("id", name="pk_page_readings"),
    )
    op.create_index("ix_page_readings_outlet_read_at", "page_readings", ["outlet", "read_at"])
    op.create_table(
        "host_turns",
        sa.Column("host", CleanText, nullable=False),
        sa.Column("quiet_since", UtcTime, nullable=False),
        sa.Column("delay_seconds", sa.Float, nullable=False),
        sa.Column("holders", CleanJson, nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_host_turns"),
    )
    op.create_table(
        "leaders",
        sa.Column("name", CleanText, nullable=False),
        sa.Column("epoch", BigId, nullable=False),
        sa.Column("holder", CleanText, nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("heartbeat", UtcTime, nullable=False),
        sa.Column("problem", CleanText),
        sa.PrimaryKeyConstraint("name", name="pk_leaders"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", CleanText, nullable=False),
        sa.Column("target", CleanText, nullable=False),
        sa.Column("kind", CleanText, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("payload", CleanJson, nullable=False),
        sa.Column("state", CleanText, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("next_try", UtcTime),
        sa.Column("sent_at", UtcTime),
        sa.Column("problem", CleanText),
        sa.UniqueConstraint("key", "target", name="uq_outbox_key_target"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_state_next_try", "outbox", ["state", "next_try"])
    op.create_table(
        "reparses",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", CleanText, nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("finished_at", UtcTime),
        sa.Column("stage", CleanText, nullable=False),
        sa.Column("done_through", BigId, nullable=False),
        sa.Column("counts", CleanJson, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reparses"),
    )
    op.create_index("ix_reparses_key", "reparses", ["key"])


def downgrade() -> None:
    op.drop_table("reparses")
    op.drop_table("outbox")
    op.drop_table("leaders")
    op.drop_table("host_turns")
    op.drop_table("page_readings")
    op.drop_table("exchanges")
    op.drop_table("outlet_states")
    op.drop_column("sources", "fresh_seconds")
    op.drop_column("runs", "due_at")
    op.drop_index("ix_leads_outlet_first_seen", "leads")
    op.drop_column("leads", "page_id")
    op.drop_column("pages", "removed_at")
