"""The daemon in compressed time: `python -m tests.soak.compressed SETUP`, SETUP being JSON.

It is the daemon as it is, but for its clock and for time limits that are shorter: a site or a
reader that hangs for half a minute would hang for hours of this clock.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from crawler.items import Article, FetchedPage, Lead
from crawler.outlets import Outlet
from crawler.reading_pool import ReadingPool
from jobs.clock import Clock

FETCH_LIMIT_SECONDS = 2.0
PAGE_LIMIT_SECONDS = 3.0
STUCK = "/stuck-"
"""In the address of a page that its reader never comes to the end of."""


class FastClock(Clock):
    """Shows `began` when the machine's steady clock shows `steady_seconds`, the same in all
    processes.
    """

    def __init__(self, began: datetime, steady_seconds: float, rate: float) -> None:
        self.began = began
        self.steady_seconds = steady_seconds
        self.rate = rate

    def now(self) -> datetime:
        return self.at(time.monotonic())

    def at(self, steady_seconds: float) -> datetime:
        """What it shows then."""
        return self.began + timedelta(seconds=(steady_seconds - self.steady_seconds) * self.rate)


@dataclass(frozen=True)
class Setup:
    """What the process is told. `settings` are as in `sinorus.toml`."""

    began: str
    steady_seconds: float
    rate: float
    settings: dict[str, Any]

    @property
    def clock(self) -> FastClock:
        return FastClock(datetime.fromisoformat(self.began), self.steady_seconds, self.rate)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "tests.soak.compressed", json.dumps(asdict(self))]


class Pool(ReadingPool):
    """One whose readers get stuck in marked pages: the real ones let no reader hang."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, page_deadline_seconds=PAGE_LIMIT_SECONDS, **options)

    def submit_page(
        self, outlet: Outlet, lead: Lead, page: FetchedPage, *, is_text: bool
    ) -> Future[Article]:
        if STUCK in page.url:
            return self._submit(PAGE_LIMIT_SECONDS, hang)
        return super().submit_page(outlet, lead, page, is_text=is_text)


def hang() -> NoReturn:
    """A loop that nothing but the end of its process ends."""
    while True:
        pass


def main() -> int:
    import crawler.reading_pool
    import crawler.settings
    from jobs.daemon.run import run_daemon
    from jobs.settings import Settings

    setup = Setup(**json.loads(sys.argv[1]))
    crawler.settings.FETCH_TIMEOUT_SECONDS = FETCH_LIMIT_SECONDS  # type: ignore[assignment]
    crawler.reading_pool.ReadingPool = Pool  # type: ignore[misc]
    return run_daemon(Settings(**setup.settings), log_json=True, clock=setup.clock)


if __name__ == "__main__":
    sys.exit(main())
