"""Which fields each page gave, and from which source: what an outlet's reader is watched by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select

from crawler.items import Article
from storage.schema import page_readings

KEPT_FOR = timedelta(days=120)
MOST_KEPT = 2000  # readings of an outlet; some 0.7 kB each
DROPPED_EVERY = 100  # readings: to look for old ones each time would cost more than the note

# So many paragraphs a page that lost its body has at most: a stray lead, a caption.
A_FEW_PARAGRAPHS = 3
BODY_BEYOND = f"paragraphs[{A_FEW_PARAGRAPHS}:]"

_FIELDS = (
    "headline", "topic", "topics", "section", "summary", "authors", "date_published",
    "date_modified", "lead_image", "images", "paragraphs", "subheads", "related", "videos",
    "comment_count",
)  # fmt: skip
_IN_IMAGES = ("caption", "credit")
_IN_VIDEOS = ("title", "duration_seconds", "url")
_UNTOLD = "page"  # the source of a field whose reader names none


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page as it was read; `fields` is empty where it was no article."""

    read_at: datetime
    url: str
    is_article: bool
    parser: str | None
    fields: dict[str, str]


def note_reading(
    conn: Connection, outlet: str, url: str, article: Article | None, *, now: datetime
) -> None:
    """Notes a page that was fetched and read; null is one that turned out to be no article."""
    statement = page_readings.insert().values(
        outlet=outlet,
        read_at=now,
        is_article=article is not None,
        parser=article.parser if article else None,
        url=url,
        fields=fields_of(article) if article else None,
    )
    key = conn.execute(statement.returning(page_readings.c.id)).scalar_one()
    if key % DROPPED_EVERY == 0:
        _drop_old(conn, outlet, now)


def load_readings(conn: Connection, outlet: str) -> list[PageReading]:
    """The first reading of each page that is kept, the oldest first.

    Later ones say little more, and other things: comments have come, a correction was dated.
    """
    columns = page_readings.c
    rows = conn.execute(
        select(columns.read_at, columns.url, columns.is_article, columns.parser, columns.fields)
        .where(columns.outlet == outlet)
        .order_by(columns.read_at, columns.id)
    )
    first: dict[str, PageReading] = {}
    for row in rows:
        reading = PageReading(*row[:4], row.fields or {})
        first.setdefault(reading.url, reading)
    return list(first.values())


def fields_of(article: Article) -> dict[str, str]:
    """{field: source} of what is not empty. Of `paywall` and `truncated`, which no page is
    without, it is what they say that counts, and of `parser` its name.
    """
    found: dict[str, str] = {}

    def note(name: str, value: Any, source: str) -> None:
        if value not in (None, "", []):
            found[name] = source

    for name in _FIELDS:
        source = article.provenance.get(name, _UNTOLD)
        note(name, getattr(article, name), source)
        for part, value in _parts(name, article):
            note(part, value, article.provenance.get(part, source))
    found["paywall"] = article.paywall
    found["truncated"] = "yes" if article.truncated else "no"
    found["parser"] = article.parser.partition("/")[0]
    return found


def _parts(name: str, article: Article) -> list[tuple[str, Any]]:
    """The fields within a field, each with the first value there is."""
    if name == "paragraphs":
        return [(BODY_BEYOND, article.paragraphs[A_FEW_PARAGRAPHS:])]
    entries: list[Any] = []
    if name in ("lead_image", "images"):
        entries = [article.lead_image] if name == "lead_image" else article.images
    elif name == "videos":
        entries = article.videos
    parts = {"lead_image": _IN_IMAGES, "images": _IN_IMAGES, "videos": _IN_VIDEOS}.get(name, ())
    return [
        (f"{name}.{part}", next(filter(None, (getattr(e, part, None) for e in entries)), None))
        for part in parts
    ]


def _drop_old(conn: Connection, outlet: str, now: datetime) -> None:
    columns = page_readings.c
    mine = columns.outlet == outlet
    last_kept = conn.execute(
        select(columns.read_at)
        .where(mine)
        .order_by(columns.read_at.desc())
        .offset(MOST_KEPT - 1)
        .limit(1)
    ).scalar_one_or_none()
    oldest = max(now - KEPT_FOR, last_kept) if last_kept else now - KEPT_FOR
    conn.execute(delete(page_readings).where(mine, columns.read_at < oldest))
