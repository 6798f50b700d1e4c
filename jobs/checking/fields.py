"""The fields of sampled pages, side by side, and what they say of the outlet's entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crawler.errors import CrawlError
from crawler.items import Article, Image
from crawler.outlets import Outlet
from jobs.checking.sources import Problem
from jobs.output import when


def _picture(name: str) -> Callable[[Article], str | None]:
    def cell(article: Article) -> str | None:
        image: Image | None = article.lead_image
        return getattr(image, name) if image else None

    return cell


def _relevance(article: Article) -> str:
    return f"{'on' if article.relevant else 'off'} topic, {article.relevance.score:.2f}"


FIELDS: dict[str, Callable[[Article], str | None]] = {
    "headline": lambda a: a.headline,
    "date_published": lambda a: when(a.date_published),
    "  from": lambda a: a.provenance.get("date_published"),
    "authors": lambda a: ", ".join(a.authors) or None,
    "topic": lambda a: a.topic,
    "section": lambda a: a.section,
    "summary": lambda a: " ".join(a.summary) or None,
    "lead_image": _picture("url"),
    "  caption": _picture("caption"),
    "  credit": _picture("credit"),
    "paragraphs": lambda a: str(len(a.paragraphs)) if a.paragraphs else None,
    "language": lambda a: a.language,
    "paywall": lambda a: a.paywall,
    "truncated": lambda a: "yes" if a.truncated else "no",
    "relevance": _relevance,
    "parser": lambda a: a.parser,
}
"""What the table has of a record, in its order; null is missing."""

_OPTIONAL = ("authors", "topic", "section", "summary", "lead_image")


def field_row(name: str, articles: Sequence[Article | None]) -> list[str | None]:
    """The cells of a field, one a sample; null where it is missing, or the page was not read."""
    return [FIELDS[name](article) if article else None for article in articles]


def field_problems(outlet: Outlet, articles: Sequence[Article]) -> list[Problem]:
    """What is missing that every article has, each with what to do about it."""
    total = len(articles)
    found: list[Problem] = []
    if not articles:
        return found
    undated = sum(article.date_published is None for article in articles)
    if undated:
        found.append(Problem(
            f"date_published: missing on {undated} of {total} pages",
            "a feed or a news sitemap that dates them would do; else a reader of its own",
        ))  # fmt: skip
    is_closed = outlet.paywall == "closed"
    empty = 0 if is_closed else sum(not article.paragraphs for article in articles)
    if empty:
        found.append(Problem(
            f"paragraphs: none on {empty} of {total} pages",
            "a script may write them, or a wall stand before them; look at what "
            "sinorus parse FILE --url URL --explain says of a saved page",
        ))  # fmt: skip
    others = [a.language for a in articles if a.language and a.language != outlet.language]
    if outlet.language and len(others) == total:
        found.append(Problem(
            f"language: all pages are in {'/'.join(sorted(set(filter(None, others))))}, "
            f"the entry says {outlet.language}",
            "correct `language` in the entry",
        ))  # fmt: skip
    return found


def field_notes(outlet: Outlet, articles: Sequence[Article]) -> list[str]:
    """What may be as the outlet wants it, and a person should know."""
    notes = []
    missing = [name for name in _OPTIONAL if articles and not any(field_row(name, articles))]
    if missing:
        notes.append(f"on none of the pages: {', '.join(missing)}")
    if articles and all(a.provenance.get("date_published") == "feed" for a in articles):
        notes.append("date_published is the feed's: the pages tell none")
    cut = sum(article.truncated for article in articles)
    if cut and outlet.paywall == "none":
        notes.append(
            f"{cut} of {len(articles)} pages hold only a part: set `paywall`, if it is one"
        )
    return notes


def sample_problem(error: CrawlError | None, url: str) -> str:
    return f"{error.reason}: {url}" if error else f"page: asked for and never heard of: {url}"
