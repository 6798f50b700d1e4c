"""The site on a real socket: loopback only, quiet, with validators and a record of requests."""

from __future__ import annotations

import socket
import sys
import threading
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from jobs.demo.site import Answer, Site

HOST = "127.0.0.1"
POLL_SECONDS = 0.05  # how soon the server notices that it should stop
STOP_SECONDS = 1.0


class DemoServer:
    """The demo site at `http://127.0.0.1:<port>`, for as long as the `with` block lasts.

    Port 0 takes a free one. Raises OSError if the port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self._http = _SiteServer((HOST, port), _SiteHandler)
        self.port: int = self._http.server_address[1]
        self.base_url = f"http://{HOST}:{self.port}"
        self._http.sites = {
            is_edited: Site(self.base_url, is_edited) for is_edited in (False, True)
        }
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(POLL_SECONDS,), name="demo-site", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._http.close_connections()
        self._thread.join(STOP_SECONDS)

    @property
    def edited(self) -> bool:
        """Whether the newsroom has revised its article. May be set while serving."""
        return self._http.is_edited.is_set()

    @edited.setter
    def edited(self, is_edited: bool) -> None:
        if is_edited:
            self._http.is_edited.set()
        else:
            self._http.is_edited.clear()

    @property
    def site(self) -> Site:
        """The site in its present state."""
        return self._http.site

    @property
    def requests(self) -> list[tuple[str, str, int]]:
        """(method, path, status) of what was asked so far, in order."""
        return self._http.recorded()


class _SiteServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.sites: dict[bool, Site] = {}
        self.is_edited = threading.Event()
        self._lock = threading.Lock()
        self._requests: list[tuple[str, str, int]] = []
        self._connections: set[socket.socket] = set()
        super().__init__(address, handler)

    @property
    def site(self) -> Site:
        return self.sites[self.is_edited.is_set()]

    def record(self, method: str, path: str, status: int) -> None:
        with self._lock:
            self._requests.append((method, path, status))

    def recorded(self) -> list[tuple[str, str, int]]:
        with self._lock:
            return list(self._requests)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Ends connections that clients hold open; their threads then end too."""
        with self._lock:
            held = list(self._connections)
        for connection in held:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was quicker

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _SiteHandler(BaseHTTPRequestHandler):
    server: _SiteServer
    protocol_version = "HTTP/1.1"
    server_version = "sinorus-demo"
    sys_version = ""
    disable_nagle_algorithm = True  # head and body are two writes

    def do_GET(self) -> None:
        self._send(has_body=True)

    def do_HEAD(self) -> None:
        self._send(has_body=False)

    def _send(self, has_body: bool) -> None:
        answer = self.server.site.respond(self.path)
        is_unchanged = answer.status == HTTPStatus.OK and self._has_current_copy(answer)
        status = HTTPStatus.NOT_MODIFIED if is_unchanged else answer.status
        self.server.record(self.command, self.path, int(status))
        self.send_response(status)
        for name, value in answer.headers:
            if not (is_unchanged and name.startswith("Content-")):
                self.send_header(name, value)
        self.end_headers()
        if has_body and not is_unchanged:
            self.wfile.write(answer.body)

    def _has_current_copy(self, answer: Answer) -> bool:
        """RFC 9110 section 13.2.2: If-None-Match goes before If-Modified-Since."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return "*" in known or answer.header("ETag") in known
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            changed = parsedate_to_datetime(answer.header("Last-Modified") or "")
            return changed <= parsedate_to_datetime(since)
        except (TypeError, ValueError):  # not a date, or one without a zone
            return False

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name in http.server)
        """Says nothing: `requests` is the record."""
