"""What the service manager hears, on a real socket."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.daemon import run
from jobs.daemon.daemon import PULSE_LIMIT_SECONDS
from jobs.daemon.systemd import ServiceManager
from jobs.settings import ENVIRONMENT_PREFIX, Settings

README = Path(__file__).parents[2] / "README.md"
PROGRAM = "/opt/sinorus/bin/sinorus"


@pytest.fixture(params=["path", "abstract"])
def heard(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        name = f"sinorus-test-{os.getpid()}"
        receiver.bind(f"\0{name}" if request.param == "abstract" else f"/tmp/{name}")
        receiver.settimeout(5)
        yield receiver
        Path(f"/tmp/{name}").unlink(missing_ok=True)


def environment_of(receiver: socket.socket, **more: str) -> dict[str, str]:
    name = receiver.getsockname()
    address = "@" + name[1:].decode() if isinstance(name, bytes) else name
    return {"NOTIFY_SOCKET": address, "HOME": "/data", **more}


def test_what_is_said(heard: socket.socket) -> None:
    environment = environment_of(heard)
    manager = ServiceManager(environment)
    assert environment == {"HOME": "/data"}, "processes that we start must not speak for us"
    manager.ready("leads")
    assert heard.recv(1000) == b"READY=1\nSTATUS=leads"
    manager.status("51 outlets\nSTOPPING=1 \x1b[2J中俄")
    assert heard.recv(1000).decode() == "STATUS=51 outlets STOPPING=1 [2J中俄"
    manager.stopping("")
    assert heard.recv(1000) == b"STOPPING=1\nSTATUS="


def test_the_watchdog(heard: socket.socket) -> None:
    mine = str(os.getpid())
    manager = ServiceManager(environment_of(heard, WATCHDOG_USEC="30000000", WATCHDOG_PID=mine))
    assert manager.watchdog_seconds == 15
    manager.alive()
    assert heard.recv(1000) == b"WATCHDOG=1"
    assert ServiceManager(environment_of(heard, WATCHDOG_USEC="8000000")).watchdog_seconds == 4


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"},
        {"WATCHDOG_USEC": "soon"},
        {"WATCHDOG_USEC": "0"},
        {"WATCHDOG_PID": str(os.getpid())},
    ],
)
def test_nobody_watches_us(heard: socket.socket, more: dict[str, str]) -> None:
    manager = ServiceManager(environment_of(heard, **more))
    assert manager.watchdog_seconds is None
    manager.alive()
    manager.status("still here")
    assert heard.recv(1000) == b"STATUS=still here"


@pytest.mark.parametrize(
    "address", [None, "", "/nowhere/at/all", "@nobody", "vsock:2:1", "x" * 500]
)
def test_without_a_manager_nothing_happens(address: str | None) -> None:
    manager = ServiceManager({} if address is None else {"NOTIFY_SOCKET": address})
    manager.ready("leads")
    manager.alive()
    manager.stopping("")


def test_a_manager_who_does_not_listen_is_not_waited_for(heard: socket.socket) -> None:
    manager = ServiceManager(environment_of(heard))
    for number in range(5_000):  # more than any queue of datagrams
        manager.status(str(number))
    assert heard.recv(1000) == b"STATUS=0"


def the_unit() -> str:
    (unit,) = re.findall(r"```ini\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    return str(unit)


def test_the_unit_says_what_the_daemon_understands() -> None:
    options = dict(line.split("=", 1) for line in the_unit().splitlines() if "=" in line)
    assert options["Type"] == "notify", "it says READY=1"
    assert options["ExecStart"] == f"{PROGRAM} daemon"
    assert int(options["WatchdogSec"]) > PULSE_LIMIT_SECONDS, "asked first, then killed"
    patience = run._DATABASE_PATIENCE_SECONDS
    assert int(options["TimeoutStartSec"]) > patience, "it waits so long for its database"
    assert int(options["TimeoutStopSec"]) > 20, "which the daemon takes at most"
    assert options["KillMode"] == "mixed", "else each page being read is lost with its reader"
    assert options["WorkingDirectory"] == f"%S/{options['StateDirectory']}"
    variable = options["Environment"].partition("=")[0]
    assert variable.removeprefix(ENVIRONMENT_PREFIX).lower() in Settings.model_fields
    assert "AF_UNIX" in options["RestrictAddressFamilies"], "systemd is told on such a socket"


def test_the_unit_has_no_fault(tmp_path: Path) -> None:
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("the unit is not verified: systemd-analyze is missing")

    def verify(unit: str) -> str:
        path = tmp_path / "sinorus.service"
        path.write_text(unit.replace(PROGRAM, sys.executable), "utf-8")
        ran = subprocess.run(
            [verifier, "verify", "--man=no", str(path)], capture_output=True, text=True, check=False
        )
        return "\n".join(line for line in ran.stderr.splitlines() if "sinorus.service" in line)

    assert verify(the_unit()) == ""
    assert "ProtectHorse" in verify(the_unit().replace("ProtectHome", "ProtectHorse"))
