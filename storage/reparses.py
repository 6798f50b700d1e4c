"""How far a reading again of stored pages has come, so that it goes on where it was ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, select, update

from storage.schema import reparses

Stage = Literal["articles", "leads"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a stage all ids up to `done_through` are done; `counts` is what was found so far."""

    id: int
    stage: Stage = "articles"
    done_through: int = 0
    counts: dict[str, Any] = field(default_factory=dict)


def begin(conn: Connection, key: str, now: datetime, *, restart: bool = False) -> Progress:
    """The one of that key that did not come to its end, else a new one."""
    of_key = reparses.c.key == key
    columns = [reparses.c[name] for name in Progress.__slots__]
    unfinished = select(*columns).where(of_key, reparses.c.finished_at.is_(None))
    row = None if restart else conn.execute(unfinished.order_by(reparses.c.id)).first()
    if row is not None:
        return Progress(**row._mapping)
    conn.execute(delete(reparses).where(of_key))
    values = {"key": key, "started_at": now, "stage": "articles", "done_through": 0, "counts": {}}
    new_id = conn.execute(reparses.insert().values(values).returning(reparses.c.id)).scalar_one()
    return Progress(new_id)


def note_progress(
    conn: Connection, progress_id: int, stage: Stage, done_through: int, counts: dict[str, Any]
) -> None:
    """To be called in the transaction of what it tells of."""
    values = {"stage": stage, "done_through": done_through, "counts": counts}
    conn.execute(update(reparses).where(reparses.c.id == progress_id).values(values))


def finish(conn: Connection, progress_id: int, now: datetime) -> None:
    """The next of that key starts anew."""
    conn.execute(update(reparses).where(reparses.c.id == progress_id).values(finished_at=now))
