"""The daemon and the machine around it: service manager, ports, and a log that nobody takes."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import storage
from tests.faultserver import FaultServer
from tests.jobs.daemon.running import ROOT, STOP_LIMIT_SECONDS, is_sound, running_daemon
from tests.jobs.desk import SETTINGS, Desk, an_outlet, wait_until
from tests.jobs.newsroom import serve_newsroom

WATCHDOG_SECONDS = 4.0
BEATS = 3


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(f"\0sinorus-{tmp_path.name}-{os.getpid()}")
        heard.settimeout(STOP_LIMIT_SECONDS)
        yield heard


def test_the_service_manager_is_told(
    server: FaultServer, desk: Desk, manager: socket.socket
) -> None:
    serve_newsroom(server, 2)
    desk.outlets(an_outlet(server.base_url))
    env = {
        "NOTIFY_SOCKET": "@" + manager.getsockname()[1:].decode(),
        "WATCHDOG_USEC": str(round(WATCHDOG_SECONDS * 1_000_000)),
    }
    with running_daemon(desk.folder, env=env) as daemon:
        told = [(manager.recv(1000), time.monotonic()) for _ in range(BEATS + 1)]
        assert told[0][0] == b"READY=1\nSTATUS=leading"
        assert [text for text, _ in told[1:]] == [b"WATCHDOG=1"] * BEATS
        times = [moment for _, moment in told]
        assert max(b - a for a, b in itertools.pairwise(times)) < WATCHDOG_SECONDS
        daemon.send(signal.SIGTERM)
        while (text := manager.recv(1000)) == b"WATCHDOG=1":
            pass
        assert text.startswith(b"STOPPING=1\n")
        daemon.ends(STOP_LIMIT_SECONDS)


def test_a_port_in_use(desk: Desk) -> None:
    desk.outlets(an_outlet("http://127.0.0.1:9"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = desk.run("daemon", env={"SINORUS_HEALTH_PORT": str(port)})
    assert ran.code == 2
    sentence = f"sinorus: health_port: {port} on 127.0.0.1 is in use; name another, or 0 for none"
    assert ran.err.splitlines() == [sentence]


def test_a_log_on_a_full_disk(server: FaultServer, desk: Desk) -> None:
    serve_newsroom(server, 2)
    desk.outlets(an_outlet(server.base_url))
    with running_daemon(desk.folder, said_to="/dev/full") as daemon:
        wait_until(lambda: stored(desk) == 2)
        daemon.stop()
    assert is_sound(desk)


def test_closed_streams(server: FaultServer, desk: Desk) -> None:
    """What it says goes nowhere, and least of all into a file that it opened since."""
    serve_newsroom(server, 2)
    desk.outlets(an_outlet(server.base_url))
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("SINORUS_")}
    process = subprocess.Popen(
        ["sh", "-c", f"exec '{sys.executable}' -m jobs daemon >&- 2>&-"],
        cwd=desk.folder,
        env={**inherited, **SETTINGS, "SINORUS_HEALTH_PORT": "0", "PYTHONPATH": ROOT},
    )
    try:
        wait_until(lambda: stored(desk) == 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_LIMIT_SECONDS) == 0
    finally:
        process.kill()
    assert is_sound(desk)
    assert desk.run("status", "--json").json["articles"] == 2


def stored(desk: Desk) -> int:
    """How many articles there are; none before there is a database."""
    try:
        return len(desk.articles())
    except storage.StorageError:
        return 0
