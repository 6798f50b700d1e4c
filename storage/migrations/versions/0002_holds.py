"""Pauses that a host asked for, and articles that are gone from their site."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import CleanText, UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("host", CleanText, nullable=False),
        sa.Column("until", UtcTime, nullable=False),
        sa.Column("reason", CleanText, nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_holds"),
    )
    op.add_column("articles", sa.Column("gone_at", UtcTime))


def downgrade() -> None:
    op.drop_column("articles", "gone_at")
    op.drop_table("holds")
