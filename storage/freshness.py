"""How long it takes from an article's publication until it is stored, by outlet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Float, and_, cast, extract, func, or_, select

from storage.schema import articles

PERIOD = timedelta(days=7)
BACKFILLED_AFTER = timedelta(days=3)
"""Published so long before it was first seen, an article was not waited for: it came from an
archive, from a first crawl or by name."""

_SECONDS_PER_DAY = 86_400
_MEDIAN, _SLOWEST_TENTH = 0.5, 0.9
_ONLY_IN_DATES = ("-", "/", ".", "年", " ")
_ONLY_IN_TIMES = (":", "时", "點", "T")


@dataclass(frozen=True, slots=True)
class Freshness:
    """Seconds between publication and first sight; `articles` is how many it was measured on."""

    articles: int
    median_seconds: float
    p90_seconds: float


def freshness(conn: Connection, now: datetime) -> dict[str, Freshness]:
    """By outlet, of what was first seen in the last 7 days; without one that has none such.

    Backfilled articles do not count, nor dates after the first sight, nor dates that are printed
    without a time of day.
    """
    delay = _seconds(conn)
    outlet = articles.c.outlet
    ranked = (
        select(
            outlet,
            delay.label("delay"),
            func.row_number().over(partition_by=outlet, order_by=delay).label("place"),
            func.count().over(partition_by=outlet).label("number"),
        )
        .where(
            articles.c.first_seen >= now - PERIOD,
            articles.c.first_seen <= now,
            delay >= 0,
            delay <= BACKFILLED_AFTER.total_seconds(),
            _has_time(),
        )
        .subquery()
    )

    def quantile(share: float) -> ColumnElement[float]:
        """The least delay that at least this share of the articles does not exceed."""
        return func.min(ranked.c.delay).filter(ranked.c.place >= share * ranked.c.number)

    rows = conn.execute(
        select(
            ranked.c.outlet,
            func.max(ranked.c.number),
            quantile(_MEDIAN),
            quantile(_SLOWEST_TENTH),
        ).group_by(ranked.c.outlet)
    )
    return {name: Freshness(number, float(m), float(p90)) for name, number, m, p90 in rows}


def _seconds(conn: Connection) -> ColumnElement[float]:
    seen, published = articles.c.first_seen, articles.c.date_published
    if conn.dialect.name == "postgresql":
        return cast(extract("epoch", seen - published), Float)
    return (func.julianday(seen) - func.julianday(published)) * _SECONDS_PER_DAY


def _has_time() -> ColumnElement[bool]:
    """Unless the page prints a bare day: then the time of day is nobody's word."""
    raw = articles.c.date_published_raw
    is_day = and_(
        or_(*(raw.contains(sign) for sign in _ONLY_IN_DATES)),
        *(~raw.contains(sign) for sign in _ONLY_IN_TIMES),
    )
    return or_(raw.is_(None), ~is_day)
