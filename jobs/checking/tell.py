"""How a check is printed: the sources, the sampled pages field by field, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from jobs.checking.fields import FIELDS, field_row
from jobs.checking.memory import Sample
from jobs.checking.sources import SourceFinding
from jobs.checking.verdict import Verdict
from jobs.output import console, print_table, printable, say, tell

_FEWEST_COLUMNS = 22  # characters of a sample's cell: a date and where it is from
_NAMES_WIDTH = 22  # of the field's name and its share
_DAY_SECONDS, _HOUR_SECONDS = 86_400, 3_600
_DAYS_FROM = 3  # ages from here on are given in days


def print_verdict(verdict: Verdict, now: datetime) -> None:
    """The tables and the verdict's line on standard output, what to do on standard error."""
    outlet, findings = verdict.findings.outlet, verdict.findings
    tell(f"{outlet.id}: {outlet.name}\n")
    if findings.sources:
        columns = ("source", "answer", "form", "items", "articles", "newest")
        rows = [_source_row(found, now) for found in findings.sources.values()]
        print_table(columns, rows, folded=("source", "answer"))
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


def _source_row(found: SourceFinding, now: datetime) -> list[object]:
    address = found.url.partition("://")[2]
    indent = "  " * found.depth
    return [
        f"{indent}{found.kind} {address}",
        _answer(found),
        found.form,
        found.items,
        None if found.items is None else len(found.articles),
        _age(found.newest, now) if found.newest else None,
    ]


def _answer(found: SourceFinding) -> str:
    if found.status is None:
        return "none"
    led = f" at {found.led_to.partition('://')[2]}" if found.led_to else ""
    return f"{found.status}{led}"


def _age(moment: datetime, now: datetime) -> str:
    seconds = max(0.0, (now - moment).total_seconds())
    days = seconds / _DAY_SECONDS
    age = f"{days:.0f} d" if days >= _DAYS_FROM else f"{seconds / _HOUR_SECONDS:.0f} h"
    return f"{moment:%Y-%m-%d}, {age} ago"


def _print_samples(samples: list[Sample]) -> None:
    """As many beside each other as the terminal has room for."""
    room = max(1, (console().width - _NAMES_WIDTH) // _FEWEST_COLUMNS)
    for start in range(0, len(samples), room):
        shown = samples[start : start + room]
        numbers = range(start + 1, start + len(shown) + 1)
        for number, sample in zip(numbers, shown, strict=True):
            tell(f"{number}  {sample.url}")
        tell()
        read = [sample for sample in shown if sample.article]
        if read:
            names = [str(n) for n, s in zip(numbers, shown, strict=True) if s.article]
            print_table(("field", "has", *names), _field_rows(read))
            tell()


def _field_rows(samples: list[Sample]) -> Iterator[list[object]]:
    for name in FIELDS:
        cells = field_row(name, [sample.article for sample in samples])
        has = sum(cell is not None for cell in cells)
        yield [name, f"{has}/{len(cells)}", *(printable(c) if c else None for c in cells)]


def _sentence(verdict: Verdict, now: datetime) -> str:
    findings = verdict.findings
    sources = list(findings.sources.values())
    listed = sum(len(found.articles) for found in sources)
    newest = max((found.newest for found in sources if found.newest), default=None)
    read = sum(sample.article is not None for sample in findings.samples)
    said = [
        "works" if verdict.works else _counted(len(verdict.problems), "problem"),
        f"{_counted(listed, 'article')} listed by {_counted(len(sources), 'source')}",
        *([f"the newest of {_age(newest, now)}"] if newest else []),
        f"{read} of {_counted(len(findings.samples), 'page')} read",
    ]
    return "; ".join(said)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
