"""From runs to states: never on the word of one bad run, nor of one good one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import (
    BlockedError,
    CrawlError,
    ForbiddenError,
    GoneError,
    HardError,
    HostDownError,
    HostUnavailableError,
    KeptOutError,
    RefusedError,
    TemporaryError,
    UnreadableError,
)
from crawler.outlets import Outlet
from jobs.health.backoff import backoff_of
from jobs.health.coverage import Drop
from jobs.health.note import note_health
from jobs.health.runs import judge_run
from jobs.health.states import next_state, seen_now
from jobs.health.watching import Watch
from jobs.tally import OutletTally, fault_kind
from storage.database import Database
from storage.outlet_states import FailureKind, OutletState, StateChange, load_state
from storage.page_readings import note_reading
from tests.jobs.health.local_outlet import (
    SITE,
    a_story,
    moments,
    page_without,
    parse_article,
    whole_page,
)

NOW = datetime(2026, 3, 30, 6, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
OUTLET = Outlet(id="example", name="The Example", home="https://news.example/")
FEED = "https://news.example/feed"


def good() -> OutletTally:
    tally = OutletTally()
    tally.sources.good = 1
    return tally


def bad(error: type[CrawlError] = TemporaryError, reason: str = "fetch: HTTP 500") -> OutletTally:
    tally = OutletTally()
    tally.sources.note_fault(error("example", FEED, reason))
    return tally


def run(database: Database, runs: list[OutletTally], every: timedelta) -> list[StateChange | None]:
    changes = []
    for number, tally in enumerate(runs):
        with database.write() as conn:
            changes.append(note_health(conn, OUTLET, tally, NOW + number * every))
    return changes


def states(changes: list[StateChange | None]) -> list[str]:
    return [change.after if change else "" for change in changes]


@pytest.mark.parametrize(
    ("error", "kind", "trouble", "pause"),
    [
        (TemporaryError, "temporary", "failing", "temporary"),
        (HostDownError, "temporary", "failing", "temporary"),
        (HardError, "hard", "failing", "hard"),
        (GoneError, "gone", "failing", "hard"),
        (RefusedError, "refused", "failing", "hard"),
        (UnreadableError, "unreadable", "failing", "hard"),
        (KeptOutError, "blocked", "blocked", "blocked"),
        (BlockedError, "blocked", "blocked", "blocked"),
        (ForbiddenError, "blocked", "blocked", "blocked"),
        (HostUnavailableError, "blocked", "blocked", "blocked"),
    ],
)
def test_what_a_fault_of_all_sources_means(
    error: type[CrawlError], kind: str, trouble: str, pause: str
) -> None:
    assert fault_kind(error("example", FEED, "why")) == kind
    verdict = judge_run(bad(error, "why"))
    assert verdict is not None
    assert (verdict.trouble, verdict.kind) == (trouble, pause)
    assert verdict.sentence == f"none of its sources could be read: why: {FEED}"


def test_pages_that_all_fail_are_a_trouble_and_odd_ones_are_none() -> None:
    def tally(walled: int, read: int = 0) -> OutletTally:
        found = good()
        found.pages.good = read
        for number in range(walled):
            found.pages.note_fault(BlockedError("example", f"{FEED}/{number}", "fetch: HTTP 403"))
        return found

    def trouble(found: OutletTally) -> str | None:
        verdict = judge_run(found)
        assert verdict is not None
        return verdict.trouble

    assert trouble(tally(3)) == "blocked"
    assert trouble(tally(2)) is None
    assert trouble(tally(30, read=1)) is None
    gone = good()
    for number in range(9):
        gone.pages.note_fault(GoneError("example", f"{FEED}/{number}", "fetch: HTTP 404"))
    assert trouble(gone) is None


def test_run_that_asked_nothing_says_nothing() -> None:
    assert judge_run(OutletTally()) is None


@pytest.mark.parametrize(
    ("runs", "every", "expected"),
    [
        ("bbb", 5, ["", "", "failing"]),
        ("bb", 60, ["", "failing"]),
        ("bb", 59, ["", ""]),
        ("bgbgbg", 60, [""] * 6),
        ("bbbgg", 5, ["", "", "failing", "", "healthy"]),
        ("bbbgbgbg", 5, ["", "", "failing", "", "", "", "", ""]),
        ("bbbxxx", 5, ["", "", "failing", "", "", "blocked"]),
        ("xxxgg", 5, ["", "", "blocked", "", "healthy"]),
    ],
)
def test_changes_are_confirmed(
    database: Database, runs: str, every: int, expected: list[str]
) -> None:
    tallies = {"b": bad, "g": good, "x": lambda: bad(BlockedError, "fetch: HTTP 403")}
    changes = run(database, [tallies[name]() for name in runs], every * MINUTES)
    assert states(changes) == expected


def test_a_change_says_since_when_and_why(database: Database) -> None:
    *_, change = run(database, [good(), bad(), bad(), bad()], 5 * MINUTES)
    assert change is not None
    assert (change.before, change.after) == ("healthy", "failing")
    assert change.since == NOW + 5 * MINUTES
    assert change.reason == f"none of its sources could be read: fetch: HTTP 500: {FEED}"
    with database.read() as conn:
        state = load_state(conn, "example")
    assert (state.state, state.since, state.reason) == ("failing", change.since, change.reason)
    assert (state.failures, state.failure_kind) == (3, "temporary")
    run(database, [good()], 5 * MINUTES)
    with database.read() as conn:
        state = load_state(conn, "example")
    assert (state.state, state.failures, state.failure_kind) == ("failing", 0, None)
    assert state.evidence["waiting"]["state"] == "healthy"


def test_disabled_once_and_back(database: Database) -> None:
    off = OUTLET.model_copy(update={"enabled": False})
    with database.write() as conn:
        first = note_health(conn, off, good(), NOW)
        second = note_health(conn, off, good(), NOW)
        third = note_health(conn, OUTLET, good(), NOW)
    assert states([first, second, third]) == ["disabled", "", "healthy"]


def test_each_field_that_goes_missing_is_told_of_by_itself() -> None:
    """Also those that went missing together and were found one after the other."""
    verdict = judge_run(good())
    assert verdict is not None
    state, times, watch = OutletState("example"), [], Watch()
    for number, name in enumerate(("summary", "authors", "topic"), 1):
        now = NOW + number * MINUTES
        drop = Drop(
            name, None, 0, 5, 90, 90, began=NOW, told=now, lacking_url=None, having_url=None
        )
        watch = Watch([*watch.drops, drop], has_news=True)
        state, change = next_state(state, seen_now(verdict, watch, now), watch, now)
        assert change is not None
        times.append(change.since)
    assert len(set(times)) == len(times), "a message's key has the time: the same is never sent"


@pytest.mark.parametrize("field", ["summary", "comment_count"])
def test_broken_reader_is_told_once_and_when_it_is_mended(database: Database, field: str) -> None:
    address = SITE + a_story().path
    whole = parse_article(whole_page().encode(), address)
    broken = parse_article(page_without(field).encode(), address)
    noted = good()
    noted.pages_noted = noted.pages.good = 1
    begin = datetime(2026, 3, 2, tzinfo=UTC)
    changes = []
    with database.write() as conn:
        for number, moment in enumerate(moments(begin, 28)):
            note_reading(conn, "example", f"{SITE}/{number}", whole, now=moment)
        days = [(broken, moment) for moment in moments(begin + timedelta(days=28), 2)]
        days += [(whole, moment) for moment in moments(begin + timedelta(days=30), 1)]
        for number, (article, moment) in enumerate(days):
            note_reading(conn, "example", f"{SITE}/x{number}", article, now=moment)
            changes.append(note_health(conn, OUTLET, noted, moment))
    told = [change for change in changes if change]
    assert [(change.before, change.after) for change in told] == [
        ("healthy", "reader_broken"), ("reader_broken", "healthy"),
    ]  # fmt: skip
    assert told[0].evidence["fields"] == [field]
    assert told[0].reason.startswith(f"{field}: on 0 of the last")
    assert changes.index(told[0]) < 12


@pytest.mark.parametrize(
    ("kind", "failures", "minutes"),
    [
        ("temporary", 1, 5),
        ("temporary", 3, 15),
        ("temporary", 99, 60),
        ("hard", 1, 30),
        ("hard", 99, 720),
        ("blocked", 2, 120),
        ("blocked", 99, 1440),
    ],
)
def test_back_off_is_linear_and_has_an_end(kind: FailureKind, failures: int, minutes: int) -> None:
    assert backoff_of(kind, failures) == minutes * MINUTES
