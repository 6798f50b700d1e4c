"""The platform of RIA Novosti and Sputnik, in every language, since 2019."""

from __future__ import annotations

from crawler.parsers import generic
from crawler.reading.draft import Draft
from crawler.reading.page import Page

VERSION = 1

_HEADLINE = (".article__title", ".b-article__header-title")  # a div where the h1 is the standfirst
_SUMMARY = (".article__announce-text", ".article__second-title", ".b-article__lead")
_TEXT = (".article__body", ".b-article__text")
_OTHERS_PICTURES = ".article__article-image, .article__article img, .b-inject img"


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`. The text stands in several blocks, with adverts and polls between."""
    draft = Draft()
    draft.offer("headline", page.first_text(*_HEADLINE), "page")
    summary = page.first_text(*_SUMMARY)
    draft.offer("summary", [summary] if summary else [], "page")
    for node in page.tree.css(_OTHERS_PICTURES):
        node.decompose()
    return generic.read(page, draft, region=page.first(*_TEXT))
