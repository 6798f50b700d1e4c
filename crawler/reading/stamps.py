"""Dates at the places of a page where an outlet is known to print them."""

from __future__ import annotations

import re

from crawler.dates import parse_date
from crawler.reading.draft import Draft, Source
from crawler.reading.page import Page

_LONGEST = 400  # characters searched; what prints a date is short


def offer_stamp(
    page: Page, draft: Draft, said: str | None, pattern: re.Pattern[str], source: Source = "page"
) -> None:
    """Offer the date of publication that the pattern finds, in the outlet's zone."""
    found = pattern.search(said[:_LONGEST]) if said else None
    if found is None:
        return
    zone = page.outlet.zone if page.outlet else None
    draft.offer("date_published", parse_date(found[0], zone), source)
    draft.offer("date_published_raw", found[0], source)
