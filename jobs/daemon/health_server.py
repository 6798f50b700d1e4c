"""What machines ask the daemon: `/healthz`, `/readyz` and `/metrics` over HTTP.

A loop of its own in a thread of its own: it answers while the daemon's loop hangs, which is what
it is asked for. Every connection has few seconds in all and few bytes for its request, and of too
many the oldest is closed, so nobody who dawdles keeps others from being answered.
"""

from __future__ import annotations

import asyncio
import errno
import json
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from crawler.errors import ConfigurationError
from jobs import log

Role = Literal["starting", "leading", "standing by", "stopping"]

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_JSON_TYPE = "application/json"
_CONNECTION_SECONDS = 5.0  # request and answer together; a whole scrape takes some 20 ms
_MAX_REQUEST_BYTES = 8_192
_MAX_UNREAD_PIECES = 16  # of that size, of a request that was refused
_MAX_CONNECTIONS = 16  # one or two ask, twice a minute
_BACKLOG = 16
_START_SECONDS = 5.0
_STOP_SECONDS = 1.0
_REASON_PHRASES = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_METHODS = ("GET", "HEAD")


class Pulse:
    """Whether a loop still turns: it calls `beat`, others ask `fault`."""

    def __init__(
        self, limit_seconds: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit_seconds = limit_seconds
        self._monotonic = monotonic
        self._last = monotonic()

    def beat(self) -> None:
        self._last = self._monotonic()

    def fault(self) -> str | None:
        """Why the process does not work; null while it does."""
        silent = self._monotonic() - self._last
        if silent <= self.limit_seconds:
            return None
        return f"the loop has not turned for {silent:.0f} s, limit {self.limit_seconds:.0f} s"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the daemon is doing, and what keeps it from its work.

    Standing by is ready: it would take over at once, and an orchestrator must not replace it.
    Starting and stopping are not.
    """

    role: Role
    faults: tuple[str, ...] = ()

    @property
    def reasons(self) -> list[str]:
        own = [f"the daemon is {self.role}"] if self.role in ("starting", "stopping") else []
        return own + list(self.faults)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str = _JSON_TYPE

    def head(self) -> bytes:
        allow = f"Allow: {', '.join(_METHODS)}\r\n" if self.status == 405 else ""
        return (
            f"HTTP/1.1 {self.status} {_REASON_PHRASES[self.status]}\r\n"
            f"Content-Type: {self.content_type}\r\nContent-Length: {len(self.body)}\r\n"
            f"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n{allow}"
            "Connection: close\r\n\r\n"
        ).encode()


class HealthServer:
    """Listens from the start of its `with` to its end; `address` is where, port 0 any free one.

    `readiness` and `pulse` are asked in the server's loop and must not wait; `metrics` may take
    a second or two, in a thread. None of them may tell a secret. Raises ConfigurationError.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        pulse: Pulse,
        readiness: Callable[[], Readiness],
        metrics: Callable[[], bytes],
    ) -> None:
        self._pulse = pulse
        self._readiness = readiness
        self._metrics = metrics
        self._connections: dict[asyncio.Task[None], None] = {}
        self._socket = _listening(host, port)
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        self._is_up: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(target=self._serve, name="health server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._is_up.result(_START_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Closes at once what is open. What a scrape waits for is left behind."""
        loop, order = self._is_up.result(0)
        if self._thread.is_alive():
            loop.call_soon_threadsafe(order.set)
        self._thread.join(_STOP_SECONDS)

    def _serve(self) -> None:
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self._main())
        finally:
            loop.close()

    async def _main(self) -> None:
        order = asyncio.Event()
        # A request longer than the limit is refused as soon as it is.
        server = await asyncio.start_server(
            self._accept, sock=self._socket, limit=_MAX_REQUEST_BYTES
        )
        self._is_up.set_result((asyncio.get_running_loop(), order))
        await order.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        while self._connections:
            await asyncio.sleep(0)
        await asyncio.sleep(0)  # a transport that was aborted closes its socket then

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= _MAX_CONNECTIONS:
            oldest = next(iter(self._connections))
            del self._connections[oldest]
            oldest.cancel()
        task = asyncio.get_running_loop().create_task(self._converse(reader, writer))
        self._connections[task] = None
        task.add_done_callback(lambda ended: self._forget(ended, writer))

    def _forget(self, ended: asyncio.Task[None], writer: asyncio.StreamWriter) -> None:
        # Not at the end of the task: one that is cancelled before it begins has none.
        self._connections.pop(ended, None)
        writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_CONNECTION_SECONDS):
                is_head, answer = await self._answer(reader)
                writer.write(answer.head() + (b"" if is_head else answer.body))
                await writer.drain()
                # So that the answer to a refused request is not lost with what was not read.
                writer.write_eof()
                for _ in range(_MAX_UNREAD_PIECES):
                    if not await reader.read(_MAX_REQUEST_BYTES):
                        break
        except (TimeoutError, OSError, asyncio.CancelledError):
            pass  # too slow, gone, or in the way of others

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[bool, Answer]:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return False, _refusal(431, f"the request is over {_MAX_REQUEST_BYTES} bytes")
        except asyncio.IncompleteReadError:
            return False, _refusal(400, "the request is not whole")
        line = request.split(b"\r\n", 1)[0].decode("ascii", errors="replace").split(" ")
        if len(line) != 3 or not line[2].startswith("HTTP/1."):
            return False, _refusal(400, "this is no request of HTTP/1")
        method, target, _ = line
        if method not in _METHODS:
            return False, _refusal(405, "only GET and HEAD are answered")
        try:
            return method == "HEAD", await self._answer_to(target.partition("?")[0])
        except Exception as fault:  # noqa: BLE001 - a fault of one answer must not end the server
            log.error("health answer failed", cause=fault)
            return method == "HEAD", _refusal(500, "the answer failed; the log has why")

    async def _answer_to(self, path: str) -> Answer:
        match path:
            case "/healthz":
                fault = self._pulse.fault()
                return _state(self._readiness().role, [fault] if fault else [])
            case "/readyz":
                now, fault = self._readiness(), self._pulse.fault()
                return _state(now.role, [*([fault] if fault else []), *now.reasons])
            case "/metrics":
                return Answer(200, await asyncio.to_thread(self._metrics), METRICS_TYPE)
        return _refusal(404, "there are /healthz, /readyz and /metrics")


def _state(role: Role, reasons: list[str]) -> Answer:
    return _object(503 if reasons else 200, role, reasons)


def _refusal(status: int, reason: str) -> Answer:
    return _object(status, None, [reason])


def _object(status: int, role: Role | None, reasons: list[str]) -> Answer:
    """Every answer but the metrics has this shape."""
    value = {"ok": status == 200, "role": role, "reasons": reasons}
    return Answer(status, json.dumps(value).encode() + b"\n")


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(f"health_host: {host} is not found") from error
    listening = socket.socket(family, kind, protocol)
    try:
        # Not to wait a minute for connections of the daemon before this one.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise ConfigurationError(_why_not(error, host, port)) from error
    return listening


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"health_port: {port} on {host} is in use; name another, or 0 for none"
        case errno.EACCES:
            return f"health_port: {port} needs rights that we have not; name one above 1023"
        case errno.EADDRNOTAVAIL:
            return f"health_host: {host} is no address of this machine"
    return f"health_host, health_port: cannot listen on {host}:{port} ({error.strerror})"
