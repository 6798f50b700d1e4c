"""Every page of the site that is not an article: fronts, a section, a captcha, robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib import resources

from jobs.demo.content import Story
from jobs.demo.markup import page_head
from jobs.demo.newsrooms import COURIER, NEWSROOMS, Newsroom

SECTION_PATH = "/news/china/diplomacy"
CAPTCHA_PATH = "/news/china/article/4100199/are-you-human"
ROBOTS_TXT = "User-agent: *\nDisallow: /vestnik/internal/\n"


def stylesheet() -> str:
    """The one style sheet."""
    data = resources.files(__package__).joinpath("data", "demo.css")
    return data.read_text(encoding="utf-8")


def front_page(articles: Iterable[Story], base_url: str) -> str:
    """What a person sees at `/`: the three newsrooms and what they have written."""
    articles = list(articles)
    columns = "".join(_newsroom_column(room, articles) for room in NEWSROOMS)
    head = page_head("Three newsrooms on the Amur", f"{base_url}/")
    return (
        f'<!DOCTYPE html><html lang="en"><head>{head}</head>\n<body class="front">'
        "<header><h1>Three newsrooms on the Amur</h1>\n"
        "<p>A small news site for sinorus to read. Its newsrooms, people and events are "
        "invented.</p></header>\n"
        f'<main class="columns">{columns}</main>\n<footer><p>Also here: '
        f'<a href="{SECTION_PATH}">a section page</a>, <a href="{CAPTCHA_PATH}">a page that asks '
        'for a human</a>, <a href="/robots.txt">robots.txt</a>.</p></footer></body></html>\n'
    )


def _newsroom_column(newsroom: Newsroom, articles: list[Story]) -> str:
    return (
        f'<section lang="{newsroom.language}"><h2><a href="{newsroom.front_path}">'
        f"{newsroom.name}</a></h2>\n{_story_list(newsroom, articles)}"
        f'<p><a href="{newsroom.feed_path}">{newsroom.feed_path}</a></p></section>\n'
    )


def _story_list(newsroom: Newsroom, articles: Iterable[Story]) -> str:
    lines = "".join(
        f'<li><a href="{story.path}">{escape(story.headline)}</a> '
        f"<small>{story.published:%Y-%m-%d}</small></li>\n"
        for story in articles
        if story.newsroom is newsroom and not story.is_forbidden
    )
    return f"<ul>{lines}</ul>\n"


def newsroom_front(newsroom: Newsroom, articles: Iterable[Story], base_url: str) -> str:
    """A newsroom's own front page: an index, not an article."""
    return _index_page(newsroom, newsroom.name, newsroom.front_path, articles, base_url)


def section_page(articles: Iterable[Story], base_url: str) -> str:
    """A section of the Courier, an index that no feed lists."""
    listed = [story for story in articles if story.path.startswith(SECTION_PATH)]
    return _index_page(COURIER, "China / Diplomacy", SECTION_PATH, listed, base_url)


def _index_page(
    newsroom: Newsroom, title: str, path: str, articles: Iterable[Story], base_url: str
) -> str:
    head = page_head(
        f"{title} | {newsroom.name}",
        base_url + path,
        '<meta property="og:type" content="website">\n',
        newsroom.charset,
    )
    return (
        f'<!DOCTYPE html><html lang="{newsroom.language}"><head>{head}</head>\n'
        f'<body><header><nav><a href="/">/</a> {newsroom.name}</nav></header>\n'
        f"<main><h1>{title}</h1>{_story_list(newsroom, articles)}</main></body></html>\n"
    )


def captcha_page(base_url: str) -> str:
    """A bot wall: it answers 200 at the address of an article, and is none."""
    head = page_head(
        "Are you a human?",
        base_url + CAPTCHA_PATH,
        '<meta name="robots" content="noindex, nofollow">\n',
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head>{head}</head>\n<body><main>'
        "<h1>Are you a human?</h1><p>We have detected unusual traffic from your network. "
        "Please complete the captcha to continue.</p>\n"
        '<form id="captcha-form" action="#"><div class="box captcha-container">'
        '<label><input type="checkbox"> I am not a robot</label></div></form>\n'
        "<noscript>Please enable JavaScript and cookies to continue.</noscript>"
        "</main></body></html>\n"
    )


def not_found_page(base_url: str) -> str:
    """The body of a 404."""
    head = page_head("Not found", f"{base_url}/")
    return (
        f'<!DOCTYPE html><html lang="en"><head>{head}</head>\n<body><main><h1>Not found</h1>'
        '<p>There is no such page here. <a href="/">All newsrooms</a></p></main></body></html>\n'
    )
