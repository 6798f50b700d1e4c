"""How one article and its revisions are printed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from crawler.items import Article, Image
from crawler.parsers import identity_of
from crawler.urls import absolute
from jobs.output import console, printable, when
from jobs.settings import Settings
from storage import Database, Revision, StorageError
from storage.revisions import FieldChange, changes

_SHOWN = 300  # characters of a value before and after; `--json` has all


def find_article(database: Database, settings: Settings, id_or_url: str) -> Article:
    """By id, by an address it was met under, or by its outlet's rule for addresses.

    Raises StorageError where there is none.
    """
    article = database.article(id_or_url)
    address = absolute("", id_or_url)
    if article is None and address:
        outlet = settings.catalogue().outlet_of(address)
        if outlet:
            article = database.article_by_identity(outlet.id, identity_of(address, outlet))
    if article is None:
        raise StorageError(f"no article {id_or_url} in {database.place}")
    return article


def print_article(article: Article) -> None:
    """The article as one reads it, with its record around it."""
    out = console()
    lines = [article.topic, article.headline, *(f"  • {line}" for line in article.summary)]
    out.print(printable("\n".join(line for line in lines if line)))
    out.print()
    for name, value in _facts(article):
        out.print(f"{name:>16}  {printable(value)}", soft_wrap=True)
    heads = {head.before: head.text for head in article.subheads}
    for index, paragraph in enumerate(article.paragraphs):
        out.print()
        if index in heads:
            out.print(f"## {printable(heads[index])}\n")
        out.print(printable(paragraph), soft_wrap=not out.is_terminal)
    if article.truncated:
        out.print("\n[the page held only a part of the text]")


def _facts(article: Article) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("id", f"{article.id}, revision {article.revision}, read by {article.parser}"),
        ("url", article.url),
        *(("also at", url) for url in article.alternate_urls),
        ("outlet", article.outlet),
        ("section", article.section),
        ("topics", ", ".join(article.topics)),
        ("authors", ", ".join(article.authors)),
        ("published", when(article.date_published)),
        ("modified", when(article.date_modified)),
        ("lead image", _picture(article.lead_image)),
        *(("image", _picture(image)) for image in article.images),
        *(("video", f"{v.title or v.url} ({v.duration_seconds or '?'} s)") for v in article.videos),
        *(("related", f"{link.headline} <{link.url}>") for link in article.related),
        ("comments", article.comment_count),
        ("paywall", article.paywall),
        ("relevance", f"{article.relevance.score:.2f}: {' '.join(article.relevance.reasons)}"),
        ("first seen", when(article.first_seen)),
        ("last changed", when(article.last_changed)),
        ("gone", when(article.gone_at)),
    ]
    return [(name, value) for name, value in facts if value not in (None, "")]


def _picture(image: Image | None) -> str | None:
    if image is None:
        return None
    credit = f" (credit: {image.credit})" if image.credit else ""
    return f"{image.caption or image.url}{credit}"


def revisions_record(history: list[Revision]) -> list[dict[str, Any]]:
    """Each revision with what it changed of the one before, for `--json`."""
    diffs: list[list[FieldChange]] = [[], *_diffs(history)]
    return [
        {**revision.to_dict(), "changes": [change.to_dict() for change in diff]}
        for revision, diff in zip(history, diffs, strict=False)
    ]


def _diffs(history: list[Revision]) -> list[list[FieldChange]]:
    return [changes(old.content, new.content) for old, new in pairwise(history)]


def print_revisions(history: list[Revision]) -> None:
    """What each revision changed: whole paragraphs, and other fields before and after."""
    out = console()
    out.print("\nrevisions")
    diffs: list[list[FieldChange]] = [[], *_diffs(history)]
    for revision, diff in zip(history, diffs, strict=False):
        what = ": ".join([revision.kind, *([", ".join(revision.changed)] if diff else [])])
        out.print(f"\n  {revision.revision}  {when(revision.seen_at)} UTC  {what}")
        for change in diff:
            if change.field == "paragraphs":
                lines = [f"{sign} {text}" for sign, text in change.lines]
            else:
                lines = [f"- {_short(change.before)}", f"+ {_short(change.after)}"]
            out.print(f"     {change.field}")
            for line in lines:
                out.print(f"       {printable(line)}", soft_wrap=True)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
