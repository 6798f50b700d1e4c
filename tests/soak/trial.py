"""A soak from its first to its last moment, and the evidence it leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.jobs.desk import Desk
from tests.soak.compressed import FastClock, Setup
from tests.soak.papers import Paper, write_papers
from tests.soak.press import Press, Visit
from tests.soak.watching import Sample, Watch, descendants
from tests.soak.weather import Weather

LOCK_SECONDS = 5.0
STOP_LIMIT_SECONDS = 20.0
"""What SIGTERM may take."""

SAMPLE_EVERY = timedelta(minutes=3)
CONTACT = "mailto:desk@newsroom.example"
_MIDNIGHT_IS_AFTER = 0.6  # of the time: a day's edge is in it


@dataclass(frozen=True)
class Plan:
    """`hours` pass at `rate` times the machine's speed. When the daemon is stopped and killed, and
    its database locked, are parts of the whole time; null is never.
    """

    folder: Path
    database_url: str
    hours: float
    outlets: int
    rate: float
    seed: int
    stop_at: float | None = None
    kill_at: float | None = None
    lock_at: float | None = None


@dataclass
class Life:
    """One process of the daemon, from its start to its end."""

    began: datetime
    ended: datetime | None = None
    how: str = ""
    stop_seconds: float | None = None
    code: int | None = None
    left_behind: int = 0


@dataclass
class Evidence:
    """What was seen from outside; times are the compressed clock's."""

    plan: Plan
    clock: FastClock
    papers: dict[str, Paper]
    base_urls: dict[str, str]
    began: datetime
    ended: datetime
    visits: list[Visit]
    samples: list[Sample]
    lives: list[Life] = field(default_factory=list)
    log: list[list[dict[str, Any]]] = field(default_factory=list)


def run_trial(plan: Plan) -> Evidence:
    """Runs it whole."""
    length = timedelta(hours=plan.hours)
    began = _start_of(length)
    papers = write_papers(plan.outlets, plan.seed, began, began + length)
    hosts = {paper.host for paper in papers}
    weather = Weather(plan.seed, hosts, began, began + length)
    clock = FastClock(began, time.monotonic(), plan.rate)
    with Press(papers, weather, clock) as press:
        base_urls = {paper.id: press.base_url(paper) for paper in papers}
        Desk(plan.folder).outlets(*(paper.entry(base_urls[paper.id]) for paper in papers))
        runner = _Runner(plan, clock)
        with Watch(runner.process, clock.now, SAMPLE_EVERY / timedelta(seconds=plan.rate)) as watch:
            try:
                runner.run(began, length)
            finally:
                runner.end()
        return Evidence(
            plan, clock, {paper.id: paper for paper in papers}, base_urls, began, clock.now(),
            list(press.visits), watch.samples, runner.lives, runner.log(),
        )  # fmt: skip


def _start_of(length: timedelta) -> datetime:
    """So that a day ends within, and all of it is past: no site may date things into the future."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=2) - length * _MIDNIGHT_IS_AFTER


class _Runner:
    """Starts the daemon, disturbs it as planned and starts it again."""

    def __init__(self, plan: Plan, clock: FastClock) -> None:
        self._plan = plan
        self._clock = clock
        self._daemon: subprocess.Popen[bytes] | None = None
        self.lives: list[Life] = []
        settings = {
            "database_url": plan.database_url,
            "data_dir": str(plan.folder / "data"),
            "outlets_file": str(plan.folder / "outlets.toml"),
            "contact": CONTACT,
            "health_port": 0,
            "reading_processes": 2,
        }
        self._setup = Setup(clock.began.isoformat(), clock.steady_seconds, plan.rate, settings)

    def process(self) -> tuple[int, int] | None:
        daemon = self._daemon
        if daemon is None or daemon.poll() is not None:
            return None
        return daemon.pid, len(self.lives)

    def run(self, began: datetime, length: timedelta) -> None:
        acts = [
            (self._plan.stop_at, lambda: self._end_and_start(signal.SIGTERM)),
            (self._plan.kill_at, lambda: self._end_and_start(signal.SIGKILL)),
            (self._plan.lock_at, self._lock),
            (1.0, lambda: self._end(signal.SIGTERM)),
        ]
        self._start()
        planned = [(part, act) for part, act in acts if part is not None]
        for part, act in sorted(planned, key=itemgetter(0)):
            self._wait_until(began + length * part)
            act()

    def end(self) -> None:
        """Whatever happened: no process is left."""
        if self._daemon and self._daemon.poll() is None:
            self._end(signal.SIGKILL)

    def log(self) -> list[list[dict[str, Any]]]:
        """Of each life the events."""
        found = []
        for number in range(1, len(self.lives) + 1):
            lines = self._log_file(number).read_text("utf-8").splitlines()
            found.append([json.loads(line) for line in lines if line.startswith("{")])
        return found

    def _start(self) -> None:
        self.lives.append(Life(self._clock.now()))
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("SINORUS_")}
        with self._log_file(len(self.lives)).open("wb") as log:
            self._daemon = subprocess.Popen(
                self._setup.command(),
                cwd=self._plan.folder,
                env={**inherited, "PYTHONPATH": str(Path(__file__).parents[2])},
                stderr=log,
            )

    def _log_file(self, life: int) -> Path:
        return self._plan.folder / f"daemon-{life}.log"

    def _end_and_start(self, number: signal.Signals) -> None:
        self._end(number)
        self._start()

    def _end(self, number: signal.Signals) -> None:
        daemon, life = self._daemon, self.lives[-1]
        assert daemon is not None
        readers = descendants(daemon.pid)
        started = time.monotonic()
        daemon.send_signal(number)
        try:
            daemon.wait(STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
        life.ended, life.how = self._clock.now(), number.name
        life.stop_seconds, life.code = time.monotonic() - started, daemon.returncode
        life.left_behind = _wait_for(readers)

    def _wait_until(self, moment: datetime) -> None:
        """Raises RuntimeError where the daemon ended before."""
        assert self._daemon is not None
        while (left := (moment - self._clock.now()).total_seconds()) > 0:
            try:
                self._daemon.wait(min(left / self._plan.rate, 1.0))
            except subprocess.TimeoutExpired:
                continue
            tail = self._log_file(len(self.lives)).read_text("utf-8")[-2000:]
            raise RuntimeError(f"the daemon ended by itself: {tail}")

    def _lock(self) -> None:
        with locked(self._plan.database_url):
            time.sleep(LOCK_SECONDS)


_ORPHANS_LIMIT_SECONDS = 3.0


def _wait_for(pids: set[int]) -> int:
    """How many of these processes go on when their daemon is gone for some seconds."""
    deadline = time.monotonic() + _ORPHANS_LIMIT_SECONDS
    while (left := sum(map(_is_alive, pids))) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # one that nobody has taken leave of takes nothing


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Nobody else writes meanwhile."""
    with ExitStack() as stack:
        engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
        stack.callback(engine.dispose)
        conn = stack.enter_context(engine.connect())
        is_sqlite = engine.dialect.name == "sqlite"
        conn.execute(text("BEGIN IMMEDIATE" if is_sqlite else "BEGIN"))
        if not is_sqlite:
            conn.execute(text("LOCK TABLE articles, leads, runs IN EXCLUSIVE MODE"))
        try:
            yield
        finally:
            conn.execute(text("ROLLBACK"))
