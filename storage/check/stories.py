"""The stories: each article signed as its text is, and in the story that its id names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from sqlalchemy import RowMapping, func, or_, select

from crawler.items import Article
from storage.check.findings import ROWS_PER_BATCH, SHORT_ROWS_PER_BATCH, Finding, Scope
from storage.schema import articles, signature_bands, signatures
from storage.stories.bands import keys, rows_of
from storage.stories.placing import telling_of
from storage.stories.signatures import SCHEME
from storage.stories.tellings import articles_at, known_by_id

_SIGNED = signatures.c.article_id.is_not(None)
# All that a signature is made of, and what a record cannot do without.
_COLUMNS = ("url", "outlet", "headline", "paragraphs", "date_published")


def orphans(scope: Scope) -> Iterator[Finding]:
    """Signatures, and the rows they are found by, whose article is not there.

    They have no foreign keys: they are written before their articles.
    """
    for table in (signatures, signature_bands):
        pointer = table.c.article_id
        statement = (
            select(pointer, func.count().label("number"))
            .select_from(table.outerjoin(articles, articles.c.id == pointer))
            .where(articles.c.id.is_(None))
            .group_by(pointer)
            .execution_options(yield_per=SHORT_ROWS_PER_BATCH)
        )
        for row in scope.conn.execute(statement):
            sentence = (
                f"{table.name}: article_id is {row.article_id} in {row.number}, which is not in "
                "articles"
            )
            yield Finding("orphan", table.name, row.article_id, sentence)


def schemes(scope: Scope) -> Iterator[Finding]:
    """Signatures of another scheme are never compared."""
    statement = select(func.count()).where(signatures.c.scheme != SCHEME)
    if number := scope.conn.execute(statement).scalar_one():
        sentence = f"{number} signatures are of another scheme than {SCHEME}"
        yield Finding("scheme", "signatures", None, sentence)


def story_ids(scope: Scope) -> Iterator[Finding]:
    """The lowest article id of a story is its own; whoever is signed is in one, and no other."""
    lowest = func.min(articles.c.id)
    statement = (
        select(articles.c.story_id, lowest.label("lowest"))
        .where(articles.c.story_id.is_not(None))
        .group_by(articles.c.story_id)
        .having(lowest != articles.c.story_id)
        .execution_options(yield_per=SHORT_ROWS_PER_BATCH)
    )
    for row in scope.conn.execute(statement):
        sentence = (
            f"articles {row.lowest}: story_id is {row.story_id}, though it is the lowest "
            "article of its story"
        )
        yield Finding("story", "articles", row.lowest, sentence)
    is_told = articles.c.story_id.is_not(None)
    statement = (
        select(articles.c.id, articles.c.story_id)
        .select_from(articles.outerjoin(signatures, signatures.c.article_id == articles.c.id))
        .where(or_(is_told & ~_SIGNED, ~is_told & _SIGNED))
        .execution_options(yield_per=SHORT_ROWS_PER_BATCH)
    )
    for row in scope.conn.execute(statement):
        sentence = f"articles {row.id}: it is in story {row.story_id}, but has no signature"
        if row.story_id is None:
            sentence = f"articles {row.id}: it has a signature, but is in no story"
        yield Finding("story", "articles", row.id, sentence)


def signed_texts(scope: Scope) -> Iterator[Finding]:
    """Reads every text, unless quick: its signature, and the rows by which copies find it."""
    if scope.is_quick:
        return
    statement = (
        select(articles.c.id, *(articles.c[name] for name in _COLUMNS), signatures.c.scheme)
        .outerjoin(signatures, signatures.c.article_id == articles.c.id)
        .where(or_(signatures.c.scheme.is_(None), signatures.c.scheme == SCHEME))
        .order_by(articles.c.id)
        .execution_options(yield_per=ROWS_PER_BATCH)
    )
    for rows in scope.conn.execute(statement).mappings().partitions():
        yield from _of_batch(scope, rows)


def _of_batch(scope: Scope, rows: Sequence[RowMapping]) -> Iterator[Finding]:
    stored = known_by_id(scope.conn, [row["id"] for row in rows if row["scheme"] is not None])
    bands: dict[int, list[int]] = {}
    for row in rows:
        article_id = row["id"]
        try:
            meant = telling_of(Article(**{name: row[name] for name in _COLUMNS}))
            found = stored[article_id].telling if article_id in stored else None
        except (TypeError, ValueError, AttributeError) as error:
            sentence = f"articles {article_id}: its signature cannot be compared: {error}"
            yield Finding("signature", "articles", article_id, sentence)
            continue
        if found != meant:
            sentence = f"articles {article_id}: its signature is not that of its text"
            yield Finding("signature", "articles", article_id, sentence)
        elif meant is not None:
            bands[article_id] = rows_of(meant.published, keys(meant))
    kept = articles_at(scope.conn, chain.from_iterable(bands.values()))
    for number, own in bands.items():
        missing = sum(number not in kept.get(key, ()) for key in own)
        if missing:
            sentence = (
                f"articles {number}: {missing} of the {len(own)} rows by which copies find it "
                "are missing"
            )
            yield Finding("signature", "signature_bands", number, sentence)
