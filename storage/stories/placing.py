"""Which articles tell one story: found as they are stored, in the same transaction.

Articles whose texts are copies or rewrites of one another, and that have a key in common, are
linked; a story is what is linked, directly or through others, and its id is the lowest article
id in it. Every article with enough text is in a story, if only its own; the others have null.
So ids follow from the texts alone: no counter, the same whichever article came first, one by
one or many at once.

Writers must take turns: of two copies stored at the same moment the second then sees the
first. At worst, a process of an older version that goes on writing while the database is
upgraded leaves an article with neither signature nor story; the next change of its page gives
it both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, delete, select, text, update

from crawler.items import Article
from storage.cleaning import clean_text
from storage.numbers import as_parameter, numbers
from storage.schema import articles, signature_bands, signatures
from storage.stories.nearest import Batch
from storage.stories.parting import Home, left_behind
from storage.stories.resemblance import Telling, tell_one_story
from storage.stories.signatures import sign
from storage.stories.tellings import (
    Known,
    forget,
    keep,
    known_by_id,
)

ARTICLES_PER_BATCH = 200


@dataclass(frozen=True, slots=True)
class Placing:
    """An article to be compared, null for too little text. A new one's row is not written yet."""

    article_id: int
    telling: Telling | None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """The story of each article placed, null for too little text; and what else it touched.

    `moved` are other articles whose story has another id now: merged into an older one, or
    parted from what changed.
    """

    story_ids: dict[int, int | None]
    moved: list[int]


@dataclass(slots=True)
class _Stories:
    """Stories as they merge, each known by its lowest article id."""

    merged_into: dict[int, int] = field(default_factory=dict)

    def of(self, story_id: int) -> int:
        while (lower := self.merged_into.get(story_id)) is not None:
            story_id = lower
        return story_id

    def merge(self, one: int, other: int) -> None:
        lower, higher = sorted((self.of(one), self.of(other)))
        if lower != higher:
            self.merged_into[higher] = lower


def place(conn: Connection, placings: Iterable[Placing]) -> Placed:
    """Signs articles and gives them their stories, within a transaction that has its turn.

    The caller writes the rows of new articles, with the story given; the others must be there,
    and their `story_id` is written here, as is that of articles moved. The caller numbers these
    changes.
    """
    latest = {placing.article_id: placing for placing in placings}
    new = {placing.article_id for placing in latest.values() if placing.is_new}
    stored = known_by_id(conn, latest.keys() - new)
    tellings = {number: placing.telling for number, placing in latest.items()}
    same = {number for number, known in stored.items() if known.telling == tellings[number]}
    parted = {number: known for number, known in stored.items() if number not in same}
    homes = left_behind(conn, parted)
    for number, known in parted.items():
        forget(conn, number, known.telling)
    signed = {
        number: telling
        for number, telling in tellings.items()
        if telling is not None and number not in same
    }
    batch = Batch(signed)
    merged = _merge(conn, batch, homes)
    keep(conn, signed, batch.rows)
    moved = _move(conn, homes, merged, signed.keys())
    story_ids: dict[int, int | None] = {
        number: merged.of(number) if number in signed else None for number in latest
    }
    _write(conn, {n: story for n, story in story_ids.items() if n not in same and n not in new})
    for number in same:
        home = stored[number].story_id
        if home is not None:
            story_ids[number] = merged.of(homes[number].group if number in homes else home)
    return Placed(story_ids, moved)


def telling_of(article: Article) -> Telling | None:
    """Of the article as it is stored; null where there is too little text to tell it by."""
    signature = sign(clean_text(article.headline), map(clean_text, article.paragraphs))
    if signature is None:
        return None
    return Telling(article.outlet or "", article.date_published, signature)


def _merge(conn: Connection, batch: Batch, homes: Mapping[int, Home]) -> _Stories:
    """What the articles of the batch are linked with, among them and stored before."""
    merged, signed = _Stories(), batch.tellings
    for near in batch.nearest(conn):
        others = {other for found in near.values() for other in found if other not in signed}
        known = known_by_id(conn, others)
        for number, found in near.items():
            for other in found:
                entry = signed.get(other) or known.get(other)
                home = _home_of(other, known, homes)
                if entry is None or home is None or merged.of(home) == merged.of(number):
                    continue
                telling = entry.telling if isinstance(entry, Known) else entry
                if tell_one_story(signed[number], telling):
                    merged.merge(home, number)
    return merged


def _home_of(number: int, known: Mapping[int, Known], homes: Mapping[int, Home]) -> int | None:
    """The story that an article is in before the links of this batch."""
    if number in homes:
        return homes[number].group
    return known[number].story_id if number in known else number


def _move(
    conn: Connection, homes: Mapping[int, Home], merged: _Stories, placed: Set[int]
) -> list[int]:
    """Gives articles besides those placed the stories they are in now: the one place."""
    moves = {
        number: story_id
        for number, home in homes.items()
        if (story_id := merged.of(home.group)) != home.story_id
    }
    gone = merged.merged_into.keys() - placed - {home.story_id for home in homes.values()}
    moves |= {row.id: merged.of(row.story_id) for row in _members(conn, gone)}
    _write(conn, moves)
    return sorted(moves)


def _members(conn: Connection, story_ids: Collection[int]) -> list[Row[Any]]:
    if not story_ids:
        return []
    statement = select(articles.c.id, articles.c.story_id).where(
        articles.c.story_id.in_(numbers(conn.dialect.name, "ids"))
    )
    return list(conn.execute(statement, {"ids": as_parameter(conn, list(story_ids))}))


def _write(conn: Connection, story_ids: Mapping[int, int | None]) -> None:
    if not story_ids:
        return
    if conn.dialect.name == "postgresql":
        conn.execute(
            text(
                "UPDATE articles SET story_id = placed.story_id FROM unnest("
                "CAST(:ids AS bigint[]), CAST(:story_ids AS bigint[])) AS placed (id, story_id) "
                "WHERE articles.id = placed.id"
            ),
            {"ids": list(story_ids), "story_ids": list(story_ids.values())},
        )
    else:
        rows = [(story_id, number) for number, story_id in story_ids.items()]
        conn.exec_driver_sql("UPDATE articles SET story_id = ? WHERE id = ?", rows)


def withdraw(conn: Connection, placings: Iterable[Placing]) -> None:
    """Takes back what `place` kept of new articles whose rows were not written after all."""
    for placing in placings:
        if placing.telling is not None:
            forget(conn, placing.article_id, placing.telling)


def place_all(conn: Connection) -> None:
    """Signs all articles anew; for migrations. In memory is one batch of texts.

    Reads of `articles` only the columns that the record had from the first version on.
    """
    conn.execute(delete(signature_bands))
    conn.execute(delete(signatures))
    conn.execute(update(articles).where(articles.c.story_id.is_not(None)).values(story_id=None))
    columns = (articles.c.id, articles.c.outlet, articles.c.headline, articles.c.paragraphs)
    statement = select(*columns, articles.c.url, articles.c.date_published).order_by(articles.c.id)
    last = 0
    while rows := conn.execute(
        statement.where(articles.c.id > last).limit(ARTICLES_PER_BATCH)
    ).all():
        last = rows[-1].id
        known = [row._asdict() for row in rows]
        place(conn, [Placing(values.pop("id"), telling_of(Article(**values))) for values in known])
