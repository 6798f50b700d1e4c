"""How a crawl's outcome and a list of articles are printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crawler.items import Article
from jobs.output import marked, print_table, say, when
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
    """A table, newest or best first, and how many more there are.

    Of a search with what was found under the headline.
    """
    shown = filters if filters.limit else replace(filters, limit=PAGE_LENGTH)
    rows = [
        [a.id, when(a.date_published), a.outlet, a.language, a.revision, cell]
        for a, cell in _with_headlines(database, shown)
    ]
    if rows:
        print_table(("id", "published", "outlet", "language", "revision", "headline"), rows)
    total = database.count(replace(filters, limit=None))
    say(f"{len(rows)} of {total} article{'' if total == 1 else 's'}")


def _with_headlines(database: Database, filters: Filters) -> Iterator[tuple[Article, object]]:
    """The articles and what the table says of each."""
    if not filters.has_search():
        yield from ((article, article.headline) for article in database.articles(filters))
        return
    for hit in database.search(filters.search or "", filters):
        headline = marked(hit.article.headline, hit.headline_marks)
        snippet = marked(hit.snippet, hit.snippet_marks, style="dim")
        yield hit.article, headline.append("\n").append_text(snippet) if hit.snippet else headline


def article_records(database: Database, filters: Filters) -> list[dict[str, Any]]:
    """The records; of a search each with a `snippet` and the places to mark in it."""
    if not filters.has_search():
        return [article.to_dict() for article in database.articles(filters)]
    return [
        hit.article.to_dict()
        | {
            "snippet": hit.snippet,
            "snippet_marks": [list(mark) for mark in hit.snippet_marks],
            "headline_marks": [list(mark) for mark in hit.headline_marks],
        }
        for hit in database.search(filters.search or "", filters)
    ]
