"""What a crawl's memory writes into: the database, waited for, and the run's report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from crawler.discover import Reach
from crawler.errors import CrawlError
from crawler.outlets import Outlet
from jobs.tally import CrawlReport, OutletTally
from storage import Database
from storage.patience import Patience, persist

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What one crawl is asked for.

    `since` leaves out what sources date earlier; `limit` is the most pages of an outlet;
    `keep_off_topic` stores articles judged off topic too; `backfill` reads sitemaps, archives
    and lists back to `since`, or to their beginning.
    """

    since: datetime | None = None
    limit: int | None = None
    keep_off_topic: bool = False
    backfill: bool = False

    @property
    def reach(self) -> Reach:
        return Reach(self.since, self.backfill)


class Ledger:
    """Database and report of one crawl. A database that is away for a while is waited for."""

    def __init__(
        self,
        database: Database,
        outlets: Sequence[Outlet],
        options: CrawlOptions,
        on_progress: Callable[[CrawlReport], None],
        patience: Patience,
        now: Callable[[], datetime],
    ) -> None:
        self.now = now
        self.database = database
        self.options = options
        listed_new = None if options.backfill else 0
        self.report = CrawlReport(
            {outlet.id: OutletTally(listed_new=listed_new) for outlet in outlets}
        )
        self._outlets = {outlet.id: outlet for outlet in outlets}
        self._on_progress = on_progress
        self._patience = patience

    def outlet(self, outlet_id: str) -> Outlet:
        """The entry of an outlet of this crawl."""
        return self._outlets[outlet_id]

    def _write(self, work: Callable[[Connection], T]) -> T:
        return persist(self.database.write, work, self._patience)

    def _read(self, work: Callable[[Connection], T]) -> T:
        return persist(self.database.read, work, self._patience)

    def _note_problem(self, error: CrawlError, url: str | None = None) -> None:
        sentence = error.reason if error.is_host_wide or url is None else f"{error.reason}: {url}"
        self.report.outlets[error.outlet].note_problem(sentence)
        self._on_progress(self.report)
