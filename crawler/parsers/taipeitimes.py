"""Taipei Times: captions are `h1` as the headline is, the byline names an agency and a place."""

from __future__ import annotations

import re

from crawler.parsers import generic
from crawler.reading.bylines import names_in_byline
from crawler.reading.draft import Draft
from crawler.reading.page import Page

VERSION = 1

_AGENCY = re.compile(r"^([A-Z][\w&. ]{1,30}?)(?:, [A-Z]|$)")  # `AFP, MANILA`


def read(page: Page) -> Draft:
    """Raises `NotAnArticle`.

    Its pages give the day alone, written as its midnight in Taipei; that stands as they say it.
    """
    draft = Draft()
    draft.offer("headline", page.first_text(".archives > h1"), "page")
    byline = page.first_text(".archives .name") or ""
    agency = _AGENCY.match(byline)
    draft.offer("authors", names_in_byline(byline) or ([agency[1]] if agency else []), "page")
    return generic.read(page, draft)
