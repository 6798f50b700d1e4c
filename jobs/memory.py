"""A crawl's memory on the database: each call is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection

from crawler.errors import (
    CrawlError,
    ForbiddenError,
    GoneError,
    RefusedError,
    TemporaryError,
    UnreadableError,
)
from crawler.items import Article, FetchedPage, Lead, Listing, Relevance
from crawler.outlets import Outlet
from crawler.parsers import identity_of
from crawler.relevance import Judge, judge_article
from crawler.spider import listed_on_topic
from jobs.tally import CrawlReport, OutletTally, Result
from storage import Database, articles, frontier, pages
from storage.articles import Stored
from storage.identities import known_article, rename_article
from storage.patience import Patience, persist
from storage.readings import Reading
from storage.sightings import note_sightings
from storage.visits import State
from storage.warc import payload_digest

T = TypeVar("T")

_KNOWN_RESULTS: dict[str, Result] = {
    "stored": "unchanged",
    "off_topic": "off_topic",
    "forbidden": "forbidden",
}


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What one crawl is asked for.

    `since` leaves out what sources date earlier; `limit` is the most pages of an outlet;
    `keep_off_topic` stores articles judged off topic too.
    """

    since: datetime | None = None
    limit: int | None = None
    keep_off_topic: bool = False


class DatabaseMemory:
    """Remembers a crawl in the database and the page archive, and counts what came of it.

    The order of writing is what makes a crash harmless: the page before the record that
    points to it, a source's addresses in one transaction with its new validators, and a
    record in one transaction with its revision and its lead. A database that is away for a
    while is waited for.
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
        self.database = database
        self.archive = archive
        self.options = options
        self.report = CrawlReport({outlet.id: OutletTally() for outlet in outlets})
        self._outlets = {outlet.id: outlet for outlet in outlets}
        self._on_progress = on_progress
        self._patience = patience
        self._judge = judge
        self._asked_for: set[int] = set()
        self._open: dict[int, Lead] = {}

    def validators(self, outlet: str, source_url: str) -> tuple[str | None, str | None]:
        return self._read(lambda conn: frontier.validators(conn, outlet, source_url, _now()))

    def listed(
        self, outlet: str, source_url: str, listings: Sequence[Listing], page: FetchedPage
    ) -> None:
        states = self._write(
            lambda conn: frontier.note_source(
                conn,
                outlet,
                source_url,
                listings,
                etag=page.header("ETag"),
                last_modified=page.header("Last-Modified"),
                status=page.status,
                now=_now(),
            )
        )
        tally = self.report.outlets[outlet]
        for state in states:
            tally.articles.setdefault(state.identity, _KNOWN_RESULTS.get(state.state))
        self._on_progress(self.report)

    def not_modified(self, outlet: str, source_url: str) -> None:
        self._write(
            lambda conn: frontier.note_source(
                conn, outlet, source_url, [], etag=None, last_modified=None, status=304, now=_now()
            )
        )

    def source_failed(self, source_url: str, error: CrawlError) -> None:
        outlet, reason = error.outlet, error.reason
        self._write(
            lambda conn: frontier.note_source_problem(
                conn, outlet, source_url, reason, None, _now()
            )
        )
        self._note_problem(error, source_url)

    def due(self, outlet: str) -> list[Lead]:
        limit, since = self.options.limit, self.options.since
        leads = self._read(
            lambda conn: frontier.due(conn, outlet, _now(), limit=limit, since=since)
        )
        self._open.update((lead.id, lead) for lead in leads)
        return leads

    def ask_for(self, outlet: str, listing: Listing) -> Lead:
        """The lead of a page that a person named, to be fetched whatever is known of it."""
        lead = self._write(lambda conn: frontier.lead_for(conn, outlet, listing, _now()))
        self._asked_for.add(lead.id)
        self._open[lead.id] = lead
        self.report.outlets[outlet].articles[lead.identity] = None
        return lead

    def held_until(self, host: str) -> datetime | None:
        return self._read(lambda conn: frontier.held_until(conn, host, _now()))

    def hold(self, host: str, until: datetime, reason: str) -> None:
        self._write(lambda conn: frontier.hold(conn, host, until, reason))

    def read(self, lead: Lead, page: FetchedPage, article: Article) -> None:
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
        kept = self._keep_page(page)
        new = Reading(article, identity)
        if stored is None:
            new.prepare(self.database.engine.dialect.name)

        def store(conn: Connection) -> Stored:
            now = _now()
            page_id = _page_id(conn, page, kept)
            if stored is not None:
                rename_article(conn, stored, identity)
            if page.url not in (lead.fetch_url, article.url):  # where redirects ended
                note_sightings(conn, {lead.id: [page.url]}, source_url=None, now=now)
            (done,) = articles.store_articles(conn, [new.kept_as(page_id)], now)
            frontier.settle(
                conn,
                lead.id,
                "stored",
                now=now,
                article_id=done.article_id,
                etag=page.header("ETag"),
                last_modified=page.header("Last-Modified"),
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
            now = _now()
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
            now = _now()
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
                now=_now(),
            )
        )

    def _write(self, work: Callable[[Connection], T]) -> T:
        return persist(self.database.write, work, self._patience)

    def _read(self, work: Callable[[Connection], T]) -> T:
        return persist(self.database.read, work, self._patience)

    def note_unanswered(self) -> None:
        """Say so of pages that were asked for and came to nothing at all; they stay due."""
        for lead in self._open.values():
            sentence = f"crawl: asked for and never heard of: {lead.fetch_url}"
            self.report.outlets[lead.outlet].note_problem(sentence)

    def _note(self, lead: Lead, result: Result) -> None:
        self._open.pop(lead.id, None)
        self.report.outlets[lead.outlet].articles[lead.identity] = result
        self._on_progress(self.report)

    def _note_problem(self, error: CrawlError, url: str | None = None) -> None:
        sentence = error.reason if error.is_host_wide or url is None else f"{error.reason}: {url}"
        self.report.outlets[error.outlet].note_problem(sentence)
        self._on_progress(self.report)


def _state(error: CrawlError) -> State:
    if isinstance(error, RefusedError):
        return "refused"
    if isinstance(error, UnreadableError):
        return "unreadable"
    return "gone" if isinstance(error, GoneError) else "failed"


def _page_id(conn: Connection, page: FetchedPage, kept: int | pages.ArchivedPage) -> int:
    return kept if isinstance(kept, int) else pages.note_page(conn, page, kept)


def _now() -> datetime:
    return datetime.now(UTC)
