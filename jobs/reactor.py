"""One asyncio loop for Scrapy and everything else, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from scrapy.utils.reactor import install_reactor

from crawler.network import PublicResolver, is_address_name
from crawler.settings import DNS_TIMEOUT_SECONDS
from jobs import exits

T = TypeVar("T")

_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
_DNS_CACHE_SIZE = 10_000
GRACE_SECONDS = 5.0
"""For answers under way after Ctrl-C; all writes are whole at any moment."""

_LAST_SECONDS = 1.5  # after a second order, or after all grace


class Interrupted(Exception):  # noqa: N818 - an order, no error
    """Ctrl-C or SIGTERM ended the work."""


def run(
    main: Callable[[], Coroutine[Any, Any, T]],
    stop: Callable[[], Awaitable[None]],
    named_hosts: Iterable[str],
    on_order: Callable[[], None],
    *,
    grace_seconds: float = GRACE_SECONDS,
    order_exit: int = exits.INTERRUPTED,
) -> T:
    """Run `main` on Scrapy's reactor, once in a process.

    On SIGINT or SIGTERM `on_order` is called at once, whatever the loop is doing; `stop` is
    awaited and `main` given time to end, `grace_seconds` each, then it is cancelled. Raises
    Interrupted if so. A second order ends the process within two seconds, with `order_exit`.
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
            stopping.append(loop.create_task(_stop(stop, task, grace_seconds)))

    orders = 0

    def take_order(_number: int, _frame: object) -> None:
        nonlocal orders
        orders += 1
        # A thread that waits for a database would keep the process from its end.
        patience = 0.0 if orders > 1 else 2 * grace_seconds
        _end_process_in(patience + _LAST_SECONDS, order_exit)
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


async def _stop(
    stop: Callable[[], Awaitable[None]], task: asyncio.Task[Any], grace_seconds: float
) -> None:
    try:
        await asyncio.wait_for(stop(), grace_seconds)
        await asyncio.wait([task], timeout=grace_seconds)
    except TimeoutError:
        pass
    finally:
        task.cancel()


def _end_process_in(seconds: float, code: int) -> None:
    """Whatever it is at: every write is whole or not there."""
    timer = threading.Timer(seconds, os._exit, (code,))
    timer.daemon = True
    timer.start()


def name_hosts(hosts: Iterable[str]) -> None:
    """The hosts that the operator names are now these: see `PublicResolver`."""
    if _resolvers:
        _resolvers[-1].named_hosts = frozenset(filter(is_address_name, hosts))


_resolvers: list[PublicResolver] = []
"""The one that is installed: a process has one reactor."""


def _install_resolver(reactor: Any, named_hosts: Iterable[str]) -> None:
    resolver = PublicResolver(reactor, _DNS_CACHE_SIZE, DNS_TIMEOUT_SECONDS)
    resolver.install_on_reactor()
    _resolvers.append(resolver)
    name_hosts(named_hosts)
