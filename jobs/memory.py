"""A crawl's memory on the database: what is due, and what came of each page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from crawler.errors import (
    CrawlError,
    ForbiddenError,
    GoneError,
    RefusedError,
    TemporaryError,
    UnreadableError,
)
from crawler.evidence import listed_on_topic
from crawler.items import Article, FetchedPage, Lead, Listing, Relevance
from crawler.outlets import Outlet
from crawler.parsers import identity_of
from crawler.relevance import Judge, judge_article
from jobs.ledger import CrawlOptions, utc_now
from jobs.source_memory import SourceMemory
from jobs.tally import CrawlReport, Result
from storage import Database, articles, frontier, pages
from storage.articles import Stored
from storage.identities import known_article, rename_article
from storage.patience import Patience
from storage.readings import Reading
from storage.sightings import note_sightings
from storage.visits import State
from storage.warc import payload_digest

DUE_AT_ONCE = 500  # leads in memory for each outlet; a backfill may have a hundred thousand


class DatabaseMemory(SourceMemory):
    """Remembers a crawl in the database and the page archive, and counts what came of it.

    The order of writing is what makes a crash harmless: the page before the record that
    points to it, a source's addresses before its new validators, and a record in one
    transaction with its revision and its lead.
    """

    def __init__(
        self,
        database: Database,
        archive: pages.PageArchive,
        outlets: Sequence[Outlet],
        options: CrawlOptions,
        on_progress: Callable[[CrawlReport], None],
        patience: Patience,
        judge: Judge | None = None,
    ) -> None:
        """`judge` is that of another topic than the packaged one, by which pages come judged."""
        super().__init__(database, outlets, options, on_progress, patience)
        self.archive = archive
        self._judge = judge
        self._given: dict[str, int] = {}
        self._asked_for: set[int] = set()
        self._open: dict[int, Lead] = {}

    def due(self, outlet: str, after: Lead | None) -> list[Lead]:
        given = self._given.get(outlet, 0)
        most = self.options.limit
        limit = DUE_AT_ONCE if most is None else min(DUE_AT_ONCE, most - given)
        if limit <= 0:
            return []
        since = self.options.since
        leads = self._read(
            lambda conn: frontier.due(
                conn, outlet, utc_now(), limit=limit, since=since, after=after
            )
        )
        self._given[outlet] = given + len(leads)
        self._open.update((lead.id, lead) for lead in leads)
        return leads

    def ask_for(self, outlet: str, listing: Listing) -> Lead:
        """The lead of a page that a person named, to be fetched whatever is known of it."""
        lead = self._write(lambda conn: frontier.lead_for(conn, outlet, listing, utc_now()))
        self._asked_for.add(lead.id)
        self._open[lead.id] = lead
        self.report.outlets[outlet].articles[lead.identity] = None
        return lead

    def held_until(self, host: str) -> datetime | None:
        return self._read(lambda conn: frontier.held_until(conn, host, utc_now()))

    def hold(self, host: str, until: datetime, reason: str) -> None:
        self._write(lambda conn: frontier.hold(conn, host, until, reason))

    def read(self, lead: Lead, page: FetchedPage | None, article: Article) -> None:
        outlet = self._outlets[lead.outlet]
        identity = identity_of(article.url, outlet)
        stored = self._read(lambda conn: known_article(conn, outlet.id, identity, article.url))
        if self._judge:
            article.relevance = judge_article(article, self._judge)
        article.relevance = self._relevance(lead, outlet, article, stored)
        if not (article.relevant or stored or self.options.keep_off_topic):
            score = article.relevance.score
            self._settle(lead, "off_topic", reason=article.headline, relevance_score=score)
            self._note(lead, "off_topic")
            return
        kept = self._keep_page(page) if page else None
        new = Reading(article, identity)
        if stored is None:
            new.prepare(self.database.engine.dialect.name)

        def store(conn: Connection) -> Stored:
            now = utc_now()
            page_id = _page_id(conn, page, kept) if page and kept is not None else None
            if stored is not None:
                rename_article(conn, stored, identity)
            if page and page.url not in (lead.fetch_url, article.url):  # where redirects ended
                note_sightings(conn, {lead.id: [page.url]}, source_url=None, now=now)
            (done,) = articles.store_articles(conn, [new.kept_as(page_id)], now)
            frontier.settle(
                conn,
                lead.id,
                "stored",
                now=now,
                article_id=done.article_id,
                etag=page.header("ETag") if page else None,
                last_modified=page.header("Last-Modified") if page else None,
                relevance_score=article.relevance.score,
            )
            return done

        self._note(lead, self._write(store).outcome)

    def _relevance(
        self, lead: Lead, outlet: Outlet, article: Article, stored: Article | None
    ) -> Relevance:
        """An on-topic outlet vouches for what its sources list, not for what people name."""
        was_listed = lead.id not in self._asked_for or (stored is not None and stored.relevant)
        return listed_on_topic(outlet, article.relevance) if was_listed else article.relevance

    def _keep_page(self, page: FetchedPage) -> int | pages.ArchivedPage:
        """The id of the same page kept before, else where it lies now."""
        digest = payload_digest(page.body)
        known = self._read(lambda conn: pages.same_page(conn, page.url, digest))
        return self.archive.write(page) if known is None else known

    def unchanged(self, lead: Lead) -> None:
        def touch(conn: Connection) -> Result:
            now = utc_now()
            article_id = frontier.article_id_of(conn, lead.id)
            frontier.settle(
                conn,
                lead.id,
                "stored",
                now=now,
                etag=lead.etag,
                last_modified=lead.last_modified,
            )
            if article_id is None:
                return "unchanged"
            return articles.touch(conn, article_id, now).outcome

        self._note(lead, self._write(touch))

    def failed(self, lead: Lead, error: CrawlError, page: FetchedPage | None) -> None:
        if error.is_host_wide:
            self._open.pop(lead.id, None)
            # Nothing was learned of this address: it stays due.
            self._note_problem(error)
            return
        if isinstance(error, ForbiddenError):
            self._settle(lead, "forbidden", reason=error.reason)
            self._note(lead, "forbidden")
            return
        if isinstance(error, GoneError) and self._mark_gone(lead, error):
            return
        if page is not None:
            kept = self._keep_page(page)
            self._write(lambda conn: _page_id(conn, page, kept))
        is_temporary = isinstance(error, TemporaryError)
        self._settle(lead, _state(error), reason=error.reason, temporary=is_temporary)
        self._note(lead, "failed")
        self._note_problem(error, lead.fetch_url)

    def _mark_gone(self, lead: Lead, error: GoneError) -> bool:
        """A stored article that left its site keeps its text; whether there was one."""

        def mark(conn: Connection) -> Stored | None:
            now = utc_now()
            article_id = frontier.article_id_of(conn, lead.id)
            if article_id is None:
                return None
            frontier.settle(conn, lead.id, "gone", reason=error.reason, now=now)
            return articles.mark_gone(conn, article_id, now)

        done = self._write(mark)
        if done is None:
            return False
        self._note(lead, done.outcome)
        note = f"article {done.article_id} is gone from its site; its text is kept"
        self.report.outlets[lead.outlet].notes.append(note)
        return True

    def _settle(
        self,
        lead: Lead,
        state: State,
        *,
        reason: str | None = None,
        temporary: bool = False,
        relevance_score: float | None = None,
    ) -> None:
        self._write(
            lambda conn: frontier.settle(
                conn,
                lead.id,
                state,
                reason=reason,
                temporary=temporary,
                relevance_score=relevance_score,
                now=utc_now(),
            )
        )

    def note_unanswered(self) -> None:
        """Say so of pages that were asked for and came to nothing at all; they stay due."""
        for lead in self._open.values():
            sentence = f"crawl: asked for and never heard of: {lead.fetch_url}"
            self.report.outlets[lead.outlet].note_problem(sentence)

    def _note(self, lead: Lead, result: Result) -> None:
        self._open.pop(lead.id, None)
        self.report.outlets[lead.outlet].articles[lead.identity] = result
        self._on_progress(self.report)


def _state(error: CrawlError) -> State:
    if isinstance(error, RefusedError):
        return "refused"
    if isinstance(error, UnreadableError):
        return "unreadable"
    return "gone" if isinstance(error, GoneError) else "failed"


def _page_id(conn: Connection, page: FetchedPage, kept: int | pages.ArchivedPage) -> int:
    return kept if isinstance(kept, int) else pages.note_page(conn, page, kept)
