"""How a check is printed: the sources, the sampled pages field by field, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from string import ascii_lowercase

from rich.text import Text

from crawler.items import Article
from jobs.checking.fields import FIELDS, field_row
from jobs.checking.memory import Sample
from jobs.checking.sources import SourceFinding
from jobs.checking.verdict import Verdict
from jobs.output import console, counted, print_table, printable, say, tell

_CELL_WIDTH = 16  # columns of a sample's cell at least: a date to the minute
_NAMES_WIDTH = 20  # of the field's name and its share
_GAP_WIDTH = 3  # between columns of a table
_DAY_SECONDS, _HOUR_SECONDS = 86_400, 3_600
_DAYS_FROM = 3  # ages from here on are given in days


def print_verdict(verdict: Verdict, now: datetime) -> None:
    """The tables and the verdict's line on standard output, what to do on standard error."""
    outlet, findings = verdict.findings.outlet, verdict.findings
    tell(f"{outlet.id}: {outlet.name}\n")
    if findings.sources:
        for number, found in enumerate(findings.sources.values(), 1):
            tell(f"{number}  {'  ' * found.depth}{found.kind} {found.url}")
        tell()
        columns = ("source", "answer", "form", "items", "articles", "newest")
        rows = enumerate(findings.sources.values(), 1)
        print_table(columns, (_source_row(number, found, now) for number, found in rows))
        tell()
    if findings.samples:
        _print_samples(findings.samples)
    tell(f"{outlet.id}: {_sentence(verdict, now)}")


def say_problems(verdict: Verdict) -> None:
    """Each problem and what to do about it, and what else to know."""
    for problem in verdict.problems:
        say(f"{verdict.findings.outlet.id}: {problem.sentence}")
        if problem.advice:
            say(f"  next: {problem.advice}")
    for note in verdict.notes:
        say(f"{verdict.findings.outlet.id}: note: {note}")


def _source_row(number: int, found: SourceFinding, now: datetime) -> list[object]:
    return [
        str(number),
        _answer(found),
        found.form,
        found.items,
        None if found.items is None else len(found.articles),
        _age(found.newest, now) if found.newest else None,
    ]


def _answer(found: SourceFinding) -> str:
    if found.status is None:
        return found.fault or "no answer"
    return f"{found.status} moved" if found.led_to else str(found.status)


def _age(moment: datetime, now: datetime) -> str:
    seconds = max(0.0, (now - moment).total_seconds())
    days = seconds / _DAY_SECONDS
    if seconds < _HOUR_SECONDS:
        return f"{moment:%Y-%m-%d}, this hour"
    age = f"{days:.0f} d" if days >= _DAYS_FROM else f"{seconds / _HOUR_SECONDS:.0f} h"
    return f"{moment:%Y-%m-%d}, {age} ago"


def _print_samples(samples: list[Sample]) -> None:
    """As many beside each other as the terminal has room for."""
    for letter, sample in zip(ascii_lowercase, samples, strict=False):
        tell(f"{letter}  {sample.url}")
    tell()
    read = [(x, s.article) for x, s in zip(ascii_lowercase, samples, strict=False) if s.article]
    width = console().width - _NAMES_WIDTH
    room = max(1, width // (_CELL_WIDTH + _GAP_WIDTH))
    for start in range(0, len(read), room):
        shown = range(start, min(start + room, len(read)))
        letters = [read[place][0] for place in shown]
        rows = _field_rows([article for _, article in read], shown, width)
        print_table(("field", "has", *letters), rows)
        tell()


def _field_rows(articles: list[Article], shown: range, width: int) -> Iterator[list[object]]:
    """Each field with the share of all articles that have it, and its cells of those shown."""
    cell_width = width // len(shown) - _GAP_WIDTH
    for name in FIELDS:
        cells = field_row(name, articles)
        has = sum(cell is not None for cell in cells)
        yield [name, f"{has}/{len(cells)}", *(_cut(cells[n], cell_width) for n in shown)]


def _cut(cell: str | None, width: int) -> Text | None:
    if cell is None:
        return None
    text = Text(printable(cell))
    text.truncate(width, overflow="ellipsis")
    return text


def _sentence(verdict: Verdict, now: datetime) -> str:
    findings = verdict.findings
    sources = list(findings.sources.values())
    listed = {listing.identity for found in sources for listing in found.articles}
    newest = max((found.newest for found in sources if found.newest), default=None)
    read = sum(sample.article is not None for sample in findings.samples)
    said = [
        "works" if verdict.works else counted(len(verdict.problems), "problem"),
        f"{counted(len(listed), 'article')} listed by {counted(len(sources), 'source')}",
        *([f"the newest of {_age(newest, now)}"] if newest else []),
        *([f"{read} of {counted(len(findings.samples), 'page')} read"] * bool(findings.samples)),
    ]
    return "; ".join(said)
