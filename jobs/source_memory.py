"""What a crawl remembers of sources: what each listed, and how to ask for it again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from crawler.discover import Discovery, Part
from crawler.errors import CrawlError
from crawler.items import FetchedPage, Listing
from jobs.ledger import Ledger, utc_now
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
            lambda conn: frontier.validators(conn, outlet, source_url, utc_now(), back_to)
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
                now=utc_now(),
                read_back_to=found.read_back_to if found else None,
                parts=[(part.url, part.changed) for part in found.parts] if found else (),
            )

        return self._write(note)

    def not_modified(self, outlet: str, source_url: str) -> list[Part]:
        def note(conn: Connection) -> list[tuple[str, datetime | None]]:
            frontier.note_source(
                conn, outlet, source_url, [],
                etag=None, last_modified=None, status=304, now=utc_now(),
            )  # fmt: skip
            return frontier.parts_of(conn, outlet, source_url)

        return [Part(url, changed) for url, changed in self._write(note)]

    def source_failed(self, source_url: str, error: CrawlError) -> None:
        outlet, reason = error.outlet, error.reason
        self._write(
            lambda conn: frontier.note_source_problem(
                conn, outlet, source_url, reason, None, utc_now()
            )
        )
        self._note_problem(error, source_url)
