"""One crawl: the spider, its memory, and the run's row in the database."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection

import storage
from crawler.discover import sources_of
from crawler.errors import ConfigurationError, SinorusError
from crawler.items import Listing
from crawler.outlets import Catalogue, Outlet
from crawler.parsers import fetch_url_of, identity_of
from crawler.spider import NewsSpider
from crawler.urls import absolute
from jobs.ledger import CrawlOptions
from jobs.memory import DatabaseMemory
from jobs.output import say
from jobs.reactor import Interrupted, run
from jobs.settings import Settings
from jobs.spiders import SpiderRunner
from jobs.tally import CrawlReport
from storage import StorageError, runs
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
    """Which outlets to read, or which pages of them; `pages` null is the outlets' sources."""

    outlets: list[Outlet]
    options: CrawlOptions = field(default_factory=CrawlOptions)
    pages: list[tuple[Outlet, Listing]] | None = None


def plan_crawl(
    catalogue: Catalogue,
    outlet_ids: Sequence[str],
    urls: Sequence[str],
    options: CrawlOptions,
) -> CrawlPlan:
    """What to crawl. Raises ConfigurationError for an unknown outlet or nobody's address."""
    named = [catalogue.require(outlet_id) for outlet_id in dict.fromkeys(outlet_ids)]
    if not urls:
        outlets = named or [outlet for outlet in catalogue if outlet.enabled]
        if not outlets:
            raise ConfigurationError(f"{catalogue.source} has no enabled outlet")
        return CrawlPlan(outlets, options)
    asked = [_asked_page(catalogue, named, url) for url in urls]
    outlets = list({outlet.id: outlet for outlet, _ in asked}.values())
    return CrawlPlan(outlets, options, asked)


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
    """Runs crawls on the reactor's loop, one after another, into one database."""

    def __init__(self, settings: Settings, database: storage.Database, command: str) -> None:
        self._spiders = SpiderRunner(settings.agent)
        self._is_stopping = False
        self._told = ""
        self._patience = Patience(
            DATABASE_PATIENCE_SECONDS, lambda: self._is_stopping, self._tell_of_wait
        )
        self.settings = settings
        self._judge = settings.judge() if settings.topic_file else None
        self.database = database
        self.command = command

    async def crawl(self, plan: CrawlPlan, on_progress: OnProgress) -> CrawlReport:
        """One crawl. Raises StorageError where the database or the page archive failed."""
        run_id = self._write(lambda conn: runs.start_run(conn, self.command, _now()))
        status: RunStatus = "interrupted"
        memory: DatabaseMemory | None = None
        try:
            with PageArchive(self.settings.data_dir) as archive:
                memory = DatabaseMemory(
                    self.database,
                    archive,
                    plan.outlets,
                    plan.options,
                    on_progress,
                    self._patience,
                    self._judge,
                )
                await self._run_spider(plan, memory)
            if not self._is_stopping:
                memory.note_unanswered()
                status = "failed" if memory.report.is_failed else "done"
            return memory.report
        except SinorusError:
            status = "failed"
            raise
        finally:
            self._finish(run_id, status, memory)

    async def _run_spider(self, plan: CrawlPlan, memory: DatabaseMemory) -> None:
        leads = None
        for outlet in plan.outlets if plan.pages is None else ():
            if not sources_of(outlet):
                memory.report.outlets[outlet.id].note_problem(NO_SOURCES)
        if plan.pages is not None:
            asked = [(outlet, memory.ask_for(outlet.id, page)) for outlet, page in plan.pages]
            leads = list({lead.id: (outlet, lead) for outlet, lead in asked}.values())
        await self._spiders.run(
            NewsSpider, plan.outlets, memory=memory, leads=leads, reach=plan.options.reach
        )

    def _tell_of_wait(self, error: StorageError) -> None:
        if str(error) != self._told:
            self._told = str(error)
            say(f"{error}; waiting up to {DATABASE_PATIENCE_SECONDS:.0f} s")

    def note_order(self) -> None:
        """Somebody asked to stop: nothing is waited for any more."""
        self._is_stopping = True

    async def stop(self) -> None:
        """Take no more work and let answers under way come in."""
        await self._spiders.stop()

    def _finish(self, run_id: int, status: RunStatus, memory: DatabaseMemory | None) -> None:
        def finish(conn: Connection) -> None:
            for outlet, tally in memory.report.outlets.items() if memory else ():
                runs.note_outlet(conn, run_id, outlet, tally.counts, tally.problems)
            runs.finish_run(conn, run_id, status, _now())

        self._write(finish)

    def _write(self, work: Callable[[Connection], T]) -> T:
        return persist(self.database.write, work, self._patience)


def crawl_now(settings: Settings, plan: CrawlPlan, on_progress: OnProgress) -> CrawlReport:
    """The one-off crawl, once in a process. An interrupted one gives what was done so far."""
    silence_libraries()
    last: CrawlReport = CrawlReport()

    def remember(report: CrawlReport) -> None:
        nonlocal last
        last = report
        on_progress(report)

    with storage.open(settings.database_url, create=True) as database:
        crawls = Crawls(settings, database, "crawl")
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


def _now() -> datetime:
    return datetime.now(UTC)
