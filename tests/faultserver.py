"""A web server on loopback that misbehaves as told, and keeps a record of what it was asked."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
LONGEST_HANG_SECONDS = 30.0
POLL_SECONDS = 0.02
MEBIBYTE = 1024 * 1024


@dataclass(slots=True)
class Hit:
    """One request: `started` when its head was read, `answering` just before the first byte
    of the answer, both on the monotonic clock. `answering` and `status` are null while it waits.
    """

    started: float
    method: str
    path: str
    headers: Mapping[str, str]
    answering: float | None = None
    status: int | None = None


@dataclass(slots=True)
class Exchange:
    """One request and the connection it came on: what a route answers."""

    hit: Hit
    handler: BaseHTTPRequestHandler
    server: FaultServer
    _is_answering: bool = field(default=False)

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        self.answering()
        self.hit.status = status
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def answering(self) -> None:
        if self.hit.answering is None:
            self.hit.answering = time.monotonic()

    def write(self, data: bytes) -> None:
        self.answering()
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def close(self) -> None:
        self.handler.close_connection = True


Route = Callable[[Exchange], None]


def answer(
    body: str | bytes = "",
    status: int = 200,
    content_type: str | None = HTML,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    after_seconds: float = 0.0,
    **headers: str,
) -> Route:
    """A plain answer; header names are given with `_` for `-`.

    With a validator it is 304 to a client that has it.
    """
    data = body.encode() if isinstance(body, str) else body
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    if content_type:
        said["Content-Type"] = content_type
    validators = {"ETag": etag, "Last-Modified": last_modified}
    said |= {name: value for name, value in validators.items() if value}

    def route(exchange: Exchange) -> None:
        if after_seconds:
            exchange.server.pause(after_seconds)
        asked = exchange.hit.headers
        is_known = (etag and asked.get("if-none-match") == etag) or (
            last_modified and asked.get("if-modified-since") == last_modified
        )
        if is_known:
            exchange.head(304, said)
            return
        exchange.head(status, {**said, "Content-Length": str(len(data))})
        exchange.write(data)

    return route


def redirect(to: str, status: int = 302) -> Route:
    return answer("", status, Location=to)


def in_turn(*routes: Route) -> Route:
    """The first request gets the first, and so on; all later ones get the last."""
    left = list(routes)

    def route(exchange: Exchange) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(exchange)

    return route


def hang(exchange: Exchange) -> None:
    """Takes the request and says nothing."""
    exchange.server.pause(LONGEST_HANG_SECONDS)
    exchange.close()


def hang_after_headers(exchange: Exchange) -> None:
    exchange.head(200, {"Content-Type": HTML, "Content-Length": "1000"})
    hang(exchange)


def drip(exchange: Exchange) -> None:
    """A byte each fifth of a second, for ever: no pause long enough for an idle timer."""
    exchange.head(200, {"Content-Type": HTML, "Content-Length": str(MEBIBYTE)})
    deadline = time.monotonic() + LONGEST_HANG_SECONDS
    while time.monotonic() < deadline and not exchange.server.pause(0.2):
        exchange.write(b"<")


def reset(exchange: Exchange) -> None:
    """Ends the connection with RST, no byte said."""
    linger_no_time = struct.pack("ii", 1, 0)
    exchange.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_no_time)
    exchange.close()
    exchange.handler.connection.close()


def truncated(body: str) -> Route:
    """Promises all of the body and ends after half of it."""
    data = body.encode()

    def route(exchange: Exchange) -> None:
        exchange.head(200, {"Content-Type": HTML, "Content-Length": str(len(data))})
        exchange.write(data[: len(data) // 2])
        exchange.close()

    return route


def broken_chunk(exchange: Exchange) -> None:
    exchange.head(200, {"Content-Type": HTML, "Transfer-Encoding": "chunked"})
    exchange.write(b"5\r\n<html\r\nzz\r\n")
    exchange.close()


def huge(mebibytes: int) -> Route:
    """A body in chunks, its length not said beforehand."""

    def route(exchange: Exchange) -> None:
        exchange.head(200, {"Content-Type": HTML, "Transfer-Encoding": "chunked"})
        chunk = b"%x\r\n%s\r\n" % (MEBIBYTE, b"x" * MEBIBYTE)
        for _ in range(mebibytes):
            exchange.write(chunk)
        exchange.write(b"0\r\n\r\n")

    return route


def gzip_bomb(mebibytes: int) -> Route:
    """Zeros, which gzip makes a thousand times smaller."""
    body = gzip.compress(b"\0" * (mebibytes * MEBIBYTE), 6)
    return answer(body, Content_Encoding="gzip")


class FaultServer:
    """Serves `routes` (path -> route; a path's query is part of it), else `otherwise`, a 404.

    `after` is called with the number of each request served, counted from 1, when its answer
    is written; `before` likewise, before its route runs.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.routes: dict[str, Route] = {}
        self.otherwise = answer("<h1>404 not found</h1>", 404)
        self.before: Callable[[int], None] | None = None
        self.after: Callable[[int], None] | None = None
        self._lock = threading.Lock()
        self._hits: list[Hit] = []
        self._stopping = threading.Event()
        self._http = _Server((host, 0), _Handler)
        self._http.owner = self
        self.port: int = self._http.server_address[1]
        self.base_url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(POLL_SECONDS,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def hits(self) -> list[Hit]:
        with self._lock:
            return list(self._hits)

    @property
    def paths(self) -> list[str]:
        return [hit.path for hit in self.hits]

    @property
    def connections(self) -> int:
        """How many connections were accepted."""
        return self._http.connections

    def hits_of(self, path: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.path == path]

    def forget(self) -> None:
        """Starts a new record of requests."""
        with self._lock:
            self._hits.clear()

    def pause(self, seconds: float) -> bool:
        """Waits, less long when the server ends; whether it does."""
        return self._stopping.wait(seconds)

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        hit = Hit(time.monotonic(), handler.command, handler.path, headers)
        with self._lock:
            self._hits.append(hit)
            number = len(self._hits)
        if self.before:
            self.before(number)
        route = self.routes.get(handler.path, self.otherwise)
        route(Exchange(hit, handler, self))
        if self.after:
            self.after(number)


class FaultServers:
    """Servers by name, each made when first asked for, on a loopback address of its own: what
    a host asks for holds for all its ports.
    """

    def __init__(self) -> None:
        self._by_name: dict[str, FaultServer] = {}

    def __getitem__(self, name: str) -> FaultServer:
        if name not in self._by_name:
            self._by_name[name] = FaultServer(f"127.0.0.{len(self._by_name) + 1}").__enter__()
        return self._by_name[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(FaultServer.__exit__, self._by_name.values()))

    def forget(self) -> None:
        """Starts a new record of requests at all of them."""
        for server in self._by_name.values():
            server.forget()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: FaultServer
    connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away in the middle are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = LONGEST_HANG_SECONDS

    def do_GET(self) -> None:
        self.server.owner.serve(self)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """`hits` is the record."""
