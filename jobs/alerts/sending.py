"""Sends what waits in the outbox: first sent, then marked, so at least once.

Targets get their messages one after the other, several targets at the same time, each message in
a process that is killed at its deadline: one that hangs costs itself a try and the others nothing.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from pebble import ProcessExpired, ProcessPool

from crawler.errors import ConfigurationError
from jobs.alerts.delivery import deliver, prepare_process
from jobs.alerts.file import AlertsConfig, AlertsFile, Target
from jobs.alerts.texts import Text, text_of
from storage import Database, outbox
from storage.outbox import Message

DEADLINE_SECONDS = 20.0
"""Of a message, all its requests and the start of a process included."""

MOST_PROCESSES = 4  # 65 MB each, while there is something to send
ARTICLES_PER_MESSAGE = 10
DUE_PER_TARGET = 200
# What is left then waits for the next call: new messages of other targets are not to wait long.
ROUND_SECONDS = 120.0
_GLANCE_SECONDS = 0.2


@dataclass(slots=True)
class SendReport:
    """How many messages of the outbox arrived, failed and will be tried again, and died."""

    sent: int = 0
    failed: int = 0
    dead: int = 0


class Sender:
    """`send_due` blocks and belongs in a thread; `stop` may be called from any other."""

    def __init__(
        self, database: Database, file: AlertsFile, deadline_seconds: float = DEADLINE_SECONDS
    ) -> None:
        self.database = database
        self.file = file
        self.deadline_seconds = deadline_seconds
        self._is_stopping = threading.Event()

    def stop(self) -> None:
        """Kills what is under way, which stays due, and lets nothing begin."""
        self._is_stopping.set()

    def send_due(self, now: datetime) -> SendReport:
        """Sends what is due. Raises StorageError; what was sent and not marked is sent again."""
        report = SendReport()
        with self.database.read() as conn:
            waiting = outbox.due(conn, now, DUE_PER_TARGET)
        if not waiting or self._is_stopping.is_set():
            return report
        lanes = []
        for name, messages in groupby(waiting, key=lambda message: message.target):
            lane = _lane(self.file.current, name, list(messages))
            if isinstance(lane, str):
                self._note_failed(name, lane, waiting, report, now)
            else:
                lanes.append(lane)
        if lanes:
            self._run(lanes, report, now)
        return report

    def _run(self, lanes: Sequence[_Lane], report: SendReport, now: datetime) -> None:
        last_start = time.monotonic() + ROUND_SECONDS
        with _processes(min(MOST_PROCESSES, len(lanes))) as pool:
            running: dict[Future[str | None], _Lane] = {}
            waiting = deque(lanes)
            while (waiting or running) and not self._is_stopping.is_set():
                while waiting and len(running) < MOST_PROCESSES:
                    lane = waiting.popleft()
                    running[lane.begin(pool, self.deadline_seconds)] = lane
                done, _ = wait(running, _GLANCE_SECONDS, FIRST_COMPLETED)
                for future in done:
                    lane = running.pop(future)
                    problem = _outcome(future, self.deadline_seconds)
                    is_over = self._note(lane, problem, report, now)
                    if not is_over and time.monotonic() < last_start:
                        waiting.append(lane)

    def _note(self, lane: _Lane, problem: str | None, report: SendReport, now: datetime) -> bool:
        """Writes down what came of a lane's first batch; whether the lane is over."""
        batch = lane.batches.popleft()
        if problem is not None:
            self._note_failed(lane.name, problem, batch, report, now)
            return True
        with self.database.write() as conn:
            outbox.note_sent(conn, [message.id for message in batch], now)
        report.sent += len(batch)
        return not lane.batches

    def _note_failed(
        self,
        target: str,
        problem: str,
        messages: Sequence[Message],
        report: SendReport,
        now: datetime,
    ) -> None:
        failed = [message for message in messages if message.target == target]
        with self.database.write() as conn:
            report.dead += outbox.note_failed(conn, failed, problem, now)
            outbox.put_off(conn, target, now)
        report.failed += len(failed)


class _Lane:
    """One target and what waits for it, in batches that are sent as one message each."""

    def __init__(self, name: str, address: str, batches: deque[list[Message]]) -> None:
        self.name = name
        self.address = address
        self.batches = batches

    def begin(self, pool: ProcessPool, deadline_seconds: float) -> Future[str | None]:
        text = text_of(self.batches[0])
        future: Future[str | None] = pool.schedule(
            deliver, args=(self.address, text), timeout=deadline_seconds
        )
        return future


def _lane(config: AlertsConfig, name: str, messages: list[Message]) -> _Lane | str:
    """The lane of that target, or why it has none."""
    try:
        address = config.require(name).address()
    except ConfigurationError as error:
        return str(error)
    return _Lane(name, address, deque(batches(messages)))


def batches(messages: Sequence[Message]) -> list[list[Message]]:
    """What is sent as one: the articles of a search, so many at most; all else by itself."""
    by_search: dict[str, list[Message]] = {}
    for message in messages:
        is_article = message.kind == "article"
        group = f"search/{message.payload['search']}" if is_article else message.key
        by_search.setdefault(group, []).append(message)
    return [
        group[start : start + ARTICLES_PER_MESSAGE]
        for group in by_search.values()
        for start in range(0, len(group), ARTICLES_PER_MESSAGE)
    ]


def send_test(target: Target, deadline_seconds: float = DEADLINE_SECONDS) -> str | None:
    """Sends a message to it now; null where it arrived. Raises ConfigurationError."""
    text = Text("sinorus: a test", "This target gets what it is to be told.", ("test",))
    with _processes(1) as pool:
        future = pool.schedule(deliver, args=(target.address(), text), timeout=deadline_seconds)
        wait([future])
        return _outcome(future, deadline_seconds)


@contextmanager
def _processes(number: int) -> Iterator[ProcessPool]:
    """So many processes, which end with us; those still at work then are killed."""
    pool = ProcessPool(
        max_workers=number,
        initializer=prepare_process,
        context=multiprocessing.get_context("forkserver"),
    )
    try:
        yield pool
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _outcome(future: Future[str | None], deadline_seconds: float) -> str | None:
    """Null where the message arrived, else what went wrong."""
    try:
        return future.result()
    except TimeoutError:
        return f"no answer within {deadline_seconds:g} s"
    except (ProcessExpired, CancelledError):
        return "the process that sent it died"
    except Exception as error:  # noqa: BLE001 - a service that breaks stops no other target
        return f"its service failed ({type(error).__name__})"
