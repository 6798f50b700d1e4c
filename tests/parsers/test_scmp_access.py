"""What SCMP pages cost, whether they are whole, and which pages are no articles."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.errors import NotAnArticle
from crawler.outlets import packaged_catalogue
from crawler.parsers import identity_of, parse_article
from tests.parsers import scmp_pages as pages
from tests.parsers.scmp_pages import PARAGRAPHS, URL, fields, node, read


class TestAccess:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, "none"),
            ({"contentLock": True}, "metered"),
            ({"paywallTypes": ["metered"]}, "metered"),
            ({"paywallTypes": [{"name": "hard"}]}, "closed"),
            ({"urlAlias": f"/plus{pages.PATH}"}, "closed"),
        ],
    )
    def test_paywall(self, changes: dict[str, Any], expected: str) -> None:
        assert read(pages.next_page(pages.article(**changes)))["paywall"] == expected

    def test_not_free_means_metered(self) -> None:
        data = '{"@type": "ReportageNewsArticle", "isAccessibleForFree": "False"}'
        head = f'<script type="application/ld+json">{data}</script>'
        record = read(pages.next_page(pages.article(), head=head))
        assert fields(record, "paywall", "truncated") == ["metered", False]

    def test_a_subscribers_page_without_its_body_is_truncated(self) -> None:
        entry = pages.article(urlAlias=f"/plus{pages.PATH}", body=None)
        record = read(pages.next_page(entry))
        assert fields(record, "paragraphs", "truncated", "headline") == [[], True, pages.HEADLINE]

    @pytest.mark.parametrize(
        "button",
        ["<a>READ FULL ARTICLE</a>", "<div><span>Read full article »</span></div>"],
    )
    def test_a_button_to_the_rest_tells_of_a_part(self, button: str) -> None:
        body = "".join(f"<p>{words}</p>" for words in PARAGRAPHS) + button
        record = read(pages.page(pages.rendered(body)))
        assert fields(record, "truncated", "paragraphs") == [True, PARAGRAPHS]

    def test_a_short_state_is_whole_and_a_short_page_is_not(self) -> None:
        assert not read(pages.next_page(pages.article(node("p", "Flash."))))["truncated"]
        assert read(pages.page(pages.rendered("<p>Flash.</p>")))["truncated"]


class TestAddresses:
    @pytest.mark.parametrize(
        "met",
        [
            URL,
            f"http://m.scmp.com{pages.PATH}?utm_source=rss_feed",
            f"https://scmp.com{pages.PATH}#top",
            f"https://amp.scmp.com{pages.PATH}",
            f"https://mcdn.i-scmp.com{pages.PATH}",
        ],
    )
    def test_one_article_one_address(self, met: str) -> None:
        record = read(pages.page(pages.rendered(), url=met), met)
        assert fields(record, "url", "outlet") == [URL, "scmp"]

    def test_the_number_is_the_identity(self) -> None:
        scmp = packaged_catalogue().require("scmp")
        assert identity_of(URL, scmp) == identity_of("https://m.scmp.com/a/article/3190001", scmp)

    def test_a_canonical_link_to_another_article_is_not_believed(self) -> None:
        wrong = "https://www.scmp.com/news/article/3000009/elsewhere"
        assert read(pages.page(pages.rendered(), url=wrong))["url"] == URL

    @pytest.mark.parametrize(
        ("url", "html"),
        [
            ("https://www.scmp.com/", pages.rendered()),
            ("https://www.scmp.com/topics/china-russia-relations", pages.rendered()),
            (
                "https://multimedia.scmp.com/news/article/3190001/x",
                "<h1>G</h1>" + "<p>One.</p>" * 90,
            ),
            (URL, "<title>Just a moment...</title><h1>Verify you are human</h1><p>x</p>"),
            (URL, "<main><h1>Page not found</h1><p>Sorry.</p></main>"),
            (URL, "<main><h1>Log in to continue</h1><p>Register.</p></main>"),
            (URL, "<main><h1>Welcome</h1></main>"),
            (URL, '<script id="__NEXT_DATA__">{"page": "/_error"}</script><h1>404</h1>'),
        ],
    )
    def test_pages_that_are_none(self, url: str, html: str) -> None:
        page = pages.page(html, url=url) if url != URL else html.encode()
        with pytest.raises(NotAnArticle):
            parse_article(page, url, outlet="scmp" if "www" in url else None)
