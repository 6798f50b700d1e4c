"""What a process and its children take: memory, threads, descriptors, by Linux's /proc."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

_PROC = Path("/proc")
_KIB = 1024
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """`readers` are the processes that the daemon started; `life` counts the daemon's starts."""

    moment: datetime
    life: int
    daemon_mib: float
    readers_mib: float
    threads: int
    descriptors: int
    readers: int


@dataclass(frozen=True, slots=True)
class _Process:
    parent: int
    rss_bytes: int
    threads: int


class Watch:
    """Takes a sample every so often while it is open; `process` gives the daemon's id and life,
    null while there is none.
    """

    def __init__(
        self,
        process: Callable[[], tuple[int, int] | None],
        now: Callable[[], datetime],
        every_seconds: float,
    ) -> None:
        self.samples: list[Sample] = []
        self._process = process
        self._now = now
        self._every_seconds = every_seconds
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(self._every_seconds):
            found = self._process()
            if found is not None:
                with suppress(OSError, KeyError):  # it ended just now
                    self.samples.append(_sample(*found, self._now()))


def descendants(pid: int) -> set[int]:
    """The processes that it started, and those that they started."""
    return _descendants(pid, _processes())


def _sample(pid: int, life: int, now: datetime) -> Sample:
    processes = _processes()
    readers = _descendants(pid, processes)
    own = processes[pid]
    return Sample(
        now,
        life,
        own.rss_bytes / _MIB,
        sum(processes[reader].rss_bytes for reader in readers) / _MIB,
        own.threads,
        len(list((_PROC / str(pid) / "fd").iterdir())),
        len(readers),
    )


def _descendants(pid: int, processes: dict[int, _Process]) -> set[int]:
    children = defaultdict(set)
    for number, process in processes.items():
        children[process.parent].add(number)
    found, left = set(), [pid]
    while left:
        new = children[left.pop()] - found
        found |= new
        left += new
    return found


def _processes() -> dict[int, _Process]:
    found = {}
    for folder in _PROC.iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError):
            text = (folder / "status").read_text("utf-8", "replace")
            said = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
            rss = int(said.get("VmRSS", "0 kB").split()[0]) * _KIB  # a zombie has none
            process = _Process(int(said["PPid"]), rss, int(said["Threads"]))
            found[int(folder.name)] = process
    return found
