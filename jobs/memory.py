"""A crawl's memory on the database: each call is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

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
from crawler.spider import listed_on_topic
from jobs.tally import CrawlReport, OutletTally, Result
from storage import Database, articles, frontier, pages
from storage.visits import State
from storage.warc import payload_digest

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
    record in one transaction with its revision and its lead.
    """

    def __init__(
        self,
        database: Database,
        archive: pages.PageArchive,
        outlets: Sequence[Outlet],
        options: CrawlOptions,
        on_progress: Callable[[CrawlReport], None],
    ) -> None:
        self.database = database
        self.archive = archive
        self.options = options
        self.report = CrawlReport({outlet.id: OutletTally() for outlet in outlets})
        self._outlets = {outlet.id: outlet for outlet in outlets}
        self._on_progress = on_progress
        self._asked_for: set[int] = set()
        self._open: dict[int, Lead] = {}

    def validators(self, outlet: str, source_url: str) -> tuple[str | None, str | None]:
        with self.database.read() as conn:
            return frontier.validators(conn, outlet, source_url, _now())

    def listed(
        self, outlet: str, source_url: str, listings: Sequence[Listing], page: FetchedPage
    ) -> None:
        with self.database.write() as conn:
            states = frontier.note_source(
                conn,
                outlet,
                source_url,
                listings,
                etag=page.header("ETag"),
                last_modified=page.header("Last-Modified"),
                status=page.status,
                now=_now(),
            )
        tally = self.report.outlets[outlet]
        for state in states:
            tally.articles.setdefault(state.identity, _KNOWN_RESULTS.get(state.state))
        self._on_progress(self.report)

    def not_modified(self, outlet: str, source_url: str) -> None:
        with self.database.write() as conn:
            frontier.note_source(
                conn, outlet, source_url, [], etag=None, last_modified=None, status=304, now=_now()
            )

    def source_failed(self, source_url: str, error: CrawlError) -> None:
        with self.database.write() as conn:
            frontier.note_source_problem(conn, error.outlet, source_url, error.reason, None, _now())
        self._note_problem(error, source_url)

    def due(self, outlet: str) -> list[Lead]:
        with self.database.read() as conn:
            leads = frontier.due(
                conn, outlet, _now(), limit=self.options.limit, since=self.options.since
            )
        self._open.update((lead.id, lead) for lead in leads)
        return leads

    def ask_for(self, outlet: str, listing: Listing) -> Lead:
        """The lead of a page that a person named, to be fetched whatever is known of it."""
        with self.database.write() as conn:
            lead = frontier.lead_for(conn, outlet, listing, _now())
        self._asked_for.add(lead.id)
        self._open[lead.id] = lead
        self.report.outlets[outlet].articles[lead.identity] = None
        return lead

    def held_until(self, host: str) -> datetime | None:
        with self.database.read() as conn:
            return frontier.held_until(conn, host, _now())

    def hold(self, host: str, until: datetime, reason: str) -> None:
        with self.database.write() as conn:
            frontier.hold(conn, host, until, reason)

    def read(self, lead: Lead, page: FetchedPage, article: Article) -> None:
        outlet = self._outlets[lead.outlet]
        identity = identity_of(article.url, outlet)
        stored = self.database.article_by_identity(outlet.id, identity)
        article.relevance = self._relevance(lead, outlet, article, stored)
        if not (article.relevant or stored or self.options.keep_off_topic):
            score = article.relevance.score
            self._settle(lead, "off_topic", reason=article.headline, relevance_score=score)
            self._note(lead, "off_topic")
            return
        page_id, place = self._keep_page(page)
        with self.database.write() as conn:
            if place is not None:
                page_id = pages.note_page(conn, page, place)
            now = _now()
            done = articles.store_article(
                conn, article, identity=identity, page_id=page_id, now=now
            )
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
        self._note(lead, done.outcome)

    def _relevance(
        self, lead: Lead, outlet: Outlet, article: Article, stored: Article | None
    ) -> Relevance:
        """An on-topic outlet vouches for what its sources list, not for what people name."""
        was_listed = lead.id not in self._asked_for or (stored is not None and stored.relevant)
        return listed_on_topic(outlet, article.relevance) if was_listed else article.relevance

    def _keep_page(self, page: FetchedPage) -> tuple[int | None, pages.ArchivedPage | None]:
        """(id of the same page kept before, null) or (null, where it lies now)."""
        with self.database.read() as conn:
            known = pages.same_page(conn, page.url, payload_digest(page.body))
        return (known, None) if known is not None else (None, self.archive.write(page))

    def unchanged(self, lead: Lead) -> None:
        now = _now()
        outcome: Result = "unchanged"
        with self.database.write() as conn:
            article_id = frontier.article_id_of(conn, lead.id)
            if article_id is not None:
                outcome = articles.touch(conn, article_id, now).outcome
            frontier.settle(
                conn,
                lead.id,
                "stored",
                now=now,
                etag=lead.etag,
                last_modified=lead.last_modified,
            )
        self._note(lead, outcome)

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
            known, place = self._keep_page(page)
            if known is None and place is not None:
                with self.database.write() as conn:
                    pages.note_page(conn, page, place)
        is_temporary = isinstance(error, TemporaryError)
        self._settle(lead, _state(error), reason=error.reason, temporary=is_temporary)
        self._note(lead, "failed")
        self._note_problem(error, lead.fetch_url)

    def _mark_gone(self, lead: Lead, error: GoneError) -> bool:
        """A stored article that left its site keeps its text; whether there was one."""
        now = _now()
        with self.database.write() as conn:
            article_id = frontier.article_id_of(conn, lead.id)
            if article_id is None:
                return False
            done = articles.mark_gone(conn, article_id, now)
            frontier.settle(conn, lead.id, "gone", reason=error.reason, now=now)
        self._note(lead, done.outcome)
        note = f"article {article_id} is gone from its site; its text is kept"
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
        with self.database.write() as conn:
            frontier.settle(
                conn,
                lead.id,
                state,
                reason=reason,
                temporary=temporary,
                relevance_score=relevance_score,
                now=_now(),
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


def _now() -> datetime:
    return datetime.now(UTC)
