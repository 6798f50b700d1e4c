"""One asyncio loop for Scrapy and everything else, and how it ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from scrapy.utils.reactor import install_reactor

from crawler.network import PublicResolver, is_address_name
from crawler.settings import DNS_TIMEOUT_SECONDS

T = TypeVar("T")

_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
_DNS_CACHE_SIZE = 10_000
_GRACE_SECONDS = 5.0  # for answers under way after Ctrl-C; all writes are whole at any moment


class Interrupted(Exception):  # noqa: N818 - an order, no error
    """Ctrl-C or SIGTERM ended the work."""


def run(
    main: Callable[[], Coroutine[Any, Any, T]],
    stop: Callable[[], Awaitable[None]],
    named_hosts: Iterable[str],
    on_order: Callable[[], None],
) -> T:
    """Run `main` on Scrapy's reactor, once in a process.

    On SIGINT or SIGTERM `on_order` is called at once, whatever the loop is doing; `stop` is
    awaited and `main` given a few seconds to end, then it is cancelled. Raises Interrupted if so.
    """
    install_reactor(_REACTOR)
    from twisted.internet import reactor as installed  # exists only now

    reactor: Any = installed
    _install_resolver(reactor, named_hosts)
    loop = asyncio.get_event_loop()
    task = loop.create_task(main())
    task.add_done_callback(lambda _: reactor.stop())
    stopping: list[asyncio.Task[None]] = []

    def interrupt() -> None:
        if stopping:
            task.cancel()
        else:
            stopping.append(loop.create_task(_stop(stop, task)))

    def take_order(_number: int, _frame: object) -> None:
        on_order()
        loop.call_soon_threadsafe(interrupt)

    for number in (signal.SIGINT, signal.SIGTERM):
        # Not the loop's own handler, which runs only between callbacks: one of them may be
        # waiting for a database that is away.
        signal.signal(number, take_order)
    reactor.run(installSignalHandlers=False)
    if stopping:
        raise Interrupted
    return task.result()


async def _stop(stop: Callable[[], Awaitable[None]], task: asyncio.Task[Any]) -> None:
    try:
        await asyncio.wait_for(stop(), _GRACE_SECONDS)
        await asyncio.wait([task], timeout=_GRACE_SECONDS)
    except TimeoutError:
        pass
    finally:
        task.cancel()


def _install_resolver(reactor: Any, named_hosts: Iterable[str]) -> None:
    resolver = PublicResolver(reactor, _DNS_CACHE_SIZE, DNS_TIMEOUT_SECONDS)
    resolver.named_hosts = frozenset(filter(is_address_name, named_hosts))
    resolver.install_on_reactor()
