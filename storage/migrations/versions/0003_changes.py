"""Kinds of revisions, numbered changes, one time to sort by; contents are kept once.

A revision's content was kept beside the same content in its article: the last one's is now the
article's own.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from crawler.items import utc_iso
from storage.columns import BigId, CleanJson, CleanText, Sha256, UtcTime

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
    sa.column("gone_at", UtcTime),
    sa.column("last_changed", UtcTime),
    sa.column("revision", sa.Integer),
    sa.column("content_hash", Sha256),
    *(sa.column(name, CleanText) for name in _TEXTS),
    *(sa.column(name, CleanJson) for name in _LISTS),
)
_revisions = sa.table(
    "revisions",
    sa.column("id", BigId),
    sa.column("article_id", BigId),
    sa.column("revision", sa.Integer),
    sa.column("seen_at", UtcTime),
    sa.column("content_hash", Sha256),
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
    _note_gone()


def _name_kinds() -> None:
    """By the fields that changed: what a person would call a typo is not asked of the past.

    Without a change an article was gone or had returned, in turns: a later program knew that
    already before the schema was taken back.
    """
    conn = op.get_bind()
    later = (
        sa.select(_revisions.c.id, _revisions.c.article_id, _revisions.c.changed)
        .where(_revisions.c.revision > 1)
        .order_by(_revisions.c.article_id, _revisions.c.revision)
    )
    gone: int | None = None
    for row in conn.execute(later).all():
        was_gone = gone == row.article_id
        gone = None
        if not row.changed:
            kind = "returned" if was_gone else "gone"
            gone = None if was_gone else row.article_id
        elif "headline" in row.changed:
            kind = "headline"
        elif {"summary", "paragraphs", "subheads"} & set(row.changed):
            kind = "body"
        else:
            kind = "metadata"
        conn.execute(_revisions.update().where(_revisions.c.id == row.id).values(kind=kind))


def _note_gone() -> None:
    """An article that is gone has a revision that says so, and the other way round."""
    conn = op.get_bind()
    last = sa.and_(
        _revisions.c.article_id == _articles.c.id, _revisions.c.revision == _articles.c.revision
    )
    unsaid = (
        sa.select(
            _articles.c.id,
            _articles.c.revision,
            _articles.c.content_hash,
            _articles.c.gone_at,
        )
        .join(_revisions, last)
        .where(_articles.c.gone_at.is_not(None), _revisions.c.kind != "gone")
    )
    for row in conn.execute(unsaid).all():
        conn.execute(
            _revisions.insert().values(
                article_id=row.id,
                revision=row.revision + 1,
                seen_at=row.gone_at,
                kind="gone",
                content_hash=row.content_hash,
                changed=[],
            )
        )
        conn.execute(
            _articles.update()
            .where(_articles.c.id == row.id)
            .values(revision=row.revision + 1, last_changed=row.gone_at)
        )
    known = sa.select(_articles.c.id, _revisions.c.seen_at).join(_revisions, last)
    lost = known.where(_articles.c.gone_at.is_(None), _revisions.c.kind == "gone")
    for found in conn.execute(lost).all():
        statement = _articles.update().where(_articles.c.id == found.id)
        conn.execute(statement.values(gone_at=found.seen_at))


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
