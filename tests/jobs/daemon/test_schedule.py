"""When an outlet is due next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from crawler.outlets import Outlet
from jobs.daemon.rounds import Aims, next_due
from jobs.daemon.schedule import (
    LONGEST,
    SHORTEST,
    UNKNOWN_RHYTHM,
    adaptive,
    due_still,
    jittered,
    next_cron,
    rhythm,
)
from jobs.times import spell
from storage.outlet_states import OutletState

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("expression", "after", "due"),
    [
        ("*/15 * * * *", "2026-11-24T10:03:20", "2026-11-24T10:15:00"),
        ("*/15 * * * *", "2026-11-24T10:15:00", "2026-11-24T10:30:00"),
        ("0 0 * * 0", "2026-11-24T00:00:00", "2026-11-29T00:00:00"),  # a Sunday
        ("0 0 * * 7", "2026-11-24T00:00:00", "2026-11-29T00:00:00"),
        ("0 0 * * 1", "2026-11-24T00:00:00", "2026-11-30T00:00:00"),
        ("0 12 1 * 5", "2026-11-24T00:00:00", "2026-11-27T12:00:00"),  # the Friday
        ("0 12 1 * 5", "2026-11-27T12:00:00", "2026-12-01T12:00:00"),  # the first
        ("0 0 29 2 *", "2026-11-24T00:00:00", "2028-02-29T00:00:00"),
        ("59 23 31 12 *", "2026-12-31T23:59:30", "2027-12-31T23:59:00"),
    ],
)
def test_cron(expression: str, after: str, due: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert next_cron(expression, moment) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "Europe/Brussels", "UTC"])
@pytest.mark.parametrize("day", ["2026-03-08", "2026-03-29", "2026-10-25", "2026-11-01"])
def test_days_on_which_the_clock_changes(
    zone: str, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In UTC every moment is there once, wherever the machine stands."""
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        start = datetime.fromisoformat(day).replace(tzinfo=UTC)
        moment, found = start - timedelta(seconds=1), []
        while (moment := next_cron("30 * * * *", moment)) < start + DAY:
            found.append(moment)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found == [start + HOUR * hour + 30 * MINUTE for hour in range(24)]


def every(gap: timedelta, days: int = 14, hours: range = range(24)) -> list[datetime]:
    moments = [NOW - gap * n for n in range(int(days * DAY / gap))]
    return [moment for moment in moments if moment.hour in hours]


@pytest.mark.parametrize("gap", [10 * MINUTE, HOUR, 100 * MINUTE])
def test_a_steady_outlet_has_its_own_rhythm(gap: timedelta) -> None:
    found = rhythm(every(gap), NOW)
    assert found is not None
    assert found == pytest.approx(gap, rel=0.1)  # type: ignore[comparison-overlap]


def test_the_night_is_slower_than_the_day() -> None:
    by_day = every(15 * MINUTE, hours=range(7, 20))
    noon, night = rhythm(by_day, NOW), rhythm(by_day, NOW.replace(hour=2))
    assert noon is not None
    assert night is not None
    assert noon < 20 * MINUTE
    assert night > 6 * HOUR


def test_too_few_articles_tell_nothing() -> None:
    assert rhythm(every(2 * DAY), NOW) is None
    assert adaptive(every(2 * DAY), None, NOW)[0] == UNKNOWN_RHYTHM


def test_what_is_dated_ahead_or_long_ago_does_not_count() -> None:
    assert rhythm([NOW + HOUR] * 50 + [NOW - 20 * DAY] * 50, NOW) is None


@pytest.mark.parametrize(
    ("gap", "fresh_for", "interval"),
    [
        (MINUTE, None, SHORTEST),
        (20 * MINUTE, None, 10 * MINUTE),
        (20 * MINUTE, timedelta(0), 10 * MINUTE),
        (20 * MINUTE, 5 * MINUTE, 10 * MINUTE),
        (20 * MINUTE, HOUR, HOUR),
        (20 * MINUTE, 30 * DAY, LONGEST),
        (23 * HOUR, None, LONGEST),
    ],
)
def test_half_the_time_between_two_articles_within_bounds(
    gap: timedelta, fresh_for: timedelta | None, interval: timedelta
) -> None:
    found, reason = adaptive(every(gap), fresh_for, NOW)
    assert found == pytest.approx(interval, rel=0.1)  # type: ignore[comparison-overlap]
    assert SHORTEST <= found <= LONGEST
    assert reason


def test_jitter_stays_within_a_tenth_and_the_bounds() -> None:
    random = Random(5)
    for interval in (SHORTEST, HOUR, LONGEST):
        found = [jittered(interval, random) for _ in range(200)]
        assert max(SHORTEST, interval * 0.9) <= min(found)
        assert max(found) <= min(LONGEST, interval * 1.1)
        assert len(set(found)) > 50


def outlet(schedule: str | None = None) -> Outlet:
    return Outlet(id="one", name="One", home="https://one.example/", schedule=schedule)


def aims(
    *,
    failures: int = 0,
    held_until: datetime | None = None,
    has_more: bool = False,
) -> Aims:
    kind = "temporary" if failures else None
    state = OutletState("one", failures=failures, failure_kind=kind)  # type: ignore[arg-type]
    return Aims(state, every(HOUR), None, held_until, has_more)


def test_an_adaptive_outlet_is_due_after_its_interval_from_the_begin_of_its_run() -> None:
    began = NOW - 20 * MINUTE
    due = next_due(outlet(), aims(), NOW, began, Random(1))
    assert abs(due.at - (began + 30 * MINUTE)) <= 4 * MINUTE


def test_a_run_longer_than_the_interval_is_followed_soon_and_once() -> None:
    assert next_due(outlet(), aims(), NOW, NOW - 5 * HOUR, Random(1)).at == NOW + SHORTEST


def test_a_schedule_counts_from_now_whatever_was_missed() -> None:
    due = next_due(outlet("0 * * * *"), aims(has_more=True), NOW, NOW - 5 * HOUR, Random(1))
    assert due.at == NOW + HOUR
    assert "0 * * * *" in due.reason


def test_a_clock_set_back_while_it_ran_does_not_put_it_off() -> None:
    due = next_due(outlet(), aims(), NOW, NOW + 400 * DAY, Random(1))
    assert due.at <= NOW + 34 * MINUTE


@pytest.mark.parametrize(
    ("at", "schedule", "is_failing", "expected"),
    [
        (None, None, False, None),
        (NOW - DAY, None, False, NOW - DAY),
        (NOW + 20 * HOUR, None, False, NOW + 20 * HOUR),
        (NOW + 400 * DAY, None, False, None),
        (NOW + 400 * DAY, None, True, None),
        (NOW + 20 * DAY, "0 * * * *", False, NOW + HOUR),
        (NOW + 20 * HOUR, "0 * * * *", True, NOW + 20 * HOUR),
        (NOW + 400 * DAY, "0 * * * *", True, NOW + DAY),
    ],
)
def test_what_was_planned_holds_unless_the_schedule_or_the_clock_was_another(
    at: datetime | None, schedule: str | None, is_failing: bool, expected: datetime | None
) -> None:
    assert due_still(at, schedule, NOW, is_failing=is_failing) == expected


def test_pages_left_to_read_are_read_soon() -> None:
    assert next_due(outlet(), aims(has_more=True), NOW, NOW, Random(1)).at == NOW + SHORTEST


def test_one_that_fails_is_left_alone_longer_and_longer() -> None:
    dues = [
        next_due(outlet("* * * * *"), aims(failures=n), NOW, NOW, Random(1)) for n in range(1, 20)
    ]
    waits = [due.at - NOW for due in dues]
    assert waits[:3] == [5 * MINUTE, 10 * MINUTE, 15 * MINUTE]
    assert waits[-1] == HOUR
    assert "3 runs in a row failed" in dues[2].reason


def test_pages_left_do_not_shorten_a_pause() -> None:
    due = next_due(outlet(), aims(failures=6, has_more=True), NOW, NOW, Random(1))
    assert due.at >= NOW + 30 * MINUTE


def test_a_host_that_asked_to_be_left_alone_is() -> None:
    until = NOW + 20 * HOUR
    assert next_due(outlet(), aims(held_until=until), NOW, NOW, Random(1)).at == until


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (30 * timedelta(seconds=1), "30 s"),
        (15 * MINUTE, "15 min"),
        (210 * MINUTE, "3 h"),
        (2 * DAY, "2 days"),
    ],
)
def test_lengths_of_time_as_people_say_them(length: timedelta, text: str) -> None:
    assert spell(length) == text
