"""A field whose markup goes missing is named within a day, and nothing else is."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from jobs.health.watching import Watch, watch_pages
from storage.page_readings import PageReading
from tests.jobs.health.local_outlet import (
    FROM_HTML,
    FROM_STATE,
    moments,
    page_with_state,
    page_without,
    reader_of,
    whole_page,
)

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
WEEKS_BEFORE = 4

WHOLE = reader_of(whole_page())
BROKEN = reader_of(page_without("authors"))


def told(readings: list[PageReading], after: datetime) -> Watch:
    """What is told of pages read from then on, judged after each of them as a crawl would."""
    watch = Watch()
    for number, reading in enumerate(readings, 1):
        if reading.read_at >= after and not watch.is_broken:
            watch_pages(watch, readings[:number], reading.read_at)
    return watch


def break_after(whole: str, broken: str, weekday: int) -> tuple[Watch, datetime]:
    """Weeks of whole pages, then a day of broken ones, from a midnight on."""
    end = MONDAY + timedelta(weeks=WEEKS_BEFORE) + weekday * DAY
    days = (end - MONDAY).days
    read_whole, read_broken = reader_of(whole), reader_of(broken)
    before = [read_whole(moment, n) for n, moment in enumerate(moments(MONDAY, days))]
    after = [read_broken(moment, 10_000 + n) for n, moment in enumerate(moments(end, 1))]
    return told(before + after, end), end


@pytest.mark.parametrize("field", sorted(FROM_HTML))
def test_missing_field_is_named_within_a_day(field: str) -> None:
    watch, broke = break_after(whole_page(), page_without(field), weekday=2)
    assert watch.is_broken
    named = [drop.field for drop in watch.drops]
    assert field in named, named
    drop = watch.drops[named.index(field)]
    assert drop.found == 0
    assert drop.found_before == drop.of_before > 250
    assert broke <= drop.began <= drop.told < broke + DAY
    assert drop.lacking_url
    assert drop.having_url
    assert drop.lacking_url in watch.sentence or len(named) > 3


@pytest.mark.parametrize("field", sorted(FROM_STATE))
def test_field_found_elsewhere_is_named_too(field: str) -> None:
    watch, _ = break_after(page_with_state(), page_with_state(field), weekday=2)
    (drop,) = [drop for drop in watch.drops if drop.field == field]
    # Told by what is gone: the field, or the source that it had.
    assert drop.source in (None, "state")
    if drop.source:
        assert f"{field}: from state on 0 of the last" in drop.sentence
        assert drop.instead
        assert drop.instead != "state"


def test_sentence_has_figures_and_an_address() -> None:
    watch, _ = break_after(whole_page(), page_without("summary"), weekday=2)
    (drop,) = watch.drops
    assert watch.sentence == (
        f"summary: on 0 of the last {drop.of} pages, on {drop.of_before} of {drop.of_before}"
        f" before; e.g. {drop.lacking_url}"
    )


@pytest.mark.parametrize("a_day", [5, 40, 200])
def test_outlets_of_any_pace_are_told_of_within_a_day(a_day: int) -> None:
    end = MONDAY + timedelta(weeks=WEEKS_BEFORE)
    before = [WHOLE(m, n) for n, m in enumerate(moments(MONDAY, 28, a_day))][-600:]
    after = [BROKEN(m, 10_000 + n) for n, m in enumerate(moments(end, 1, a_day)[:20])]
    assert [drop.field for drop in told(before + after, end).drops] == ["authors"]


def test_half_of_the_pages_without_it_are_enough() -> None:
    """Another template beside the old one."""
    end = MONDAY + timedelta(weeks=WEEKS_BEFORE)
    before = [WHOLE(m, n) for n, m in enumerate(moments(MONDAY, 28))]
    after = [(BROKEN if n % 2 else WHOLE)(m, 10_000 + n) for n, m in enumerate(moments(end, 3))]
    (drop,) = told(before + after, end).drops
    assert (drop.field, 0 < drop.found < drop.of) == ("authors", True)


def test_quiet_sundays_and_a_holiday_week_are_no_alarm() -> None:
    days = moments(MONDAY, 42) + moments(MONDAY + 42 * DAY, 7, 4, 1) + moments(MONDAY + 49 * DAY, 7)
    readings = [WHOLE(moment, n) for n, moment in enumerate(days)]
    assert not told(readings, MONDAY).is_broken


@pytest.mark.parametrize("seed", range(3))
def test_mixed_outlet_is_no_alarm(seed: int) -> None:
    """Whole pages, pages without a picture, video pages with hardly anything, by chance and by
    day: Sundays have mostly the bare ones.
    """
    chance = random.Random(seed)
    kinds = [WHOLE, reader_of(page_without("lead_image"))]
    readings = []
    for number, moment in enumerate(moments(MONDAY, 56)):
        bare_share = 0.8 if moment.weekday() == 6 else 0.2
        read = BROKEN if chance.random() < bare_share else chance.choice(kinds)
        readings.append(read(moment, number))
    assert not told(readings, MONDAY).is_broken


def test_few_pages_or_days_are_no_past() -> None:
    first_crawl = [WHOLE(MONDAY + timedelta(minutes=n), n) for n in range(100)]
    after = [BROKEN(m, 1000 + n) for n, m in enumerate(moments(MONDAY + DAY, 1))]
    assert not told(first_crawl + after, MONDAY).is_broken


def test_new_version_of_a_reader_may_take_a_field_from_elsewhere() -> None:
    end = MONDAY + timedelta(weeks=WEEKS_BEFORE)
    old, new = reader_of(page_with_state()), reader_of(page_with_state("summary"))
    before = [old(m, n) for n, m in enumerate(moments(MONDAY, 28))]
    after = [new(m, 10_000 + n) for n, m in enumerate(moments(end, 2))]
    upgraded = [PageReading(r.read_at, r.url, True, "scmp/2", r.fields) for r in after]
    assert told(before + after, end).is_broken
    assert not told(before + upgraded, end).is_broken


def test_another_reader_than_before_is_named() -> None:
    """The page became one that only the general reader reads."""
    end = MONDAY + timedelta(weeks=WEEKS_BEFORE)
    before = [WHOLE(m, n) for n, m in enumerate(moments(MONDAY, 28))]
    after = [
        PageReading(r.read_at, r.url, True, "generic/1", r.fields | {"parser": "generic"})
        for r in (WHOLE(m, 10_000 + n) for n, m in enumerate(moments(end, 1)))
    ]
    (drop,) = told(before + after, end).drops
    assert (drop.field, drop.source, drop.instead) == ("parser", "scmp", "generic")


class TestTheEndOfABreak:
    end = MONDAY + timedelta(weeks=WEEKS_BEFORE)

    def run(self, broken_days: int, mended_days: int) -> tuple[Watch, list[PageReading]]:
        readings = [WHOLE(m, n) for n, m in enumerate(moments(MONDAY, 28))]
        readings += [BROKEN(m, 10_000 + n) for n, m in enumerate(moments(self.end, broken_days))]
        mended = self.end + broken_days * DAY
        readings += [WHOLE(m, 20_000 + n) for n, m in enumerate(moments(mended, mended_days))]
        watch = Watch()
        for number, reading in enumerate(readings, 1):
            if reading.read_at >= self.end:
                watch = Watch.from_dict(watch.to_dict())  # as from run to run
                watch_pages(watch, readings[:number], reading.read_at)
        return watch, readings

    def test_it_lasts_while_pages_lack_it(self) -> None:
        watch, _ = self.run(14, 0)
        assert [drop.field for drop in watch.drops] == ["authors"]
        assert not watch.has_news

    def test_it_ends_when_pages_have_it(self) -> None:
        watch, _ = self.run(5, 1)
        assert not watch.is_broken

    def test_the_next_one_is_found_as_soon(self) -> None:
        watch, readings = self.run(5, 3)
        again = self.end + 8 * DAY
        for number, moment in enumerate(moments(again, 1)):
            readings.append(BROKEN(moment, 30_000 + number))
            watch_pages(watch, readings, moment)
        assert [drop.field for drop in watch.drops] == ["authors"]

    def test_after_a_month_it_is_the_outlets_way(self) -> None:
        watch, _ = self.run(33, 0)
        assert not watch.is_broken
