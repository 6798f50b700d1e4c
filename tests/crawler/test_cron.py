"""Cron expressions, as cron has them."""

from __future__ import annotations

import pytest

from crawler.outlets.cron import parse_cron

EVERY_DAY = tuple(range(7))


@pytest.mark.parametrize(
    ("field", "weekdays"),
    [
        ("0", (0,)),
        ("7", (0,)),
        ("sun", (0,)),
        ("1-5", (1, 2, 3, 4, 5)),
        ("Mon-Fri", (1, 2, 3, 4, 5)),
        ("5-7", (0, 5, 6)),
        ("fri-sun", (0, 5, 6)),
        ("*/2", (0, 2, 4, 6)),
        ("1,3,7", (0, 1, 3)),
        ("*", EVERY_DAY),
        ("0-7", EVERY_DAY),
    ],
)
def test_sunday_is_0_and_7(field: str, weekdays: tuple[int, ...]) -> None:
    assert parse_cron(f"0 0 * * {field}").weekdays == weekdays


@pytest.mark.parametrize(
    ("expression", "minutes", "hours"),
    [
        ("*/15 * * * *", (0, 15, 30, 45), tuple(range(24))),
        ("5-20/5 8,20 * * *", (5, 10, 15, 20), (8, 20)),
        ("50/5 0 * * *", (50, 55), (0,)),
        ("@hourly", (0,), tuple(range(24))),
        ("  0   6  *  *  * ", (0,), (6,)),
    ],
)
def test_ranges_lists_and_steps(
    expression: str, minutes: tuple[int, ...], hours: tuple[int, ...]
) -> None:
    cron = parse_cron(expression)
    assert (cron.minutes, cron.hours) == (minutes, hours)


def test_months_have_names() -> None:
    assert parse_cron("0 0 1 jan,Nov-DEC *").months == (1, 11, 12)


@pytest.mark.parametrize(
    ("expression", "is_either"),
    [("0 0 1 * 1", True), ("0 0 * * 1", False), ("0 0 1 * *", False), ("0 0 */2 * 1", False)],
)
def test_either_day_is_enough_where_both_are_named(expression: str, is_either: bool) -> None:
    assert parse_cron(expression).is_either_day is is_either


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("", "five fields"),
        ("* * * *", "five fields"),
        ("0 0 0 * * *", "five fields"),
        ("60 * * * *", "minute: '60' is not within 0 to 59"),
        ("* 24 * * *", "hour: '24'"),
        ("* * 0 * *", "day of the month: '0'"),
        ("* * * 13 *", "month: '13'"),
        ("* * * * 8", "day of the week: '8'"),
        ("*/0 * * * *", "a step of 0"),
        ("10-5 * * * *", "runs backwards"),
        ("a * * * *", "'a' is not within"),
        ("1;2 * * * *", "no number, range or step"),
        ("-5 * * * *", "no number, range or step"),
        ("１ * * * *", "is not within"),
        ("0 0 31 2 *", "none of its months has a day 31"),
        ("0 0 31 feb,apr,jun *", "none of its months has a day 31"),
        ("@reboot", "five fields"),
    ],
)
def test_what_cron_would_not_take(expression: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_cron(expression)


@pytest.mark.parametrize("expression", ["0 0 31 * *", "0 0 29 2 *", "0 0 31 2 1"])
def test_days_that_some_months_have(expression: str) -> None:
    parse_cron(expression)
