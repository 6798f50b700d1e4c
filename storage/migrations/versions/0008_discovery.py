"""What sources say of articles that may not be read, and how far back each source was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import CleanJson, CleanText, UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leads", sa.Column("listed_lead", CleanText))
    op.add_column("leads", sa.Column("listed_authors", CleanJson))
    op.add_column("leads", sa.Column("moment", UtcTime))
    op.add_column("sources", sa.Column("read_back_to", UtcTime))
    op.add_column("sources", sa.Column("parts", CleanJson))
    # What sources said of an undated article's last change is the best that is known of its age.
    op.execute(
        "UPDATE leads SET moment = coalesce(listed_date, (SELECT max(listings.date) FROM listings "
        "WHERE listings.lead_id = leads.id))"
    )


def downgrade() -> None:
    op.drop_column("sources", "parts")
    op.drop_column("sources", "read_back_to")
    op.drop_column("leads", "moment")
    op.drop_column("leads", "listed_authors")
    op.drop_column("leads", "listed_lead")
