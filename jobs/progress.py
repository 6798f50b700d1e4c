"""How a crawl or a copy is getting on, on standard error."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from jobs.output import console
from jobs.tally import CrawlReport

if TYPE_CHECKING:
    from jobs.rejudge import Rejudged
    from jobs.reparse.report import ReparseReport


class LiveLine:
    """A live line on a terminal; nothing elsewhere, where only the outcome matters."""

    def __init__(self, first: str) -> None:
        self._progress: Progress | None = None
        if sys.stderr.isatty():
            self._progress = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                TimeElapsedColumn(),
                console=console(stderr=True),
                transient=True,
            )
            self._task = self._progress.add_task(first, total=None)

    def __enter__(self) -> Self:
        if self._progress:
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._progress:
            self._progress.stop()

    def show(self, line: str) -> None:
        if self._progress:
            self._progress.update(self._task, description=line)


class CopyProgress(LiveLine):
    """Which table is being copied, and how far."""

    def __init__(self) -> None:
        super().__init__("opening both databases")

    def update(self, table: str, done: int, total: int) -> None:
        self.show(f"{table}: {done} of {total} rows")


class RejudgeProgress(LiveLine):
    """How many are judged, and how many otherwise than before."""

    def __init__(self) -> None:
        super().__init__("looking for what to judge")

    def update(self, done: Rejudged, total: int) -> None:
        self.show(f"{done.judged} of {total} judged, {len(done.turned)} verdicts turned")


class ReparseProgress(LiveLine):
    """How many pages are read again, and how many articles are other by it."""

    def __init__(self) -> None:
        super().__init__("looking for what to read again")

    def update(self, report: ReparseReport, done: int, total: int) -> None:
        self.show(f"{done} of {total} read, {report.counts['changed']} articles are other")


class CrawlProgress(LiveLine):
    """What a crawl has found so far."""

    def __init__(self) -> None:
        super().__init__("asking the sources")

    def update(self, report: CrawlReport) -> None:
        names = ("found", "new", "updated", "unchanged", "off_topic", "failed")
        parts = ", ".join(f"{report.total(n)} {n.replace('_', ' ')}" for n in names)
        self.show(parts)
