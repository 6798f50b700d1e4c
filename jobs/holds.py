"""Pauses that hosts ask for, of a command that stores nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import storage
from storage import frontier


class PassingHolds:
    """Those that earlier crawls kept in the database, if there is one, and this process's own."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._kept: dict[str, datetime | None] = {}
        self._own: dict[str, datetime] = {}

    def held_until(self, host: str) -> datetime | None:
        """Until when a host asked to be left alone, UTC; null if it did not."""
        if host not in self._kept:
            self._kept[host] = self._in_database(host)
        moments = [moment for moment in (self._kept[host], self._own.get(host)) if moment]
        return max(moments, default=None)

    def hold(self, host: str, until: datetime, reason: str) -> None:  # noqa: ARG002 - the gate's
        self._own[host] = until

    def _in_database(self, host: str) -> datetime | None:
        try:
            with storage.open(self._database_url) as database, database.read() as conn:
                return frontier.held_until(conn, host, datetime.now(UTC))
        except storage.DatabaseMissing:
            return None
