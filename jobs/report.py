"""How a crawl's outcome and a list of articles are printed."""

from __future__ import annotations

from dataclasses import replace

from jobs.output import print_table, say, when
from jobs.tally import CrawlReport
from storage import Database, Filters

PAGE_LENGTH = 50
"""Articles that `sinorus articles` prints when not told how many."""

_COUNTS = ("found", "new", "updated", "unchanged", "off_topic", "forbidden", "failed")


def print_report(report: CrawlReport) -> None:
    """One row an outlet."""
    rows = (
        [outlet, *(tally.counts[name] for name in _COUNTS)]
        for outlet, tally in report.outlets.items()
    )
    print_table(("outlet", *(name.replace("_", " ") for name in _COUNTS)), rows)


def say_problems(report: CrawlReport) -> None:
    """One plain line an outlet that had any."""
    for outlet, tally in report.outlets.items():
        for note in tally.notes:
            say(f"{outlet}: {note}")
        if tally.sentence:
            say(f"{outlet}: {tally.sentence}")


def print_articles(database: Database, filters: Filters) -> None:
    """A table, newest first, and how many more there are."""
    shown = filters if filters.limit else replace(filters, limit=PAGE_LENGTH)
    rows = [
        [a.id, when(a.date_published), a.outlet, a.language, a.revision, a.headline]
        for a in database.articles(shown)
    ]
    if rows:
        print_table(("id", "published", "outlet", "language", "revision", "headline"), rows)
    total = database.count(replace(filters, limit=None))
    say(f"{len(rows)} of {total} article{'' if total == 1 else 's'}")
