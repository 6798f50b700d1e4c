"""Everything that a crawl asks of the database, in one thread of its own.

The loop goes on with downloads, signals and health while a database takes its time or is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from crawler.discover import Discovery, Part
from crawler.errors import CrawlError
from crawler.items import Article, FetchedPage, Lead
from crawler.turns import Pace
from jobs.memory import DatabaseMemory

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThread:
    """Does one thing after another, as they come."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="database")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` gives. Cancelled, it ends the waiting and not the work."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: work(*args, **kwargs))

    def close(self) -> None:
        """Leaves out what waits, and waits for what is under way."""
        self._executor.shutdown(cancel_futures=True)


class ThreadedMemory:
    """A `CrawlMemory`: `DatabaseMemory` in the database's thread."""

    def __init__(self, memory: DatabaseMemory, thread: DatabaseThread) -> None:
        self._memory = memory
        self._run = thread.run

    async def validators(self, outlet: str, source_url: str) -> tuple[str | None, str | None]:
        return await self._run(self._memory.validators, outlet, source_url)

    async def listed(
        self, outlet: str, source_url: str, found: Discovery, page: FetchedPage
    ) -> AsyncIterator[bool]:
        parts = self._memory.listed(outlet, source_url, found, page)
        while (has_new := await self._run(_next, parts)) is not None:
            yield has_new

    async def not_modified(self, outlet: str, source_url: str) -> list[Part]:
        return await self._run(self._memory.not_modified, outlet, source_url)

    async def source_failed(self, source_url: str, error: CrawlError) -> None:
        await self._run(self._memory.source_failed, source_url, error)

    async def due(self, outlet: str, after: Lead | None) -> list[Lead]:
        return await self._run(self._memory.due, outlet, after)

    async def held_until(self, host: str) -> datetime | None:
        return await self._run(self._memory.held_until, host)

    async def hold(self, host: str, until: datetime, reason: str) -> None:
        await self._run(self._memory.hold, host, until, reason)

    async def take_turn(self, host: str, holder: str, pace: Pace) -> float | None:
        return await self._run(self._memory.take_turn, host, holder, pace)

    async def end_turn(self, host: str, holder: str, pace: Pace) -> None:
        await self._run(self._memory.end_turn, host, holder, pace, datetime.now(UTC))

    async def read(self, lead: Lead, page: FetchedPage | None, article: Article) -> None:
        await self._run(self._memory.read, lead, page, article)

    async def unchanged(self, lead: Lead) -> None:
        await self._run(self._memory.unchanged, lead)

    async def failed(self, lead: Lead, error: CrawlError, page: FetchedPage | None) -> None:
        await self._run(self._memory.failed, lead, error, page)


def _next(parts: Iterator[bool]) -> bool | None:
    return next(parts, None)
