"""A daemon that runs, as its user has it: started, watched by its log, sent signals, ended."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from storage.check import check
from storage.errors import DatabaseMissing
from tests.crawler.lost_readers import (
    DEADLINE_SECONDS,
    STARTED,
    read_or_be_lost,
    strict_readers,
)
from tests.faultserver import RSS, FaultServer, answer
from tests.jobs.desk import ERR, TIMEOUT_SECONDS, Desk, an_article, fork_command, wait_until
from tests.jobs.newsroom import a_feed, story_paths

STOP_LIMIT_SECONDS = 20.0
"""Promised for the first signal; SECOND_LIMIT_SECONDS for the second."""

SECOND_LIMIT_SECONDS = 2.0
NO_CROWD = {"jobs.daemon.timetable.CROWD_SPREAD": timedelta(seconds=1)}
"""All that is due at the start runs within a second."""

STRICT_READERS = {
    "crawler.reading_pool._read_page": read_or_be_lost,
    "jobs.crawl.readers_of": strict_readers,
}
"""Pages that cost their reader, which is lost to them soon."""

_PAGE_SECONDS = 0.05
_MACHINE_SECONDS = 1.0  # what a busy machine may add to a promise

READING = "SINORUS_READING_PROCESSES"
ROOT = str(Path(__file__).parents[3])

Event = dict[str, Any]


class RunningDaemon:
    """`sinorus daemon --log-json` in `folder`; with the options of `fork_command`.

    What it says goes to a file there, or to `said_to`, where nobody reads it.
    """

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        health_port: int = 0,
        said_to: str | None = None,
        **options: Any,
    ) -> None:
        self.folder = folder
        self.health_port = health_port
        settings = {
            "SINORUS_HEALTH_PORT": str(health_port),
            "PYTHONPATH": ROOT,  # of the processes that it starts
            **(env or {}),
        }
        (folder / ERR).unlink(missing_ok=True)
        if said_to:
            (folder / ERR).symlink_to(said_to)
        arguments = ("daemon", "--log-json", *arguments)
        self.process = fork_command(folder, *arguments, env=settings, is_alone=True, **options)
        self.pid = self.process.pid or 0
        wait_until(self._takes_orders)

    def _takes_orders(self) -> bool:
        """Whether Python has got so far that SIGTERM is no sudden death."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        caught = int(status.partition("SigCgt:")[2].split()[0], 16)
        return bool(caught >> (signal.SIGTERM - 1) & 1)

    # What it says

    @property
    def said(self) -> str:
        """All that it wrote to standard error."""
        path = self.folder / ERR
        return path.read_text("utf-8") if path.is_file() else ""

    @property
    def events(self) -> list[Event]:
        """Its log so far; sentences that are no lines of the log are left out."""
        whole, _, _ = self.said.rpartition("\n")
        return [json.loads(line) for line in whole.split("\n") if line.startswith("{")]

    def events_of(self, name: str, **fields: Any) -> list[Event]:
        return [
            event
            for event in self.events
            if event["event"] == name and fields.items() <= event.items()
        ]

    def wait_for(
        self, name: str, number: int = 1, seconds: float = TIMEOUT_SECONDS, **fields: Any
    ) -> Event:
        """The n-th event of that name with these fields, as soon as it is told."""
        deadline = time.monotonic() + seconds
        while len(found := self.events_of(name, **fields)) < number:
            assert time.monotonic() < deadline, f"no {name!r} {number}: {self.said}"
            assert self.process.is_alive(), f"it ended: {self.said}"
            time.sleep(0.02)
        return found[number - 1]

    def ask(self, path: str) -> tuple[int, dict[str, Any]]:
        """What it answers there; (0, {}) where nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.health_port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except OSError:
            return 0, {}
        finally:
            connection.close()

    @property
    def role(self) -> str:
        return str(self.ask("/readyz")[1].get("role"))

    # How it ends

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ends it as promised; the seconds it took."""
        began = time.monotonic()
        self.send(number)
        self.ends(STOP_LIMIT_SECONDS)
        return time.monotonic() - began

    def ends(self, seconds: float, code: int = 0) -> None:
        """It ends within so long, with that exit code, without a traceback and nobody left."""
        self.process.join(seconds + _MACHINE_SECONDS)
        assert self.process.exitcode == code, (self.process.exitcode, self.said)
        assert "Traceback" not in self.said, self.said
        self.nobody_is_left()

    def kill(self) -> None:
        self.process.kill()
        self.process.join(TIMEOUT_SECONDS)
        self.nobody_is_left()

    def nobody_is_left(self) -> None:
        wait_until(lambda: not self.company, 2 * DEADLINE_SECONDS + _MACHINE_SECONDS)

    @property
    def company(self) -> list[int]:
        """The numbers of the processes of its session beside itself."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                stat = (path / "stat").read_text("utf-8").rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            state, session = stat[0], int(stat[3])  # proc(5)
            if session == self.pid != int(path.name) and state != "Z":
                found.append(int(path.name))
        return found

    def reads(self) -> None:
        """Waits until a reading process of STRICT_READERS has begun with a page."""
        wait_until((self.folder / STARTED).exists)


def parent_of(pid: int) -> int:
    """The number of the process that started it; 0 where it ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return 0
    return int(state.rpartition(")")[2].split()[1])


def resident_kibibytes(pid: int) -> int:
    """How much memory a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


@contextmanager
def running_daemon(folder: Path, *arguments: str, **options: Any) -> Iterator[RunningDaemon]:
    """One that leaves nothing behind whatever becomes of the test."""
    daemon = RunningDaemon(folder, *arguments, **options)
    try:
        yield daemon
    finally:
        for pid in [daemon.pid, *daemon.company]:
            end_process(pid)
        daemon.process.join(TIMEOUT_SECONDS)


def end_process(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def free_port() -> int:
    """One of loopback that nobody listens on just now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def serve_slowly(server: FaultServer, number: int) -> list[str]:
    """A feed of so many articles that take a moment each; their paths."""
    paths = story_paths(number)
    server.routes["/feed"] = answer(a_feed(server, paths), 200, RSS)
    for place, path in enumerate(paths):
        page = an_article(f"China and Russia sign accord number {place}")
        server.routes[path] = answer(page, after_seconds=_PAGE_SECONDS)
    return paths


def is_sound(desk: Desk) -> bool:
    """Whether `sinorus db check` finds nothing; a database without a table yet has nothing."""
    try:
        with desk.database() as database:
            return list(check(database, data_dir=desk.folder / "sinorus-data")) == []
    except DatabaseMissing:
        return True
