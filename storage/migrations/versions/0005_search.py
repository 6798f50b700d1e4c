"""The search index, and the columns it takes the place of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.columns import BigId, CleanJson, CleanText
from storage.search.entries import engine_of, rebuild_all
from storage.turns import take_turn
from storage.words import normalise

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ROWS_PER_BATCH = 500
_TEXT_BYTES = 1_000_000

_articles = sa.table(
    "articles",
    sa.column("id", BigId),
    *(sa.column(name, CleanText) for name in ("headline", "topic", "topic_labels", "search_text")),
    *(sa.column(name, CleanJson) for name in ("summary", "paragraphs", "topics", "authors")),
)


def upgrade() -> None:
    conn = op.get_bind()
    op.create_table(
        "search_entries",
        sa.Column("article_id", BigId, nullable=False, autoincrement=False),
        sa.Column("position", BigId, nullable=False),
        sa.Column("scheme", sa.Integer, nullable=False),
        sa.Column(
            "tokens", sa.LargeBinary().with_variant(TSVECTOR(), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_search_entries"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_search_entries_article_id"
        ),
        sa.UniqueConstraint("position", name="uq_search_entries_position"),
    )
    for statement in engine_of(conn).CREATE:
        op.execute(statement)
    take_turn(conn)
    rebuild_all(conn)
    op.drop_column("articles", "search_text")
    op.drop_column("articles", "topic_labels")


def downgrade() -> None:
    op.execute(engine_of(op.get_bind()).DROP)
    op.drop_table("search_entries")
    for name in ("topic_labels", "search_text"):
        op.add_column(
            "articles", sa.Column(name, CleanText, nullable=False, server_default=sa.text("''"))
        )
    _fill_texts()  # the default stays: SQLite could only take it off with a new table


def _fill_texts() -> None:
    """As they were: the labels between line feeds, and all texts a line each, normalised."""
    conn = op.get_bind()
    last = 0
    while rows := conn.execute(
        sa.select(_articles)
        .where(_articles.c.id > last)
        .order_by(_articles.c.id)
        .limit(_ROWS_PER_BATCH)
    ).all():
        last = rows[-1].id
        for row in rows:
            labels = [label for label in (row.topic, *row.topics) if label]
            parts = [row.headline, *row.summary, *row.paragraphs, *labels, *row.authors]
            text = "\n".join(map(normalise, parts)).encode(errors="ignore")[:_TEXT_BYTES]
            conn.execute(
                _articles.update()
                .where(_articles.c.id == row.id)
                .values(
                    topic_labels="".join(f"\n{normalise(label)}\n" for label in labels),
                    search_text=text.decode(errors="ignore"),
                )
            )
