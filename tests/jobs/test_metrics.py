"""What Prometheus is shown, read back with its own reader."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert

from crawler.items import Listing
from jobs.metrics import DELAY_BUCKETS, FIGURES_SECONDS, Metrics
from storage import Database, StorageError
from storage.figures import Figures, read_figures
from storage.leads import add_leads
from storage.outlet_states import STATES
from storage.schema import outbox, outlet_states

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
NO_FIGURES = Figures({}, {}, {})
COUNTS = {
    "found": 20,
    "new": 3,
    "updated": 2,
    "unchanged": 4,
    "off_topic": 5,
    "forbidden": 1,
    "failed": 0,
}
WORDS = re.compile(r"[a-z_]+")


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """By name, outlet and the values of its other labels."""
    found = {}
    for family in text_string_to_metric_families(metrics.render().decode()):
        for sample in family.samples:
            labels = dict(sample.labels)
            outlet = [labels.pop("outlet")] if "outlet" in labels else []
            found[sample.name, *outlet, *labels.values()] = sample.value
    return found


def busy() -> Metrics:
    metrics = Metrics(lambda: Figures({"scmp": "failing"}, {"tass": 7}, {"dead": 2}))
    metrics.note_run("scmp", "done", 12.5, COUNTS, NOW)
    metrics.note_run("scmp", "failed", 1.0, {"failed": 2}, NOW + timedelta(minutes=5))
    metrics.note_error("scmp", "blocked")
    metrics.note_error("scmp", "temporary", 3)
    metrics.note_delay("scmp", 90)
    metrics.note_delay("scmp", -5)
    return metrics


def test_what_runs_leave() -> None:
    found = samples(busy())
    assert found["sinorus_runs_total", "scmp", "done"] == 1
    assert found["sinorus_runs_total", "scmp", "failed"] == 1
    assert found["sinorus_run_duration_seconds_count",] == 2
    assert found["sinorus_run_duration_seconds_sum",] == 13.5
    assert found["sinorus_pages_total", "scmp", "article"] == 9
    assert found["sinorus_pages_total", "scmp", "off_topic"] == 5
    assert found["sinorus_pages_total", "scmp", "failed"] == 2
    assert found["sinorus_articles_total", "scmp", "new"] == 3
    assert found["sinorus_articles_total", "scmp", "unchanged"] == 4
    assert ("sinorus_articles_total", "scmp", "off_topic") not in found
    last = (NOW + timedelta(minutes=5)).timestamp()
    assert found["sinorus_last_run_timestamp_seconds", "scmp"] == last


def test_errors_and_delays() -> None:
    found = samples(busy())
    assert found["sinorus_errors_total", "scmp", "blocked"] == 1
    assert found["sinorus_errors_total", "scmp", "temporary"] == 3
    assert found["sinorus_publication_delay_seconds_bucket", "scmp", "60.0"] == 1
    assert found["sinorus_publication_delay_seconds_bucket", "scmp", "120.0"] == 2
    assert (DELAY_BUCKETS[0], DELAY_BUCKETS[-1]) == (60, 7 * 24 * 3600)


def test_the_databases_figures() -> None:
    found = samples(busy())
    assert found["sinorus_database_up",] == 1
    states = {name: found["sinorus_outlet_state", "scmp", name] for name in STATES}
    assert [name for name, value in states.items() if value] == ["failing"]
    assert found["sinorus_due_pages", "tass"] == 7
    assert found["sinorus_due_pages", "scmp"] == 0
    assert found["sinorus_outbox_messages", "pending"] == 0
    assert found["sinorus_outbox_messages", "dead"] == 2


def test_what_is_asked_for_at_each_scrape() -> None:
    state = {"queue": 3, "leads": False}
    metrics = Metrics(
        lambda: NO_FIGURES,
        reading_queue=lambda: state["queue"],
        is_leader=lambda: bool(state["leads"]),
    )
    found = samples(metrics)
    assert (found["sinorus_reading_queue_pages",], found["sinorus_leader",]) == (3, 0)
    state.update(queue=4, leads=True)
    found = samples(metrics)
    assert (found["sinorus_reading_queue_pages",], found["sinorus_leader",]) == (4, 1)


def test_the_process_itself() -> None:
    metrics = Metrics(lambda: NO_FIGURES)
    before = samples(metrics)
    end = threading.Event()
    threads = [threading.Thread(target=end.wait, args=(20,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    after = samples(metrics)
    end.set()
    assert after["sinorus_threads",] >= before["sinorus_threads",] + 4  # a scrape's may end
    assert after["process_resident_memory_bytes",] > 10_000_000
    assert after["process_open_fds",] > 2
    assert any(name[0] == "sinorus_build_info" for name in after)


def test_two_in_one_process_are_two() -> None:
    first, second = busy(), Metrics(lambda: NO_FIGURES)
    assert ("sinorus_runs_total", "scmp", "done") in samples(first)
    assert ("sinorus_runs_total", "scmp", "done") not in samples(second)


def test_no_label_grows_without_bound() -> None:
    metrics = busy()
    for number in range(100):
        metrics.note_error("scmp", f"kind {number}")
        metrics.note_run("scmp", f"status {number}", 1, {f"result {number}": 1}, NOW)
    found = samples(metrics)
    assert found["sinorus_errors_total", "scmp", "other"] == 100
    assert found["sinorus_runs_total", "scmp", "other"] == 100
    assert not [name for name in found if "result" in name[-1]]


def test_outlets_that_left_the_catalogue_are_dropped() -> None:
    metrics = busy()
    metrics.note_run("tass", "done", 1, COUNTS, NOW)
    metrics.note_delay("tass", 60)
    metrics.keep_outlets(["scmp"])
    found = samples(metrics)
    assert found["sinorus_runs_total", "scmp", "done"] == 1
    assert {name[0] for name in found if "tass" in name} == {"sinorus_due_pages"}


def test_names_and_units_are_prometheus_own() -> None:
    units = ("_total", "_seconds", "_pages", "_messages", "_info", "_threads")
    states = {"sinorus_leader", "sinorus_outlet_state", "sinorus_database_up"}
    for family in text_string_to_metric_families(busy().render().decode()):
        if family.name.startswith("process_"):
            continue
        assert WORDS.fullmatch(family.name)
        assert family.name.startswith("sinorus_")
        assert family.documentation.endswith(".")
        ends = family.name + ("_total" if family.type == "counter" else "")
        assert ends.endswith(units) or ends in states, family.name


class Base:
    """A database to be asked for its figures."""

    def __init__(self) -> None:
        self.asked = 0
        self.seconds = 0.0
        self.is_up = True
        self.answers = threading.Event()
        self.answers.set()
        self.metrics = Metrics(self.figures, monotonic=lambda: self.seconds)

    def figures(self) -> Figures:
        self.asked += 1
        assert self.answers.wait(20)
        if not self.is_up:
            raise StorageError("database x: gone")
        return Figures({}, {"scmp": self.asked}, {})

    def scrape(self) -> Mapping[tuple[str, ...], float]:
        return samples(self.metrics)


def test_the_database_is_asked_every_15_seconds_at_most() -> None:
    base = Base()
    for second in range(2 * int(FIGURES_SECONDS)):
        base.seconds = second
        base.scrape()
    assert base.asked == 2
    base.seconds = 2 * FIGURES_SECONDS
    assert base.scrape()["sinorus_due_pages", "scmp"] == 3


def test_a_database_that_is_away_is_said_to_be_and_its_figures_are_left_out() -> None:
    base = Base()
    base.scrape()
    base.is_up, base.seconds = False, FIGURES_SECONDS
    found = base.scrape()
    assert found["sinorus_database_up",] == 0
    assert ("sinorus_due_pages", "scmp") not in found
    assert "sinorus_leader" in {name[0] for name in found}
    base.is_up, base.seconds = True, 2 * FIGURES_SECONDS
    assert base.scrape()["sinorus_database_up",] == 1


def test_a_database_that_hangs_holds_up_no_scrape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.metrics._SCRAPE_PATIENCE_SECONDS", 0.05)
    base = Base()
    base.answers.clear()
    for second in range(0, 100, 20):
        base.seconds = second
        assert base.scrape()["sinorus_database_up",] == 0
    assert base.asked == 1, "one thread waits, not one a scrape"
    base.answers.set()
    monkeypatch.setattr("jobs.metrics._SCRAPE_PATIENCE_SECONDS", 20)
    assert base.scrape()["sinorus_database_up",] == 1


def test_the_figures_of_a_database(database: Database) -> None:
    with database.write() as conn:
        listings = [Listing(f"https://scmp.example/{n}", "", str(n)) for n in range(3)]
        add_leads(conn, "scmp", listings[:2], NOW)
        add_leads(conn, "tass", listings[2:], NOW + timedelta(seconds=1))
        conn.execute(insert(outlet_states), [{"outlet": "scmp", "state": "quiet"}])
        for number, state in enumerate(("pending", "pending", "dead", "sent")):
            message = {"key": str(number), "target": "desk", "kind": "article"}
            conn.execute(insert(outbox).values(**message, created_at=NOW, payload={}, state=state))
    with database.read() as conn:
        found = read_figures(conn, NOW)
    assert found == Figures({"scmp": "quiet"}, {"scmp": 2}, {"pending": 2, "dead": 1, "sent": 1})
