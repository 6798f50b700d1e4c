"""What people asked to be told, written in the transaction of what it tells of.

A message is one key to one target. The key is made of what it tells of, and a constraint keeps
it from being written twice, so neither the same thing stored twice nor a database that was copied
or restored tells it again. Sent and dead rows may go after KEPT_DAYS all the same: an article is
told of only as its row is made, which stays for ever, and a digest or a state only while it is
younger than that.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from storage.inserts import chunks, insert
from storage.schema import outbox

Kind = Literal["article", "outlet", "digest"]
State = Literal["pending", "sent", "dead"]
STATES: tuple[State, ...] = ("pending", "sent", "dead")

KEPT_DAYS = 90
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
# Of a pause, either way: what failed together does not come back in one moment.
JITTER_RATIO = 0.1
# 1, 2, 4 … 256 minutes, then seven times six hours: about two days.
MOST_ATTEMPTS = 17


@dataclass(frozen=True, slots=True)
class Note:
    """A message to be written; `payload` is JSON: what the text is made of as it is sent."""

    key: str
    target: str
    kind: Kind
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was written. `problem` is that of the last try, null before the first."""

    id: int
    key: str
    target: str
    kind: Kind
    payload: dict[str, Any]
    created_at: datetime
    state: State
    attempts: int
    next_try: datetime | None
    problem: str | None


def put(conn: Connection, notes: Sequence[Note], now: datetime) -> None:
    """Writes the messages that were never written, due at once."""
    rows = [
        {
            "key": note.key,
            "target": note.target,
            "kind": note.kind,
            "created_at": now,
            "payload": dict(note.payload),
            "state": "pending",
            "next_try": now,
        }
        for note in notes
    ]
    if rows:
        statement = insert(conn, outbox)
        conn.execute(statement.on_conflict_do_nothing(index_elements=["key", "target"]), rows)


def told(conn: Connection, key: str) -> set[str]:
    """The targets that a message of that key was written for, whatever came of it."""
    return set(conn.execute(select(outbox.c.target).where(outbox.c.key == key)).scalars())


def due(conn: Connection, now: datetime, limit: int) -> list[Message]:
    """What is to be sent now, the longest due first, at most `limit` a target.

    What is put off beyond any pause was so by a clock that ran ahead: it is due.
    """
    is_due = (outbox.c.state == "pending") & (
        (outbox.c.next_try <= now)
        | (outbox.c.next_try > now + LONGEST_PAUSE * (1 + 2 * JITTER_RATIO))
    )
    targets = conn.execute(select(outbox.c.target).where(is_due).distinct()).scalars().all()
    found: list[Message] = []
    for target in sorted(targets):
        of_target = select(outbox).where(is_due, outbox.c.target == target)
        rows = conn.execute(of_target.order_by(outbox.c.next_try, outbox.c.id).limit(limit))
        found += map(_message, rows.mappings())
    return found


def note_sent(conn: Connection, ids: Sequence[int], now: datetime) -> None:
    """They arrived."""
    for some in chunks(ids):
        conn.execute(
            update(outbox)
            .where(outbox.c.id.in_(some))
            .values(state="sent", sent_at=now, next_try=None, problem=None)
        )


def note_failed(conn: Connection, messages: Sequence[Message], problem: str, now: datetime) -> int:
    """One more try was in vain: later again, or, after the last one, dead; gives how many died."""
    died = 0
    for message in messages:
        attempts = message.attempts + 1
        is_dead = attempts >= MOST_ATTEMPTS
        died += is_dead
        conn.execute(
            update(outbox)
            .where(outbox.c.id == message.id)
            .values(
                state="dead" if is_dead else "pending",
                attempts=attempts,
                next_try=None if is_dead else now + pause_after(message, attempts),
                problem=problem,
            )
        )
    return died


def pause_after(message: Message, attempts: int) -> timedelta:
    """How long to wait after so many tries in vain; the same each time it is asked."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    lot = zlib.crc32(f"{message.key} {message.target} {attempts}".encode()) / 2**32
    return pause * (1 + JITTER_RATIO * (2 * lot - 1))


def put_off(conn: Connection, target: str, now: datetime) -> None:
    """A target that just failed is left alone for a minute, at no cost to what waits for it."""
    conn.execute(
        update(outbox)
        .where(outbox.c.state == "pending", outbox.c.target == target, outbox.c.next_try <= now)
        .values(next_try=now + FIRST_PAUSE)
    )


def retry_dead(conn: Connection, key: str | None, now: datetime) -> int:
    """Makes the dead of that key, of all for null, due as if never tried; gives how many."""
    statement = update(outbox).where(outbox.c.state == "dead")
    if key is not None:
        statement = statement.where(outbox.c.key == key)
    return conn.execute(statement.values(state="pending", attempts=0, next_try=now)).rowcount


def drop_old(conn: Connection, now: datetime) -> int:
    """Forgets what was sent or died long ago; gives how many."""
    is_over = (outbox.c.state != "pending") & (
        outbox.c.created_at < now - timedelta(days=KEPT_DAYS)
    )
    return conn.execute(delete(outbox).where(is_over)).rowcount


def outbox_counts(conn: Connection) -> dict[State, int]:
    """How many messages are in each state."""
    statement = select(outbox.c.state, func.count().label("number")).group_by(outbox.c.state)
    found = {row.state: row.number for row in conn.execute(statement)}
    return {state: found.get(state, 0) for state in STATES}


def unsent(conn: Connection, limit: int) -> list[Message]:
    """What waits or is dead, the dead first, then in the order written."""
    statement = select(outbox).where(outbox.c.state != "sent")
    rows = conn.execute(statement.order_by(outbox.c.state, outbox.c.id).limit(limit))
    return [_message(row) for row in rows.mappings()]


def _message(row: RowMapping) -> Message:
    return Message(**{name: row[name] for name in Message.__slots__})
