"""What machines ask the daemon, over real sockets, dawdlers and brutes among them."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ConfigurationError
from jobs.daemon import health_server
from jobs.daemon.health_server import HealthServer, Pulse, Readiness
from jobs.settings import load_settings


class Daemon:
    """What the server is told, to be changed."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.readiness = Readiness("leading")
        self.metrics: Callable[[], bytes] = lambda: b"sinorus_leader 1.0\n"
        self.pulse = Pulse(30, lambda: self.seconds)
        self.server = HealthServer(
            "127.0.0.1",
            0,
            pulse=self.pulse,
            readiness=lambda: self.readiness,
            metrics=lambda: self.metrics(),
        )

    def ask(self, path: str, method: str = "GET") -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection(*self.server.address, timeout=20)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def object(self, path: str) -> tuple[int, dict[str, Any]]:
        status, body, _ = self.ask(path)
        return status, json.loads(body)

    def connect(self) -> socket.socket:
        return socket.create_connection(self.server.address, timeout=20)

    def raw(self, request: bytes) -> bytes:
        with self.connect() as connection:
            connection.sendall(request)
            return all_of(connection)


def all_of(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    daemon = Daemon()
    with daemon.server:
        yield daemon


def test_a_loop_that_turns_is_healthy_and_one_that_hangs_is_not(daemon: Daemon) -> None:
    assert daemon.object("/healthz") == (200, {"ok": True, "role": "leading", "reasons": []})
    daemon.seconds = 30
    assert daemon.ask("/healthz")[0] == 200
    daemon.seconds = 31
    reason = "the loop has not turned for 31 s, limit 30 s"
    silent = {"ok": False, "role": "leading", "reasons": [reason]}
    assert daemon.object("/healthz") == (503, silent)
    assert daemon.object("/readyz") == (503, silent)
    daemon.pulse.beat()
    assert daemon.ask("/healthz")[0] == 200


@pytest.mark.parametrize(
    ("readiness", "status", "reasons"),
    [
        (Readiness("leading"), 200, []),
        (Readiness("standing by"), 200, []),
        (Readiness("starting"), 503, ["the daemon is starting"]),
        (Readiness("stopping"), 503, ["the daemon is stopping"]),
        (Readiness("leading", ("database x: gone",)), 503, ["database x: gone"]),
        (Readiness("standing by", ("a", "b")), 503, ["a", "b"]),
    ],
)
def test_who_is_ready(
    daemon: Daemon, readiness: Readiness, status: int, reasons: list[str]
) -> None:
    daemon.readiness = readiness
    shape = {"ok": status == 200, "role": readiness.role, "reasons": reasons}
    assert daemon.object("/readyz?verbose") == (status, shape)
    assert daemon.ask("/healthz")[0] == 200, "what is not ready need not be started again"


def test_the_metrics(daemon: Daemon) -> None:
    status, body, headers = daemon.ask("/metrics")
    assert (status, body) == (200, b"sinorus_leader 1.0\n")
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")


def test_head_is_get_without_a_body(daemon: Daemon) -> None:
    status, body, headers = daemon.ask("/metrics", "HEAD")
    assert (status, body, headers["Content-Length"]) == (200, b"", "19")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST /healthz HTTP/1.1\r\nContent-Length: 900000\r\n\r\n" + b"x" * 100_000, 405),
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /healthz/../metrics HTTP/1.1\r\n\r\n", 404),
        (b"GET /healthz\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\n", 400),
        (b"\x16\x03\x01\xff\xfe\r\n\r\n", 400),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", 431),
        (b"GET /healthz HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n", 431),
    ],
)
def test_what_is_refused(daemon: Daemon, request_: bytes, status: int) -> None:
    answer = daemon.raw(request_)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer
    value = json.loads(answer.split(b"\r\n\r\n", 1)[1])
    assert value.keys() == {"ok", "role", "reasons"}
    assert daemon.ask("/healthz")[0] == 200


def test_a_request_broken_off_is_no_fault(daemon: Daemon) -> None:
    with daemon.connect() as connection:
        connection.sendall(b"GET /healthz HT")
    assert daemon.ask("/healthz")[0] == 200


def ended(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_dawdlers_keep_nobody_waiting(daemon: Daemon) -> None:
    dawdlers = [daemon.connect() for _ in range(100)]
    for dawdler in dawdlers:
        dawdler.sendall(b"GET /healthz HTTP/1.1\r\n")
    started = time.monotonic()
    assert daemon.ask("/healthz")[0] == 200
    assert time.monotonic() - started < 2
    names = [thread.name for thread in threading.enumerate()]
    assert names.count("health server") == 1
    assert len(names) < 20
    while sum(not ended(dawdler) for dawdler in dawdlers) > 16:  # of too many the oldest end
        assert time.monotonic() - started < 4, "before their time is over"
    for dawdler in dawdlers:
        dawdler.close()


def test_a_connection_has_its_time_however_it_drips(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_server, "_CONNECTION_SECONDS", 0.5)
    started = time.monotonic()
    with daemon.connect() as connection:
        connection.settimeout(0.05)  # between two drops
        while time.monotonic() - started < 10:
            try:
                connection.sendall(b"G")
                connection.recv(1)
                break
            except TimeoutError:
                continue
            except OSError:
                break
    assert 0.4 < time.monotonic() - started < 5


def test_metrics_that_hang_hold_up_nothing_else(daemon: Daemon) -> None:
    let_go = threading.Event()
    daemon.metrics = lambda: b"late" if let_go.wait(20) else b""
    with daemon.connect() as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
        assert daemon.ask("/healthz")[0] == 200
        let_go.set()
        assert all_of(connection).endswith(b"late")


def test_a_fault_of_an_answer_is_told_without_its_cause(daemon: Daemon) -> None:
    def fail() -> bytes:
        raise RuntimeError("s3cret")

    daemon.metrics = fail
    status, body, _ = daemon.ask("/metrics")
    assert status == 500
    assert b"s3cret" not in body
    assert daemon.ask("/healthz")[0] == 200


def test_it_stops_at_once_whoever_is_connected() -> None:
    daemon = Daemon()
    with daemon.server:
        connection = daemon.connect()
        connection.sendall(b"GET")
        assert daemon.ask("/healthz")[0] == 200
        started = time.monotonic()
    assert time.monotonic() - started < 1
    with connection:
        assert connection.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        daemon.ask("/healthz")


def serve(host: str, port: int) -> HealthServer:
    return HealthServer(
        host,
        port,
        pulse=Pulse(30),
        readiness=lambda: Readiness("leading"),
        metrics=lambda: b"",
    )


def test_where_it_cannot_listen_it_says_which_setting(daemon: Daemon) -> None:
    port = daemon.server.address[1]
    with pytest.raises(ConfigurationError, match=f"health_port: {port} on 127.0.0.1 is in use"):
        serve("127.0.0.1", port)
    with pytest.raises(ConfigurationError, match=r"health_host: 192\.0\.2\.1 is no address of"):
        serve("192.0.2.1", 0)
    for host in ("no.such.host.invalid", "a" * 80):
        with pytest.raises(ConfigurationError, match=f"health_host: {host} is not found"):
            serve(host, 0)


def test_two_serve_one_after_the_other_on_one_port() -> None:
    with serve("127.0.0.1", 0) as first:
        port = first.address[1]
        with socket.create_connection(first.address) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\n\r\n")
            assert connection.recv(100)
    with serve("127.0.0.1", port) as second:
        assert second.address == ("127.0.0.1", port)


def run_probe(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("SINORUS_")}
    return subprocess.run(
        [sys.executable, "-m", "jobs.daemon.probe"],
        cwd=folder,
        env={**inherited, **environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_probe(daemon: Daemon, tmp_path: Path, host: str) -> None:
    port = str(daemon.server.address[1])
    found = run_probe(tmp_path, SINORUS_HEALTH_HOST=host, SINORUS_HEALTH_PORT=port)
    assert (found.returncode, found.stdout) == (0, "")
    daemon.seconds = 31
    found = run_probe(tmp_path, SINORUS_HEALTH_HOST=host, SINORUS_HEALTH_PORT=port)
    assert found.returncode == 1
    assert "has not turned for 31 s" in found.stderr


@pytest.mark.parametrize(
    ("port", "sentence"),
    [("0", "health_port is 0"), ("1", "gives no answer"), ("x", "SINORUS_HEALTH_PORT")],
)
def test_the_probe_without_a_daemon(tmp_path: Path, port: str, sentence: str) -> None:
    found = run_probe(tmp_path, SINORUS_HEALTH_PORT=port)
    assert found.returncode == 1
    assert sentence in found.stderr
    assert "Traceback" not in found.stderr


def test_the_probe_reads_the_settings_file(daemon: Daemon, tmp_path: Path) -> None:
    (tmp_path / "sinorus.toml").write_text(f"health_port = {daemon.server.address[1]}\n")
    assert load_settings(tmp_path / "sinorus.toml").health_port == daemon.server.address[1]
    assert run_probe(tmp_path).returncode == 0
