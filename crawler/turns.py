"""Whose request a host gets next, among all crawls of this process and all processes beside it."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from scrapy.exceptions import IgnoreRequest

_numbers = count(1)  # no turn of a process is called as another of it


class CalledBack(IgnoreRequest):
    """What waited for its turn must pass the gate once more: something changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a crawl owes a host. `lapse_seconds`: a turn held for longer is that of a dead one."""

    delay_seconds: float
    connections: int
    lapse_seconds: float


class TurnMemory(Protocol):
    """What is remembered of turns, for all processes."""

    async def take_turn(self, host: str, holder: str, pace: Pace) -> float | None:
        """0 where it is taken now, else the seconds after which to ask again; null where the
        host asked to be left alone.
        """

    async def end_turn(self, host: str, holder: str, pace: Pace) -> None:
        """A request came to its end now, one way or another."""


@dataclass(eq=False, slots=True)
class _Waiter:
    is_called_back: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, seconds: float | None) -> None:
        """Until it is woken, or so many seconds are over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.wake.wait(), seconds)
        self.wake.clear()


@dataclass(slots=True)
class _Queue:
    """Of one host: who waits, the first of them asking the memory, and how many have a turn."""

    waiting: deque[_Waiter] = field(default_factory=deque)
    taken: int = 0

    def wake_first(self) -> None:
        if self.waiting:
            self.waiting[0].wake.set()


class HostTurns:
    """Turns of one process, in the order in which its crawls ask for them.

    Only the first who waits for a host asks the memory, and nobody while this process itself
    has all the turns that there are. `process` names it among all that there are.
    """

    def __init__(self, process: str) -> None:
        self._process = process
        self._queues: dict[str, _Queue] = {}

    async def take(self, memory: TurnMemory, host: str, pace: Pace) -> str:
        """The turn's name, once it has come. Raises `CalledBack`, and what the memory raises."""
        queue = self._queues.setdefault(host, _Queue())
        holder = f"{self._process}/{next(_numbers)}"
        me = _Waiter()
        queue.waiting.append(me)
        try:
            while not await self._ask(memory, host, holder, pace, me):
                pass
        finally:
            queue.waiting.remove(me)
            queue.wake_first()
            self._forget(host)
        return holder

    async def _ask(
        self, memory: TurnMemory, host: str, holder: str, pace: Pace, me: _Waiter
    ) -> bool:
        """Whether the turn is taken; else it was waited for until asking makes sense again."""
        queue = self._queues[host]
        if me.is_called_back:
            raise CalledBack(f"{host} is not asked now")
        if queue.waiting[0] is not me or queue.taken >= pace.connections:
            await me.wait(None)
            return False
        left = await memory.take_turn(host, holder, pace)
        if left is None:
            raise CalledBack(f"{host} asked to be left alone")
        if left:
            await me.wait(left)
            return False
        queue.taken += 1
        if me.is_called_back:
            await self.end(memory, host, holder, pace)
            raise CalledBack(f"{host} is not asked now")
        return True

    async def end(self, memory: TurnMemory, host: str, holder: str, pace: Pace) -> None:
        """The answer came, or none ever will. Raises what the memory raises."""
        try:
            await memory.end_turn(host, holder, pace)
        finally:
            queue = self._queues[host]
            queue.taken -= 1
            queue.wake_first()
            self._forget(host)

    def call_back(self, host: str | None = None) -> None:
        """All that wait for a turn at this host, or at any; each raises `CalledBack`."""
        hosts = list(self._queues) if host is None else [host]
        for queue in (self._queues[name] for name in hosts if name in self._queues):
            for waiter in queue.waiting:
                waiter.is_called_back = True
                waiter.wake.set()

    def _forget(self, host: str) -> None:
        queue = self._queues[host]
        if not queue.waiting and not queue.taken:
            del self._queues[host]
