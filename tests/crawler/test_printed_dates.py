"""Dates as pages print them, in the languages we read."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from crawler.dates import is_plausible, parse_date, read_date

CLOCK = datetime(2024, 3, 5, 14, 7)  # noqa: DTZ001 - as printed


@pytest.mark.parametrize(
    "text",
    [
        "5 March 2024, 2:07pm",
        "March 5, 2024 at 2:07 p.m.",
        "Tuesday, 5th Mar. 2024 14:07",
        "5 марта 2024, 14:07",
        "5 мар 2024 г. в 14:07",
        "5 березня 2024, 14:07",
        "5. März 2024, 14:07 Uhr",
        "05.03.2024, 14.07 Uhr",
        "05.03.24 | 14:07 Uhr",
        "Publié le 5 mars 2024 à 14h07",
        "5 de marzo de 2024 - 14:07",
        "5 de março de 2024 às 14:07",
        "5 marca 2024, 14:07",
        "5 Mart 2024 14:07",
        "2024年03月05日14:07",
        "2024年3月5日 下午2:07",
        "2024年3月5日 14時07分",
        "2024-03-05 14:07",
        "2024/03/05 14:07",
        "2024년 3월 5일 오후 2:07",
        "2024. 3. 5. 오후 2:07",
        "14:07 05.03.2024",
        "13/05/2024 14:07",
        "2024-03-05T14:07:00.1234567",
    ],
)
def test_clock_without_a_zone(text: str) -> None:
    wanted = CLOCK.replace(month=5, day=13) if text.startswith("13/") else CLOCK
    said = read_date(text)
    assert isinstance(said, datetime)
    assert said.replace(second=0, microsecond=0) == wanted
    assert parse_date(text) is None
    assert parse_date(text, ZoneInfo("Asia/Shanghai")) is not None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("5 March 2024 14:07 GMT", 0),
        ("5. März 2024, 14:07 Uhr MEZ", 1),
        ("5 марта 2024, 14:07 (МСК)", 3),
        ("2024年3月5日 14:07 北京时间", 8),
        ("2024-03-05 14:07:00 +0900", 9),
        ("Tue Mar 05 2024 14:07:00 GMT+0300 (MSK)", 3),
        ("Tue Mar 5 14:07:00 CET 2024", 1),
        ("Tue, 05 Mar 2024 14:07:00 -0500", -5),
        ("2:07 PM EST, March 5, 2024", -5),
    ],
)
def test_zone_that_is_named(text: str, hours: int) -> None:
    wanted = CLOCK.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert parse_date(text, ZoneInfo("Asia/Tokyo")) == wanted


@pytest.mark.parametrize("text", ["5 March 2024", "2024-03-05", "5 марта 2024 г.", "2024年3月5日"])
def test_day_alone_is_no_moment(text: str) -> None:
    assert read_date(text) == date(2024, 3, 5)
    assert parse_date(text, ZoneInfo("Europe/Berlin")) is None


@pytest.mark.parametrize(
    "text", ["", "today", "05/03/2024 14:07", "2024-13-45", "31 June 2024 10:00", "4 min read", "5"]
)
def test_what_is_no_date_or_could_be_two(text: str) -> None:
    assert read_date(text) is None


def test_plausible_is_neither_the_future_nor_long_ago() -> None:
    now = datetime(2024, 3, 5, tzinfo=ZoneInfo("UTC"))
    assert is_plausible(now + timedelta(hours=20), now)
    assert not is_plausible(now + timedelta(days=2), now)
    assert not is_plausible(now.replace(year=1850), now)
