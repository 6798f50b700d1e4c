"""An outlet whose every page has every field, and its pages without the markup of one of them.

Its pages are the demo's, in two templates: one has all in its HTML, the other all in its state
too, so that a field that goes missing there is found elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from crawler.errors import NotAnArticle
from crawler.parsers import parse_article
from jobs.demo.content import Block, Story, stories
from jobs.demo.markup import script_json
from jobs.demo.next_state import next_state
from jobs.demo.render_courier import courier_page
from storage.page_readings import PageReading, fields_of

SITE = "https://www.scmp.com"
DAY = timedelta(days=1)

_ARTICLE_VIDEO = re.compile(r'<div class="video" data-qa="VideoPlayer">.*?</div>', re.S)

FROM_HTML: dict[str, tuple[str, str]] = {
    "headline": (r"<h1 .*?</h1>", ""),
    "topic": (r'<div class="topic".*?</div>', ""),
    "topics": (r'<div class="topic".*?</div>', ""),
    "summary": (r'<ul class="summary".*?</ul>', ""),
    "authors": (r'<div class="byline".*?</div>', ""),
    "date_published": (r"<time[^>]*>Published.*?</time>", ""),
    "date_modified": (r"<time[^>]*>Updated.*?</time>", ""),
    "lead_image": (r'<figure data-qa="LeadingImage">.*?</figure>|<meta [^>]*og:image[^>]*>', ""),
    "lead_image.caption": (
        r'(<figure data-qa="LeadingImage"><img src="[^"]*").*?</figure>', r"\1></figure>",
    ),
    "lead_image.credit": (
        r'(<figure data-qa="LeadingImage">.*?) Photo: \w+(.*?) Photo: \w+', r"\1\2",
    ),
    "images": (r'<figure data-qa="Component-Component">.*?</figure>', ""),
    "images.caption": (
        r'(<figure data-qa="Component-Component"><img src="[^"]*").*?</figure>', r"\1></figure>",
    ),
    "paragraphs": (r'<p class="e1r9cd40[^>]*>.*?</p>', ""),
    "paragraphs[3:]": (
        r'((?:<p class="e1r9cd40.*?</p>.*?){3})(?:<p class="e1r9cd40.*?</p>|.)*?(?=</section>)',
        r"\1",
    ),
    "subheads": (r'<h2 class="e1r9cd41".*?</h2>', ""),
    "related": (r'<h3><a data-entity-bundle="article".*?</h3>', ""),
    "videos": (r'<div class="video" data-qa="VideoPlayer">.*?</div>', ""),
    "videos.duration_seconds": (r'(<div class="video".*?<a [^>]*>)<time>.*?</time>', r"\1"),
    "comment_count": (r"<button .*?</button>", ""),
    "paywall": (r'<div class="piano-metering.*?</div>', ""),
}  # fmt: skip
"""By field: what its markup is, and what is left of it."""

FROM_STATE: dict[str, tuple[str, ...]] = {
    "headline": ("headline",),
    "topic": ("topics",),
    "topics": ("topics",),
    "section": ("sections",),
    "summary": ("subHeadline", "summary"),
    "authors": ("authors",),
    "date_published": ("publishedDate", "createdDate"),
    "date_modified": ("updatedDate",),
    "lead_image": ("images",),
    "paragraphs": ("body",),
    "comment_count": ("commentCount",),
}
"""By field: the keys of the page's state that have it."""


def a_story() -> Story:
    """With everything that a page can have."""
    courier = [story for story in stories() if story.newsroom.id == "demo-courier"]
    pieces = [b for s in courier for b in s.body if b.kind in ("image", "video", "related")]
    body = (*courier[0].body, Block("h2", "What comes next"), *pieces[:4])
    return replace(courier[0], template="rendered", paywall="metered", body=body)


def whole_page() -> str:
    return courier_page(a_story(), SITE)


def page_with_state(without: str | None = None) -> str:
    """The other template; the field is gone from its state alone."""
    story = replace(a_story(), template="next")
    state: dict[str, Any] = next_state(story, SITE)
    page = courier_page(story, SITE)
    whole = script_json(state)
    assert whole in page
    if without is None:
        return page
    fields = state["props"]["pageProps"]["payload"]["data"]["article"]
    for key in FROM_STATE[without]:
        del fields[key]
    return page.replace(whole, script_json(state))


def page_without(field: str) -> str:
    """The page of HTML alone, without the markup of one field."""
    form, left = FROM_HTML[field]
    page, times = re.subn(form, left, whole_page(), flags=re.DOTALL)
    assert times, f"no markup of {field} on the page"
    return page


def reader_of(page: str) -> Callable[[datetime, int], PageReading]:
    """Reads the page really, once; gives its reading as that of any page of the outlet."""
    path = a_story().path
    try:
        article = parse_article(page.encode(), SITE + path)
    except NotAnArticle:
        return lambda moment, number: PageReading(moment, f"{SITE}/{number}", False, None, {})
    fields, parser = fields_of(article), article.parser
    return lambda moment, number: PageReading(moment, f"{SITE}/{number}", True, parser, fields)


def moments(begin: datetime, days: int, a_day: int = 12, sundays: int = 2) -> list[datetime]:
    """When pages are read: so many a day, spread over 16 hours, and few on Sundays."""
    found = []
    for day in range(days):
        morning = begin + day * DAY
        number = sundays if morning.weekday() == 6 else a_day
        found += [morning + timedelta(hours=6 + 16 * n / number) for n in range(number)]
    return found
