"""What all crawls of a process must know together to be polite."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.robots_cache import RobotsCache
from crawler.turns import HostTurns


class Manners:
    """Turns at hosts, robots.txt, and how long hosts asked to be left alone.

    `process` names this process among all that share a database.
    """

    def __init__(self, process: str, robots: RobotsCache | None = None) -> None:
        self.turns = HostTurns(process)
        self.robots = robots or RobotsCache()
        self._holds: dict[str, datetime] = {}

    def hold(self, host: str, until: datetime) -> None:
        """A host asked to be left alone; what waits for it must pass its gate once more."""
        now = datetime.now(UTC)
        self._holds = {name: end for name, end in self._holds.items() if end > now}
        self._holds[host] = until
        self.turns.call_back(host)

    def held_until(self, host: str) -> datetime | None:
        return self._holds.get(host)
