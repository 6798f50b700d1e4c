"""Kinds of revisions, numbered changes, one time to sort by; contents are kept once.

A revision's content was kept beside the same content in its article: the last one's is now the
article's own.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from crawler.items import utc_iso
from storage.columns import BigId, CleanJson, CleanText, UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NO_TIME = "1970-01-01T00:00:00.000000Z"
_ROWS_PER_BATCH = 500

_TEXTS = ("headline", "topic", "section", "language")
_LISTS = (
    "topics", "summary", "authors", "lead_image", "images", "paragraphs", "subheads", "related",
    "videos",
)  # fmt: skip
_articles = sa.table(
    "articles",
    sa.column("id", BigId),
    sa.column("change", BigId),
    sa.column("date_published", UtcTime),
    *(sa.column(name, CleanText) for name in _TEXTS),
    *(sa.column(name, CleanJson) for name in _LISTS),
)
_revisions = sa.table(
    "revisions",
    sa.column("id", BigId),
    sa.column("article_id", BigId),
    sa.column("revision", sa.Integer),
    sa.column("changed", CleanJson),
    sa.column("content", CleanJson),
    sa.column("kind", CleanText),
)


def upgrade() -> None:
    op.add_column(
        "articles",
        sa.Column("published", UtcTime, nullable=False, server_default=sa.text(f"'{_NO_TIME}'")),
    )
    op.add_column(
        "articles", sa.Column("change", BigId, nullable=False, server_default=sa.text("0"))
    )
    op.execute("UPDATE articles SET published = coalesce(date_published, first_seen), change = id")
    op.drop_index("ix_articles_date_published", "articles")
    op.drop_index("ix_articles_outlet_date_published", "articles")
    op.create_index("ix_articles_published_id", "articles", ["published", "id"])
    op.create_index("ix_articles_outlet_published", "articles", ["outlet", "published"])
    op.create_index("ix_articles_change", "articles", ["change"], unique=True)
    with op.batch_alter_table("revisions") as table:
        table.alter_column("content", existing_type=CleanJson(), nullable=True)
        table.add_column(
            sa.Column("kind", CleanText, nullable=False, server_default=sa.text("'new'"))
        )
    op.execute(
        "UPDATE revisions SET content = NULL WHERE revision = "
        "(SELECT articles.revision FROM articles WHERE articles.id = revisions.article_id)"
    )
    _name_kinds()


def _name_kinds() -> None:
    """By the fields that changed: what a person would call a typo is not asked of the past."""
    conn = op.get_bind()
    later = sa.select(_revisions.c.id, _revisions.c.changed).where(_revisions.c.revision > 1)
    for row in conn.execute(later).all():
        if "headline" in row.changed:
            kind = "headline"
        elif {"summary", "paragraphs", "subheads"} & set(row.changed):
            kind = "body"
        else:
            kind = "metadata"
        conn.execute(_revisions.update().where(_revisions.c.id == row.id).values(kind=kind))


def downgrade() -> None:
    _fill_contents()
    with op.batch_alter_table("revisions") as table:
        table.drop_column("kind")
        table.alter_column("content", existing_type=CleanJson(), nullable=False)
    op.drop_index("ix_articles_change", "articles")
    op.drop_index("ix_articles_outlet_published", "articles")
    op.drop_index("ix_articles_published_id", "articles")
    op.drop_column("articles", "change")
    op.drop_column("articles", "published")
    op.create_index("ix_articles_outlet_date_published", "articles", ["outlet", "date_published"])
    op.create_index("ix_articles_date_published", "articles", ["date_published"])


def _fill_contents() -> None:
    """Each content that is null is the next revision's; the last one's is the article's."""
    conn = op.get_bind()
    last = 0
    while rows := conn.execute(
        sa.select(_articles)
        .where(_articles.c.id > last)
        .order_by(_articles.c.id)
        .limit(_ROWS_PER_BATCH)
    ).all():
        last = rows[-1].id
        own = {row.id: _content(row) for row in rows}
        entries = conn.execute(
            sa.select(_revisions.c.id, _revisions.c.article_id, _revisions.c.content)
            .where(_revisions.c.article_id.in_(own))
            .order_by(_revisions.c.article_id, _revisions.c.revision.desc())
        ).all()
        for entry in entries:
            if entry.content is None:
                statement = _revisions.update().where(_revisions.c.id == entry.id)
                conn.execute(statement.values(content=own[entry.article_id]))
            else:
                own[entry.article_id] = entry.content


def _content(row: sa.Row[Any]) -> dict[str, Any]:
    published = row.date_published
    return {
        **{name: getattr(row, name) for name in (*_TEXTS, *_LISTS)},
        "date_published": None if published is None else utc_iso(published),
    }
