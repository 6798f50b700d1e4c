"""What is due, and when again. Over both databases where it touches one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crawler.items import Lead, Listing
from storage import frontier
from storage.database import Database
from storage.schema import leads, listings, sightings, sources
from storage.sightings import SIGHTINGS_PER_LEAD
from storage.visits import State
from tests.storage.samples import HOUR, NOW, a_listing, an_article, store

FEED = "https://news.example/feed"
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def note(database: Database, listed: list[Listing], now: Any = NOW, **changes: Any) -> Any:
    values: dict[str, Any] = {"etag": '"1"', "last_modified": "Tue", "status": 200}
    source = changes.pop("source", FEED)
    with database.write() as conn:
        return frontier.note_source(conn, "example", source, listed, now=now, **(values | changes))


def due(database: Database, now: Any = NOW, **changes: Any) -> list[Lead]:
    with database.read() as conn:
        return frontier.due(conn, "example", now, **changes)


def validators(database: Database, now: Any) -> tuple[str | None, str | None]:
    with database.read() as conn:
        return frontier.validators(conn, "example", FEED, now)


def settle(database: Database, lead_id: int, state: State, now: Any = NOW, **rest: Any) -> None:
    with database.write() as conn:
        frontier.settle(conn, lead_id, state, now=now, **rest)


def lead_row(database: Database, lead_id: int) -> Any:
    with database.read() as conn:
        return conn.execute(select(leads).where(leads.c.id == lead_id)).one()


@pytest.mark.parametrize(
    ("state", "temporary", "attempts", "age", "expected"),
    [
        ("pending", False, 0, DAY, DAY),
        ("stored", False, 0, timedelta(0), HOUR),
        ("stored", False, 0, HOUR, 6 * HOUR),
        ("stored", False, 0, 2 * HOUR, 6 * HOUR),
        ("stored", False, 0, 7 * HOUR, DAY),
        ("stored", False, 0, 2 * DAY, 7 * DAY),
        ("stored", False, 0, 7 * DAY, None),
        ("failed", True, 1, MINUTE, MINUTE),
        ("failed", True, 3, 30 * DAY, 30 * DAY),
        ("failed", True, 4, MINUTE, HOUR),
        ("failed", True, 4, 8 * DAY, None),
        ("failed", False, 1, MINUTE, HOUR),
        ("unreadable", False, 1, 2 * HOUR, 6 * HOUR),
        ("gone", False, 1, 25 * HOUR, 7 * DAY),
        ("forbidden", False, 1, MINUTE, HOUR),
        ("forbidden", False, 9, 8 * DAY, None),
        ("refused", False, 1, MINUTE, None),
        ("off_topic", False, 0, MINUTE, None),
    ],
)
def test_the_next_fetch(
    state: State, temporary: bool, attempts: int, age: timedelta, expected: timedelta | None
) -> None:
    found = frontier.next_fetch(state, NOW, attempts, NOW + age, temporary=temporary)
    assert found == (None if expected is None else NOW + expected)


def test_a_source_makes_leads_once_and_the_batch_is_deduplicated(database: Database) -> None:
    listed = [
        a_listing("1", headline=None),
        a_listing("2"),
        a_listing("1", address="https://news.example/article/1?other"),
    ]
    first = note(database, listed)
    assert [(state.identity, state.state, state.is_new) for state in first] == [
        ("1", "pending", True),
        ("2", "pending", True),
    ]
    second = note(database, listed, NOW + HOUR)
    assert [state.lead_id for state in second] == [state.lead_id for state in first]
    assert not any(state.is_new for state in second)
    with database.read() as conn:
        assert conn.execute(select(func.count()).select_from(leads)).scalar_one() == 2
        addresses = conn.execute(
            select(sightings.c.address)
            .order_by(sightings.c.id)
            .where(sightings.c.lead_id == first[0].lead_id)
        ).scalars()
        assert list(addresses) == [listed[0].address, listed[2].address]
    assert lead_row(database, first[0].lead_id).listed_headline == "Headline 1"


def test_a_sitemap_longer_than_a_statement_takes_fits(database: Database) -> None:
    listed = [a_listing(str(number)) for number in range(1_200)]
    assert len(note(database, listed)) == 1_200
    assert len(due(database)) == 1_200
    assert not any(state.is_new for state in note(database, listed, NOW + HOUR))


def test_at_most_fifty_sightings_a_lead(database: Database) -> None:
    for start in (0, 40):
        note(database, [a_listing(address=f"https://a.example/?{start + i}") for i in range(40)])
    with database.read() as conn:
        number = conn.execute(select(func.count()).select_from(sightings)).scalar_one()
    assert number == SIGHTINGS_PER_LEAD


def test_validators_last_a_day_after_a_full_answer(database: Database) -> None:
    assert validators(database, NOW) == (None, None)
    note(database, [])
    assert validators(database, NOW + 23 * HOUR) == ('"1"', "Tue")
    note(database, [], NOW + 23 * HOUR, status=304, etag=None, last_modified=None)
    assert validators(database, NOW + 23 * HOUR) == ('"1"', "Tue")
    assert validators(database, NOW + 25 * HOUR) == (None, None)
    note(database, [], NOW + 25 * HOUR, etag=None, last_modified=None)
    assert validators(database, NOW + 25 * HOUR) == (None, None)


def test_a_problem_of_a_source_keeps_its_validators_and_ends_with_success(
    database: Database,
) -> None:
    note(database, [])
    with database.write() as conn:
        frontier.note_source_problem(conn, "example", FEED, "no feed", 503, NOW + HOUR)
    with database.read() as conn:
        row = conn.execute(select(sources)).one()
    assert (row.problem, row.status, row.last_success) == ("no feed", 503, NOW)
    assert row.last_checked == NOW + HOUR
    assert validators(database, NOW + HOUR) == ('"1"', "Tue")
    note(database, [], NOW + 2 * HOUR)
    with database.read() as conn:
        assert conn.execute(select(sources.c.problem)).scalar_one() is None


def test_due_is_the_newest_first_and_undated_last(database: Database) -> None:
    note(
        database,
        [
            a_listing("undated", date=None),
            a_listing("old", date=NOW - 3 * DAY),
            a_listing("new", date=NOW - HOUR),
        ],
    )
    assert [lead.identity for lead in due(database)] == ["new", "old", "undated"]
    assert [lead.identity for lead in due(database, limit=1)] == ["new"]
    assert [lead.identity for lead in due(database, since=NOW - DAY)] == ["new", "undated"]
    assert due(database, NOW - MINUTE) == []
    with database.read() as conn:
        assert frontier.due(conn, "other", NOW) == []


def test_due_in_parts_is_due_in_one(database: Database) -> None:
    """Many of one moment, undated ones, and one that only its address dates."""
    moments = [NOW - HOUR, NOW - HOUR, NOW - DAY, None, None, NOW - HOUR, NOW - 2 * DAY]
    listed = [a_listing(str(n), date=moment) for n, moment in enumerate(moments)]
    note(database, [*listed, a_listing("hint", date=None, age_hint=NOW - 2 * HOUR)])
    whole = [lead.identity for lead in due(database)]
    assert (set(whole[:3]), whole[3:6]) == ({"0", "1", "5"}, ["hint", "2", "6"])
    parts: list[str] = []
    last: Lead | None = None
    while some := due(database, limit=2, after=last):
        parts += [lead.identity for lead in some]
        last = some[-1]
    assert parts == whole
    since = [lead.identity for lead in due(database, since=NOW - 3 * HOUR)]
    assert since == [*whole[:4], *whole[6:]]


def test_an_age_is_no_date_and_gives_way_to_one(database: Database) -> None:
    note(database, [a_listing(date=None, age_hint=NOW - DAY)])
    (lead,) = due(database)
    assert (lead.date, lead.moment) == (None, NOW - DAY)
    note(database, [a_listing(date=NOW - HOUR)], source=f"{FEED}/2")
    (lead,) = due(database)
    assert (lead.date, lead.moment) == (NOW - HOUR, NOW - HOUR)


def test_a_change_of_age_makes_nothing_due(database: Database) -> None:
    """Some sites make all dates of their sitemap anew each hour."""
    silent = {"headline": None, "date": None}
    (state,) = note(database, [a_listing(**silent, age_hint=NOW - DAY)])
    article = store(database, an_article(), now=NOW)
    settle(database, state.lead_id, "stored", article_id=article.article_id)
    note(database, [a_listing(**silent, age_hint=NOW)])
    assert due(database) == []


def test_a_lead_knows_what_sources_say(database: Database) -> None:
    """The first that says it; and what that one changes."""
    note(database, [a_listing(headline=None)])
    said = {"lead": "Words of it.", "authors": ("Anna", "Li Wei")}
    note(database, [a_listing(**said)], source=f"{FEED}/2")
    note(database, [a_listing(lead="Other words.", authors=("Petr",))], source=f"{FEED}/3")
    (lead,) = due(database)
    assert (lead.headline, lead.lead, lead.authors) == (
        "Headline 1", "Words of it.", ("Anna", "Li Wei"),
    )  # fmt: skip
    corrected = a_listing(headline="Another", lead="Corrected.", authors=("Anna",))
    note(database, [corrected], source=f"{FEED}/2")
    (lead,) = due(database)
    assert (lead.headline, lead.lead, lead.authors) == ("Another", "Corrected.", ("Anna",))


@pytest.mark.parametrize(
    ("read_back_to", "wanted", "is_asked_with"),
    [
        (None, None, True),
        (None, NOW - DAY, False),
        (NOW - DAY, NOW - DAY, True),
        (NOW - DAY, NOW - HOUR, True),
        (NOW - DAY, NOW - 2 * DAY, False),
    ],
)
def test_validators_are_for_those_who_want_no_more_than_was_read(
    database: Database, read_back_to: Any, wanted: Any, is_asked_with: bool
) -> None:
    note(database, [], read_back_to=read_back_to)
    note(database, [], status=304)
    with database.read() as conn:
        found = frontier.validators(conn, "example", FEED, NOW, wanted)
    assert found == (('"1"', "Tue") if is_asked_with else (None, None))


def test_what_a_source_led_to_outlives_a_304(database: Database) -> None:
    parts = [("https://news.example/1.xml", NOW), ("https://news.example/2.xml", None)]
    with database.read() as conn:
        assert frontier.parts_of(conn, "example", FEED) == []
    note(database, [], parts=parts)
    note(database, [], status=304)
    with database.read() as conn:
        assert frontier.parts_of(conn, "example", FEED) == parts
    note(database, [])
    with database.read() as conn:
        assert frontier.parts_of(conn, "example", FEED) == []


def stored_lead(database: Database, now: Any = NOW) -> int:
    (state,) = note(database, [a_listing()], now)
    article = store(database, an_article(), now=now)
    settle(database, state.lead_id, "stored", now, article_id=article.article_id, etag='"p"')
    return int(state.lead_id)


@pytest.mark.parametrize(
    ("changes", "is_due"),
    [
        ({}, False),
        ({"headline": "Corrected"}, True),
        ({"date": NOW}, True),
        ({"headline": None, "date": None}, False),
        ({"headline": "Head\x00line 1"}, False),
    ],
)
def test_a_stored_article_is_due_when_its_source_says_otherwise(
    database: Database, changes: dict[str, Any], is_due: bool
) -> None:
    lead_id = stored_lead(database)
    (state,) = note(database, [a_listing(**changes)], NOW + MINUTE)
    assert (state.lead_id, state.state) == (lead_id, "stored")
    assert [lead.id for lead in due(database, NOW + MINUTE)] == ([lead_id] if is_due else [])


def test_two_sources_that_differ_for_good_do_not_make_an_article_due(database: Database) -> None:
    stored_lead(database)
    for minute in range(1, 5):
        now = NOW + minute * MINUTE
        note(database, [a_listing(headline="As the page has it")], now, source=FEED + "/2")
        note(database, [a_listing()], now)
        assert due(database, now) == []


@pytest.mark.parametrize("state", ["refused", "off_topic"])
def test_what_is_never_asked_again_stays_so_when_its_headline_changes(
    database: Database, state: State
) -> None:
    (lead,) = note(database, [a_listing()])
    settle(database, lead.lead_id, state)
    note(database, [a_listing(headline="Corrected")], NOW + MINUTE)
    assert due(database, NOW + DAY) == []


def test_a_new_lead_of_a_known_article_is_linked_and_waits(database: Database) -> None:
    article = store(database, an_article())
    (state,) = note(database, [a_listing()], NOW + MINUTE)
    assert (state.is_new, state.state, state.article_id) == (True, "stored", article.article_id)
    assert due(database, NOW + MINUTE) == []
    assert [lead.identity for lead in due(database, NOW + HOUR)] == ["1"]


def test_a_second_source_fills_what_the_first_left_out(database: Database) -> None:
    (state,) = note(database, [a_listing(headline=None, date=None)])
    note(database, [a_listing()], source=FEED + "/2")
    row = lead_row(database, state.lead_id)
    assert (row.listed_headline, row.listed_date) == (a_listing().headline, a_listing().date)
    with database.read() as conn:
        assert conn.execute(select(func.count()).select_from(listings)).scalar_one() == 2


def test_failures_in_a_row_are_counted_and_a_success_ends_them(database: Database) -> None:
    (state,) = note(database, [a_listing()])
    seen = []
    for _ in range(4):
        settle(database, state.lead_id, "failed", NOW + MINUTE, temporary=True, reason="timeout")
        row = lead_row(database, state.lead_id)
        seen.append((row.attempts, row.next_fetch, row.reason))
    now, later = NOW + MINUTE, NOW + HOUR
    assert seen == [
        (1, now, "timeout"), (2, now, "timeout"), (3, now, "timeout"), (4, later, "timeout"),
    ]  # fmt: skip
    settle(database, state.lead_id, "stored", NOW + MINUTE, etag='"p"', relevance_score=0.5)
    row = lead_row(database, state.lead_id)
    assert (row.attempts, row.reason, row.etag, row.relevance_score) == (0, None, '"p"', 0.5)


def test_a_failure_keeps_the_article_and_the_validators_of_its_page(database: Database) -> None:
    lead_id = stored_lead(database)
    before = lead_row(database, lead_id)
    settle(database, lead_id, "gone", NOW + HOUR, reason="fetch: 410")
    after = lead_row(database, lead_id)
    assert (after.article_id, after.etag) == (before.article_id, '"p"')
    assert (after.state, after.last_fetched) == ("gone", NOW + HOUR)


def test_a_named_address_is_due_whatever_became_of_it(database: Database) -> None:
    (state,) = note(database, [a_listing()])
    settle(database, state.lead_id, "refused")
    assert due(database, NOW + DAY) == []
    with database.write() as conn:
        lead = frontier.lead_for(conn, "example", a_listing(), NOW + DAY)
    assert lead.id == state.lead_id
    assert due(database, NOW + DAY) == [lead]


def test_a_host_is_held_until_then_and_never_for_less_than_promised(database: Database) -> None:
    with database.write() as conn:
        frontier.hold(conn, "News.example", NOW + HOUR, "Retry-After: 3600")
        frontier.hold(conn, "news.example", NOW + MINUTE, "Retry-After: 60")
    with database.read() as conn:
        assert frontier.held_until(conn, "news.example", NOW) == NOW + HOUR
        assert frontier.held_until(conn, "news.example", NOW + HOUR) is None
        assert frontier.held_until(conn, "other.example", NOW) is None
    with database.write() as conn:
        frontier.drop_expired_holds(conn, NOW + MINUTE)
        assert frontier.held_until(conn, "news.example", NOW) == NOW + HOUR
        frontier.drop_expired_holds(conn, NOW + HOUR)
        assert frontier.held_until(conn, "news.example", NOW) is None


def test_a_pause_beyond_any_that_is_kept_was_of_a_clock_that_ran_ahead(database: Database) -> None:
    with database.write() as conn:
        frontier.hold(conn, "news.example", NOW + timedelta(days=400), "Retry-After: 3600")
        frontier.hold(conn, "other.example", NOW + timedelta(days=1), "Retry-After: 86400")
        assert frontier.held_until(conn, "news.example", NOW) is None
        frontier.drop_expired_holds(conn, NOW)
        assert frontier.held_until(conn, "news.example", NOW + timedelta(days=399)) is None
        assert frontier.held_until(conn, "other.example", NOW) == NOW + timedelta(days=1)


def test_the_backlog_tells_what_is_due_and_what_became_of_the_rest(database: Database) -> None:
    states = note(database, [a_listing(str(number)) for number in range(3)])
    settle(database, states[0].lead_id, "off_topic")
    settle(database, states[1].lead_id, "failed", temporary=True)
    with database.read() as conn:
        found = frontier.backlog(conn, NOW)
    assert found == {
        "example": frontier.Backlog(due=2, states={"off_topic": 1, "failed": 1, "pending": 1})
    }
