"""Articles whose text a site keeps as marked-up text in its data, for a script to show."""

from __future__ import annotations

from html import escape

from crawler.errors import NotAnArticle
from crawler.parsers import generic
from crawler.reading.draft import Draft, Source
from crawler.reading.page import Page


def read_composed(page: Page, draft: Draft, markup: str, source: Source) -> Draft:
    """Read `markup` as the text below the draft's headline, by the generic reader's rules.

    What it finds is noted as from `source`. Raises `NotAnArticle`.
    """
    headline = draft.get("headline")
    if not headline:
        raise NotAnArticle(page.url, "no headline found")
    language = escape(page.html_language or "")
    html = (
        f'<!DOCTYPE html><html lang="{language}"><body><article><h1>{escape(headline)}</h1>'
        f'<div class="article-body">{markup}</div></article></body></html>'
    )
    composed = Page(
        html.encode("utf-8", "replace"), page.url, page.outlet, "text/html;charset=utf-8"
    )
    known = set(draft.values)
    generic.read(composed, draft)
    for name in set(draft.values) - known:
        draft.provenance[name] = source
    return draft
