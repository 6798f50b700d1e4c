"""Whether a reader still finds each field: the newest pages against the outlet's own past."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple, Self

from jobs.health.chances import MOST_CERTAINTY, chance_of_so_few, lumpiness
from jobs.health.spans import Spans
from storage.page_readings import PageReading

WINDOWS = (3, 5, 8, 12, 20, 40, 80)
"""So many of the newest pages are looked at: few for what is gone at once, more for the rest."""

ALARM_CHANCE = 1e-6
"""How improbable a drop must be. Some 40 fields, each by source, in 7 windows, are looked at with
each of some 5,000 pages a year, most looks much like the last; `tests/benchmarks/health.py`
counts the false alarms of mixed outlets."""

WORTH_TELLING = 2 / 3  # of its share before: a field may become a little rarer
LEAST_PAST_PAGES = 30
LEAST_PAST_DAYS = 3  # a first crawl reads a month's pages in an hour
IS_ARTICLE = "article"  # beside the fields: whether a page is one at all

_ODDS_TO_CLEAR = 100.0  # that it is as before, against as it was when it broke
_LEAST_TO_CLEAR = 3  # pages


class Event(NamedTuple):
    """A field is there; with `source`, it is there and comes from it."""

    field: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """A field that is on fewer of the newest pages than its past has it.

    `source` is null where the field itself is missing, else what it came from before;
    `instead` is what it comes from now. `began` is when the first of the newest pages without
    it was read, `told` when that was found. Addresses are samples, null where there is none.
    """

    field: str
    source: str | None
    found: int
    of: int
    found_before: int
    of_before: int
    began: datetime
    told: datetime
    lacking_url: str | None
    having_url: str | None
    instead: str | None = None

    @property
    def event(self) -> Event:
        return Event(self.field, self.source)

    @property
    def sentence(self) -> str:
        """`summary: on 0 of the last 12 pages, on 187 of 190 before; e.g. https://…`."""
        name = "articles" if self.field == IS_ARTICLE else self.field
        by = f" {_from(self.field, self.source)}" if self.source else ""
        now = f", now {_from(self.field, self.instead)}" if self.source and self.instead else ""
        sample = f"; e.g. {self.lacking_url}" if self.lacking_url else ""
        return (
            f"{name}:{by} on {self.found} of the last {self.of} pages{now},"
            f" on {self.found_before} of {self.of_before} before{sample}"
        )

    def to_dict(self) -> dict[str, Any]:
        """For `evidence`."""
        return asdict(self) | {"began": self.began.isoformat(), "told": self.told.isoformat()}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        times = {name: datetime.fromisoformat(said[name]) for name in ("began", "told")}
        return cls(**{**said, **times})


def find_drops(readings: Sequence[PageReading], left_out: Spans, now: datetime) -> list[Drop]:
    """The fields that the newest of these pages lack, oldest reading first.

    One drop a field: itself missing, else from another source. Nothing is told of fields
    while pages are no articles at all.
    """
    found: dict[str, Drop] = {}
    articles = [reading for reading in readings if reading.is_article]
    for event, pages in _events(readings, articles, left_out):
        if event.field in found:
            continue  # missing: then it does not come from its source either
        drop = _drop(event, [p for p in pages if not left_out.has(event.field, p.read_at)], now)
        if drop:
            found[event.field] = drop
    return list(found.values())


def is_back(drop: Drop, readings: Iterable[PageReading]) -> bool:
    """Whether pages read since it was told have the field again, by far better odds than not."""
    pages = [r for r in readings if r.read_at > drop.told]
    if drop.field != IS_ARTICLE:
        pages = [reading for reading in pages if reading.is_article]
    newest = [_happens(drop.event, page) for page in pages[-max(WINDOWS) :]]
    before = (drop.found_before + 0.5) / (drop.of_before + 1)
    broken = (drop.found + 0.5) / (drop.of + 1)
    odds = 1.0
    # From the newest page backwards: what was read before it was mended must not count.
    for number, has in enumerate(reversed(newest), 1):
        odds *= before / broken if has else (1 - before) / (1 - broken)
        if odds >= _ODDS_TO_CLEAR and number >= _LEAST_TO_CLEAR:
            return True
        if odds < 1 / _ODDS_TO_CLEAR:
            return False
    return False


def _events(
    readings: Sequence[PageReading], articles: Sequence[PageReading], left_out: Spans
) -> Iterator[tuple[Event, Sequence[PageReading]]]:
    """The events worth a look, each with the pages it can happen on; those without a source
    come first.
    """
    yield Event(IS_ARTICLE), readings
    # Another version of a reader takes fields from elsewhere, and is meant to.
    current = _read_by_todays_readers(articles)
    for pages, by_source in ((articles, False), (current, True)):
        yield from ((event, pages) for event in _suspects(pages, left_out, by_source=by_source))
    yield from (
        (Event("parser", name), articles)
        for name in sorted({page.fields.get("parser", "") for page in articles})
    )


def _suspects(pages: Sequence[PageReading], left_out: Spans, *, by_source: bool) -> list[Event]:
    """Those that some window has less of than their past, and those whose past has gaps."""

    def count(some: Iterable[PageReading]) -> Counter[Event]:
        if by_source:
            found = Counter(chain.from_iterable(page.fields.items() for page in some))
            return Counter({Event(*key): number for key, number in found.items()})
        names = Counter(chain.from_iterable(page.fields for page in some))
        return Counter({Event(name): number for name, number in names.items()})

    total = count(pages)
    suspects = {event for event in total if event.field in left_out}
    for size in WINDOWS:
        if len(pages) - size < LEAST_PAST_PAGES:
            break
        newest = count(pages[-size:])
        suspects |= {
            event
            for event, number in total.items()
            if _is_worth_telling(newest[event], size, number - newest[event], len(pages) - size)
        }
    return sorted(suspects, key=str)


def _is_worth_telling(found: int, of: int, found_before: int, of_before: int) -> bool:
    return found / of < WORTH_TELLING * found_before / of_before


def _read_by_todays_readers(articles: Sequence[PageReading]) -> list[PageReading]:
    newest = {_name(page.parser): page.parser for page in articles}
    return [page for page in articles if newest[_name(page.parser)] == page.parser]


def _name(parser: str | None) -> str:
    """Of a reader, without its version."""
    return (parser or "").partition("/")[0]


def _drop(event: Event, pages: Sequence[PageReading], now: datetime) -> Drop | None:
    """The drop in the smallest window that shows one."""
    happened = [_happens(event, page) for page in pages]
    total = sum(happened)
    for size in WINDOWS:
        of_before = len(pages) - size
        if of_before < LEAST_PAST_PAGES:
            return None
        found = sum(happened[-size:])
        found_before = total - found
        if not _is_worth_telling(found, size, found_before, of_before):
            continue
        past = pages[:-size]
        days = _by_day(past, happened)
        if len(days) < LEAST_PAST_DAYS:
            return None
        share = (found_before + 0.5) / (of_before + 1)
        alike = lumpiness(days, share)
        known = min(of_before + 1.0, MOST_CERTAINTY, 1 / alike - 1 if alike else MOST_CERTAINTY)
        if chance_of_so_few(found, size, share, max(known, 1.0)) < ALARM_CHANCE:
            newest = pages[-size:]
            return Drop(
                event.field, event.source, found, size, found_before, of_before,
                began=next(p.read_at for p in newest if not _happens(event, p)),
                told=now,
                lacking_url=_sample(event, newest, has=False),
                having_url=_sample(event, past, has=True),
                instead=_instead(event, newest),
            )  # fmt: skip
    return None


def _happens(event: Event, page: PageReading) -> bool:
    if event.field == IS_ARTICLE:
        return page.is_article
    source = page.fields.get(event.field)
    return source is not None if event.source is None else source == event.source


def _by_day(pages: Sequence[PageReading], happened: Sequence[bool]) -> list[tuple[int, int]]:
    """(found, of) of each day, UTC."""
    days: dict[Any, list[bool]] = defaultdict(list)
    for page, has in zip(pages, happened, strict=False):
        days[page.read_at.date()].append(has)
    return [(sum(has), len(has)) for has in days.values()]


def _sample(event: Event, pages: Sequence[PageReading], *, has: bool) -> str | None:
    """The newest address that has it, or has it not."""
    return next((p.url for p in reversed(pages) if _happens(event, p) is has), None)


def _instead(event: Event, pages: Sequence[PageReading]) -> str | None:
    if event.source is None:
        return None
    others = (page.fields.get(event.field) for page in reversed(pages))
    return next((other for other in others if other and other != event.source), None)


def _from(field: str, source: str | None) -> str:
    """What a source says of a field; of some the source is the value itself."""
    return f"“{source}”" if field in ("paywall", "truncated", "parser") else f"from {source}"
