"""SCMP pages with a state: where it is, what of it is taken, and what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.parsers import scmp_pages as pages
from tests.parsers.scmp_pages import PARAGRAPHS, URL, fields, node, read


class TestState:
    @pytest.mark.parametrize("root", ["data", "json", "moved"])
    def test_roots(self, root: str) -> None:
        record = read(pages.next_page(pages.article(), root=root))
        assert record["paragraphs"] == PARAGRAPHS
        assert record["provenance"]["paragraphs"] == "state"

    @pytest.mark.parametrize("alias", [None, "", "/news/no-number"])
    def test_without_an_alias_the_id_tells(self, alias: str | None) -> None:
        record = read(pages.next_page(pages.article(urlAlias=alias, entityId=3190001)))
        assert fields(record, "paragraphs", "url") == [PARAGRAPHS, URL]

    @pytest.mark.parametrize("state", ["", "{}", "null", '{"props": {"pageProps": {"pay'])
    def test_broken_states_leave_the_page(self, state: str) -> None:
        record = read(pages.state_page(state, pages.rendered()))
        assert fields(record, "paragraphs", "truncated") == [PARAGRAPHS, False]
        assert record["provenance"]["paragraphs"] == "page"

    def test_another_articles_state_is_not_taken(self) -> None:
        other = pages.article(urlAlias="/news/article/3000009/x", headline="Elsewhere")
        record = read(pages.next_page(other, pages.rendered()))
        assert fields(record, "headline", "topics") == [pages.HEADLINE, ["China-Russia relations"]]

    def test_a_card_of_the_same_article_is_not_taken(self) -> None:
        card = {"headline": "Card", "urlAlias": pages.PATH, "summary": {"text": "x"}}
        state = {"cards": [card], "props": {"found": pages.article()}, "more": card}
        assert read(pages.state_page(json.dumps(state)))["headline"] == pages.HEADLINE

    def test_entities_are_read_once_more(self) -> None:
        entry = pages.article(
            node("p", "Ferry &amp; ice &#8217; &nbsp;x"), headline="A &lt;b&gt; C"
        )
        record = read(pages.next_page(entry))
        assert fields(record, "headline", "paragraphs") == ["A <b> C", ["Ferry & ice ’ x"]]

    def test_the_state_is_whole_where_the_page_is_a_stub(self) -> None:
        stub = pages.rendered("<p>The first.</p><button>READ FULL ARTICLE</button>")
        record = read(pages.next_page(pages.article(), stub))
        assert fields(record, "paragraphs", "truncated") == [PARAGRAPHS, False]

    def test_apollo(self) -> None:
        record = read(pages.apollo_page(pages.apollo_cache()))
        assert fields(record, "paragraphs", "section", "authors", "topic") == [
            PARAGRAPHS,
            "China / Diplomacy",
            ["Nadia Quill"],
            "China-Russia relations",
        ]

    def test_apollo_with_raw_line_ends_and_a_tail(self) -> None:
        html = pages.apollo_page(pages.apollo_cache(), tail=";\nstart()")
        assert read(html.replace(b"first night", b"first\nnight"))["paragraphs"] == PARAGRAPHS

    def test_apollo_references_that_lead_nowhere_or_back(self) -> None:
        cache = pages.apollo_cache(topics=[{"type": "id", "id": "A"}, {"type": "id", "id": "B"}])
        cache["A"] = {"name": {"type": "id", "id": "A"}}
        assert read(pages.apollo_page(cache))["topics"] == []


class TestFields:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (
                {"json": [node("ul", node("li", "One"), node("li", node("b", "Two")))]},
                ["One", "Two"],
            ),
            ({"json": [node("p", node("strong", "One"), " and two")]}, ["One and two"]),
            ({"json": [node("p", "One."), node("p", "Two.")]}, ["One. Two."]),
            ({"json": None, "text": "• One\n• Two"}, ["One", "Two"]),
            ({"json": [], "text": ""}, []),
            ("One", ["One"]),
            (None, []),
        ],
    )
    def test_summary(self, value: Any, expected: list[str]) -> None:
        assert read(pages.next_page(pages.article(subHeadline=value)))["summary"] == expected

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (
                [{"value": [{"name": "News"}, {"name": "China"}]}, {"value": [{"name": "X"}]}],
                "China",
            ),
            ([[{"name": "Comment"}, {"name": "Opinion"}], [{"name": "News"}]], "Comment / Opinion"),
            ([{"value": [{"name": "News"}]}], "News"),
            ([], None),
            (None, None),
        ],
    )
    def test_section(self, value: Any, expected: str | None) -> None:
        assert read(pages.next_page(pages.article(sections=value)))["section"] == expected

    def test_lead_photo_and_carousel(self) -> None:
        images = [
            {"type": "default", "url": f"{pages.IMAGES}/card.jpg", "title": "Card. Photo: X"},
            {"type": "leading", "url": f"{pages.IMAGES}/a.jpg?itok=1", "title": "A. Photo: AP"},
        ]
        slides = [{"url": f"{pages.IMAGES}/b.jpg", "title": "Illustration: Ada Lo"}]
        again = node("p", node("img", src=f"{pages.IMAGES}/a_1200x800.jpg", alt="A. Photo: AP"))
        entry = pages.article(again, *pages.paragraphs(), images=images, leadingSlides=slides)
        lead, others = fields(read(pages.next_page(entry)), "lead_image", "images")
        assert lead == {"url": f"{pages.IMAGES}/a.jpg", "caption": "A.", "credit": "AP"}
        assert others == [{"url": f"{pages.IMAGES}/b.jpg", "caption": None, "credit": "Ada Lo"}]

    @pytest.mark.parametrize(
        ("state", "shown", "expected", "source"),
        [
            (7, "9", 7, "state"),
            (0, "9", 9, "page"),
            (None, "1,234", 1234, "page"),
            (0, "0", 0, "state"),
            (0, "99+", None, None),
            (None, "Post", None, None),
        ],
    )
    def test_comment_count(
        self, state: int | None, shown: str, expected: int | None, source: str | None
    ) -> None:
        button = f'<button data-qa="CommentButton"><span>{shown}</span></button>'
        record = read(pages.next_page(pages.article(commentCount=state), button))
        assert record["comment_count"] == expected
        assert record["provenance"].get("comment_count") == source

    def test_videos_have_what_list_and_page_know(self) -> None:
        frames = [
            node(
                "div", node("iframe", src=f"//www.youtube.com/embed/{key}"), _class="video-wrapper"
            )
            for key in ("abcdefghij1", "abcdefghij2")
        ]
        listed = [{"videoId": "abcdefghij2", "title": "Listed", "duration": "PT1M"}]
        box = (
            '<div class="video" data-qa="VideoPlayer"><a href="/video/3000001/x">'
            "<time>09:43</time><p>Printed <em>twice</em></p></a>"
            "<figcaption>Printed twice</figcaption></div><p>One.</p>"
        )
        entry = pages.article(*pages.paragraphs(), *frames, articleVideos=listed)
        videos = read(pages.next_page(entry, pages.rendered(box)))["videos"]
        assert [(v["title"], v["duration_seconds"], v["url"][-11:]) for v in videos] == [
            ("Printed twice", 583, "abcdefghij1"),
            ("Listed", 60, "abcdefghij2"),
        ]

    def test_related_links_are_under_their_one_address(self) -> None:
        heading = node("h3", node("a", "Ice", href="//m.scmp.com/n/article/3000001/ice?module=x#y"))
        record = read(pages.next_page(pages.article(heading, *pages.paragraphs())))
        url = "https://www.scmp.com/n/article/3000001/ice"
        assert record["related"] == [{"headline": "Ice", "url": url}]

    def test_raw_date_has_its_zone_where_the_page_says_it(self) -> None:
        head = '<meta property="article:published_time" content="2023-11-15T06:13:20+08:00">'
        record = read(pages.next_page(pages.article(), head=head))
        assert record["date_published"] == "2023-11-14T22:13:20Z"
        assert record["date_published_raw"] == "2023-11-15T06:13:20+08:00"
        assert record["provenance"]["date_published_raw"] == "meta"

    def test_a_change_before_publication_is_none(self) -> None:
        entry = pages.article(updatedDate=pages.PUBLISHED_MILLISECONDS - 1000)
        assert read(pages.next_page(entry))["date_modified"] is None
