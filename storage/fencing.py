"""Writes of one who led and does not know yet that another leads now."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.errors import StorageError
from storage.schema import leaders


class LeadershipLost(StorageError):  # noqa: N818 - as the others are named
    """Another took the office meanwhile. Nothing was written, nor will be under this epoch."""


def check_epoch(conn: Connection, office: str, epoch: int) -> None:
    """Raises LeadershipLost unless the epoch is the office's last, and keeps it so until the
    transaction ends: on PostgreSQL by a lock of its row that others may share, on SQLite by the
    write lock, which `conn` must hold.
    """
    statement = select(leaders.c.epoch, leaders.c.holder, leaders.c.since)
    statement = statement.where(leaders.c.name == office).with_for_update(read=True)
    row = conn.execute(statement).one_or_none()
    if row is None:
        raise LeadershipLost(f"{office}: nobody leads any more; nothing was written")
    if row.epoch != epoch:
        raise LeadershipLost(
            f"{office}: {row.holder} leads since {row.since:%Y-%m-%d %H:%M:%S} UTC, under epoch "
            f"{row.epoch} and not {epoch}; nothing was written"
        )
