"""Pages that stand in an article's place: challenges, walls and error pages answered with 200."""

from __future__ import annotations

import re

from crawler.reading.page import Page

CHALLENGE = "a challenge or an error page"
WALL = "a wall before the article"
"""Why such a page is no article: what stands there keeps us out, and no reader is at fault."""

_TITLES = re.compile(
    r"captcha|are you (?:a )?(?:human|robot)|verify (?:that )?you|access denied|just a moment"
    r"|attention required|security check|page not found|404 not found|service unavailable"
    r"|^(?:please )?(?:log|sign) ?in\b(?: to\b| \||$)|^page (?:does not|doesn.t) exist"
    r"|вы не робот|доступ ограничен|страница не найдена|人机验证|请完成验证|访问验证|页面不存在",
    re.IGNORECASE,
)
_LONGEST_TITLE = 300  # characters that are searched
_MOST_PARAGRAPHS = 2  # of such a page; an article about captchas has more


def is_challenge(page: Page, paragraphs: list[str]) -> bool:
    """Whether title or heading are a challenge's or an error's, over hardly any text."""
    if len(paragraphs) > _MOST_PARAGRAPHS:
        return False
    titles = (page.first_text("title"), page.first_text("h1"), page.first_text("h2"))
    return any(title and _TITLES.search(title[:_LONGEST_TITLE]) for title in titles)
