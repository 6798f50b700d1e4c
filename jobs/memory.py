"""A crawl's memory on the database: what is due, and what came of each page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from crawler.errors import (
    CrawlError,
    ForbiddenError,
    GoneError,
    KeptOutError,
    RefusedError,
    TemporaryError,
    UnreadableError,
)
from crawler.evidence import listed_on_topic
from crawler.items import Article, FetchedPage, Lead, Listing, Relevance
from crawler.outlets import Outlet
from crawler.parsers import identity_of
from crawler.relevance import Judge, judge_article
from crawler.turns import Pace
from jobs.alerts.noting import Alerts
from jobs.ledger import CrawlOptions
from jobs.source_memory import SourceMemory
from jobs.tally import CrawlReport, OutletTally, Result
from jobs.turns import end_turn, take_turn
from storage import Database, articles, frontier, pages
from storage.articles import Stored
from storage.identities import known_article, rename_article
from storage.page_readings import note_reading
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
        now: Callable[[], datetime],
        judge: Judge | None = None,
        alerts: Alerts | None = None,
    ) -> None:
        """`judge` is that of another topic than the packaged one. Pages come judged, what is
        known by its listing alone does not. `alerts` are told of what is new.
        """
        super().__init__(database, outlets, options, on_progress, patience, now)
        self.archive = archive
        self._judge = judge
        self._alerts = None if options.backfill else alerts  # an archive is no news
        self._given: dict[str, int] = {}
        self._asked_for: set[int] = set()
        self._open: dict[int, Lead] = {}

    def due(self, outlet: str, after: Lead | None) -> list[Lead]:
        given = self._given.get(outlet, 0)
        most = self.options.limit
        limit = DUE_AT_ONCE if most is None else min(DUE_AT_ONCE, most - given)
        if limit <= 0:
            self.report.outlets[outlet].is_at_limit = True
            return []
        since = self.options.since
        leads = self._read(
            lambda conn: frontier.due(
                conn, outlet, self.now(), limit=limit, since=since, after=after
            )
        )
        self._given[outlet] = given + len(leads)
        self._open.update((lead.id, lead) for lead in leads)
        return leads

    def ask_for(self, outlet: str, listing: Listing) -> Lead:
        """The lead of a page that a person named, to be fetched whatever is known of it."""
        lead = self._write(lambda conn: frontier.lead_for(conn, outlet, listing, self.now()))
        self._asked_for.add(lead.id)
        self._open[lead.id] = lead
        self.report.outlets[outlet].articles[lead.identity] = None
        return lead

    # Sites live in the machine's time, whatever the crawl's clock says.
    def held_until(self, host: str) -> datetime | None:
        return self._read(lambda conn: frontier.held_until(conn, host, datetime.now(UTC)))

    def hold(self, host: str, until: datetime, reason: str) -> None:
        self._write(lambda conn: frontier.hold(conn, host, until, reason))

    def take_turn(self, host: str, holder: str, pace: Pace) -> float | None:
        return self._write(lambda conn: take_turn(conn, host, holder, pace))

    def end_turn(self, host: str, holder: str, pace: Pace, answered_at: datetime) -> None:
        self._write(lambda conn: end_turn(conn, host, holder, pace, answered_at))

    def read(self, lead: Lead, page: FetchedPage | None, article: Article) -> None:
        outlet = self._outlets[lead.outlet]
        identity = identity_of(article.url, outlet)
        stored = self._read(lambda conn: known_article(conn, outlet.id, identity, article.url))
        if self._judge and page is None:
            article.relevance = judge_article(article, self._judge)
        article.relevance = self._relevance(lead, outlet, article, stored)
        if not (article.relevant or stored or self.options.keep_off_topic):
            self._leave_out(lead, page, article)
            return
        kept = self._keep_page(page) if page else None
        new = Reading(article, identity)
        if stored is None:
            new.prepare(self.database.engine.dialect.name)

        def store(conn: Connection) -> Stored:
            now = self.now()
            page_id = _page_id(conn, page, kept) if page and kept is not None else None
            self._note_reading(conn, lead, page, article)
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
            if self._alerts:
                self._alerts.note_stored(conn, done, article, now)
            return done

        done = self._write(store)
        if done.outcome == "new" and article.date_published:
            delay = self.now() - article.date_published
            self._tally(lead).delays_seconds.append(delay.total_seconds())
        self._note_good(lead, page)
        self._note(lead, done.outcome)

    def _leave_out(self, lead: Lead, page: FetchedPage | None, article: Article) -> None:
        """Keeps only the address of what is off topic."""
        score = article.relevance.score

        def leave_out(conn: Connection) -> None:
            self._note_reading(conn, lead, page, article)
            frontier.settle(
                conn, lead.id, "off_topic",
                reason=article.headline, relevance_score=score, now=self.now(),
            )  # fmt: skip

        self._write(leave_out)
        self._note_good(lead, page)
        self._note(lead, "off_topic")

    def _note_reading(
        self, conn: Connection, lead: Lead, page: FetchedPage | None, article: Article | None
    ) -> None:
        """What is known by its listing alone tells nothing of a reader."""
        if page is not None:
            note_reading(conn, lead.outlet, lead.fetch_url, article, now=self.now())

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
            now = self.now()
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

        result = self._write(touch)
        self._tally(lead).pages.good += 1
        self._note(lead, result)

    def failed(self, lead: Lead, error: CrawlError, page: FetchedPage | None) -> None:
        if not isinstance(error, ForbiddenError):
            self._tally(lead).pages.note_fault(error)
        if error.is_host_wide:
            self._open.pop(lead.id, None)
            # Nothing was learned of this address: it stays due.
            self._note_problem(error)
            return
        if isinstance(error, ForbiddenError):
            reason = error.reason
            self._write(
                lambda conn: frontier.settle(
                    conn, lead.id, "forbidden", reason=reason, now=self.now()
                )
            )
            self._note(lead, "forbidden")
            return
        if isinstance(error, GoneError) and self._mark_gone(lead, error):
            return
        kept = self._keep_page(page) if page else None

        def settle(conn: Connection) -> None:
            page_id = _page_id(conn, page, kept) if page and kept is not None else None
            if not isinstance(error, KeptOutError):
                self._note_reading(conn, lead, page, None)
            frontier.settle(
                conn, lead.id, _state(error),
                reason=error.reason, page_id=page_id, now=self.now(),
                temporary=isinstance(error, TemporaryError),
            )  # fmt: skip

        self._write(settle)
        self._tally(lead).pages_noted += page is not None
        self._note(lead, "failed")
        self._note_problem(error, lead.fetch_url)

    def _mark_gone(self, lead: Lead, error: GoneError) -> bool:
        """A stored article that left its site keeps its text; whether there was one."""

        def mark(conn: Connection) -> Stored | None:
            now = self.now()
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

    def note_unanswered(self) -> None:
        """Say so of pages that were asked for and came to nothing at all; they stay due."""
        for lead in self._open.values():
            sentence = f"crawl: asked for and never heard of: {lead.fetch_url}"
            self.report.outlets[lead.outlet].note_problem(sentence)

    def _tally(self, lead: Lead) -> OutletTally:
        return self.report.outlets[lead.outlet]

    def _note_good(self, lead: Lead, page: FetchedPage | None) -> None:
        """A page was read as an article; one known by its listing alone was not."""
        if page is not None:
            tally = self._tally(lead)
            tally.pages.good += 1
            tally.pages_noted += 1
            tally.last_good_url = lead.fetch_url

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
