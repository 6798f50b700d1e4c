"""South China Morning Post: whole pages as cases, and each generation's variations."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import NotAnArticle
from crawler.parsers import identity_of, parse_article
from jobs.demo.site import Site
from tests.parsers import scmp_pages as pages
from tests.parsers.scmp_pages import PARAGRAPHS, URL, node

HERE = Path(__file__).parent
CASES = sorted((HERE / "scmp").glob("*/"))
SHARED = Path(os.environ.get("SINORUS_SHARED", HERE.parent.parent.parent / "shared"))
CASE_FIELDS = [
    (case, name)
    for case in CASES
    for name in json.loads((case / "article.json").read_text("utf-8"))
]


def read(html: bytes, url: str = URL) -> dict[str, Any]:
    return parse_article(html, url).to_dict()


def fields(record: dict[str, Any], *names: str) -> list[Any]:
    return [record[name] for name in names]


@pytest.mark.parametrize(("case", "name"), CASE_FIELDS, ids=lambda v: getattr(v, "name", v))
def test_case(case: Path, name: str) -> None:
    expected = json.loads((case / "article.json").read_text("utf-8"))
    record = read((case / "page.html").read_bytes(), expected["url"])
    assert record[name] == expected[name]


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
        from crawler.outlets import packaged_catalogue

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


def test_the_demo_site_reads_as_written() -> None:
    site = Site("http://127.0.0.1:8765")
    courier = [a for a in site.articles if a["outlet"] == "demo-courier"]
    assert courier
    for expected in courier:
        answer = site.respond(expected["url"].removeprefix(site.base_url))
        record = parse_article(answer.body, expected["url"], outlet="scmp").to_dict()
        for name in ("headline", "summary", "authors", "paragraphs", "subheads", "images"):
            assert record[name] == expected[name], (expected["url"], name)


@pytest.mark.skipif(not (SHARED / "seed").is_dir(), reason="no shared pages beside the repository")
@pytest.mark.parametrize("name", ["next", "rendered"])
def test_shared_seed(name: str) -> None:
    expected = json.loads((SHARED / "seed" / "record.json").read_text("utf-8"))
    record = read((SHARED / "seed" / f"{name}.html").read_bytes(), expected["url"])
    record["videos"] = [
        {k: v for k, v in video.items() if k != "url"} for video in record["videos"]
    ]
    assert {key: record[key] for key in expected} == expected
