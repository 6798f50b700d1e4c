"""Which links of a page lead to articles, where no pattern of the outlet says so."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from crawler.discover.entry import day_in_address
from crawler.outlets import Outlet

_FEWEST_WORDS = 4  # of a slug that is a headline; sections have one to three
_SIGN = re.compile(r"\d{5,}|[0-9a-f]{12,}|(?:^|[-_/=])[at]\d{4,}", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|pdf|mp[34]|css|js|xml|rss|zip|ics|docx?|xlsx?)$",
    re.IGNORECASE,
)
_NO_ARTICLES = frozenset(
    "tag tags topic topics author authors autor autoren auteur profile people"
    " category categories search login signin register subscribe subscription account"
    " newsletter newsletters about contact privacy terms"
    " help careers jobs advertise events gallery galleries podcast podcasts photos slideshow"
    " rss feed feeds sitemap archive user users amp-story comments print".split()
)


def is_article_link(url: str, outlet: Outlet) -> bool:
    """Whether a link of a page is an article of the outlet.

    The outlet's own patterns decide where it has any. Without them its address must carry what
    sections have not: a day, a long number, or a slug of at least four words.
    """
    if outlet.own_host(url) is None:
        return False
    if outlet.article_urls:
        return outlet.is_article_url(url)
    parts = urlsplit(url)
    segments = [part for part in unquote(parts.path).split("/") if part]
    if _FILE.search(parts.path) or any(part.lower() in _NO_ARTICLES for part in segments[:-1]):
        return False
    last = segments[-1] if segments else ""
    if _SIGN.search(last) or _SIGN.search(parts.query):
        return True
    words = [word for word in re.split(r"[-_]", last.partition(".")[0]) if word]
    if len(words) >= _FEWEST_WORDS:
        return True
    return day_in_address(url) is not None and not last.isdigit() and bool(last)
