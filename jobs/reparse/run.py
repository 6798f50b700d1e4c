"""Reads stored pages again: in batches, each one transaction, so that any end is harmless."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection

from crawler.outlets import Catalogue
from crawler.parsers import reader_versions
from crawler.reading_pool import ReadingPool
from jobs.alerts.noting import alerts_of
from jobs.output import say
from jobs.reparse.reading import PageRead, PageReader
from jobs.reparse.report import ReparseReport
from jobs.reparse.writing import find_unreadable, keep_unreadable, rereading_of
from jobs.settings import VERSION, Settings
from storage import Database, Filters
from storage.inserts import chunks
from storage.patience import Patience, persist
from storage.reparses import Progress, Stage, begin, finish, note_progress
from storage.rereading import Reread, other_readings, store_rereadings
from storage.stored_pages import StoredPage, stored_pages, unreadable_ids, unreadable_pages

# Other writers wait while a batch is written: at most about half a second.
PAGES_PER_BATCH = 50
# As a crawl waits: a server that restarts is back within minutes.
PATIENCE_SECONDS = 300.0

T = TypeVar("T")
OnProgress = Callable[[ReparseReport, int, int], None]
"""Told the report so far, how many pages are done and of how many."""


@dataclass(frozen=True, slots=True)
class ReparsePlan:
    """What to read again. `key` is the same for the same command on the same program."""

    filters: Filters
    key: str
    processes: int
    is_dry: bool = False
    restart: bool = False


def reparse_key(settings: Settings, catalogue: Catalogue, asked: dict[str, Any]) -> str:
    """Of what was asked, as it was typed, and of all that a reading depends on."""
    topic = settings.topic_file.read_bytes().hex() if settings.topic_file else None
    outlets = [outlet.model_dump(mode="json") for outlet in catalogue]
    told = [asked, VERSION, reader_versions(), outlets, topic]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class Reparse:
    """One reading again of all that a plan asks for."""

    def __init__(
        self, database: Database, settings: Settings, catalogue: Catalogue, plan: ReparsePlan
    ) -> None:
        self.database = database
        self.settings = settings
        self.catalogue = catalogue
        self.plan = plan
        self.report = ReparseReport()
        self._patience = Patience(PATIENCE_SECONDS, on_wait=lambda error: say(f"{error}; waiting"))
        self._alerts = alerts_of(settings)  # of articles that are new by this, of no others
        self._progress = Progress(0)
        self._done = self._total = 0

    def run(self, on_progress: OnProgress) -> ReparseReport:
        """Raises StorageError. What was done before an end by any means stays done."""
        if not self.plan.is_dry:
            again = partial(begin, key=self.plan.key, now=_now(), restart=self.plan.restart)
            self._progress = self._write(again)
            self.report = ReparseReport.of(self._progress.counts)
            if self._progress.done_through:
                say("goes on where it was ended; --restart begins anew")
        article_ids, lead_ids = self._ids()
        self._done = self.report.counts["read"] + self.report.counts["unreadable"]
        self._total = self._done + len(article_ids) + len(lead_ids)
        processes, topic_file = self.plan.processes, self.settings.topic_file
        with closing(ReadingPool(processes, topic_file)) as pool:
            reader = PageReader(pool, processes, self.settings.data_dir, self.catalogue)
            self._all("articles", reader.read(self._stored(stored_pages, article_ids)), on_progress)
            self._all("leads", reader.read(self._stored(unreadable_pages, lead_ids)), on_progress)
        if not self.plan.is_dry:
            self._write(partial(finish, progress_id=self._progress.id, now=_now()))
        return self.report

    def _ids(self) -> tuple[Sequence[int], Sequence[int]]:
        """What is left to do of articles and leads, by their ids."""
        stage, through = self._progress.stage, self._progress.done_through
        found = sorted(self.database.ids(self.plan.filters)) if stage == "articles" else []
        leads = self._read(partial(unreadable_ids, filters=self.plan.filters))
        after = through if stage == "leads" else 0
        left = array("q", (article_id for article_id in found if article_id > through))
        return left, array("q", (lead_id for lead_id in leads if lead_id > after))

    def _stored(
        self, load: Callable[[Sequence[int], Connection], list[StoredPage]], ids: Sequence[int]
    ) -> Iterator[StoredPage]:
        for some in chunks(ids, PAGES_PER_BATCH):
            yield from self._read(partial(load, some))

    def _all(self, stage: Stage, reads: Iterator[PageRead], on_progress: OnProgress) -> None:
        keep = self._keep_articles if stage == "articles" else self._keep_leads
        while batch := list(islice(reads, PAGES_PER_BATCH)):
            keep(batch)
            self._done += len(batch)
            on_progress(self.report, self._done, self._total)

    def _keep_articles(self, batch: Sequence[PageRead]) -> None:
        read = [rereading_of(one) for one in batch if one.article]
        others = self._read(partial(other_readings, rereadings=read))
        wanted = {one.article_id for one in others if one.outcome == "changed"}
        changed = [one for one in read if one.article_id in wanted]
        last = max(one.stored.article_id or 0 for one in batch)

        def note(found: Sequence[Reread]) -> ReparseReport:
            report = deepcopy(self.report)  # a transaction may be tried again
            report.counts["read"] += len(batch)
            for one in (*(one for one in others if one.article_id not in wanted), *found):
                report.note_reread(one)
            _note_faults(report, batch)
            return report

        def store(conn: Connection) -> ReparseReport:
            report = note(store_rereadings(conn, changed, _now()) if changed else [])
            note_progress(conn, self._progress.id, "articles", last, report.to_dict())
            return report

        if self.plan.is_dry:
            self.report = note([one for one in others if one.article_id in wanted])
        else:
            self.report = self._write(store)

    def _keep_leads(self, batch: Sequence[PageRead]) -> None:
        last = max(one.stored.lead.id for one in batch if one.stored.lead)

        def note(outcomes: Sequence[str]) -> ReparseReport:
            report = deepcopy(self.report)  # a transaction may be tried again
            report.counts["unreadable"] += len(batch)
            report.counts.update(outcomes)
            _note_faults(report, [one for one in batch if one.fault != "no_article"])
            return report

        def store(conn: Connection) -> ReparseReport:
            report = note([keep_unreadable(conn, one, _now(), self._alerts) for one in batch])
            note_progress(conn, self._progress.id, "leads", last, report.to_dict())
            return report

        if self.plan.is_dry:
            self.report = note(
                self._read(lambda conn: [find_unreadable(conn, one)[0] for one in batch])
            )
        else:
            self.report = self._write(store)

    def _read(self, work: Callable[[Connection], T]) -> T:
        return persist(self.database.read, work, self._patience)

    def _write(self, work: Callable[[Connection], T]) -> T:
        return persist(self.database.write, work, self._patience)


def _note_faults(report: ReparseReport, batch: Sequence[PageRead]) -> None:
    for one in batch:
        if one.fault:
            report.note_fault(one)
        else:
            report.note_outlet(one)


def _now() -> datetime:
    return datetime.now(UTC)
