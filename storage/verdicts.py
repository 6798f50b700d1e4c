"""Verdicts on what is stored, given again: other words or another topic, the same articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, exists, select, update

from crawler.items import Article, Relevance
from storage.cleaning import clean_values
from storage.inserts import chunks
from storage.records import READ_COLUMNS, article_of
from storage.schema import articles, leads, listings
from storage.search.entries import index_articles
from storage.search.tokens import tokens_of
from storage.turns import next_changes, take_turn

VerdictOf = Callable[[Article, bool], Relevance]
"""The verdict on an article; the second value tells whether a source of its outlet listed it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict that is another now."""

    article_id: int
    outlet: str | None
    headline: str
    before: Relevance
    after: Relevance

    @property
    def is_turned(self) -> bool:
        """On topic became off topic or the other way; else only the score or the reasons."""
        return self.before.relevant != self.after.relevant


def other_verdicts(conn: Connection, ids: Sequence[int], verdict_of: VerdictOf) -> list[Verdict]:
    """Which of the articles are judged otherwise than is stored. Writes nothing."""
    return [verdict for _, verdict in _judged(conn, ids, verdict_of, locked=False)]


def store_verdicts(conn: Connection, ids: Sequence[int], verdict_of: VerdictOf) -> list[Verdict]:
    """Judges the articles as they are now and keeps what is another verdict; each is a change.

    No revision: the content is the same. Done twice it does nothing the second time.
    """
    take_turn(conn)
    numbers = next_changes(conn)
    verdicts, to_index = [], []
    for row, verdict in _judged(conn, ids, verdict_of, locked=True):
        after = verdict.after
        values = {
            "relevant": after.relevant,
            "relevance_score": after.score,
            "relevance_reasons": after.reasons,
        }
        conn.execute(
            update(articles)
            .where(articles.c.id == verdict.article_id)
            .values(**values, change=next(numbers))
        )
        conn.execute(
            update(leads)
            .where(leads.c.article_id == verdict.article_id)
            .values(relevance_score=after.score)
        )
        if verdict.is_turned:
            article = article_of({**row, **values}, [])
            to_index.append((row["id"], row["published"], tokens_of(article, row["published"])))
        verdicts.append(verdict)
    index_articles(conn, to_index)
    return verdicts


def ask_again_off_topic(conn: Connection, outlets: Sequence[str] | None, now: datetime) -> int:
    """Makes the pages that were judged off topic and not kept due now; gives how many."""
    statement = update(leads).where(leads.c.state == "off_topic", leads.c.article_id.is_(None))
    if outlets is not None:
        statement = statement.where(leads.c.outlet.in_(outlets))
    return conn.execute(statement.values(next_fetch=now)).rowcount


def _judged(
    conn: Connection, ids: Sequence[int], verdict_of: VerdictOf, *, locked: bool
) -> list[tuple[RowMapping, Verdict]]:
    found = []
    for some in chunks(sorted(ids)):  # one order for all writers: no deadlock
        listed = _listed(conn, some)
        statement = select(*READ_COLUMNS).where(articles.c.id.in_(some)).order_by(articles.c.id)
        statement = statement.with_for_update() if locked else statement
        for row in conn.execute(statement).mappings():
            article = article_of(row, [])
            after = _clean(verdict_of(article, row["id"] in listed))
            if after != article.relevance:
                before = article.relevance
                verdict = Verdict(row["id"], row["outlet"], row["headline"], before, after)
                found.append((row, verdict))
    return found


def _listed(conn: Connection, ids: Sequence[int]) -> set[int]:
    """Those of the articles that some source has listed."""
    is_listed = exists().where(listings.c.lead_id == leads.c.id)
    statement = select(leads.c.article_id).where(leads.c.article_id.in_(ids), is_listed)
    return {article_id for article_id in conn.execute(statement).scalars() if article_id}


def _clean(relevance: Relevance) -> Relevance:
    """As it comes back from the database."""
    return Relevance(relevance.relevant, relevance.score, clean_values(relevance.reasons))
