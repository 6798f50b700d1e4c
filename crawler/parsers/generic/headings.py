"""Headings that are no headline: the site's name, the way to the page, what is beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.parsers.generic.newsroom import tight
from crawler.reading.page import Page
from crawler.reading.surroundings import ancestors, marks
from crawler.urls import absolute, host_of

_NO_HEADLINE = re.compile(r" (?:breadcrumbs?|breadcrumb \w+|logo|brand|site title|sitename) ")
_BESIDE_TAGS = frozenset({"nav", "aside", "footer", "dialog", "form", "figcaption"})
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MOST_ABOVE = 8  # elements around a heading that may name it
_LEAST_CRUMBS = 2  # links; one link before a heading is its label
_LONGEST_CRUMB = 200  # characters; a longer text is no part of a row


def is_no_headline(page: Page, heading: LexborNode) -> bool:
    """Whether a heading cannot be the article's, whatever it says."""
    around = (heading, *list(ancestors(heading))[:_MOST_ABOVE])
    if any(a.tag in _BESIDE_TAGS or _NO_HEADLINE.search(marks(a)) for a in around):
        return True
    return _links_home(page, heading) or _ends_breadcrumbs(heading)


def is_hidden(heading: LexborNode) -> bool:
    """Whether a heading is there for search engines alone, beside the one that is shown."""
    around = (heading, *list(ancestors(heading))[:_MOST_ABOVE])
    return any(_NOT_SHOWN.search(a.attributes.get("style") or "") for a in around)


def _links_home(page: Page, heading: LexborNode) -> bool:
    """Whether a heading is one link to the front page: the site's name."""
    above = heading.parent
    link = above if above is not None and above.tag == "a" else heading.css_first("a")
    if link is None or tight(link.text()) != tight(heading.text()):
        return False
    target = absolute(page.url, link.attributes.get("href") or "")
    if target is None or host_of(target) != host_of(page.url):
        return False
    parts = urlsplit(target)
    return parts.path in ("", "/") and not parts.query


def _ends_breadcrumbs(heading: LexborNode) -> bool:
    """Whether a heading, or the box that it fills, ends a row of links: the way to the page."""
    above = heading.parent
    if above is None or above.tag in ("header", "hgroup", "body"):
        return False
    is_alone = not any(_lettered(heading.prev)) and not _is_followed(heading)
    return _ends_links(above if is_alone else heading)


def _ends_links(node: LexborNode) -> bool:
    links = 0
    for before in _lettered(node.prev):
        link = before if before.tag == "a" else before.css_first("a")
        if link is None or tight(link.text()) != tight(before.text()[:_LONGEST_CRUMB]):
            return False
        links += 1
    return links >= _LEAST_CRUMBS and not _is_followed(node)


def _lettered(node: LexborNode | None) -> Iterator[LexborNode]:
    """A node and those before it that have letters: signs between crumbs have none."""
    while node is not None:
        if tight(node.text()[:_LONGEST_CRUMB]):
            yield node
        node = node.prev


def _is_followed(node: LexborNode) -> bool:
    after = node.next
    while after is not None and not after.text(strip=True):
        after = after.next
    return after is not None
