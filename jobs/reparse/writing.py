"""What becomes of a page that was read again: an article's, or one that was unreadable."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from crawler.evidence import listed_on_topic
from crawler.items import Article
from crawler.parsers import identity_of
from jobs.alerts.noting import Alerts
from jobs.reparse.reading import PageRead
from storage import articles, frontier
from storage.identities import known_article, rename_article
from storage.readings import Reading
from storage.rereading import Rereading
from storage.sightings import note_sightings
from storage.turns import take_turn

Found = Literal[
    "found_new", "found_updated", "found_unchanged", "found_off_topic", "found_older",
    "still_unreadable",
]  # fmt: skip
"""`found_older`: an article whose page came again meanwhile, and was read."""


def rereading_of(read: PageRead) -> Rereading:
    """Of a stored article's page that was read; what an on-topic outlet listed stays on topic."""
    article, stored = _vouched_for(read), read.stored
    if stored.page is None or stored.article_id is None:
        raise ValueError(f"no stored article's page: {stored.url}")
    identity = identity_of(article.url, read.outlet) if read.knows_outlet else None
    return Rereading(stored.article_id, stored.page.id, article, identity)


def find_unreadable(conn: Connection, read: PageRead) -> tuple[Found, Article | None]:
    """What a page that was unreadable is now; and the article that it belongs to, if any.

    A page of an outlet that left the catalogue stays unreadable: nobody knows its identity.
    """
    if read.article is None or read.page is None or not read.knows_outlet:
        return "still_unreadable", None
    article = _vouched_for(read)
    identity = identity_of(article.url, read.outlet)
    known = known_article(conn, read.outlet.id, identity, article.url)
    if known is None:
        return ("found_new" if article.relevant else "found_off_topic"), None
    if known.last_seen is not None and known.last_seen >= read.page.fetched_at:
        return "found_older", known
    return "found_updated", known


def keep_unreadable(conn: Connection, read: PageRead, now: datetime, alerts: Alerts) -> Found:
    """The page becomes an article as in a crawl, seen when the page was fetched."""
    if read.article is not None:
        take_turn(conn)
    found, known = find_unreadable(conn, read)
    lead, page, kept = read.stored.lead, read.page, read.stored.page
    if found == "still_unreadable" or lead is None or page is None or kept is None:
        return "still_unreadable"
    article = _vouched_for(read)
    score = article.relevance.score
    if found == "found_off_topic":
        reason = article.headline
        frontier.settle(conn, lead.id, "off_topic", now=now, reason=reason, relevance_score=score)
        return found
    article_id = known.id if known else None
    if found != "found_older":
        identity = identity_of(article.url, read.outlet)
        if known is not None:
            rename_article(conn, known, identity)
        reading = Reading(article, identity, kept.id)
        if page.url not in (lead.fetch_url, article.url):  # where redirects ended
            note_sightings(conn, {lead.id: [page.url]}, source_url=None, now=page.fetched_at)
        (done,) = articles.store_articles(conn, [reading], page.fetched_at)
        alerts.note_stored(conn, done, article, now)
        article_id = done.article_id
        found = "found_unchanged" if done.outcome == "unchanged" else found
    frontier.settle(
        conn,
        lead.id,
        "stored",
        now=now,
        article_id=article_id,
        etag=page.header("ETag"),
        last_modified=page.header("Last-Modified"),
        relevance_score=score,
    )
    return found


def _vouched_for(read: PageRead) -> Article:
    article = read.article
    if article is None:
        raise ValueError(f"not read: {read.stored.url}")
    if not (read.stored.is_listed and read.knows_outlet):
        return article
    return replace(article, relevance=listed_on_topic(read.outlet, article.relevance))
