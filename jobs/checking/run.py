"""A check from the first request to the verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.outlets import Outlet
from crawler.probe import ProbeSpider
from crawler.reading_pool import readers_of
from jobs.checking.memory import CheckMemory
from jobs.checking.verdict import Verdict, verdict_of
from jobs.crawl import silence_libraries
from jobs.reactor import Interrupted, run
from jobs.settings import Settings
from jobs.spiders import SpiderRunner


@dataclass(frozen=True, slots=True)
class Check:
    """The verdicts, one an outlet; of an interrupted one those of what was seen so far."""

    verdicts: list[Verdict]
    is_interrupted: bool = False

    @property
    def works(self) -> bool:
        return all(verdict.works for verdict in self.verdicts)


def check_outlets(
    settings: Settings, outlets: Sequence[Outlet], samples: int, on_progress: Callable[[str], None]
) -> Check:
    """Asks the outlets, once in a process, as politely as a crawl; nothing is stored.

    Raises StorageError where there is a database that cannot be read.
    """
    silence_libraries()
    memory = CheckMemory(outlets, settings.database_url, settings.judge(), samples, on_progress)
    spiders = SpiderRunner(settings.agent)
    hosts = {host[0] for outlet in outlets for host in outlet.hosts}
    is_interrupted = False
    with closing(memory), closing(readers_of(settings.reading_processes)) as readers:
        try:
            run(
                lambda: spiders.run(ProbeSpider, list(outlets), memory=memory, readers=readers),
                spiders.stop,
                hosts,
                lambda: None,
            )
        except Interrupted:
            is_interrupted = True
    now = datetime.now(UTC)
    verdicts = [verdict_of(findings, now) for findings in memory.findings.values()]
    return Check(verdicts, is_interrupted)
