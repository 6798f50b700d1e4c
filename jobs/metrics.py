"""What a running daemon shows to Prometheus.

Names and units are by Prometheus' conventions; times and counts are of this process since it
began. Labels have few values: outlets of the catalogue, and words listed here. What is not
known, as the database's figures while it is away, is left out: never zero, never stale.
"""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from jobs.settings import VERSION
from jobs.tally import RESULTS, FaultKind
from storage import StorageError
from storage.figures import Figures
from storage.outlet_states import STATES

ERROR_KINDS = get_args(FaultKind)
UNSENT = ("pending", "dead")
RUN_STATUSES = ("done", "failed", "interrupted")
ARTICLE_RESULTS = ("new", "updated", "unchanged")
OTHER = "other"
"""The label of what is none of the words above: a new one must not make a series by itself."""

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
RUN_BUCKETS = (1, 2, 5, 10, 30, _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR)
DELAY_BUCKETS = (
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 6, 12)),
    *(days * _DAY for days in (1, 2, 7)),
)

FIGURES_SECONDS = 15.0  # how old the database's figures may be: Prometheus' usual interval
_SCRAPE_PATIENCE_SECONDS = 1.0  # with the database; a scrape has ten, a stop of the daemon two


class Metrics:
    """The registry of one daemon. Methods may be called from any thread, and never wait.

    `figures` asks the database and is called in a thread of its own as somebody scrapes;
    `reading_queue` and `is_leader` are asked then too, and must not wait.
    """

    def __init__(
        self,
        figures: Callable[[], Figures],
        *,
        reading_queue: Callable[[], int] = lambda: 0,
        is_leader: Callable[[], bool] = lambda: False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.registry = registry = CollectorRegistry()
        self._runs = Counter(
            "sinorus_runs", "Runs that ended.", ("outlet", "status"), registry=registry
        )
        self._run_seconds = Histogram(
            "sinorus_run_duration_seconds",
            "How long a run of an outlet took.",
            buckets=RUN_BUCKETS,
            registry=registry,
        )
        self._last_run = Gauge(
            "sinorus_last_run_timestamp_seconds",
            "When the outlet's last run ended.",
            ("outlet",),
            registry=registry,
        )
        self._pages = Counter(
            "sinorus_pages",
            "Article pages that were asked for, by what came of them.",
            ("outlet", "outcome"),
            registry=registry,
        )
        self._articles = Counter(
            "sinorus_articles",
            "Articles on topic that were read.",
            ("outlet", "outcome"),
            registry=registry,
        )
        self._errors = Counter(
            "sinorus_errors",
            "Addresses that could not be had or read, by what to do next.",
            ("outlet", "kind"),
            registry=registry,
        )
        self._delay = Histogram(
            "sinorus_publication_delay_seconds",
            "From an article's publication to its storage.",
            ("outlet",),
            buckets=DELAY_BUCKETS,
            registry=registry,
        )
        Gauge(
            "sinorus_reading_queue_pages", "Pages that wait to be read.", registry=registry
        ).set_function(reading_queue)
        Gauge("sinorus_leader", "1 if this process leads.", registry=registry).set_function(
            is_leader
        )
        Gauge("sinorus_threads", "Threads of the process.", registry=registry).set_function(
            _threads
        )
        Info("sinorus_build", "What is running.", registry=registry).info(
            {"version": VERSION, "python": platform.python_version()}
        )
        ProcessCollector(registry=registry)
        registry.register(_DatabaseFigures(figures, monotonic))
        self._by_outlet = (
            self._runs,
            self._last_run,
            self._pages,
            self._articles,
            self._errors,
            self._delay,
        )

    def note_run(
        self, outlet: str, status: str, seconds: float, counts: Mapping[str, int], at: datetime
    ) -> None:
        """A run of an outlet ended; `counts` as `OutletTally` has them."""
        self._runs.labels(outlet, _one_of(RUN_STATUSES, status)).inc()
        self._run_seconds.observe(seconds)
        self._last_run.labels(outlet).set(at.timestamp())
        for result in RESULTS:
            if number := counts.get(result, 0):
                is_article = result in ARTICLE_RESULTS
                self._pages.labels(outlet, "article" if is_article else result).inc(number)
                if is_article:
                    self._articles.labels(outlet, result).inc(number)

    def note_error(self, outlet: str, kind: str, number: int = 1) -> None:
        """`kind` is what to do next: see `ERROR_KINDS`."""
        self._errors.labels(outlet, _one_of(ERROR_KINDS, kind)).inc(number)

    def note_delay(self, outlet: str, seconds: float) -> None:
        """A new article was stored so long after its publication; one dated ahead, at once."""
        self._delay.labels(outlet).observe(max(0.0, seconds))

    def keep_outlets(self, outlets: Iterable[str]) -> None:
        """The catalogue's outlets are now these: what was counted of others is dropped."""
        kept = set(outlets)
        for metric in self._by_outlet:
            gone = {labels for labels in _label_values(metric) if labels[0] not in kept}
            for labels in gone:
                metric.remove(*labels)

    def render(self) -> bytes:
        """All of it as text; waits up to a second for the database. Not for the loop."""
        return generate_latest(_WithoutCreated(self.registry))


class _DatabaseFigures(Collector):
    """The database's figures, asked for as somebody scrapes, at most every 15 s.

    A database that hangs is asked by one thread, not by one for each scrape.
    """

    def __init__(self, figures: Callable[[], Figures], monotonic: Callable[[], float]) -> None:
        self._ask = figures
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._figures: Figures | None = None
        self._asked_at = -FIGURES_SECONDS
        self._done = threading.Event()
        self._done.set()

    def describe(self) -> Iterable[Metric]:
        """Nothing, so that to register it asks nothing."""
        return ()

    def collect(self) -> Iterator[Metric]:
        figures = self._fresh()
        yield GaugeMetricFamily(
            "sinorus_database_up", "1 if the database answered.", 1 if figures else 0
        )
        if figures is None:
            return
        states = GaugeMetricFamily(
            "sinorus_outlet_state", "1 for the state an outlet is in.", labels=("outlet", "state")
        )
        for outlet, state in figures.outlet_states.items():
            for name in STATES:
                states.add_metric((outlet, name), 1 if name == state else 0)
        yield states
        due = GaugeMetricFamily(
            "sinorus_due_pages", "Article pages that are due to be read.", labels=("outlet",)
        )
        for outlet in figures.outlet_states.keys() | figures.due.keys():
            due.add_metric((outlet,), figures.due.get(outlet, 0))
        yield due
        unsent = GaugeMetricFamily(
            "sinorus_outbox_messages", "Messages that wait or were given up.", labels=("state",)
        )
        for message_state in UNSENT:
            unsent.add_metric((message_state,), figures.outbox.get(message_state, 0))
        yield unsent

    def _fresh(self) -> Figures | None:
        """Null where the database did not answer, or not in time."""
        with self._lock:
            is_due = self._monotonic() - self._asked_at >= FIGURES_SECONDS
            if is_due and self._done.is_set():
                self._asked_at = self._monotonic()
                self._done.clear()
                threading.Thread(target=self._refresh, name="figures", daemon=True).start()
        return self._figures if self._done.wait(_SCRAPE_PATIENCE_SECONDS) else None

    def _refresh(self) -> None:
        figures = None
        try:
            figures = self._ask()
        except StorageError:
            pass  # told by `sinorus_database_up`
        finally:
            self._figures = figures
            self._done.set()


class _WithoutCreated(Collector):
    """Leaves out when each series began: a quarter of the text, and nobody asks for it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [s for s in metric.samples if not s.name.endswith("_created")]
            yield metric


def _one_of(words: tuple[str, ...], word: str) -> str:
    return word if word in words else OTHER


def _label_values(metric: Counter | Gauge | Histogram) -> set[tuple[str, ...]]:
    names = metric._labelnames  # which the library tells nowhere else
    return {
        tuple(sample.labels[name] for name in names)
        for family in metric.collect()
        for sample in family.samples
    }


def _threads() -> int:
    """All of them, libraries' own too; where the system does not tell, those of Python."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:
        return threading.active_count()
