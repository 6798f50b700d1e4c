"""What is noted of each page that was read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from crawler.items import Article, Image, Video
from storage import page_readings as readings
from storage.database import Database
from storage.schema import page_readings
from tests.storage.samples import NOW

URL = "https://news.example/1"


def an_article(**changes: object) -> Article:
    values: dict[str, object] = {
        "url": URL,
        "outlet": "example",
        "headline": "Gas",
        "parser": "example/2",
        "paragraphs": ["One.", "Two.", "Three.", "Four."],
        "lead_image": Image("https://news.example/i", credit="Reuters"),
        "images": [Image("https://news.example/j"), Image("https://news.example/k", "A pipe")],
        "videos": [Video(duration_seconds=0)],
        "comment_count": 0,
        "provenance": {"headline": "json-ld", "lead_image": "meta"},
    }
    return Article(**(values | changes))  # type: ignore[arg-type]


def test_fields_that_are_not_empty_with_their_sources() -> None:
    assert readings.fields_of(an_article()) == {
        "headline": "json-ld",
        "lead_image": "meta",
        "lead_image.credit": "meta",
        "images": "page",
        "images.caption": "page",
        "paragraphs": "page",
        "paragraphs[3:]": "page",
        "videos": "page",
        "comment_count": "page",
        "paywall": "none",
        "truncated": "no",
        "parser": "example",
    }


def test_only_the_first_reading_of_a_page_is_told(database: Database) -> None:
    hour = timedelta(hours=1)
    with database.write() as conn:
        readings.note_reading(conn, "example", URL, an_article(), now=NOW)
        readings.note_reading(conn, "example", URL + "1", None, now=NOW + hour)
        readings.note_reading(conn, "example", URL, an_article(topic="x"), now=NOW + 2 * hour)
        readings.note_reading(conn, "other", URL, an_article(), now=NOW)
    with database.read() as conn:
        first, second = readings.load_readings(conn, "example")
    assert (first.url, first.read_at, first.is_article, first.parser) == (
        URL, NOW, True, "example/2",
    )  # fmt: skip
    assert "topic" not in first.fields
    assert (second.is_article, second.parser, second.fields) == (False, None, {})


@pytest.mark.parametrize("step", [timedelta(minutes=1), timedelta(days=1)])
def test_old_ones_are_dropped(
    database: Database, step: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "MOST_KEPT", 150)
    many = 299
    rows = [
        {"outlet": "example", "read_at": NOW + n * step, "is_article": False, "url": f"{n}"}
        for n in range(many)
    ]
    with database.write() as conn:
        conn.execute(insert(page_readings), rows)
        later = NOW + many * step
        for _ in range(readings.DROPPED_EVERY):
            readings.note_reading(conn, "example", URL, None, now=later)
        number = conn.execute(select(func.count()).select_from(page_readings)).scalar_one()
        oldest = conn.execute(select(func.min(page_readings.c.read_at))).scalar_one()
    assert number <= 150 + readings.DROPPED_EVERY
    assert oldest >= later - readings.KEPT_FOR
