"""What the service manager is told: sd_notify(3), without its library.

Every call does nothing where no manager listens, and never fails: a manager that went away
stops no daemon.
"""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping

from jobs.output import one_line

_MICROSECONDS = 1_000_000
_VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


class ServiceManager:
    """systemd, or whoever set the variables.

    They are taken out of the environment, so that the processes we start do not speak for us.
    """

    def __init__(self, environment: MutableMapping[str, str] = os.environ) -> None:
        address, limit, watched = (environment.pop(name, "") for name in _VARIABLES)
        # `@` stands for the zero byte that an abstract socket's name begins with.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        is_for_us = limit.isdecimal() and watched in ("", str(os.getpid()))
        self._limit_seconds = int(limit) / _MICROSECONDS if is_for_us else 0.0

    @property
    def watchdog_seconds(self) -> float | None:
        """How often to call `alive`: half of what we are given; null where nobody watches."""
        return self._limit_seconds / 2 or None

    def ready(self, status: str) -> None:
        """Started, or done with a reload."""
        self._send("READY=1", _status(status))

    def stopping(self, status: str) -> None:
        self._send("STOPPING=1", _status(status))

    def status(self, status: str) -> None:
        """The line that `systemctl status` shows."""
        self._send(_status(status))

    def alive(self) -> None:
        """To be called from the loop itself: a loop that hangs is then restarted."""
        if self._limit_seconds:
            self._send("WATCHDOG=1")

    def _send(self, *assignments: str) -> None:
        if not self._address.startswith(("/", "\0")):
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.sendto("\n".join(assignments).encode(errors="replace"), self._address)
        except OSError:
            pass


def _status(text: str) -> str:
    return f"STATUS={one_line(text)}"
