"""Newsrooms that live: their feeds are of today, whenever the tests run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.faultserver import RSS, FaultServer, answer
from tests.jobs.desk import an_article, rss

XML = "application/xml"
TEXT = "text/plain; charset=utf-8"
ZONE_OFFSET = timedelta(hours=8)
PUBLISHED = '<meta property="article:published_time" content="2026-11-02T08:00:00Z">'
HOUR = timedelta(hours=1)
YEARS = timedelta(days=2000)


def story_paths(number: int, *, first: int = 1001) -> list[str]:
    return [f"/story/{first + n}/accord-on-{word(n)}-signed" for n in range(number)]


def word(number: int) -> str:
    return ("gas", "rice", "rail", "steel", "timber", "coal", "fish", "oil")[number % 8]


def a_feed(server: FaultServer, paths: list[str], age: timedelta = HOUR) -> str:
    """RSS of these stories, the first one so old and each next an hour older; in Beijing's time."""
    items = []
    for number, path in enumerate(paths):
        moment = datetime.now(UTC) - age - number * HOUR
        said = format_datetime((moment + ZONE_OFFSET).replace(tzinfo=None))
        items.append(
            f"<item><title>China and Russia sign accord on {word(number)}</title>"
            f"<link>{server.base_url}{path}</link><pubDate>{said.replace('-0000', '+0800')}"
            "</pubDate></item>"
        )
    return rss(*items)


def serve_stories(server: FaultServer, paths: list[str], page: str | None = None) -> None:
    for number, path in enumerate(paths):
        headline = f"China and Russia sign accord on {word(number)}"
        server.routes[path] = answer(page or an_article(headline))


def serve_newsroom(server: FaultServer, number: int = 6, age: timedelta = HOUR) -> list[str]:
    """`/feed` and its stories; their paths."""
    paths = story_paths(number)
    server.routes["/feed"] = answer(a_feed(server, paths, age), 200, RSS)
    serve_stories(server, paths)
    return paths


def a_home(paths: list[str], head: str = "", language: str = "en") -> str:
    links = "".join(
        f'<li><a href="{path}">China and Russia sign accord on {word(n)} at a meeting</a></li>'
        for n, path in enumerate(paths)
    )
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><title>Home | The River Desk</title>{head}'
        f'</head><body><nav><a href="/about">About</a></nav><ul>{links}</ul></body></html>'
    )


def a_feed_link(path: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{path}">'


def a_sitemap(server: FaultServer, paths: list[str], age: timedelta = HOUR) -> str:
    moment = (datetime.now(UTC) - age).isoformat()
    listed = "".join(
        f"<url><loc>{server.base_url}{path}</loc><lastmod>{moment}</lastmod></url>"
        for path in paths
    )
    return f"<urlset>{listed}</urlset>"
