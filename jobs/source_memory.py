"""What a crawl remembers of sources: what each listed, and how to ask for it again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from crawler.discover import Discovery, Part
from crawler.errors import CrawlError
from crawler.freshness import fresh_for
from crawler.items import FetchedPage, Listing
from jobs.ledger import Ledger
from jobs.tally import Result
from storage import frontier
from storage.frontier import LeadState

# Some 0.3 s of writing: other writers, and the hosts that wait for an answer, get their turn.
LISTINGS_PER_TRANSACTION = 1000

_KNOWN_RESULTS: dict[str, Result] = {
    "stored": "unchanged",
    "off_topic": "off_topic",
    "forbidden": "forbidden",
}


class SourceMemory(Ledger):
    """A source's validators are kept with the last of its addresses: a crash before them
    means that it is read again as a whole.
    """

    def validators(self, outlet: str, source_url: str) -> tuple[str | None, str | None]:
        back_to = self.options.reach.back_to
        return self._read(
            lambda conn: frontier.validators(conn, outlet, source_url, self.now(), back_to)
        )

    def listed(
        self, outlet: str, source_url: str, found: Discovery, page: FetchedPage
    ) -> Iterator[bool]:
        size = LISTINGS_PER_TRANSACTION
        for start in range(0, len(found.listings) or 1, size):
            batch = found.listings[start : start + size]
            is_last = start + size >= len(found.listings)
            states = self._note_source(outlet, source_url, batch, page, found if is_last else None)
            tally = self.report.outlets[outlet]
            tally.sources.good += is_last
            if tally.listed_new is not None:
                tally.listed_new += sum(state.is_new for state in states)
            for state in states:
                tally.articles.setdefault(state.identity, _KNOWN_RESULTS.get(state.state))
            self._on_progress(self.report)
            yield any(state.is_new for state in states)

    def _note_source(
        self,
        outlet: str,
        source_url: str,
        batch: list[Listing],
        page: FetchedPage,
        found: Discovery | None,
    ) -> list[LeadState]:
        """One transaction; `found` is null before the last one of a source."""

        def note(conn: Connection) -> list[LeadState]:
            return frontier.note_source(
                conn,
                outlet,
                source_url,
                batch,
                etag=page.header("ETag") if found else None,
                last_modified=page.header("Last-Modified") if found else None,
                status=page.status,
                now=self.now(),
                read_back_to=found.read_back_to if found else None,
                parts=[(part.url, part.changed) for part in found.parts] if found else (),
                fresh_for=fresh_for(page),
            )

        return self._write(note)

    def not_modified(self, outlet: str, source_url: str) -> list[Part]:
        def note(conn: Connection) -> list[tuple[str, datetime | None]]:
            frontier.note_source(
                conn, outlet, source_url, [],
                etag=None, last_modified=None, status=304, now=self.now(),
            )  # fmt: skip
            return frontier.parts_of(conn, outlet, source_url)

        self.report.outlets[outlet].sources.good += 1
        return [Part(url, changed) for url, changed in self._write(note)]

    def source_failed(self, source_url: str, error: CrawlError) -> None:
        outlet, reason = error.outlet, error.reason
        self._write(
            lambda conn: frontier.note_source_problem(
                conn, outlet, source_url, reason, None, self.now()
            )
        )
        self.report.outlets[outlet].sources.note_fault(error)
        self._note_problem(error, source_url)
