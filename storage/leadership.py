"""The one who leads, of all processes that would: an office with terms, each with an epoch.

The office is a lock that goes away with its holder. Only he who holds it raises the epoch, and
every write under an older one is refused (`Database.fenced`): a leader that was stopped for a
while, and woke up after another took over, writes nothing.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.database import Database
from storage.engine import sqlite_file
from storage.errors import StorageError
from storage.inserts import insert
from storage.office_locks import FileLock, SessionLock
from storage.schema import leaders

# A leader gives a sign of life every five seconds: six missed ones, and it is given up.
SESSION_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Term:
    """`holder` is `host:pid`. The epoch is higher than that of any term before."""

    epoch: int
    holder: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Leader:
    """The last one that took the office, as it told of itself; `heartbeat` is its last sign of
    life. `problem` is what a person must mend, null where nothing.
    """

    holder: str
    since: datetime
    heartbeat: datetime
    problem: str | None


def last_leader(conn: Connection, name: str = "daemon") -> Leader | None:
    """Null before the first."""
    columns = (leaders.c.holder, leaders.c.since, leaders.c.heartbeat, leaders.c.problem)
    row = conn.execute(select(*columns).where(leaders.c.name == name)).one_or_none()
    return Leader(*row) if row else None


class Office:
    """One process's claim to it. All calls block, by any thread: one waits for the other."""

    def __init__(
        self,
        database: Database,
        name: str = "daemon",
        *,
        session_timeout_seconds: float = SESSION_TIMEOUT_SECONDS,
    ) -> None:
        """A leader on PostgreSQL that gives no sign for `session_timeout_seconds` loses it."""
        self._name = name
        self._term: Term | None = None
        self._last: Term | None = None
        self._one_call = threading.RLock()  # the session that holds the lock takes one at a time
        path = sqlite_file(database.engine.url)
        self._lock: FileLock | SessionLock = (
            SessionLock(database, name, session_timeout_seconds)
            if path is None
            else FileLock(database, path, name)
        )

    def try_take(self, now: datetime) -> Term | None:
        """The term that begins now, or went on; null where another leads.

        A term that ended by itself, as when the database restarted, goes on where nobody else
        had one since. Raises StorageError. A temporary one may be the old leader's last
        transaction, which must end before a new term can begin.
        """
        with self._one_call:
            if self._term is not None and self.heartbeat(now):
                return self._term
            return self._take(now)

    def _take(self, now: datetime) -> Term | None:
        me = f"{socket.gethostname()}:{os.getpid()}"
        if not self._lock.take(f"{me} since {now:%Y-%m-%d %H:%M:%S} UTC"):
            return None
        try:
            with self._lock.write() as conn:
                if self._last and _note_life(conn, self._name, self._last.epoch, now):
                    term = self._last
                else:
                    term = Term(_begin_term(conn, self._name, me, now), me, now)
        except BaseException:
            self._lock.release()
            raise
        self._term = self._last = term
        return term

    def heartbeat(self, now: datetime) -> bool:
        """Gives a sign of life; whether the term goes on. Once it does not, it is over."""
        with self._one_call:
            if self._term is None:
                return False
            goes_on = self._lock.is_held()
            if goes_on:
                try:
                    with self._lock.write() as conn:
                        goes_on = _note_life(conn, self._name, self._term.epoch, now)
                except StorageError:
                    goes_on = self._lock.is_held()  # as long as it is, nobody else can begin
            if not goes_on:
                self.give_up()
            return goes_on

    def note_problem(self, problem: str | None) -> None:
        """What a person must mend, for `status`; null once it is. Only of one that leads."""
        with self._one_call:
            if self._term is not None:
                row = (leaders.c.name == self._name) & (leaders.c.epoch == self._term.epoch)
                with self._lock.write() as conn:
                    conn.execute(update(leaders).where(row).values(problem=problem))

    def holder(self) -> str | None:
        """Who leads, as a sentence; null where nobody does. Raises StorageError."""
        known = self._lock.holder()
        if known is None:
            return None
        who, _, since = known.partition(" since ")
        host, _, pid = who.rpartition(":")
        return f"the {self._name} on {host}, process {pid}, leads since {since}"

    def give_up(self) -> None:
        """Frees the office for others; does nothing where it is not held."""
        with self._one_call, suppress(StorageError):  # the session is gone, and the lock with it
            self._term = None
            self._lock.release()


def _begin_term(conn: Connection, name: str, holder: str, now: datetime) -> int:
    statement = insert(conn, leaders).values(
        name=name, epoch=1, holder=holder, since=now, heartbeat=now
    )
    epoch: int = conn.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "epoch": leaders.c.epoch + 1,
                "problem": None,
                **{key: statement.excluded[key] for key in ("holder", "since", "heartbeat")},
            },
        ).returning(leaders.c.epoch)
    ).scalar_one()
    return epoch


def _note_life(conn: Connection, name: str, epoch: int, now: datetime) -> bool:
    """Whether the epoch is the last. The row of a leader that is writing just now is left as it
    is: its fence has it locked.
    """
    ours = (leaders.c.name == name) & (leaders.c.epoch == epoch)
    free = select(leaders.c.name).where(ours).with_for_update(skip_locked=True)
    conn.execute(update(leaders).where(leaders.c.name.in_(free)).values(heartbeat=now))
    return conn.execute(select(leaders.c.name).where(ours)).first() is not None
