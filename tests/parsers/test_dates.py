"""Dates and durations in the forms that pages have."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import is_plausible, parse_date, parse_duration, printed_date

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (1_579_485_608_000, "2020-01-20T02:00:08"),
        ("1579485608000", "2020-01-20T02:00:08"),
        (1_579_485_608, "2020-01-20T02:00:08"),
        ("2020-01-20T10:00:08+08:00", "2020-01-20T02:00:08"),
        ("2020-01-20T02:00:08.000Z", "2020-01-20T02:00:08"),
        ("2020-01-20T10:00:08", "2020-01-20T02:00:08"),
        ("10:00am, 20 Jan, 2020", "2020-01-20T02:00:00"),
        ("12:30am, 28 Feb 2024", "2024-02-27T16:30:00"),
        ("12:05pm, 3 September 2021", "2021-09-03T04:05:00"),
        ("7.54 p.m., 28 Oct 2022", "2022-10-28T11:54:00"),
        ("Monday, 19 May, 2014, 4:17pm", "2014-05-19T08:17:00"),
        ("19 May, 2014, 4:17pm", "2014-05-19T08:17:00"),
        ("16:17, 19 May 2014", "2014-05-19T08:17:00"),
        ("Tue, 27 Feb 2024 19:15:00 +0800", "2024-02-27T11:15:00"),
        ("27 Feb 2024", None),
        ("2024-02-27", None),
        ("3:12pm", None),
        ("31 Feb 2024, 1:00pm", None),
        ("soon", None),
        (True, None),
        (None, None),
    ],
)
def test_parse_date(raw: object, expected: str | None) -> None:
    moment = parse_date(raw, HONG_KONG)
    assert (moment and moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")) == expected


def test_without_a_zone_print_is_no_time() -> None:
    assert parse_date("10:00am, 20 Jan, 2020") is None


def test_only_what_begins_with_a_date_is_printed_one() -> None:
    assert printed_date("7:15pm, 27 Feb 2024 Learn more") == "7:15pm, 27 Feb 2024"
    assert printed_date("on 27 Feb 2024") is None


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        ("09:43", 583),
        ("1:02:03", 3723),
        ("00:09:43", 583),
        (583, 583),
        ("583", 583),
        ("583.0", 583),
        (583_000, 583),
        ("PT9M43S", 583),
        ("PT1H", 3600),
        ("9:99", None),
        (0, None),
        ("00:00", None),
        (-5, None),
        (True, None),
        ("", None),
        ({}, None),
    ],
)
def test_parse_duration(raw: object, seconds: int | None) -> None:
    assert parse_duration(raw) == seconds


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans()))
def test_anything_is_a_time_or_null(raw: object) -> None:
    moment = parse_date(raw, HONG_KONG)
    assert moment is None or moment.tzinfo is UTC
    parse_duration(raw)


NOW = datetime(2024, 1, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2024, 1, 1, 11, 59, tzinfo=UTC), True),
        (datetime(2024, 1, 2, 11, 59, tzinfo=UTC), True),  # a newsroom east of us
        (datetime(2024, 1, 2, 12, 1, tzinfo=UTC), False),
        (datetime(2025, 1, 1, tzinfo=UTC), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1970, 1, 20, 15, 6, tzinfo=UTC), False),  # seconds taken for milliseconds
        (datetime(1903, 11, 6, tzinfo=UTC), True),
        (datetime(1899, 1, 1, tzinfo=UTC), False),
    ],
)
def test_which_times_are_plausible(moment: datetime, expected: bool) -> None:
    assert is_plausible(moment, NOW) is expected
