"""What a newsroom's home page says of itself, and where it leads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from crawler.discover.links import is_article_link
from crawler.items import FetchedPage
from crawler.languages import detect
from crawler.outlets import Outlet
from crawler.reading.page import Page
from crawler.urls import absolute

_FEED_TYPE = re.compile(r"rss|atom|feed\+json|application/json$", re.IGNORECASE)
_FEED_LINK = re.compile(r"/(?:rss|feeds?|atom)(?:[/.?]|$)|\.(?:rss|atom)$", re.IGNORECASE)
_NO_NEWS_FEED = re.compile(r"comments?(?:[/.?]|$)|oembed|wp-json", re.IGNORECASE)
_NAME_ENDS = re.compile(r"\s+[|–—·•:-]\s+|\s*[|｜_]\s*")
_HOME_WORDS = re.compile(r"(?:home ?page|home|главная|главная страница|首页|主页)", re.IGNORECASE)
_LONGEST_NAME = 60  # characters; a longer title is a slogan
_MOST_LINKS = 5000  # of a home page looked at
_SAMPLE_LINKS = 100  # texts of links that the language is told from
_SHORTEST_TEXT = 20  # characters of a link that may be a headline


@dataclass(slots=True)
class Home:
    """`name` and `language` are null where the page does not tell; `feeds` are those it names
    for machines, `feed_links` what it links to and may be some; `articles` look like articles.
    """

    name: str | None = None
    language: str | None = None
    said_language: str | None = None
    feeds: list[str] = field(default_factory=list)
    feed_links: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)


def read_home(fetched: FetchedPage, outlet: Outlet) -> Home:
    """Raises `NotAnArticle` for a page that would take minutes to be parsed."""
    page = Page(fetched.body, fetched.url, outlet, fetched.header("Content-Type"))
    home = Home(_name(page), said_language=page.html_language)
    for node in page.tree.css('link[rel~="alternate" i][href][type]'):
        address = _address(node, page)
        if address and _FEED_TYPE.search(node.attributes.get("type") or ""):
            home.feeds.append(address)
    texts: list[str] = []
    for node in page.tree.css("a[href]")[:_MOST_LINKS]:
        address = _address(node, page)
        if address is None or address == fetched.url:
            continue
        if _FEED_LINK.search(address):
            home.feed_links.append(address)
        elif is_article_link(address, outlet):
            home.articles.append(address)
            text = node.text(separator=" ").strip()
            texts += [text] if len(text) >= _SHORTEST_TEXT else []
    detected = detect("\n".join(texts[:_SAMPLE_LINKS]))
    home.language = detected.tag if detected and detected.is_sure else page.html_language
    home.feeds = list(dict.fromkeys(home.feeds))
    known = set(home.feeds)
    home.feed_links = [url for url in dict.fromkeys(home.feed_links) if url not in known]
    home.articles = list(dict.fromkeys(home.articles))
    return home


def _address(node: LexborNode, page: Page) -> str | None:
    address = absolute(page.url, node.attributes.get("href") or "")
    return None if address and _NO_NEWS_FEED.search(address) else address


def _name(page: Page) -> str | None:
    """What the site calls itself, else the part of its title that is no slogan."""
    if said := page.metadata.first("og:site_name", "application-name"):
        return said
    title = page.first_text("title")
    parts = [part.strip() for part in _NAME_ENDS.split(title or "") if part.strip()]
    names = [part for part in parts if not _HOME_WORDS.fullmatch(part)]
    return next((name for name in names if len(name) <= _LONGEST_NAME), None)
