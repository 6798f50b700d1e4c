"""What a process is called among all that share a database, and whether it still lives."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

_START_TIME_FIELD = 19  # of /proc/PID/stat, counted after the name in brackets: proc(5)


def process_name() -> str:
    """Machine, number and start time; a number alone is given to others again."""
    pid = os.getpid()
    return f"{_machine()}:{pid}:{_start_time(pid)}"


def is_gone(name: str) -> bool:
    """Whether the process of that name, or of a turn of its, surely ended; not of others'
    machines and containers, of which nobody here can tell.
    """
    machine, _, process = name.partition("/")[0].partition(":")
    pid, _, start_time = process.partition(":")
    if machine != _machine() or not pid.isdecimal() or not start_time:
        return False
    return _start_time(int(pid)) != start_time


@cache
def _machine() -> str:
    """The host, and what tells apart its containers and its runs since it was switched on."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        namespace = Path("/proc/self/ns/pid").readlink().name
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}+{boot}+{namespace.removeprefix('pid:')}".replace(":", "_")


def _start_time(pid: int) -> str:
    """In ticks since the machine was switched on; empty for none, and where none can tell."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    return state.rpartition(")")[2].split()[_START_TIME_FIELD]
