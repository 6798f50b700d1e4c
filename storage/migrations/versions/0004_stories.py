"""Signatures of texts, and the stories of the articles that are stored already.

Articles are signed here, not when they are next read: most are never read again, and copies
of them may still come. Some 500 to 1,000 articles a second.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import BigId, UtcTime
from storage.stories.placing import place_all
from storage.turns import take_turn

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signatures",
        sa.Column("article_id", BigId, nullable=False, autoincrement=False),
        sa.Column("scheme", sa.Integer, nullable=False),
        sa.Column("published", UtcTime),
        sa.Column("shingles", sa.Integer, nullable=False),
        sa.Column("headline", BigId),
        sa.Column("opening", sa.LargeBinary, nullable=False),
        sa.Column("whole", sa.LargeBinary, nullable=False),
        sa.Column("figures", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_signatures"),
    )
    op.create_table(
        "signature_bands",
        sa.Column("key", BigId, nullable=False, autoincrement=False),
        sa.Column("article_id", BigId, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_signature_bands"),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_articles_story_id", "articles")
    op.create_index(
        "ix_articles_story_id_outlet_published", "articles", ["story_id", "outlet", "published"]
    )
    conn = op.get_bind()
    take_turn(conn)
    place_all(conn)
    # Their records have a story now. All numbers stay unique on the way.
    op.execute(
        "UPDATE articles SET change = change + (SELECT max(change) FROM articles) "
        "WHERE story_id IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("UPDATE articles SET story_id = NULL WHERE story_id IS NOT NULL")
    op.drop_index("ix_articles_story_id_outlet_published", "articles")
    op.create_index("ix_articles_story_id", "articles", ["story_id"])
    op.drop_table("signature_bands")
    op.drop_table("signatures")
