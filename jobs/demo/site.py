"""The site as a pure function: an address and the state of the site give an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from jobs.demo import feeds, pages
from jobs.demo.content import Story, stories
from jobs.demo.expected import expected_record
from jobs.demo.newsrooms import COURIER, HEPING, NEWSROOMS, VESTNIK, Newsroom, outlets_toml
from jobs.demo.render_apollo import apollo_page
from jobs.demo.render_courier import courier_page
from jobs.demo.render_drupal import drupal_page
from jobs.demo.render_plain import heping_page, vestnik_page

__all__ = ["Answer", "Site", "outlets_toml"]

OPENED = datetime(2026, 11, 1, tzinfo=UTC)  # the pages that never change date from here
ETAG_LENGTH = 20  # hexadecimal digits, 80 bits

Route = Callable[[], "Answer"]
Renderer = Callable[[Story, str], str]
ARTICLE_TEMPLATES: dict[str, Renderer] = {
    "next": courier_page,
    "next-json": courier_page,
    "next-stub": courier_page,
    "plus": courier_page,
    "rendered": courier_page,
    "apollo": apollo_page,
    "drupal": drupal_page,
    VESTNIK.id: vestnik_page,
    HEPING.id: heping_page,
}
FEEDS = {
    COURIER.id: feeds.courier_feed,
    VESTNIK.id: feeds.vestnik_feed,
    HEPING.id: feeds.heping_feed,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says to one GET."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The header of that name, case ignored, or null."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Site:
    """The three newsrooms as served at `base_url`, before or after one article was edited."""

    def __init__(self, base_url: str, edited: bool = False) -> None:
        self.base_url = base_url.rstrip("/")
        self.edited = edited
        newest_first = sorted(stories(edited), key=lambda story: story.changed, reverse=True)
        self._stories = newest_first
        self._routes = self._fixed_routes() | self._story_routes()

    @property
    def articles(self) -> list[dict[str, Any]]:
        """The record fields to expect of each on-topic article that a feed lists and allows."""
        return [
            expected_record(story, self.base_url)
            for story in self._stories
            if story.is_on_topic and not story.is_forbidden
        ]

    @property
    def off_topic_urls(self) -> list[str]:
        """Articles in the feeds that are about something else."""
        return [self.base_url + story.path for story in self._stories if not story.is_on_topic]

    @property
    def forbidden_urls(self) -> list[str]:
        """Articles in the feeds that robots.txt forbids."""
        return [self.base_url + story.path for story in self._stories if story.is_forbidden]

    @property
    def second_urls(self) -> dict[str, str]:
        """Of the articles that a feed lists twice: canonical address -> the other one there."""
        return {
            self.base_url + story.path: self.base_url + story.other_link
            for story in self._stories
            if story.other_link
        }

    @property
    def edited_url(self) -> str:
        """The article that the edit changes."""
        pairs = zip(stories(), stories(edited=True), strict=True)
        path = next(before.path for before, after in pairs if before != after)
        return self.base_url + path

    def respond(self, path: str) -> Answer:
        """The answer to a GET of `path`; a query or fragment makes no difference."""
        route = self._routes.get(path.partition("#")[0].partition("?")[0])
        if route:
            return route()
        html = pages.not_found_page(self.base_url)
        return _answer("text/html", html, OPENED, status=HTTPStatus.NOT_FOUND)

    def _fixed_routes(self) -> dict[str, Route]:
        routes: dict[str, Route] = {
            "/": self._site_front,
            pages.SECTION_PATH: self._section,
            pages.CAPTCHA_PATH: partial(_page, pages.captcha_page(self.base_url), OPENED),
            "/robots.txt": partial(_answer, "text/plain", pages.ROBOTS_TXT, OPENED),
            "/demo.css": partial(_answer, "text/css", pages.stylesheet(), OPENED),
        }
        for newsroom in NEWSROOMS:
            routes[newsroom.front_path] = partial(self._front, newsroom)
            routes[newsroom.feed_path] = partial(self._feed, newsroom)
        return routes

    def _story_routes(self) -> dict[str, Route]:
        routes: dict[str, Route] = {}
        for story in self._stories:
            for path in filter(None, (story.path, story.other_path)):
                routes[path] = partial(self._article, story)
        return routes

    def _site_front(self) -> Answer:
        html = pages.front_page(self._stories, self.base_url)
        return _page(html, self._stories[0].changed)

    def _section(self) -> Answer:
        html = pages.section_page(self._stories, self.base_url)
        return _page(html, self._of(COURIER)[0].changed)

    def _front(self, newsroom: Newsroom) -> Answer:
        html = pages.newsroom_front(newsroom, self._stories, self.base_url)
        return _page(html, self._of(newsroom)[0].changed, newsroom.charset)

    def _feed(self, newsroom: Newsroom) -> Answer:
        listed = self._of(newsroom)
        kind = "application/atom+xml" if newsroom is VESTNIK else "application/rss+xml"
        return _answer(kind, FEEDS[newsroom.id](listed, self.base_url), listed[0].changed)

    def _article(self, story: Story) -> Answer:
        html = ARTICLE_TEMPLATES[story.template](story, self.base_url)
        return _page(html, story.changed, story.newsroom.charset)

    def _of(self, newsroom: Newsroom) -> list[Story]:
        return [story for story in self._stories if story.newsroom is newsroom]


def _page(html: str, changed: datetime, charset: str = "utf-8") -> Answer:
    return _answer("text/html", html, changed, charset)


def _answer(
    kind: str,
    text: str,
    changed: datetime,
    charset: str = "utf-8",
    status: HTTPStatus = HTTPStatus.OK,
) -> Answer:
    body = text.encode(charset)
    headers = (
        ("Content-Type", f"{kind}; charset={charset}"),
        ("Content-Length", str(len(body))),
        ("ETag", f'"{hashlib.sha256(body).hexdigest()[:ETAG_LENGTH]}"'),
        ("Last-Modified", format_datetime(changed.astimezone(UTC), usegmt=True)),
    )
    return Answer(int(status), headers, body)
