"""The line of an article's revisions: whole, and in agreement with the article."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from storage.check.findings import SHORT_ROWS_PER_BATCH, Finding, Scope
from storage.schema import articles, revisions


def numbers(scope: Scope) -> Iterator[Finding]:
    """Each article has revisions 1 to n, and is at n.

    Numbers are unique by a constraint: so many, from 1 to the highest, leave no gap.
    """
    per_article = (
        select(
            revisions.c.article_id,
            func.count().label("number"),
            func.min(revisions.c.revision).label("first"),
            func.max(revisions.c.revision).label("last"),
        )
        .group_by(revisions.c.article_id)
        .subquery()
    )
    wrong = or_(
        per_article.c.number.is_(None),
        per_article.c.first != 1,
        per_article.c.last != per_article.c.number,
        per_article.c.last != articles.c.revision,
    )
    statement = (
        select(articles.c.id, articles.c.revision, *list(per_article.c)[1:])
        .outerjoin(per_article, per_article.c.article_id == articles.c.id)
        .where(wrong)
        .execution_options(yield_per=SHORT_ROWS_PER_BATCH)
    )
    for row in scope.conn.execute(statement):
        if row.number is None:
            sentence = f"articles {row.id}: it has no revision"
        elif row.first != 1 or row.last != row.number:
            sentence = (
                f"articles {row.id}: it has {row.number} revisions, numbered {row.first} to "
                f"{row.last}"
            )
        else:
            sentence = (
                f"articles {row.id}: it is at revision {row.revision}, its last is {row.last}"
            )
        yield Finding("revision", "articles", row.id, sentence)


def gone_times(scope: Scope) -> Iterator[Finding]:
    """An article is gone since its last revision, if that says so; otherwise it is there.

    A page read again says nothing of its site.
    """
    last = (
        select(revisions.c.article_id, func.max(revisions.c.revision).label("revision"))
        .where(revisions.c.kind != "reread")
        .group_by(revisions.c.article_id)
        .subquery()
    )
    is_last = and_(
        revisions.c.article_id == last.c.article_id, revisions.c.revision == last.c.revision
    )
    statement = (
        select(articles.c.id, revisions.c.kind, articles.c.gone_at)
        .join(last, last.c.article_id == articles.c.id)
        .join(revisions, is_last)
        .where(_disagrees())
        .execution_options(yield_per=SHORT_ROWS_PER_BATCH)
    )
    for row in scope.conn.execute(statement):
        state = "it is there" if row.gone_at is None else f"it is gone since {row.gone_at}"
        sentence = f"articles {row.id}: {state}, but its last revision is {row.kind!r}"
        if row.kind == "gone" and row.gone_at is not None:
            sentence = f"articles {row.id}: it is gone since {row.gone_at}, its revision is not"
        yield Finding("gone", "articles", row.id, sentence)


def _disagrees() -> ColumnElement[bool]:
    meant = case((revisions.c.kind == "gone", revisions.c.seen_at), else_=None)
    return articles.c.gone_at.is_distinct_from(meant)
