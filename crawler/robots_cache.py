"""robots.txt among the crawls of one process: read once an hour, and kept for bad days."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

from crawler.robots import RobotsRules

LONGEST_USE_SECONDS = 3600.0
"""Rules are read anew after that; RFC 9309, 2.4 allows a day."""

SHORTEST_USE_SECONDS = 60.0
"""Also where Cache-Control says less: else every page would cost a robots.txt."""

LONGEST_RESERVE_SECONDS = 24 * 3600.0
"""So old may the last good copy be that serves while none can be had (RFC 9309, 2.4)."""

ASK_AGAIN_SECONDS = 300.0
"""For one that could not be had."""

MOST_ORIGINS = 500
"""In memory; the packaged catalogue has some hundred."""


class ReadRobots(NamedTuple):
    """An answer's rules, and for how many seconds it says they stay; null where it does not."""

    rules: RobotsRules
    fresh_seconds: float | None = None


@dataclass(slots=True)
class _Known:
    """What is gone by until `until`; the last good copy, and when it was read."""

    rules: RobotsRules
    until: float
    good: RobotsRules | None = None
    good_at: float = 0.0


class RobotsCache:
    """By origin (`https://news.example:8443`). `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Future[RobotsRules]] = {}

    async def rules(self, origin: str, ask: Callable[[], Awaitable[ReadRobots]]) -> RobotsRules:
        """Those known, else what `ask` gives: once, however many wait. Raises what it raises."""
        known = self._known.get(origin)
        if known is not None and self._clock() < known.until:
            return known.rules
        if origin not in self._asking:
            self._asking[origin] = asyncio.ensure_future(self._ask(origin, ask))
        return await asyncio.shield(self._asking[origin])

    def known(self, origin: str) -> RobotsRules | None:
        """What is gone by, or was last; null while nobody has read it."""
        known = self._known.get(origin)
        return known.rules if known else None

    async def _ask(self, origin: str, ask: Callable[[], Awaitable[ReadRobots]]) -> RobotsRules:
        try:
            read = await ask()
        finally:
            del self._asking[origin]
        now = self._clock()
        known = self._known.pop(origin, None)
        self._known[origin] = self._keep(read, known, now)  # the last one asked for is the last
        while len(self._known) > MOST_ORIGINS:
            del self._known[next(iter(self._known))]
        return self._known[origin].rules

    def _keep(self, read: ReadRobots, known: _Known | None, now: float) -> _Known:
        if not read.rules.unreachable:
            said = LONGEST_USE_SECONDS if read.fresh_seconds is None else read.fresh_seconds
            use = min(max(said, SHORTEST_USE_SECONDS), LONGEST_USE_SECONDS)
            return _Known(read.rules, now + use, read.rules, now)
        again = now + ASK_AGAIN_SECONDS
        if not read.rules.is_passing or known is None or known.good is None:
            return _Known(read.rules, again)
        reserve_until = known.good_at + LONGEST_RESERVE_SECONDS
        if now >= reserve_until:
            return _Known(read.rules, again)
        return _Known(known.good, min(again, reserve_until), known.good, known.good_at)
