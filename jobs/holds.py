"""Pauses that hosts ask for, and turns at them, of a command that stores nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import storage
from crawler.turns import Pace
from jobs.turns import end_turn, take_turn
from storage import Database, frontier


class PassingHolds:
    """Those in the database, if there is one, and this process's own.

    Without a database, or with one that may not be written, its requests mind only each other.
    """

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._database: Database | None = None
        self._is_alone = False
        self._kept: dict[str, datetime | None] = {}
        self._own: dict[str, datetime] = {}

    async def held_until(self, host: str) -> datetime | None:
        """Until when a host asked to be left alone, UTC; null if it did not."""
        if host not in self._kept:
            self._kept[host] = self._in_database(host)
        moments = [moment for moment in (self._kept[host], self._own.get(host)) if moment]
        return max(moments, default=None)

    async def hold(self, host: str, until: datetime, reason: str) -> None:  # noqa: ARG002 - the gate's
        self._own[host] = until

    async def take_turn(self, host: str, holder: str, pace: Pace) -> float | None:
        database = self._opened()
        if database is None or self._is_alone:
            return 0.0
        try:
            with database.write() as conn:
                left = take_turn(conn, host, holder, pace)
        except storage.StorageError as error:
            if error.temporary:
                raise
            self._is_alone = True
            return 0.0
        if left is None:
            self._kept.pop(host, None)  # a crawl was told meanwhile
        return left

    async def end_turn(self, host: str, holder: str, pace: Pace) -> None:
        if self._database is None or self._is_alone:
            return
        now = datetime.now(UTC)
        with self._database.write() as conn:
            end_turn(conn, host, holder, pace, now)

    def close(self) -> None:
        """Gives back what was opened."""
        if self._database is not None:
            self._database.close()

    def _in_database(self, host: str) -> datetime | None:
        database = self._opened()
        if database is None:
            return None
        with database.read() as conn:
            return frontier.held_until(conn, host, datetime.now(UTC))

    def _opened(self) -> Database | None:
        if self._database is None and not self._is_alone:
            try:
                self._database = storage.open(self._database_url)
            except storage.DatabaseMissing:
                self._is_alone = True
        return self._database
