"""One outlet's turn: its crawl, what is told of it, and when the next one is due."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from crawler.errors import SinorusError
from crawler.outlets import Outlet
from crawler.settings import slot_of
from jobs import log
from jobs.clock import Clock
from jobs.crawl import CrawlPlan, Crawls
from jobs.daemon.schedule import (
    LONGEST,
    RHYTHM_PERIOD,
    SHORTEST,
    Due,
    adaptive,
    jittered,
    next_cron,
)
from jobs.health.backoff import backoff_of
from jobs.ledger import CrawlOptions
from jobs.metrics import Metrics
from jobs.tally import CrawlReport
from jobs.times import spell
from storage import frontier
from storage.outlet_states import OutletState, load_state, save_schedule

OUTLETS_AT_ONCE = 12
"""Each waits for its hosts nearly all the time."""

PAGES_A_RUN = 300
"""Ten minutes at two seconds each: then its feeds are looked at again, before what is left. An
outlet with a schedule of its own has its next run when that says, so one run reads all."""

RUN_LIMIT_SECONDS = 3600.0
"""A run that takes longer than anything it should do is ended; what it left stays due."""

AFTER_A_FAULT = timedelta(minutes=5)
"""Of ours, or of a database that stayed away for longer than a run waits."""


@dataclass(frozen=True, slots=True)
class Aims:
    """What the next due time is made of."""

    state: OutletState
    published: list[datetime]
    fresh_for: timedelta | None
    held_until: datetime | None
    has_more: bool


class Rounds:
    """Runs outlets as they become due, a few at once."""

    def __init__(
        self,
        crawls: Crawls,
        outlets: Callable[[], Mapping[str, Outlet]],
        metrics: Metrics,
        random: Random | None = None,
    ) -> None:
        self._crawls = crawls
        self._outlets = outlets
        self._metrics = metrics
        self._random = random or Random()  # noqa: S311 - spreads load, guards nothing
        self._places = asyncio.Semaphore(OUTLETS_AT_ONCE)

    async def run(self, outlet_id: str, due_at: datetime) -> datetime:
        """Runs the outlet that was due then; gives when it is due next."""
        async with self._places:
            if self._crawls.is_stopping:  # while it waited for its place
                return due_at
            outlet = self._outlets().get(outlet_id)
            if outlet is None:  # it left the catalogue while it waited
                return self._now() + LONGEST
            try:
                return await self._run(outlet, due_at)
            except SinorusError as error:
                log.warn("run failed", outlet=outlet_id, reason=str(error))
            except Exception as error:  # noqa: BLE001
                # One outlet's fault of ours must not end the others' crawls.
                log.error("run broke", outlet=outlet_id, cause=error)
            return await self._put_off(outlet_id)

    async def _put_off(self, outlet: str) -> datetime:
        """After a fault of ours or of the database, which may still be away."""
        at = self._now() + AFTER_A_FAULT
        with suppress(SinorusError):
            await self._crawls.write(
                lambda conn: save_schedule(
                    conn, outlet, next_due=at, due_reason="its run broke, see the log"
                )
            )
        return at

    async def _run(self, outlet: Outlet, due_at: datetime) -> datetime:
        began = self._now()
        await self._crawls.write(
            lambda conn: save_schedule(conn, outlet.id, next_due=due_at, due_reason="it runs now")
        )
        limit = None if outlet.schedule else PAGES_A_RUN
        report = await self._crawls.crawl(
            CrawlPlan([outlet], CrawlOptions(limit=limit), beside=list(self._outlets().values())),
            lambda _: None,
            due_at=due_at,
            limit_seconds=RUN_LIMIT_SECONDS,
        )
        if self._crawls.is_stopping:
            return due_at  # cut short: it is still due
        is_cut = report.outlets[outlet.id].is_at_limit
        due = await self._crawls.write(lambda conn: self._note_next(conn, outlet, began, is_cut))
        self._tell(outlet, report, began, due_at, due)
        return due.at

    def _note_next(self, conn: Connection, outlet: Outlet, began: datetime, is_cut: bool) -> Due:
        now = self._now()
        aims = _aims(conn, outlet, now, self._crawls.clock, is_cut)
        due = next_due(outlet, aims, now, began, self._random)
        save_schedule(conn, outlet.id, next_due=due.at, due_reason=due.reason)
        return due

    def _tell(
        self, outlet: Outlet, report: CrawlReport, began: datetime, due_at: datetime, due: Due
    ) -> None:
        now = self._now()
        tally = report.outlets[outlet.id]
        status = "failed" if report.is_failed else "done"
        seconds = (now - began).total_seconds()
        self._metrics.note_run(outlet.id, status, seconds, tally.counts, now)
        for kind, number in (tally.sources.faults + tally.pages.faults).items():
            self._metrics.note_error(outlet.id, kind, number)
        for delay in tally.delays_seconds:
            self._metrics.note_delay(outlet.id, delay)
        log.event(
            "run finished",
            outlet=outlet.id,
            status=status,
            seconds=round(seconds, 1),
            late_seconds=round((began - due_at).total_seconds(), 1),
            **{name: number for name, number in tally.counts.items() if number},
            next_due=due.at,
            reason=due.reason,
            problem=tally.problems[0] if tally.problems else None,
        )

    def _now(self) -> datetime:
        return self._crawls.clock.now()


def _aims(conn: Connection, outlet: Outlet, now: datetime, clock: Clock, is_cut: bool) -> Aims:
    listed = [*outlet.feeds, *outlet.sitemaps, *outlet.pages]
    # What sites ask for is kept in the machine's time.
    asked = clock.machine_time(now)
    holds = [frontier.held_until(conn, slot_of(url), asked) for url in listed]
    return Aims(
        load_state(conn, outlet.id),
        frontier.published_moments(conn, outlet.id, now - RHYTHM_PERIOD),
        frontier.fresh_for(conn, outlet.id, listed),
        max((clock.time_at(until) for until in holds if until), default=None),
        # Pages of a host that is down are due too, and are no reason to ask others sooner.
        is_cut and bool(frontier.due(conn, outlet.id, now, limit=1)),
    )


def next_due(outlet: Outlet, aims: Aims, now: datetime, began: datetime, random: Random) -> Due:
    """When an outlet is due next, after a run that began then.

    By its cron expression, or its rhythm; later where it fails or asked to be left alone, sooner
    where a run had to leave pages.
    """
    wait = timedelta(0)
    if aims.state.failure_kind is not None:
        wait = backoff_of(aims.state.failure_kind, aims.state.failures)
    if outlet.schedule:
        due = Due(next_cron(outlet.schedule, now), f"its schedule, {outlet.schedule}")
    elif aims.has_more and not wait:
        due = Due(now + SHORTEST, "pages are left to read")
    else:
        interval, reason = adaptive(aims.published, aims.fresh_for, now)
        # The clock may have been set back while it ran.
        due = Due(max(min(began, now) + jittered(interval, random), now + SHORTEST), reason)
    if wait and now + wait > due.at:
        number = f"{aims.state.failures} runs in a row" if aims.state.failures > 1 else "a run"
        due = Due(now + wait, f"left alone for {spell(wait)}: {number} failed")
    if aims.held_until is not None and aims.held_until > due.at:
        due = Due(aims.held_until, "its host asked to be left alone until then")
    return due
