"""Stored pages as today's readers read them: what is other than before, and the keeping of it.

It is not the site that changed. A content that is other becomes a revision `reread`, and nobody
has seen the article: `last_seen` and `gone_at` stay as they are. An article never takes another
identity or address by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, select, update

from crawler.items import Article, Relevance, plain_value
from storage.articles import Batch
from storage.cleaning import clean_values
from storage.records import CONTENT_FIELDS, READ_COLUMNS, article_of, differs, merged
from storage.schema import articles, leads
from storage.search.entries import index_articles
from storage.turns import take_turn

How = Literal["changed", "appeared", "disappeared"]

Outcome = Literal["unchanged", "changed", "partial", "moved", "superseded"]
"""`partial`: the page is only a part of the text now and was the whole before, which stays.
`moved`: the page has another identity now; the article stays as it is. `superseded`: a crawl
stored a newer page meanwhile.
"""

FIELDS = (
    *CONTENT_FIELDS, "date_modified", "date_published_raw", "comment_count", "paywall",
    "truncated", "parser", "provenance",
)  # fmt: skip
"""What is compared, beside the verdict. A comment count that differs alone is no difference."""

_LISTED = "feed"  # in `provenance`: what a source said of the article, not its page


@dataclass(frozen=True, slots=True)
class Rereading:
    """What today's reader made of an article's page.

    `identity` is null where nobody knows the outlet's rule: then the address must be the same.
    """

    article_id: int
    page_id: int
    article: Article
    identity: str | None


@dataclass(frozen=True, slots=True)
class Reread:
    """What became of it. `read_url` is the page's own address now, where it is another."""

    article_id: int
    outlet: str | None
    url: str
    outcome: Outcome
    fields: dict[str, How] = field(default_factory=dict)
    before: Relevance | None = None
    after: Relevance | None = None
    read_url: str | None = None

    @property
    def is_turned(self) -> bool:
        """On topic became off topic or the other way."""
        return bool(self.before and self.after and self.before.relevant != self.after.relevant)


def other_readings(conn: Connection, rereadings: Sequence[Rereading]) -> list[Reread]:
    """What is other than stored, and what is not. Writes nothing."""
    return [found for _, found, _ in _compared(conn, rereadings, locked=False)]


def store_rereadings(
    conn: Connection, rereadings: Sequence[Rereading], now: datetime
) -> list[Reread]:
    """Keeps what is other; done twice it does nothing the second time."""
    take_turn(conn)
    batch, results = Batch(conn, now), []
    for row, found, article in _compared(conn, rereadings, locked=True):
        results.append(found)
        if article is None:
            continue
        batch.replace(row, article, row["page_id"], is_reread=True)
        if found.before != found.after:
            score = article.relevance.score
            of_article = update(leads).where(leads.c.article_id == row["id"])
            conn.execute(of_article.values(relevance_score=score))
    batch.place_all()
    index_articles(conn, batch.to_index)
    return results


def _compared(
    conn: Connection, rereadings: Sequence[Rereading], *, locked: bool
) -> Iterator[tuple[RowMapping, Reread, Article | None]]:
    """Each article's row, what came of its page, and its record to be where it is other."""
    by_id = {one.article_id: one for one in rereadings}
    statement = select(*READ_COLUMNS).where(articles.c.id.in_(by_id)).order_by(articles.c.id)
    rows = conn.execute(statement.with_for_update() if locked else statement).mappings().all()
    for row in rows:
        yield row, *_compare(row, by_id[row["id"]])


def _compare(row: RowMapping, new: Rereading) -> tuple[Reread, Article | None]:
    stored = article_of(row, [])
    found = Reread(row["id"], row["outlet"], row["url"], "unchanged")
    if row["page_id"] != new.page_id:
        return replace(found, outcome="superseded"), None
    read_url = None if new.article.url == stored.url else new.article.url
    found = replace(found, read_url=read_url)
    if new.identity != row["identity"] if new.identity is not None else read_url:
        return replace(found, outcome="moved"), None
    article = merged(stored, _at_home(new.article, stored))
    if article is None:
        return replace(found, outcome="partial"), None
    fields = _different(stored, article)
    if not differs(stored, article) and not set(fields) - {"comment_count"}:
        return found, None
    before, after = stored.relevance, article.relevance
    done = replace(found, outcome="changed", fields=fields, before=before, after=after)
    return done, article


def _at_home(article: Article, stored: Article) -> Article:
    """The reading under the address that the article has, and with the gaps filled as they were:
    what a source has said since is no word of the page.
    """
    provenance = dict(article.provenance)
    listed = {
        name: getattr(stored, name)
        for name, source in provenance.items()
        if source == _LISTED == stored.provenance.get(name)
    }
    if "url" in stored.provenance:
        provenance["url"] = stored.provenance["url"]
    # As they come back from the database.
    relevance = replace(article.relevance, reasons=clean_values(article.relevance.reasons))
    same: dict[str, Any] = {"url": stored.url, "provenance": provenance, "relevance": relevance}
    return replace(article, **same, **listed)


def _different(stored: Article, article: Article) -> dict[str, How]:
    found: dict[str, How] = {}
    for name in FIELDS:
        before, after = _plain(stored, name), _plain(article, name)
        if before != after:
            found[name] = _how(before, after)
    return found


def _plain(article: Article, name: str) -> Any:
    return clean_values(plain_value(getattr(article, name)))


def _how(before: object, after: object) -> How:
    nothing: tuple[object, ...] = (None, [], {}, "")
    if before in nothing:
        return "appeared"
    return "disappeared" if after in nothing else "changed"
