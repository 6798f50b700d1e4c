"""Pages and sources are read in processes of their own, each with a deadline and a memory limit.

A page that hangs its reader, kills it or eats the memory costs that page, and nothing waits for
it but its own outlet.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.discover import Discovery, Reach, Source
from crawler.errors import UnreadableError
from crawler.items import Article, FetchedPage, Lead
from crawler.outlets import Outlet
from crawler.readers import discover, read_page
from crawler.relevance import Judge, load_topic

T = TypeVar("T")

PAGE_DEADLINE_SECONDS = 10.0
"""The largest hostile pages take 2 s on one core; a busy machine is some times slower."""

SOURCE_DEADLINE_SECONDS = 120.0
"""50,000 addresses of a sitemap take some 15 s."""

MEMORY_BYTES = 1 << 30
"""Of a reading process, beyond what its libraries take: hostile pages of 8 MiB need up to
300 MB, feeds of 50 MiB more."""

READINGS_PER_PROCESS = 5000
"""Then a new one takes its place, whatever the libraries may have lost in memory."""

_LATE_SECONDS = 2.0
"""Beyond its deadline a reader ends itself: the crawl that would end it may have been killed."""

LOOK_SECONDS = 1.0
"""Between two looks at whether there is still somebody to wait for."""

_OUT_OF_MEMORY = 77  # an exit code that nothing else here has
_WARM_MODULE = "crawler.reading_warm"


class Readers(Protocol):
    """Whoever reads for a spider. `waiting` is how much is read now or waits for it."""

    waiting: int

    def close(self) -> None:
        """Ends what it is at."""

    async def article(
        self, outlet: Outlet, lead: Lead, page: FetchedPage, *, is_text: bool
    ) -> Article:
        """See `crawler.readers.read_page`."""

    async def discovery(
        self, page: FetchedPage, source: Source, outlet: Outlet, reach: Reach
    ) -> Discovery:
        """See `crawler.readers.discover`."""


class ReadingHere:
    """Reads in the crawl's own process: starts at once, and a page may hang or end it all."""

    def __init__(self, topic_file: Path | None = None) -> None:
        self._judge = Judge(load_topic(topic_file)) if topic_file else None
        self.waiting = 0

    async def article(
        self, outlet: Outlet, lead: Lead, page: FetchedPage, *, is_text: bool
    ) -> Article:
        """See `read_page`."""
        return read_page(outlet, lead, page, is_text=is_text, judge=self._judge)

    async def discovery(
        self, page: FetchedPage, source: Source, outlet: Outlet, reach: Reach
    ) -> Discovery:
        """See `discover`."""
        return discover(page, source, outlet, reach)

    def close(self) -> None:
        """There is nothing to end."""


class ReadingPool:
    """The processes start with the first page.

    `topic_file` is that of another topic than the packaged one, by which pages come judged.
    """

    def __init__(
        self,
        processes: int,
        topic_file: Path | None = None,
        *,
        page_deadline_seconds: float = PAGE_DEADLINE_SECONDS,
        source_deadline_seconds: float = SOURCE_DEADLINE_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        # Not forked from a process that has threads and sockets, nor started anew each time.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([_WARM_MODULE])
        self._make_pool: Callable[[], Any] = partial(
            ProcessPool,
            max_workers=processes,
            max_tasks=READINGS_PER_PROCESS,
            initializer=_start_worker,
            initargs=(topic_file, memory_bytes),
            context=context,
        )
        self._pool = self._make_pool()
        self._under_way: dict[Future[Any], Any] = {}  # in which pool each is read
        self._is_closed = False
        self._page_deadline = page_deadline_seconds
        self._source_deadline = source_deadline_seconds
        self.waiting = 0

    def close(self) -> None:
        """Ends the processes, whatever they are at."""
        self._is_closed = True
        _end(self._pool)

    async def article(
        self, outlet: Outlet, lead: Lead, page: FetchedPage, *, is_text: bool
    ) -> Article:
        """See `read_page`. Raises `UnreadableError` also for a page that its reader was lost to."""
        submit = partial(self.submit_page, outlet, lead, page, is_text=is_text)
        return await self._answer(submit, outlet, page, "parse", self._page_deadline)

    async def discovery(
        self, page: FetchedPage, source: Source, outlet: Outlet, reach: Reach
    ) -> Discovery:
        """See `discover`. Raises `UnreadableError` also where its reader was lost to it."""
        deadline = self._source_deadline
        submit = partial(self._submit, deadline, discover, page, source, outlet, reach)
        return await self._answer(submit, outlet, page, source.kind, deadline)

    def submit_page(
        self, outlet: Outlet, lead: Lead, page: FetchedPage, *, is_text: bool
    ) -> Future[Article]:
        """For those without a loop; `lost_reader` says what its other exceptions mean."""
        return self._submit(self._page_deadline, _read_page, outlet, lead, page, is_text)

    def _submit(self, deadline: float, read: Callable[..., T], *arguments: Any) -> Future[T]:
        if not self._is_closed and not self._pool.active:
            # A reader that is killed while it has nothing to read breaks the pool for good.
            _end(self._pool)
            self._pool = self._make_pool()
        future: Future[T] = self._pool.schedule(
            _within_limits, (deadline, read, *arguments), timeout=deadline
        )
        self._under_way[future] = self._pool
        future.add_done_callback(lambda done: self._under_way.pop(done, None))
        return future

    def check(self, future: Future[Any]) -> None:
        """To be asked from time to time while waiting: a pool that broke forgets what waited
        in it. Raises BrokenProcessPool.
        """
        pool = self._under_way.get(future)
        if pool is not None and not pool.active and not self._is_closed:
            raise BrokenProcessPool("the reading processes ended")

    async def _wait(self, future: Future[T]) -> T:
        answer = asyncio.wrap_future(future)
        try:
            while not (await asyncio.wait({answer}, timeout=LOOK_SECONDS))[0]:
                self.check(future)
            return answer.result()
        finally:
            answer.cancel()

    async def _answer(
        self,
        submit: Callable[[], Future[T]],
        outlet: Outlet,
        page: FetchedPage,
        layer: str,
        deadline: float,
    ) -> T:
        self.waiting += 1
        try:
            try:
                return await self._wait(submit())
            except (BrokenProcessPool, ProcessExpired) as error:
                if not _is_from_outside(error):
                    raise
                return await self._wait(submit())
        except (TimeoutError, ProcessExpired, BrokenProcessPool) as error:
            reason = lost_reader(error, deadline)
            raise UnreadableError(outlet.id, page.url, f"{layer}: {reason}") from error
        finally:
            self.waiting -= 1


def _is_from_outside(error: BaseException) -> bool:
    """Whether the reader was killed by somebody else: the system in need of memory, a person.
    That is perhaps no fault of its page, which is tried once more.
    """
    codes = (-signal.SIGTERM, -signal.SIGKILL)
    return not isinstance(error, ProcessExpired) or error.exitcode in codes


def lost_reader(error: BaseException, deadline_seconds: float = PAGE_DEADLINE_SECONDS) -> str:
    """How a page cost its reader, as part of a sentence."""
    code = error.exitcode if isinstance(error, ProcessExpired) else None
    if isinstance(error, TimeoutError) or code == -signal.SIGALRM:
        return f"the reader was ended at its limit of {deadline_seconds:g} s"
    if code == _OUT_OF_MEMORY:
        return "the reader needed more memory than it may"
    return "the reader crashed"


def readers_of(processes: int, topic_file: Path | None = None) -> Readers:
    """A pool of so many processes; with 0 there is none."""
    return ReadingPool(processes, topic_file) if processes else ReadingHere(topic_file)


_judge: Judge | None = None
"""Of a reading process, where the topic is not the packaged one."""


def _start_worker(topic_file: Path | None, memory_bytes: int) -> None:
    global _judge
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the crawl ends us
    _limit_memory(memory_bytes)
    _judge = Judge(load_topic(topic_file)) if topic_file else None


def _limit_memory(more_bytes: int) -> None:
    """Nothing where the system does not tell what is taken already."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError):
        return
    limit = pages * resource.getpagesize() + more_bytes
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _within_limits(deadline_seconds: float, read: Callable[..., Any], *arguments: Any) -> Any:
    """Ends the process where the memory did not suffice: nobody knows what is still held."""
    signal.setitimer(signal.ITIMER_REAL, deadline_seconds + _LATE_SECONDS)
    try:
        return read(*arguments)
    except (MemoryError, UnreadableError) as error:
        if isinstance(error, MemoryError) or isinstance(error.__cause__, MemoryError):
            os._exit(_OUT_OF_MEMORY)
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _end(pool: Any) -> None:
    pool.stop()
    pool.join()


def _read_page(outlet: Outlet, lead: Lead, page: FetchedPage, is_text: bool) -> Article:
    return read_page(outlet, lead, page, is_text=is_text, judge=_judge)
