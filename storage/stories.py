"""Which articles tell one story: found as each is stored, in the same transaction.

Articles whose texts are copies or rewrites of one another are linked; a story is what is
linked, directly or through others, and its id is the lowest article id in it. Every article
with enough text is in a story, if only its own; the others have null. So ids follow from the
texts alone: no counter, the same after a repetition, whichever article came first.

Writers take turns: on SQLite from BEGIN IMMEDIATE on, on PostgreSQL by an advisory lock that
`store_article` takes before any row lock, so that two never wait for each other. Of two copies
stored at the same moment the second therefore sees the first. At worst, a process of an older
version that goes on writing while the database is upgraded leaves an article with neither
signature nor story; the next reading of its page gives it both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    update,
)

from crawler.items import Article
from storage.inserts import insert
from storage.resemblance import DAYS_APART, Telling, tell_one_story
from storage.schema import articles, signature_bands, signatures
from storage.signatures import SCHEME, Signature, pack, sign, unpack

# Any number that no other program is likely to have chosen: "stories" as seven bytes.
_ADVISORY_LOCK = 0x73746F72696573
# Those with the most keys in common come first: a copy shares a third of them, a chance report
# one or two. A wire story printed by more outlets than this is linked through these.
CANDIDATES = 200
ARTICLES_PER_BATCH = 200

_TELLINGS = select(
    articles.c.id,
    articles.c.story_id,
    articles.c.outlet,
    signatures.c.published,
    signatures.c.shingles,
    signatures.c.headline,
    signatures.c.opening,
    signatures.c.whole,
).join(signatures, and_(signatures.c.article_id == articles.c.id, signatures.c.scheme == SCHEME))


def _nearest(*conditions: ColumnElement[bool]) -> Select[Any]:
    bands = signature_bands.c
    nearest = (
        select(bands.article_id)
        .join(signatures, signatures.c.article_id == bands.article_id)
        .where(
            bands.key.in_(bindparam("keys", expanding=True)),
            bands.article_id != bindparam("article_id"),
            *conditions,
        )
        .group_by(bands.article_id)
        .order_by(func.count().desc(), bands.article_id)
        .limit(CANDIDATES)
    ).subquery()
    return _TELLINGS.join(nearest, nearest.c.article_id == articles.c.id)


# Made once: putting them together takes longer than running them.
_CANDIDATES = _nearest()
_CANDIDATES_OF_THOSE_DAYS = _nearest(
    or_(
        signatures.c.published.is_(None),
        signatures.c.published.between(bindparam("earliest"), bindparam("latest")),
    )
)


def take_turns(conn: Connection) -> None:
    """Waits until no other transaction is placing an article, and keeps others waiting."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def place_new(conn: Connection, article_id: int, article: Article) -> int | None:
    """Signs an article that has no signature and gives it its story; null for too little text.

    Two stories that it links become the one with the lower id.
    """
    telling = _telling(article)
    if telling is None:
        return None
    _keep(conn, article_id, telling)
    linked = [
        row.story_id for row in _candidates(conn, telling, article_id) if _is_linked(row, telling)
    ]
    story_id = min([article_id, *linked])
    _give(conn, articles.c.id == article_id, story_id)
    if merged := set(linked) - {story_id}:
        _give(conn, articles.c.story_id.in_(merged), story_id)
    return story_id


def place_again(
    conn: Connection, article_id: int, article: Article, old_story_id: int | None
) -> int | None:
    """The story by the article's present text; what it alone had linked comes apart."""
    if _stored_telling(conn, article_id) == _telling(article):
        return old_story_id
    for table in (signature_bands, signatures):
        conn.execute(delete(table).where(table.c.article_id == article_id))
    conn.execute(update(articles).where(articles.c.id == article_id).values(story_id=None))
    if old_story_id is not None:
        _regroup(conn, old_story_id)
    return place_new(conn, article_id, article)


def place_all(conn: Connection) -> None:
    """Signs the articles that have no signature of today's scheme; for migrations.

    Reads of `articles` only the columns that the record had from the first version on.
    """
    take_turns(conn)
    conn.execute(delete(signature_bands))
    conn.execute(delete(signatures))
    conn.execute(update(articles).values(story_id=None))
    columns = (articles.c.id, articles.c.outlet, articles.c.headline, articles.c.paragraphs)
    statement = select(*columns, articles.c.url, articles.c.date_published).order_by(articles.c.id)
    last = 0
    while rows := conn.execute(
        statement.where(articles.c.id > last).limit(ARTICLES_PER_BATCH)
    ).all():
        for row in rows:
            known = row._asdict()
            last = known.pop("id")
            place_new(conn, last, Article(**known))


def _telling(article: Article) -> Telling | None:
    signature = sign(article.headline, article.paragraphs)
    if signature is None:
        return None
    return Telling(article.outlet or "", article.date_published, signature)


def _keep(conn: Connection, article_id: int, telling: Telling) -> None:
    signature = telling.signature
    conn.execute(
        insert(conn, signatures).values(
            article_id=article_id,
            scheme=SCHEME,
            published=telling.published,
            shingles=signature.shingles,
            headline=pack([] if signature.headline is None else [signature.headline]),
            opening=pack(signature.opening),
            whole=pack(signature.whole),
        )
    )
    bands = [{"key": key, "article_id": article_id} for key in signature.keys()]
    conn.execute(insert(conn, signature_bands), bands)


def _candidates(conn: Connection, telling: Telling, article_id: int) -> Iterable[Row[Any]]:
    """The other articles of about that time with a band in common, the nearest first."""
    values = {"keys": telling.signature.keys(), "article_id": article_id}
    if telling.published is None:
        return conn.execute(_CANDIDATES, values)
    days = {"earliest": telling.published - DAYS_APART, "latest": telling.published + DAYS_APART}
    return conn.execute(_CANDIDATES_OF_THOSE_DAYS, values | days)


def _telling_of(row: Row[Any]) -> Telling:
    headline = unpack(row.headline)
    signature = Signature(
        headline[0] if headline else None, unpack(row.opening), unpack(row.whole), row.shingles
    )
    return Telling(row.outlet, row.published, signature)


def _is_linked(row: Row[Any], telling: Telling) -> bool:
    return row.story_id is not None and tell_one_story(_telling_of(row), telling)


def _stored_telling(conn: Connection, article_id: int) -> Telling | None:
    row = conn.execute(_TELLINGS.where(articles.c.id == article_id)).one_or_none()
    return None if row is None else _telling_of(row)


def _regroup(conn: Connection, story_id: int) -> None:
    """Gives those left in a story theirs anew, now that one is no more in it."""
    rows = conn.execute(
        _TELLINGS.where(articles.c.story_id == story_id).order_by(articles.c.id)
    ).all()
    groups: list[list[tuple[int, Telling]]] = []
    for row in rows:
        telling = _telling_of(row)
        linked = [g for g in groups if any(tell_one_story(other, telling) for _, other in g)]
        groups = [group for group in groups if group not in linked]
        groups.append([member for group in linked for member in group] + [(row.id, telling)])
    for group in groups:
        members = [member for member, _ in group]
        if min(members) != story_id:
            _give(conn, articles.c.id.in_(members), min(members))


def _give(conn: Connection, to: ColumnElement[bool], story_id: int) -> None:
    conn.execute(update(articles).where(to).values(story_id=story_id))
