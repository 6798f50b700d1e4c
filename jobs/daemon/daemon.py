"""The daemon: takes the office or stands by, leads while it has it, and ends when it is told to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from jobs import log
from jobs.alerts.noting import alerts_of
from jobs.clock import Clock
from jobs.daemon.clockwatch import ClockWatch
from jobs.daemon.health_server import Pulse, Readiness, Role
from jobs.daemon.outlets import OutletsInForce
from jobs.daemon.systemd import ServiceManager
from jobs.daemon.term import LeadingTerm
from jobs.metrics import Metrics
from jobs.reactor import name_hosts
from jobs.settings import Settings
from storage import Database, StorageError
from storage.figures import Figures, read_figures
from storage.leadership import Office, Term

BEAT_SECONDS = 5.0
"""Between two signs of life: the office is lost after six missed ones."""

PULSE_LIMIT_SECONDS = 30.0
"""A loop that does not turn for so long hangs: no callback of ours takes a second."""

_TICK_SECONDS = 1.0
_FILES_SECONDS = 5.0


class SecondDaemonError(StorageError):
    """Another daemon works on this SQLite database."""


def refuse_second(database: Database) -> None:
    """Raises SecondDaemonError where another daemon works on this SQLite database."""
    holder = Office(database).holder() if database.engine.dialect.name == "sqlite" else None
    if holder:
        raise SecondDaemonError(f"one daemon is enough for {database.place}: {holder}")


class Daemon:
    """One process's. `run` ends when `stop` was awaited, or with what cannot be waited out."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        manager: ServiceManager,
        clock: Clock | None = None,
    ) -> None:
        """Raises ConfigurationError for a faulty outlets or alerts file."""
        self._settings = settings
        self._database = database
        self._manager = manager
        self._clock = clock or Clock()
        self._outlets = OutletsInForce(settings)
        self._alerts = alerts_of(settings)
        self._office = Office(database)
        self._leading: LeadingTerm | None = None
        self._role: Role = "starting"
        self._database_fault: str | None = None
        self._is_stopping = False
        self._ended: asyncio.Future[None] | None = None
        self.pulse = Pulse(PULSE_LIMIT_SECONDS)
        self.metrics = Metrics(
            self._figures,
            reading_queue=lambda: self._leading.crawls.readers.waiting if self._leading else 0,
            is_leader=lambda: self._role == "leading",
        )

    @property
    def hosts(self) -> set[str]:
        """Of the outlets in force."""
        return self._outlets.hosts

    def readiness(self) -> Readiness:
        """What `/readyz` is told."""
        # A broken outlets file keeps nobody from work: the old one is in force.
        return Readiness(self._role, (self._database_fault,) if self._database_fault else ())

    async def run(self) -> None:
        """Raises SecondDaemonError, StorageError where the database cannot be used at all."""
        tasks = [
            asyncio.ensure_future(loop)
            for loop in (
                _forever(BEAT_SECONDS, self._beat),
                _forever(_TICK_SECONDS, self._tick()),
                _forever(_FILES_SECONDS, self._look_at_files),
            )
        ]
        self._ended = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait([*tasks, self._ended], return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()  # its exception
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._end_term()
            await asyncio.to_thread(self._office.give_up)

    def order_stop(self) -> None:
        """From a signal's handler, at once: nothing is waited for any more."""
        self._is_stopping = True
        if self._leading:
            self._leading.order_end()

    async def stop(self) -> None:
        """Ends `run`: what is under way is finished or rolled back."""
        self._role = "stopping"
        self._manager.stopping("finishing what is under way")
        log.event("stopping", running=sorted(self._running))
        if self._ended and not self._ended.done():
            self._ended.set_result(None)

    @property
    def _running(self) -> frozenset[str]:
        return self._leading.timetable.running if self._leading else frozenset()

    async def _beat(self) -> None:
        """A sign of life where it leads, else a try to."""
        try:
            if self._leading is None or not await self._is_leader_still():
                await self._seek_office()
            self._note_database(None)
        except SecondDaemonError:
            raise
        except StorageError as error:
            if not error.temporary:
                raise
            self._note_database(str(error))

    async def _is_leader_still(self) -> bool:
        return await asyncio.to_thread(self._office.heartbeat, self._clock.now())

    async def _seek_office(self) -> None:
        term = await asyncio.to_thread(self._office.try_take, self._clock.now())
        leading = self._leading
        if leading and (term is None or term.epoch != leading.term.epoch):
            log.warn("lost the lead", epoch=leading.term.epoch)
            await self._end_term()
        if term is None:
            await self._stand_by()
        elif self._leading is None and not self._is_stopping:
            await self._lead(term)

    async def _lead(self, term: Term) -> None:
        leading = LeadingTerm(
            self._settings,
            self._database,
            term,
            self._outlets,
            self._alerts,
            self.metrics,
            self._clock,
        )
        await leading.begin()
        self._leading = leading
        self._become("leading")
        log.event("leading", epoch=term.epoch, outlets=len(self._outlets.enabled))

    async def _stand_by(self) -> None:
        if self._role == "standing by":
            return
        await asyncio.to_thread(refuse_second, self._database)
        holder = await asyncio.to_thread(self._office.holder) or "another one leads"
        self._become("standing by")
        log.event("standing by", reason=holder)

    async def _end_term(self) -> None:
        leading, self._leading = self._leading, None
        if leading:
            await leading.end()

    def _become(self, role: Role) -> None:
        if self._role == "starting":
            self._manager.ready(role)
        else:
            self._manager.status(role)
        self._role = role

    def _figures(self) -> Figures:
        with self._database.read() as conn:
            return read_figures(conn, self._clock.now())

    def _note_database(self, fault: str | None) -> None:
        if fault and fault != self._database_fault:
            log.warn("database away", reason=fault)
        elif self._database_fault and not fault:
            log.event("database back")
        self._database_fault = fault

    def _tick(self) -> Callable[[], Awaitable[None]]:
        watch = ClockWatch(self._clock)
        told = time.monotonic()

        async def tick() -> None:
            nonlocal told
            self.pulse.beat()
            every = self._manager.watchdog_seconds
            if every and time.monotonic() - told >= every:
                self._manager.alive()
                told = time.monotonic()
            shift = watch.jump()
            if shift is not None:
                log.warn("the clock was set", seconds=round(shift.total_seconds()))
                if self._leading:
                    self._leading.note_jump(shift)

        return tick

    async def _look_at_files(self) -> None:
        """A catalogue and an alerts file that changed; broken ones leave the old in force."""
        problem = await asyncio.to_thread(self._alerts.file.refresh)
        if problem:
            log.error("alerts file", reason=problem)
        if await asyncio.to_thread(self._outlets.refresh):
            await self._note_outlets()
        if self._leading and not self._leading.is_planned:
            with suppress(StorageError):  # the next look tries it again
                await self._leading.plan()

    async def _note_outlets(self) -> None:
        with suppress(StorageError):  # the log has it too
            await asyncio.to_thread(self._office.note_problem, self._outlets.problem)
        if self._outlets.problem:
            log.error("outlets file", reason=self._outlets.problem)
            return
        name_hosts(self._outlets.hosts)
        self.metrics.keep_outlets(outlet.id for outlet in self._outlets.catalogue)
        log.event("outlets read again", outlets=len(self._outlets.enabled))


async def _forever(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await work()
        await asyncio.sleep(seconds)
