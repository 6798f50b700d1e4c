"""Which outlet is due when, and that it runs then: once, never twice at once, never in a crowd."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from jobs.clock import Clock

Run = Callable[[str, datetime], Awaitable[datetime]]
"""Runs the outlet of that id, which was due then; gives when it is due next."""

CROWD_SPREAD = timedelta(minutes=5)
"""What became due while nobody looked runs once within this time, not all at the same moment."""


class Timetable:
    """One job an outlet, at one moment; the next is known when a run has ended.

    So runs cannot overlap, and of runs that were missed one is made up for. Due times are the
    clock's, UTC. Needs a running loop.
    """

    def __init__(self, run: Run, clock: Clock, random: Random | None = None) -> None:
        self._run = run
        self._clock = clock
        self._random = random or Random()  # noqa: S311 - spreads load, guards nothing
        self._due: dict[str, datetime] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._is_ending = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": None,  # late is better than never
            },
        )

    def start(self) -> None:
        self._scheduler.start()

    def pause(self) -> None:
        """No further run begins; those that run go on."""
        self._scheduler.pause()

    def order_end(self) -> None:
        """From any thread: no further run begins, not even of what has just been cut short."""
        self._is_ending = True

    @property
    def running(self) -> frozenset[str]:
        return frozenset(self._running)

    @property
    def due(self) -> Mapping[str, datetime]:
        """By outlet; of one that runs, when it was due."""
        return dict(self._due)

    def plan(self, due: Mapping[str, datetime | None]) -> None:
        """When outlets are due, in place of all there was; null is at once.

        What is past runs soon, spread over a while. One that runs is planned by its own end.
        """
        for outlet in set(self._due) - set(due):
            self._forget(outlet)
        now = self._clock.now()
        crowd = [o for o, at in due.items() if (at is None or at <= now) and not self._runs(o)]
        self._random.shuffle(crowd)
        for place, outlet in enumerate(crowd):
            self._set(outlet, now + CROWD_SPREAD * place / max(len(crowd), 1))
        for outlet, at in due.items():
            if self._runs(outlet):
                self._due.setdefault(outlet, now)  # it had left, and is back
            elif at is not None and at > now:
                self._set(outlet, at)

    def replan(self, shift: timedelta) -> None:
        """The clock jumped by so much. Set back, all stays as far away as it was; set forward,
        what is past is caught up with once.
        """
        moved = min(shift, timedelta(0))
        self.plan({outlet: at + moved for outlet, at in self._due.items()})

    def set(self, outlet: str, at: datetime) -> None:
        """When one outlet is due; one that runs is planned by its own end."""
        if not self._runs(outlet):
            self._set(outlet, at)

    async def drain(self, seconds: float) -> None:
        """Waits for what runs, at most so long, then cancels it."""
        running = list(self._running.values())
        if running:
            _, late = await asyncio.wait(running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def shutdown(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _runs(self, outlet: str) -> bool:
        return outlet in self._running

    def _forget(self, outlet: str) -> None:
        del self._due[outlet]
        if self._scheduler.get_job(outlet):
            self._scheduler.remove_job(outlet)

    def _set(self, outlet: str, at: datetime) -> None:
        self._due[outlet] = at
        self._scheduler.add_job(
            self._begin,
            DateTrigger(self._clock.machine_time(at), timezone=UTC),
            args=(outlet, at),
            id=outlet,
            replace_existing=True,
        )

    async def _begin(self, outlet: str, at: datetime) -> None:
        """As a task of its own: a scheduler that ends cancels its jobs, half done or not."""
        if self._is_ending or self._runs(outlet) or self._due.get(outlet) != at:
            return
        self._running[outlet] = asyncio.ensure_future(self._run_and_plan(outlet, at))

    async def _run_and_plan(self, outlet: str, at: datetime) -> None:
        try:
            due = await self._run(outlet, at)
        finally:
            self._running.pop(outlet, None)
        if outlet in self._due:  # else it left the catalogue meanwhile
            self._set(outlet, due)
