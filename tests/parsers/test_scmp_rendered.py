"""SCMP pages without a state: the rendered HTML of three generations."""

from __future__ import annotations

import json

import pytest

from tests.parsers import scmp_pages as pages
from tests.parsers.scmp_pages import PARAGRAPHS, fields, read


class TestRendered:
    @pytest.mark.parametrize(
        ("printed", "expected"),
        [
            ("Opinion | Night ferry links two river towns", pages.HEADLINE),
            ("As it happened | Night ferry links two river towns", pages.HEADLINE),
            ("Night ferry <em>Zarya</em>, late again", "Night ferry Zarya, late again"),
            ("Ferry &amp; ice&nbsp;&#8217;", "Ferry & ice ’"),
        ],
    )
    def test_headline(self, printed: str, expected: str) -> None:
        assert read(pages.page(pages.rendered(headline=printed)))["headline"] == expected

    @pytest.mark.parametrize(
        ("byline", "expected"),
        [
            ("<a>Nadia Quill</a> in Harbin and <a>Wu Keran</a>", ["Nadia Quill", "Wu Keran"]),
            ("By Nadia Quill in Hong Kongand Wu Keran in Harbin", ["Nadia Quill", "Wu Keran"]),
            ("By Ferdinand Marre, Wu Keran", ["Ferdinand Marre", "Wu Keran"]),
            ("Agence France-Presse in Moscow", ["Agence France-Presse"]),
            ("", []),
        ],
    )
    def test_authors(self, byline: str, expected: list[str]) -> None:
        assert read(pages.page(pages.rendered(byline=byline)))["authors"] == expected

    @pytest.mark.parametrize(
        ("dates", "published", "modified"),
        [
            (
                "<time>Published: 7:15pm, 27 Feb 2024</time>"
                "<time>Updated: 9:15pm, 27 Feb 2024</time>",
                "2024-02-27T11:15:00Z",
                "2024-02-27T13:15:00Z",
            ),
            (
                "<time>Updated: 9:15pm, 27 Feb 2024</time>"
                "<time>Published: 7:15pm, 27 Feb 2024</time>",
                "2024-02-27T11:15:00Z",
                "2024-02-27T13:15:00Z",
            ),
            ("<span>Updated: 7:54pm, 28 Oct, 2022</span>", None, "2022-10-28T11:54:00Z"),
            (
                "<span>Published: <time>7:15pm, 27 Feb 2024</time></span>",
                "2024-02-27T11:15:00Z",
                None,
            ),
            ("Updated: 3:12pm", None, None),
        ],
    )
    def test_dates(self, dates: str, published: str | None, modified: str | None) -> None:
        record = read(pages.page(pages.rendered(dates=dates)))
        assert fields(record, "date_published", "date_modified") == [published, modified]

    def test_no_label_no_topic(self) -> None:
        other = '<aside><p class="topic-label">Elsewhere</p></aside>'
        record = read(pages.page(pages.rendered(topic=None, after=other)))
        assert fields(record, "topic", "topics") == [None, []]

    def test_an_opinion_label_is_an_author(self) -> None:
        label = '<p class="topic-label"><span class="topic-label__topic-author">Ada Lo</span></p>'
        texts = "".join(f'<div><p class="generic-article__body">{p}</p></div>' for p in PARAGRAPHS)
        headline = '<h1 class="main-headline">Why ferries</h1>'
        record = read(pages.page(f"<article>{label}{headline}<div>{texts}</div></article>"))
        assert fields(record, "topic", "authors", "paragraphs") == [None, ["Ada Lo"], PARAGRAPHS]

    def test_tags_of_the_head_are_topics_too(self) -> None:
        head = "".join(
            f'<meta property="article:{kind}" content="{name}">'
            for kind, name in [
                ("tag", "China-Russia relations"),
                ("tag", "Rivers, lakes"),
                ("section", "News"),
                ("section", "China"),
                ("section", "Diplomacy"),
                ("section", "Asia"),
            ]
        )
        record = read(pages.page(pages.rendered(), head))
        assert record["topics"] == ["China-Russia relations", "Rivers, lakes"]
        assert record["section"] == "China / Diplomacy"

    def test_a_figure_before_the_body_is_the_lead(self) -> None:
        figure = f'<figure><img src="{pages.IMAGES}/a.jpg" alt="A. Photo: AP"></figure>'
        html = pages.rendered().replace("<section", f"{figure}<section")
        lead = read(pages.page(html))["lead_image"]
        assert lead == {"url": f"{pages.IMAGES}/a.jpg", "caption": "A.", "credit": "AP"}

    def test_a_flat_body_is_the_last_resort(self) -> None:
        data = {"@type": "OpinionNewsArticle", "articleBody": "One. Two.", "author": {"name": "A"}}
        head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        record = read(pages.page("<h1>Night ferry</h1>", head))
        assert fields(record, "paragraphs", "authors") == [["One. Two."], ["A"]]
        assert record["provenance"]["paragraphs"] == "json-ld"

    def test_utf8_under_another_label(self) -> None:
        html = pages.page(pages.rendered("<p>“Ice”</p>" * 3)).replace(b"utf-8", b"iso-8859-1")
        assert read(html)["paragraphs"][0] == "“Ice”"


class TestDrupal:
    def test_a_wire_flash_is_whole(self) -> None:
        record = read(pages.drupal("<p>HARBIN (AP) — The ferry sank.</p>"))
        assert fields(record, "paragraphs", "truncated") == [
            ["HARBIN (AP) — The ferry sank."],
            False,
        ]

    @pytest.mark.parametrize(
        "dates",
        [
            '<meta itemprop="dateCreated" content="2014-05-19T16:17:00+08:00">'
            '<meta itemprop="dateModified" content="2014-05-20T03:33:00+08:00">',
            '<div class="pane-node-created">PUBLISHED : Monday, 19 May, 2014, 4:17pm<br>'
            "UPDATED : Tuesday, 20 May, 2014, 3:33am</div>",
            '<div class="pane-node-created"><b class="pane-content">19 May, 2014, 4:17pm</b></div>'
            '<div class="pane-node-changed"><b class="pane-content">20 May, 2014, 3:33am</b></div>',
        ],
    )
    def test_dates(self, dates: str) -> None:
        record = read(pages.drupal("<p>One.</p>", dates=dates))
        assert fields(record, "date_published", "date_modified") == [
            "2014-05-19T08:17:00Z",
            "2014-05-19T19:33:00Z",
        ]

    def test_the_pages_own_clock_is_no_date(self) -> None:
        assert read(pages.drupal("<p>One.</p>"))["date_published"] is None

    def test_pictures(self) -> None:
        lazy = '<img src="/images/blank.gif" data-original="{}/a.jpg" title="A. Photo: AP">'
        slide = '<div class="gallery-slide"><a href="{}/b.jpg" title="Photos: X">y</a></div>'
        single = read(pages.drupal("<p>One.</p>", images=lazy.format(pages.IMAGES)))
        assert single["lead_image"]["url"] == f"{pages.IMAGES}/a.jpg"
        several = slide.format(pages.IMAGES) + slide.format(pages.IMAGES).replace("b.jpg", "c.jpg")
        record = read(pages.drupal("<p>One.</p>", images=several))
        assert record["lead_image"]["credit"] == "X"
        assert [image["url"] for image in record["images"]] == [f"{pages.IMAGES}/c.jpg"]

    def test_bylines_have_no_addresses(self) -> None:
        byline = "By Nadia Quill in Harbin and Wu Keran nadia.quill@mail.example"
        record = read(pages.drupal("<p>One.</p>", byline=byline))
        assert record["authors"] == ["Nadia Quill", "Wu Keran"]
