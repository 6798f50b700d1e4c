"""Pages that stand where an article should: lists of articles, walls, challenges, errors."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.errors import NotAnArticle
from crawler.parsers.generic.body import Reading
from crawler.parsers.generic.container import letters
from crawler.parsers.generic.judge import Kind
from crawler.parsers.generic.phrases import is_no_article
from crawler.reading.challenge import CHALLENGE, WALL, is_challenge
from crawler.reading.page import Page

_LEAST_TEXT = 80  # letters of paragraphs; shorter pages are notices
_FEWEST_PARAGRAPHS = 3  # where nothing says that the page is an article
_MOST_WALL = 4  # paragraphs of a wall; an article about cookies has more
_TEASERS = 0.8  # of as many paragraphs: then these are what stands below headlines
_FEWEST_TEASERS = 4
_LEAST_HEADLINE = 15  # letters; shorter links are labels
_FRONT = re.compile(r"/?(?:index\.\w+|home|[a-z]{2}(?:-[a-z]{2})?)?/?", re.IGNORECASE)


def refuse(page: Page, reading: Reading) -> None:
    """Raises `NotAnArticle` unless the page has an article on it."""
    paragraphs = reading.body.paragraphs
    if is_challenge(page, paragraphs):
        raise NotAnArticle(page.url, CHALLENGE)
    length = sum(map(letters, paragraphs))
    says_so = bool(page.metadata.article) or page.metadata.first("og:type") == "article"
    if length < _LEAST_TEXT and not (says_so and reading.summary):
        raise NotAnArticle(page.url, f"{length} letters of text, at least {_LEAST_TEXT}")
    if len(paragraphs) <= _MOST_WALL and not says_so and _is_wall(paragraphs):
        raise NotAnArticle(page.url, WALL)
    if _is_front(page.url) and _is_list(reading):
        raise NotAnArticle(page.url, "the front page of a site")
    if says_so:
        return
    if _is_list(reading):
        raise NotAnArticle(page.url, "a list of articles")
    if len(paragraphs) < _FEWEST_PARAGRAPHS and not page.first("article"):
        raise NotAnArticle(page.url, "nothing says that it is one")


def _is_wall(paragraphs: list[str]) -> bool:
    return any(map(is_no_article, paragraphs))


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.query and bool(_FRONT.fullmatch(parts.path))


def _is_list(reading: Reading) -> bool:
    """Whether what was read as text are the lines below linked headlines."""
    kinds = [kind for _, kind in reading.judged]
    texts = kinds.count(Kind.TEXT)
    teasers = sum(
        kind is Kind.TEASER and letters(line.text) >= _LEAST_HEADLINE
        for line, kind in reading.judged
    )
    return teasers >= max(_FEWEST_TEASERS, _TEASERS * texts)
