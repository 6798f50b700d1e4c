"""An entry of a source, made into a listing: its address, and the source's words for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import unescape

from crawler.dates import in_utc, is_plausible, parse_date, read_date
from crawler.items import Listing
from crawler.outlets import Outlet
from crawler.parsers import fetch_url_of, identity_of
from crawler.reading.bylines import names_of
from crawler.text import clean
from crawler.urls import absolute

MAX_HEADLINE_LENGTH = 1000
"""Characters of a headline in a listing; longer ones are cut. Articles keep theirs whole."""

MAX_LEAD_LENGTH = 1000
"""Characters of a lead in a listing: feeds with the whole text have it in the same place."""

MAX_RAW_LENGTH = 20_000
"""Characters of a title or a description, mark-up included, that are looked at."""

_SHORTEST_LEAD = 10  # characters; a shorter block is a credit or a place
_TAG = re.compile(r"<[^>]{0,2000}>")
_UNSEEN = re.compile(r"<(script|style)\b.{0,20000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BLOCK_END = re.compile(
    r"</p\s*>|</div\s*>|</li\s*>|<br\b[^>]{0,100}>|<p\b[^>]{0,500}>", re.IGNORECASE
)
_DAY_IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<sep>[/_.-]?)(?P<month>0?[1-9]|1[0-2])(?P=sep)"
    r"(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"
)
_NAMED_MONTH = re.compile(
    r"/(?P<year>(?:19|20)\d\d)/(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
    r"/(?P<day>\d{1,2})/",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"\S+@\S+\s*\(([^()]{1,200})\)")  # RSS 2.0: `mail@example.org (Name)`
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(slots=True)
class Entry:
    """What a source says of one article, as it says it; times are aware and in UTC."""

    url: str | None = None
    title: str | None = None
    description: str | None = None
    authors: list[str] = field(default_factory=list)
    published: datetime | None = None
    updated: datetime | None = None
    age_hint: datetime | None = None

    @property
    def moment(self) -> datetime | None:
        return self.published or self.age_hint or self.updated


def listings_of(entries: Iterable[Entry], base_url: str, outlet: Outlet) -> list[Listing]:
    """The entries that are articles of the outlet, each address once."""
    listings: dict[str, Listing] = {}
    for entry in entries:
        listing = _listing(entry, base_url, outlet)
        if listing is not None:
            listings.setdefault(listing.address, listing)
    return list(listings.values())


def _listing(entry: Entry, base_url: str, outlet: Outlet) -> Listing | None:
    address = absolute(base_url, entry.url) if entry.url else None
    if address is None or not outlet.is_article_url(address):
        return None
    headline = headline_of(entry.title)
    lead = lead_of(entry.description)
    return Listing(
        address=address,
        fetch_url=fetch_url_of(address, outlet),
        identity=identity_of(address, outlet),
        headline=headline,
        date=entry.published,
        updated=entry.updated or entry.published,
        lead=lead if lead != headline else None,
        authors=tuple(names_of(_ADDRESSED.sub(r"\1", name) for name in entry.authors)),
        age_hint=entry.age_hint,
    )


def headline_of(title: str | None) -> str | None:
    """A title as one line of plain text, or null."""
    if not title:
        return None
    return clean(_TAG.sub("", title[:MAX_RAW_LENGTH]))[:MAX_HEADLINE_LENGTH] or None


def lead_of(description: str | None) -> str | None:
    """The first paragraph of a description as plain text, or null.

    What comes after it is "read more", or the rest of the article.
    """
    if not description:
        return None
    markup = _UNSEEN.sub(" ", description[:MAX_RAW_LENGTH])
    blocks = (clean(unescape(_TAG.sub(" ", block))) for block in _BLOCK_END.split(markup))
    found = next((block for block in blocks if len(block) >= _SHORTEST_LEAD), None)
    return found[:MAX_LEAD_LENGTH] if found else None


def moment_of(value: object, outlet: Outlet, now: datetime) -> datetime | None:
    """A time as a source says it; null for a day without a time, or no plausible one."""
    moment = parse_date(value, outlet.zone)
    return moment if moment and is_plausible(moment, now) else None


def age_of(value: object, outlet: Outlet, now: datetime) -> datetime | None:
    """The latest moment that a date may mean: of a mere day its end; null for no date."""
    said = read_date(value)
    if isinstance(said, datetime):
        moment = in_utc(said, outlet.zone)
    elif isinstance(said, date):
        moment = _end_of(said.year, said.month, said.day)
    else:
        return None
    return moment if moment and is_plausible(moment, now + timedelta(days=1)) else None


def day_in_address(url: str) -> datetime | None:
    """The end of the day that an address names, as `/2026/11/02/` does; null where none."""
    if found := _DAY_IN_ADDRESS.search(url):
        return _end_of(int(found["year"]), int(found["month"]), int(found["day"]))
    if found := _NAMED_MONTH.search(url):
        month = _MONTHS.index(found["name"].lower()) + 1
        return _end_of(int(found["year"]), month, int(found["day"]))
    return None


def _end_of(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
