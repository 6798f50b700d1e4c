"""The delay between publication and storage, measured in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from storage.database import Database
from storage.freshness import Freshness, freshness
from storage.schema import articles
from tests.storage.samples import NOW, an_article, store

MINUTE = timedelta(minutes=1)


def seen(
    database: Database,
    number: int,
    delay: timedelta,
    *,
    ago: timedelta = timedelta(hours=1),
    raw: str | None = None,
    outlet: str = "example",
) -> None:
    first_seen: datetime = NOW - ago
    article = an_article(url=f"https://news.example/{number}", outlet=outlet)
    stored = store(database, article, identity=f"{outlet} {number}")
    with database.write() as conn:
        conn.execute(
            update(articles)
            .where(articles.c.id == stored.article_id)
            .values(
                first_seen=first_seen, date_published=first_seen - delay, date_published_raw=raw
            )
        )


def measured(database: Database) -> dict[str, Freshness]:
    with database.read() as conn:
        return freshness(conn, NOW)


def test_median_and_slowest_tenth_by_outlet(database: Database) -> None:
    for minutes in range(1, 11):
        seen(database, minutes, minutes * MINUTE)
    seen(database, 20, 7 * MINUTE, outlet="other")
    found = measured(database)
    assert found["example"].articles == 10
    assert found["example"].median_seconds == pytest.approx(300, abs=0.01)
    assert found["example"].p90_seconds == pytest.approx(540, abs=0.01)
    assert found["other"].articles == 1
    assert found["other"].p90_seconds == pytest.approx(420, abs=0.01)


@pytest.mark.parametrize(
    ("delay", "ago", "raw"),
    [
        (timedelta(days=4), timedelta(hours=1), None),
        (-MINUTE, timedelta(hours=1), None),
        (MINUTE, timedelta(days=8), None),
        (MINUTE, timedelta(hours=1), "2026-03-04"),
        (MINUTE, timedelta(hours=1), "4 марта 2026"),
        (MINUTE, timedelta(hours=1), "2026年3月4日"),
    ],
)
def test_what_does_not_count(
    database: Database, delay: timedelta, ago: timedelta, raw: str | None
) -> None:
    seen(database, 1, delay, ago=ago, raw=raw)
    assert measured(database) == {}


@pytest.mark.parametrize("raw", ["2026-03-04T05:00:00Z", "1772600400", "2026年3月4日 8时30分"])
def test_dates_with_a_time_count(database: Database, raw: str) -> None:
    seen(database, 1, MINUTE, raw=raw)
    assert measured(database)["example"].articles == 1
