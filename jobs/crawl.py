"""One crawl: the spider, its memory, and the run's row in the database."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

import storage
from crawler.discover import sources_of
from crawler.errors import ConfigurationError
from crawler.exchanges import ExchangeLog
from crawler.items import Listing
from crawler.outlets import Catalogue, Outlet
from crawler.parsers import fetch_url_of, identity_of
from crawler.reading_pool import readers_of
from crawler.spider import NewsSpider
from crawler.urls import absolute
from jobs.alerts.noting import Alerts, alerts_of
from jobs.clock import Clock
from jobs.database_thread import DatabaseThread, ThreadedMemory
from jobs.health.note import note_health
from jobs.ledger import CrawlOptions
from jobs.memory import DatabaseMemory
from jobs.output import say
from jobs.reactor import Interrupted, run
from jobs.settings import Settings
from jobs.spiders import SpiderRunner
from jobs.tally import CrawlReport
from storage import StorageError, runs
from storage.exchanges import note_exchange
from storage.pages import PageArchive
from storage.patience import Patience, persist
from storage.runs import RunStatus

NO_SOURCES = "its entry has no feeds, sitemaps or pages"

# A server that restarts is back within seconds, one that recovers within minutes.
DATABASE_PATIENCE_SECONDS = 300.0

T = TypeVar("T")
OnProgress = Callable[[CrawlReport], None]


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """Which outlets to read, or which pages of them; `pages` null is the outlets' sources.

    `beside` are outlets whose hosts these may share.
    """

    outlets: list[Outlet]
    options: CrawlOptions = field(default_factory=CrawlOptions)
    pages: list[tuple[Outlet, Listing]] | None = None
    beside: Sequence[Outlet] = ()


def plan_crawl(
    catalogue: Catalogue,
    outlet_ids: Sequence[str],
    urls: Sequence[str],
    options: CrawlOptions,
) -> CrawlPlan:
    """What to crawl. Raises ConfigurationError for an unknown outlet or nobody's address."""
    enabled = [outlet for outlet in catalogue if outlet.enabled]
    named = [catalogue.require(outlet_id) for outlet_id in dict.fromkeys(outlet_ids)]
    if not urls:
        outlets = named or enabled
        if not outlets:
            raise ConfigurationError(f"{catalogue.source} has no enabled outlet")
        return CrawlPlan(outlets, options, beside=enabled)
    asked = [_asked_page(catalogue, named, url) for url in urls]
    outlets = list({outlet.id: outlet for outlet, _ in asked}.values())
    return CrawlPlan(outlets, options, asked, enabled)


def _asked_page(catalogue: Catalogue, named: list[Outlet], url: str) -> tuple[Outlet, Listing]:
    address = absolute("", url)
    if address is None:
        raise ConfigurationError(f"--url {url}: not an http(s) address")
    outlet = catalogue.outlet_of(address)
    if outlet is None or (named and outlet not in named):
        where = " or ".join(o.id for o in named) or f"any outlet of {catalogue.source}"
        raise ConfigurationError(f"--url {url}: not on a host of {where}")
    return outlet, Listing(address, fetch_url_of(address, outlet), identity_of(address, outlet))


class Crawls:
    """Runs crawls on the reactor's loop into one database, several at once if need be.

    The reading processes, the page archive and the database's thread are all crawls' together.
    """

    def __init__(
        self,
        settings: Settings,
        database: storage.Database,
        command: str,
        clock: Clock | None = None,
        alerts: Alerts | None = None,
    ) -> None:
        """Raises ConfigurationError for a faulty topic or alerts file."""
        self.settings = settings
        self.database = database
        self.command = command
        self.clock = clock or Clock()
        self.alerts = alerts or alerts_of(settings)
        self.thread = DatabaseThread()
        self.readers = readers_of(settings.reading_processes, settings.topic_file)
        self.archive = PageArchive(settings.data_dir)
        self._spiders = SpiderRunner(settings.agent)
        self._judge = settings.judge() if settings.topic_file else None
        self._is_stopping = False
        self._told = ""
        self._patience = Patience(
            DATABASE_PATIENCE_SECONDS, lambda: self._is_stopping, self._tell_of_wait
        )

    def close(self) -> None:
        """Ends the reading processes and the database's thread, whatever they are at."""
        self.readers.close()
        self.thread.close()
        self.archive.close()

    async def crawl(
        self,
        plan: CrawlPlan,
        on_progress: OnProgress,
        *,
        due_at: datetime | None = None,
        limit_seconds: float | None = None,
    ) -> CrawlReport:
        """One crawl; after `limit_seconds` it takes no more work, and leaves the rest due.

        `due_at` is when a schedule wanted it. Raises StorageError where the database or the
        page archive failed.
        """
        run_id = await self.write(
            lambda conn: runs.start_run(conn, self.command, self._now(), due_at)
        )
        status: RunStatus = "interrupted"
        exchanges = ExchangeLog()
        memory = DatabaseMemory(
            self.database,
            self.archive,
            plan.outlets,
            plan.options,
            on_progress,
            self._patience,
            self._now,
            self._judge,
            self.alerts,
        )
        try:
            is_whole = await self._run_spider(plan, memory, exchanges, limit_seconds)
            if not self._is_stopping:
                if is_whole:
                    memory.note_unanswered()
                else:
                    memory.report.note_limit()
                status = "failed" if memory.report.is_failed else "done"
            return memory.report
        except Exception:  # of ours too; one that was cancelled was interrupted
            status = "failed"
            raise
        finally:
            await self._finish(run_id, status, memory, exchanges)

    async def _run_spider(
        self,
        plan: CrawlPlan,
        memory: DatabaseMemory,
        exchanges: ExchangeLog,
        limit_seconds: float | None,
    ) -> bool:
        """False where it was ended by its limit."""
        leads = None
        for outlet in plan.outlets if plan.pages is None else ():
            if not sources_of(outlet):
                memory.report.outlets[outlet.id].note_problem(NO_SOURCES)
        if plan.pages is not None:
            asked = [
                (outlet, await self.thread.run(memory.ask_for, outlet.id, page))
                for outlet, page in plan.pages
            ]
            leads = list({lead.id: (outlet, lead) for outlet, lead in asked}.values())
        if self._is_stopping:  # since: nobody would stop this one
            return False
        return await self._spiders.run(
            NewsSpider,
            plan.outlets,
            beside=plan.beside,
            limit_seconds=limit_seconds,
            memory=ThreadedMemory(memory, self.thread),
            readers=self.readers,
            leads=leads,
            reach=plan.options.reach,
            exchanges=exchanges,
        )

    def _tell_of_wait(self, error: StorageError) -> None:
        if str(error) != self._told:
            self._told = str(error)
            say(f"{error}; waiting up to {DATABASE_PATIENCE_SECONDS:.0f} s")

    @property
    def is_stopping(self) -> bool:
        return self._is_stopping

    def note_order(self) -> None:
        """Somebody asked to stop: nothing is waited for any more."""
        self._is_stopping = True

    async def stop(self) -> None:
        """Take no more work and let answers under way come in."""
        await self._spiders.stop()

    async def _finish(
        self, run_id: int, status: RunStatus, memory: DatabaseMemory, exchanges: ExchangeLog
    ) -> None:
        def finish(conn: Connection) -> None:
            now = self._now()
            for outlet, tally in memory.report.outlets.items():
                runs.note_outlet(conn, run_id, outlet, tally.counts, tally.problems)
                change = note_health(conn, memory.outlet(outlet), tally, now)
                if change:
                    self.alerts.note_outlet(conn, **asdict(change), now=now)
            for exchange in exchanges.last.values():
                note_exchange(conn, "last", asdict(exchange))
            for exchange in exchanges.last_bad.values():
                note_exchange(conn, "bad", asdict(exchange))
            runs.finish_run(conn, run_id, status, now)

        await self.write(finish)

    def _now(self) -> datetime:
        return self.clock.now()

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self.thread.run(persist, self.database.write, work, self._patience)


def crawl_now(settings: Settings, plan: CrawlPlan, on_progress: OnProgress) -> CrawlReport:
    """The one-off crawl, once in a process. An interrupted one gives what was done so far."""
    silence_libraries()
    last: CrawlReport = CrawlReport()

    def remember(report: CrawlReport) -> None:
        nonlocal last
        last = report
        on_progress(report)

    with (
        storage.open(settings.database_url, create=True) as database,
        closing(Crawls(settings, database, "crawl")) as crawls,
    ):
        hosts = {host[0] for outlet in plan.outlets for host in outlet.hosts}
        try:
            return run(lambda: crawls.crawl(plan, remember), crawls.stop, hosts, crawls.note_order)
        except Interrupted:
            last.is_interrupted = True
            return last


def silence_libraries() -> None:
    """Their logs and warnings are for developers; what went wrong is in the run's report."""
    import logging

    from twisted.logger import globalLogBeginner

    # Until told where to, Twisted writes tracebacks of bad certificates to standard error.
    globalLogBeginner.beginLoggingTo([], redirectStandardIO=False, discardBuffer=True)
    logging.getLogger().addHandler(logging.NullHandler())
    for name in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
