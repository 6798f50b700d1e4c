"""What a leading daemon does until its term ends: crawls as they are due, alerts, housekeeping."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import Connection

from crawler.errors import SinorusError
from crawler.outlets import Catalogue
from jobs import log
from jobs.alerts.noting import Alerts
from jobs.alerts.sending import Sender
from jobs.clock import Clock
from jobs.crawl import Crawls
from jobs.daemon.housekeeping import keep_house, keep_house_daily
from jobs.daemon.outlets import OutletsInForce
from jobs.daemon.rounds import Rounds
from jobs.daemon.schedule import due_still
from jobs.daemon.timetable import Timetable
from jobs.health.note import note_disabled
from jobs.metrics import Metrics
from jobs.settings import Settings
from storage import Database
from storage.leadership import Term
from storage.outlet_states import OutletState, load_states

_ALERTS_SECONDS = 10.0
_HOUSE_SECONDS = 60.0
_DAILY_SECONDS = 86_400.0
_DRAIN_SECONDS = 6.0
_END_SECONDS = 8.0  # after it: what was drained in vain is cancelled by then


class LeadingTerm:
    """Begins with `begin`, ends with `end`. All it writes is fenced by the term's epoch."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        term: Term,
        outlets: OutletsInForce,
        alerts: Alerts,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self.term = term
        self._outlets = outlets
        self._clock = clock
        self._database = database.fenced(term.epoch)
        self.crawls = Crawls(settings, self._database, "daemon", clock, alerts)
        self._sender = Sender(self._database, alerts.file)
        rounds = Rounds(self.crawls, lambda: outlets.enabled, metrics)
        self.timetable = Timetable(rounds.run, clock)
        self._planned: Catalogue | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """Plans what is due and starts. Raises StorageError."""
        try:
            await self.plan()
        except BaseException:
            self.crawls.close()
            raise
        self.timetable.start()
        self._tasks = [
            asyncio.ensure_future(_every(seconds / self._clock.rate, name, work))
            for seconds, name, work in (
                (_ALERTS_SECONDS, "alerts not sent", self._send_alerts),
                (_HOUSE_SECONDS, "housekeeping failed", lambda: keep_house(self.crawls)),
                (_DAILY_SECONDS, "housekeeping failed", lambda: keep_house_daily(self.crawls)),
            )
        ]

    async def plan(self) -> None:
        """Every enabled outlet by its state: at the start, and when the catalogue changed."""
        catalogue, outlets = self._outlets.catalogue, self._outlets.enabled
        states = await self.crawls.thread.run(self._states, catalogue)
        planned, now = self.timetable.due, self._clock.now()
        due = {}
        for outlet in outlets.values():
            state = states.get(outlet.id, OutletState(outlet.id))
            at = planned.get(outlet.id, state.next_due)
            is_failing = state.failures > 0
            due[outlet.id] = due_still(at, outlet.schedule, now, is_failing=is_failing)
        self.timetable.plan(due)
        self._planned = catalogue

    @property
    def is_planned(self) -> bool:
        """Whether the outlets in force are those that were planned last."""
        return self._planned is self._outlets.catalogue

    def _states(self, catalogue: Catalogue) -> dict[str, OutletState]:
        """Of all outlets; what is not crawled any more is noted as such."""
        with self._database.read() as conn:
            states = load_states(conn)
        entries = {outlet.id: outlet for outlet in catalogue}
        left = [
            state.outlet
            for state in states.values()
            if state.state != "disabled"
            and not (state.outlet in entries and entries[state.outlet].enabled)
        ]
        if left:
            with self._database.write() as conn:
                for outlet in left:
                    self._note_disabled(conn, outlet, has_entry=outlet in entries)
        return states

    def _note_disabled(self, conn: Connection, outlet: str, *, has_entry: bool) -> None:
        now = self._clock.now()
        change = note_disabled(conn, outlet, now, has_entry=has_entry)
        if change:
            self.crawls.alerts.note_outlet(conn, **asdict(change), now=now)

    def order_end(self) -> None:
        """From any thread, at once: nothing is waited for any more."""
        self.timetable.order_end()
        self.crawls.note_order()
        self._sender.stop()

    async def end(self) -> None:
        """Takes no more work, lets answers under way come in, gives everything back."""
        self.timetable.pause()
        self.order_end()
        for task in self._tasks:
            task.cancel()
        with suppress(TimeoutError):  # a spider that does not end must not keep us from the rest
            async with asyncio.timeout(_END_SECONDS):
                await asyncio.gather(self.crawls.stop(), self.timetable.drain(_DRAIN_SECONDS))
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.timetable.shutdown()
        await asyncio.to_thread(self.crawls.close)

    def note_jump(self, shift: timedelta) -> None:
        self.timetable.replan(shift)

    async def _send_alerts(self) -> None:
        report = await asyncio.to_thread(self._sender.send_due, self._clock.now())
        if report.sent or report.failed or report.dead:
            log.event("alerts", sent=report.sent, failed=report.failed, dead=report.dead)


async def _every(seconds: float, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Again and again; a fault that may pass costs one time."""
    while True:
        try:
            await work()
        except SinorusError as error:
            log.warn(name, reason=str(error))
        except Exception as error:  # noqa: BLE001 - else the task would end unseen
            log.error(name, cause=error)
        await asyncio.sleep(seconds)
