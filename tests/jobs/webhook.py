"""A webhook on loopback that keeps what it is told and misbehaves as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

LONGEST_HANG_SECONDS = 30.0


class Webhook:
    """`told` is each JSON body that came, with its `key` of the header Idempotency-Key.

    `mood` is a status to answer with, or `hang` or `drip`. `before_answer` is called first.
    """

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.mood: int | str = 200
        self.location: str | None = None
        self.before_answer: Callable[[], object] | None = None
        self.is_over = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self.port: int = self._http.server_address[1]
        self.url = f"json://127.0.0.1:{self.port}/tell"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def keys(self) -> list[str]:
        """The keys of all that arrived, as often as they did."""
        return [key for body in self.told for key in body["keys"].split()]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: Webhook


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        hook = self.server.owner
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length))
        if hook.mood == "hang":
            hook.is_over.wait(LONGEST_HANG_SECONDS)
            return
        if hook.mood == "drip":
            self._drip(hook)
            return
        if hook.mood == 200:
            hook.told.append({**body, "key": self.headers["Idempotency-Key"]})
        if hook.before_answer:
            hook.before_answer()
        self.send_response(int(hook.mood))
        if hook.location:
            self.send_header("Location", hook.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _drip(self, hook: Webhook) -> None:
        """No pause is long enough for a limit on reading."""
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not hook.is_over.wait(0.2):
            self.wfile.write(b"<")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """`told` is the record."""
