"""What an article's page says beside its text: each field from its sources in order of trust."""

from __future__ import annotations

from crawler.parsers.generic.fields_access import offer_access
from crawler.parsers.generic.fields_authors import offer_authors
from crawler.parsers.generic.fields_dates import offer_dates
from crawler.parsers.generic.fields_headline import Headline, offer_headline
from crawler.parsers.generic.fields_picture import offer_picture
from crawler.parsers.generic.fields_section import offer_section
from crawler.parsers.generic.fields_topics import offer_topics
from crawler.parsers.generic.newsroom import site_names
from crawler.reading.draft import Draft
from crawler.reading.page import Page


def offer_fields(page: Page, draft: Draft) -> Headline | None:
    """Offer every field but those of the text; the printed headline, for what stands below."""
    headline = offer_headline(page, draft)
    offer_dates(page, draft, headline)
    site = site_names(page)
    offer_authors(page, draft, headline, site)
    offer_topics(page, draft, site)
    offer_section(page, draft, headline)
    offer_access(page, draft)
    offer_picture(page, draft, headline)
    return headline
