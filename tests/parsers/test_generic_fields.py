"""The generic reader's fields beside the text: one invented page for each rule."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.outlets import Outlet
from crawler.parsers import explain_article, parse_article, read_article
from crawler.reading.draft import Draft
from crawler.reading.languages import offer_language
from crawler.reading.page import Page

URL = "https://gazette.example/world/2024/03/bridge"
TEXT = (
    "The two ministers met on the new bridge on Friday and spoke for three hours about trade.",
    "They agreed to open four more crossings before winter, their offices said in the evening.",
    "A second round of talks is to follow in the spring, in a town that both sides have named.",
)


def page(head: str = "", top: str = "<h1>Ministers meet on the new bridge</h1>", end: str = "",
         ld: Any = None, lang: str = "en") -> bytes:  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld else ""
    body = "".join(f"<p>{line}</p>" for line in TEXT)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">{head}{script}</head>'
        f"<body><article>{top}<div class='text'>{body}</div>{end}</article></body></html>"
    ).encode()


def read(**parts: Any) -> dict[str, Any]:
    return parse_article(page(**parts), URL).to_dict()


def article(**fields: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", **fields}


class TestHeadline:
    def test_as_printed_not_as_shared(self) -> None:
        record = read(head='<meta property="og:title" content="You will not believe this bridge">')
        assert record["headline"] == "Ministers meet on the new bridge"
        assert record["provenance"]["headline"] == "page"

    def test_heading_of_a_breadcrumb_is_none(self) -> None:
        top = (
            '<nav><h1 class="breadcrumb__title">Bridge talks: what we know</h1></nav>'
            "<header><h2>Ministers meet on the new bridge</h2></header>"
        )
        social = '<meta property="og:title" content="Ministers meet on the new bridge">'
        assert read(top=top, head=social)["headline"] == "Ministers meet on the new bridge"

    @pytest.mark.parametrize("heading", ["<h1>{}</h1>", "<li><h1>{}</h1></li>"])
    def test_end_of_a_row_of_links_is_none(self, heading: str) -> None:
        way = "<a href='/'>Home</a> <span>&gt;</span> <span><a href='/w'>World</a></span> "
        crumbs = way + heading.format("Bridge talks: what we know")
        top = f"<div>{crumbs}</div><header><h2>Ministers meet on the new bridge</h2></header>"
        social = '<meta property="og:title" content="Ministers meet on the new bridge">'
        record = read(top=top, head=social, ld=article(headline="Bridge talks: what we know"))
        assert record["headline"] == "Ministers meet on the new bridge"

    def test_after_one_link_it_is_one(self) -> None:
        top = "<div><a href='/w'>World</a><h1>Ministers meet on the new bridge</h1></div>"
        assert read(top=top)["provenance"]["headline"] == "page"

    @pytest.mark.parametrize(
        "logo", ["<a href='/'><h1>{}</h1></a>", "<h1><a href='https://gazette.example'>{}</a></h1>"]
    )
    def test_link_to_the_front_page_is_none(self, logo: str) -> None:
        head = "<title>Ministers meet on the new bridge - Gazette</title>"
        record = read(head=head, top=logo.format("The Gazette of today"))
        assert record["headline"] == "Ministers meet on the new bridge"

    def test_link_to_another_site_is_one(self) -> None:
        top = "<h1><a href='https://bridge.example/'>Ministers meet on the new bridge</a></h1>"
        assert read(top=top)["headline"] == "Ministers meet on the new bridge"

    def test_marked_heading_that_is_a_link(self) -> None:
        own = "Ministers meet on the new bridge"
        top = (
            f"<h2 itemprop='headline'><a href=''>{own}</a></h2>"
            "<h1 itemprop='headline'><a href='/x'>River rises again</a></h1>"
        )
        head = (
            f'<meta property="og:title" content="{own} | Gazette">'
            '<meta property="og:site_name" content="Gazette">'
        )
        assert read(top=top, head=head)["headline"] == own

    def test_rubric_before_a_long_title_is_not_all_of_it(self) -> None:
        title = "Opinion | Ministers meet on the new bridge"
        record = read(top="", head=f'<meta property="og:title" content="{title}">')
        assert record["headline"] == title

    def test_of_several_the_one_that_is_the_title(self) -> None:
        top = "<h1>Log in</h1><h1>Ministers meet on the new bridge</h1>"
        record = read(top=top, ld=article(headline="Ministers meet on the new bridge"))
        assert record["headline"] == "Ministers meet on the new bridge"

    def test_label_in_the_heading_is_the_topic(self) -> None:
        top = '<h1><span class="kicker">Border</span> <span>Ministers meet</span></h1>'
        record = read(top=top, ld=article(headline="Ministers meet"))
        assert (record["headline"], record["topic"]) == ("Ministers meet", "Border")

    def test_without_a_heading_the_title_without_the_site(self) -> None:
        head = (
            '<meta property="og:title" content="Ministers meet - The Gazette">'
            '<meta property="og:site_name" content="The Gazette">'
        )
        record = read(top="", head=head, ld=article(datePublished="2024-03-01T10:00:00Z"))
        assert record["headline"] == "Ministers meet"
        assert record["provenance"]["headline"] == "meta"

    def test_entities_and_tags_in_json_ld(self) -> None:
        record = read(top="", ld=article(headline="Br&amp;uuml;cke <i>offen</i>"))
        assert record["headline"] == "Brücke offen"


class TestJsonLd:
    def test_graph_with_references(self) -> None:
        graph = {
            "@graph": [
                {"@type": "WebPage", "@id": "#page"},
                {"@type": "Person", "@id": "#ada", "name": "Ada Example"},
                article(headline="Ministers meet", author={"@id": "#ada"}),
            ]
        }
        assert read(ld=graph)["authors"] == ["Ada Example"]

    @pytest.mark.parametrize("kind", ["ReportageNewsArticle", "LiveBlogPosting", ["X", "Article"]])
    def test_any_kind_of_article(self, kind: Any) -> None:
        record = read(ld={"@type": kind, "headline": "A", "datePublished": "2024-03-01T10:00:00Z"})
        assert record["date_published"] == "2024-03-01T10:00:00Z"

    @pytest.mark.parametrize(
        "text",
        [
            '{"@type":"NewsArticle","headline":"A","author":"Ada Example",}',
            '<!-- {"@type":"NewsArticle","headline":"A","author":"Ada Example"} -->',
            '{"@type":"NewsArticle","headline":"A\nB","author":"Ada Example"}',
            '{"@type":"WebSite"}{"@type":"NewsArticle","headline":"A","author":"Ada Example"};',
        ],
    )
    def test_broken_ones_are_mended(self, text: str) -> None:
        head = f'<script type="application/ld+json">{text}</script>'
        assert read(head=head)["authors"] == ["Ada Example"]

    @pytest.mark.parametrize("value", [None, 7, [], {}, [None], {"name": {"name": []}}, "\ud800"])
    def test_values_of_any_type(self, value: Any) -> None:
        names = ("author", "datePublished", "keywords", "image", "articleSection", "commentCount")
        record = read(ld=article(**dict.fromkeys(names, value)))
        json.dumps(record).encode()
        assert record["headline"] == "Ministers meet on the new bridge"


class TestDates:
    @pytest.mark.parametrize(
        "head",
        [
            '<meta property="article:published_time" content="2024-03-01T12:30:00+02:00">',
            '<meta name="parsely-pub-date" content="2024-03-01T10:30:00Z">',
            '<meta name="pubdate" content="Fri, 01 Mar 2024 10:30:00 GMT">',
            '<meta name="pubdate" content="Fri, 01 Mar 2024 12:30:00 CEST">',
            '<meta name="date" content="1709289000">',
        ],
    )
    def test_of_metadata(self, head: str) -> None:
        record = read(head=head)
        assert record["date_published"] == "2024-03-01T10:30:00Z"
        assert record["provenance"]["date_published"] == "meta"

    @pytest.mark.parametrize("said", ["20240301183000", "202403011830"])
    def test_run_together_is_no_count_of_milliseconds(self, said: str) -> None:
        outlet = Outlet(id="g", name="G", home="https://gazette.example/", timezone="Asia/Shanghai")
        html = page(head=f'<meta name="publishdate" content="{said}">')
        record = read_article(html, URL, outlet).to_dict()
        assert record["date_published"] == "2024-03-01T10:30:00Z"

    def test_run_together_day_is_no_moment(self) -> None:
        record = read(head='<meta name="publishdate" content="20240301">')
        assert record["date_published"] is None
        assert record["date_published_raw"] == "20240301"

    def test_of_microdata_in_the_article(self) -> None:
        top = (
            '<div itemscope itemtype="https://schema.org/NewsArticle"><h1>Ministers meet</h1>'
            '<meta itemprop="datePublished" content="2024-03-01T10:30:00Z"></div>'
        )
        record = read(top=top)
        assert record["date_published"] == "2024-03-01T10:30:00Z"
        assert record["provenance"]["date_published"] == "microdata"

    def test_zone_of_the_outlet(self) -> None:
        outlet = Outlet(id="g", name="G", home="https://gazette.example/", timezone="Asia/Shanghai")
        html = page(top="<h1>会谈</h1><div class='pub-time'>2024年03月01日18:30</div>")
        assert read_article(html, URL, outlet).to_dict()["date_published"] == "2024-03-01T10:30:00Z"

    def test_without_any_zone_null_but_as_printed(self) -> None:
        record = read(top="<h1>Talks</h1><div class='date'>1 марта 2024, 18:30</div>")
        assert record["date_published"] is None
        assert record["date_published_raw"] == "1 марта 2024, 18:30"

    @pytest.mark.parametrize(
        "top",
        [
            "<h1>Talks</h1><p>2024年03月01日18:30 | 来源：河报</p>",
            "<h1>Talks</h1><ul><li>Veröffentlicht am 1. März 2024, 18:30</li></ul>",
        ],
    )
    def test_line_at_the_headline_whatever_its_box_is_called(self, top: str) -> None:
        outlet = Outlet(id="g", name="G", home="https://gazette.example/", timezone="Asia/Shanghai")
        record = read_article(page(top=top), URL, outlet).to_dict()
        assert record["date_published"] == "2024-03-01T10:30:00Z"

    def test_sentence_at_the_headline_that_has_a_date_is_none(self) -> None:
        told = "<p>The bridge was opened on 1 March 2023, 10:30 GMT, by the two ministers.</p>"
        assert read(top=f"<h1>Talks</h1>{told}")["date_published_raw"] is None

    @pytest.mark.parametrize(
        "other",
        [
            "<a href='/x'><time datetime='2024-02-01T10:30:00Z'>February</time></a>",
            "<p class='date'><a href='/x'>1 February 2024, 10:30 GMT</a></p>",
        ],
    )
    def test_in_a_link_is_another_pages(self, other: str) -> None:
        assert read(top=f"<h1>Talks</h1>{other}")["date_published_raw"] is None

    def test_zone_at_the_same_clock_in_a_script(self) -> None:
        head = '<script>var page = {published: "2024-03-01T12:30:07.25-05:00"}</script>'
        ld = article(headline="A", datePublished="2024-03-01T12:30:07.25")
        assert read(head=head, ld=ld)["date_published"] == "2024-03-01T17:30:07Z"

    @pytest.mark.parametrize("said", [["Z"], ["+00:00"], ["-05:00", "-08:00"]])
    def test_no_zone_of_utc_or_of_two(self, said: list[str]) -> None:
        head = f"<script>var all = {[f'2024-03-01T12:30:07{zone}' for zone in said]}</script>"
        record = read(head=head, ld=article(headline="A", datePublished="2024-03-01T12:30:07"))
        assert record["date_published"] is None
        assert record["date_published_raw"] == "2024-03-01T12:30:07"

    def test_clock_of_the_page_for_a_day_in_metadata(self) -> None:
        top = (
            '<h1>Talks</h1><time datetime="2023-11-05T08:00:00Z">old</time>'
            '<time datetime="2024-03-01T10:30:00Z">new</time>'
        )
        record = read(top=top, ld=article(headline="Talks", datePublished="2024-03-01"))
        assert record["date_published"] == "2024-03-01T10:30:00Z"

    def test_false_utc_gives_way_to_the_same_clock_with_a_zone(self) -> None:
        head = '<meta property="article:published_time" content="2024-03-01T12:30:00-04:00">'
        record = read(head=head, ld=article(headline="A", datePublished="2024-03-01T12:30:00Z"))
        assert record["date_published"] == "2024-03-01T16:30:00Z"

    def test_future_one_is_passed_over(self) -> None:
        ahead = datetime.now(UTC).year + 2
        head = '<meta property="article:published_time" content="2024-03-01T10:30:00Z">'
        record = read(head=head, ld=article(headline="A", datePublished=f"{ahead}-01-01T00:00:00Z"))
        assert record["date_published"] == "2024-03-01T10:30:00Z"

    def test_never_the_time_of_reading(self) -> None:
        record = read()
        assert record["date_published"] is None
        assert record["date_published_raw"] is None


class TestAuthors:
    @pytest.mark.parametrize(
        ("byline", "names"),
        [
            ("By Ada Example and Ben Sample", ["Ada Example", "Ben Sample"]),
            ("Von Jürgen Muster, Berlin", ["Jürgen Muster"]),
            ("Par Élodie Exemple", ["Élodie Exemple"]),
            ("Por Ana de la Muestra", ["Ana de la Muestra"]),
            ("Автор: Иван Примеров", ["Иван Примеров"]),
            ("文／王小明", ["王小明"]),
            ("記者 陳大文", ["陳大文"]),
        ],
    )
    def test_of_a_byline(self, byline: str, names: list[str]) -> None:
        record = read(top=f"<h1>Talks</h1><p class='byline'>{byline}</p>")
        assert record["authors"] == names
        assert record["provenance"]["authors"] == "page"

    def test_person_of_the_byline_before_the_newsroom(self) -> None:
        ld = article(headline="Talks", author="The Gazette", publisher={"name": "The Gazette"})
        record = read(top="<h1>Talks</h1><span class='author'>Ada Example</span>", ld=ld)
        assert record["authors"] == ["Ada Example"]

    def test_newsroom_where_nobody_is_named(self) -> None:
        ld = article(headline="Talks", author="The Gazette", publisher={"name": "The Gazette"})
        assert read(ld=ld)["authors"] == ["The Gazette"]

    def test_addresses_and_accounts_are_no_names(self) -> None:
        head = '<meta name="author" content="a.example@gazette.example">'
        assert read(head=head)["authors"] == []
        assert read(ld=article(headline="A", author={"name": "admin"}))["authors"] == []

    def test_role_and_short_mark_are_left_out(self) -> None:
        ld = article(
            headline="A", author=[{"name": "Ada Example (ade)"}, {"name": "By Ben Sample"}]
        )
        assert read(ld=ld)["authors"] == ["Ada Example", "Ben Sample"]

    def test_credit_of_a_picture_is_no_author(self) -> None:
        credit = "<span class='author'>Ada Example</span>"
        top = f"<h1>Talks</h1><figure><img src='/a.jpg'>{credit}</figure>"
        assert read(top=top)["authors"] == []


class TestLabels:
    def test_topics_each_once_without_ids(self) -> None:
        ids = "26157981-b4f7-4929-adc1-e860c6f03636"
        ld = article(headline="A", keywords=["Trade", "trade", ids, "Category: Bridges", "@feed"])
        assert read(ld=ld)["topics"] == ["Trade", "Bridges"]

    def test_keywords_of_the_whole_site_are_none(self) -> None:
        head = '<meta name="keywords" content="The Gazette, sport, politics">'
        site = '<meta property="og:site_name" content="The Gazette">'
        links = "<li><a href='/t/1'>Trade</a></li><li><a href='/t/2'>River</a></li>"
        tags = f"<ul class='tags'>{links}</ul>"
        assert read(head=head + site, end=tags)["topics"] == ["Trade", "River"]

    def test_list_below_a_heading_that_says_so(self) -> None:
        links = "<li><a href='/a/x'>Мост</a></li><li><a href='/a/y'>Река</a></li>"
        end = f"<div><h4>Теги</h4><ul>{links}</ul></div>"
        assert read(end=end)["topics"] == ["Мост", "Река"]

    def test_section_from_the_breadcrumbs(self) -> None:
        names = ("Home", "World", "Asia", "Ministers meet on the new bridge")
        items = [{"@type": "ListItem", "position": n, "name": name} for n, name in enumerate(names)]
        ld = [{"@type": "BreadcrumbList", "itemListElement": items}, article(headline="A")]
        assert read(ld=ld)["section"] == "World / Asia"

    def test_label_over_the_headline(self) -> None:
        top = "<div class='article-kicker'>China-Russia relations</div><h1>Ministers meet</h1>"
        assert read(top=top)["topic"] == "China-Russia relations"


class TestAccess:
    @pytest.mark.parametrize(
        ("head", "ld", "paywall"),
        [
            ('<meta property="article:content_tier" content="locked">', None, "closed"),
            ('<meta property="article:content_tier" content="metered">', None, "metered"),
            ("", article(headline="A", isAccessibleForFree="False"), "metered"),
            ("", article(headline="A", hasPart={"isAccessibleForFree": False}), "metered"),
            ("", article(headline="A", isAccessibleForFree=True), "none"),
            ("", None, "none"),
        ],
    )
    def test_paywall(self, head: str, ld: Any, paywall: str) -> None:
        assert read(head=head, ld=ld)["paywall"] == paywall

    def test_comments(self) -> None:
        assert read(ld=article(headline="A", commentCount="12"))["comment_count"] == 12
        statistic = {
            "interactionType": "https://schema.org/CommentAction",
            "userInteractionCount": 3,
        }
        assert read(ld=article(headline="A", interactionStatistic=statistic))["comment_count"] == 3
        printed = "<a class='comments-count'>7 comments</a>"
        assert read(top=f"<h1>Ministers meet</h1>{printed}")["comment_count"] == 7
        assert read()["comment_count"] is None


class TestPicture:
    @pytest.mark.parametrize(
        ("inside", "caption", "credit"),
        [
            ("<figcaption>The bridge. <cite>Ada Example/AFP</cite></figcaption>",
             "The bridge.", "Ada Example/AFP"),
            ("<figcaption>The bridge. Photo: Reuters</figcaption>", "The bridge.", "Reuters"),
            ("<figcaption>The bridge. (AP)</figcaption>", "The bridge.", "AP"),
            ("<figcaption>Die Brücke. © dpa | Max Muster</figcaption>",
             "Die Brücke.", "dpa | Max Muster"),
            ("<figcaption>Мост. (Фото: ТАСС)</figcaption>", "Мост.", "ТАСС"),
            ("<figcaption>大桥通车。图源：新华社</figcaption>", "大桥通车。", "新华社"),
            ("<figcaption>開通した橋＝ＡＰ</figcaption>", "開通した橋", "ＡＰ"),
            ("<figcaption>개통된 다리 [사진=연합뉴스]</figcaption>", "개통된 다리", "연합뉴스"),
            ("<div class='copyright'>Bild: Imago</div><div class='description'>Die Brücke</div>",
             "Die Brücke", "Imago"),
            ("<figcaption>(Getty Images)</figcaption>", None, "Getty Images"),
        ],
    )  # fmt: skip
    def test_caption_and_credit_apart(
        self, inside: str, caption: str | None, credit: str | None
    ) -> None:
        top = f"<h1>Talks</h1><figure><img src='/photos/bridge.jpg'>{inside}</figure>"
        lead = read(top=top)["lead_image"]
        url = "https://gazette.example/photos/bridge.jpg"
        assert lead == {"url": url, "caption": caption, "credit": credit}

    def test_the_one_that_metadata_names_before_others(self) -> None:
        other = "<figure><img src='/river.jpg'></figure>"
        top = f"<h1>Talks</h1>{other}<img src='/p/bridge-640x360.jpg'>"
        ld = article(headline="Talks", image="https://gazette.example/p/bridge.jpg")
        assert read(top=top, ld=ld)["lead_image"]["url"].endswith("bridge-640x360.jpg")

    def test_put_in_by_a_script_later(self) -> None:
        top = (
            "<h1>Talks</h1><figure><img src='data:image/gif;base64,R0' data-src='/b.jpg'></figure>"
        )
        assert read(top=top)["lead_image"]["url"] == "https://gazette.example/b.jpg"
        sets = "<source srcset='/b-400.jpg 400w, /b-1200.jpg 1200w'><img src='/placeholder.png'>"
        lead = read(top=f"<h1>Talks</h1><figure><picture>{sets}</picture></figure>")["lead_image"]
        assert lead["url"] == "https://gazette.example/b-1200.jpg"

    def test_portraits_icons_and_other_articles_are_none(self) -> None:
        top = (
            "<h1>Talks</h1><div class='author-avatar'><img src='/ada.jpg'></div>"
            "<img src='/logo.svg'><img src='/dot.jpg' width='1' height='1'>"
            "<aside class='related'><figure><img src='/other.jpg'></figure></aside>"
        )
        assert read(top=top)["lead_image"] is None

    def test_metadata_where_none_is_printed(self) -> None:
        image = {"url": "/b.jpg", "caption": "The bridge", "creditText": "Photo: Ada Example"}
        record = read(ld=article(headline="Talks", image=[image]))
        url = "https://gazette.example/b.jpg"
        assert record["lead_image"] == {
            "url": url,
            "caption": "The bridge",
            "credit": "Ada Example",
        }
        assert record["provenance"]["lead_image"] == "json-ld"


class TestAddress:
    OUTLET = Outlet(id="gazette", name="Gazette", home="https://www.gazette.example/")

    @pytest.mark.parametrize(
        ("met", "said", "shown", "source"),
        [
            ("www.gazette.example/amp/a/5001", "", "www.gazette.example/a/5001", "url"),
            ("m.gazette.example/a/5001?utm_source=x", "", "www.gazette.example/a/5001", "url"),
            ("www.gazette.example/a/5001", "//gazette.example/5001/x/", "gazette.example/5001/x/",
             "page"),
            ("www.gazette.example/a/5001", "//m.gazette.example/a/5001",
             "www.gazette.example/a/5001", "page"),
            ("www.gazette.example/a/5001", "//evil.example/a/5001", "www.gazette.example/a/5001",
             "url"),
            ("www.gazette.example/a/5001", "/a/5002", "www.gazette.example/a/5001", "url"),
        ],
    )  # fmt: skip
    def test_shown(self, met: str, said: str, shown: str, source: str) -> None:
        html = page(head=f'<link rel="alternate canonical" href="{said}">')
        record = read_article(html, f"https://{met}", self.OUTLET).to_dict()
        assert record["url"] == f"https://{shown}"
        assert record["provenance"]["url"] == source

    def test_the_next_thing_the_page_says_where_the_first_is_no_good(self) -> None:
        head = (
            '<link rel="canonical" href="/"><meta property="og:url" content="/world">'
            '<link rel="canonical" href="/world/2024/03/05/bridge">'
        )
        ld = article(headline="Bridge", mainEntityOfPage={"@id": f"{URL}/"})
        assert read(head=head, ld=ld)["url"] == f"{URL}/"

    def test_links_start_from_the_page_not_from_a_lie(self) -> None:
        head = '<link rel="canonical" href="https://evil.example/world/2024/03/bridge">'
        top = (
            "<h1>Ministers meet on the new bridge</h1>"
            '<figure><img src="b.jpg" width="900" height="600"></figure>'
        )
        record = read(head=head, top=top)
        assert record["lead_image"]["url"] == "https://gazette.example/world/2024/03/b.jpg"
        assert record["url"] == URL


class TestLanguage:
    @pytest.mark.parametrize(
        ("lang", "head", "language"),
        [
            ("en-GB", "", "en"),
            ("", '<meta property="og:locale" content="en_US">', "en"),
            ("", '<meta http-equiv="Content-Language" content="en">', "en"),
            ("zh-CN", '<meta property="og:locale" content="en_US">', "en"),
        ],
    )
    def test_first_that_the_script_allows(self, lang: str, head: str, language: str) -> None:
        assert read(lang=lang, head=head)["language"] == language

    def test_the_text_is_believed_before_the_page(self) -> None:
        """A template has the language of another edition, and every page of it says so."""
        text = "Die Minister trafen sich auf der neuen Brücke und sprachen drei Stunden lang."
        record = self.read_text("en", "Die Minister treffen sich", text)
        assert (record["language"], record["provenance"]["language"]) == ("de", "page")

    @pytest.mark.parametrize(
        ("lang", "language"), [("ja", "ja"), ("en", "zh"), ("zh-TW", "zh"), ("", "zh")]
    )
    def test_a_line_of_characters_is_what_the_page_says(self, lang: str, language: str) -> None:
        assert self.read_text(lang, "日中首脳会談北京開催")["language"] == language

    def test_a_line_that_tells_nothing_is_what_the_page_says(self) -> None:
        assert self.read_text("sv", "Kamila Valieva, Beijing Olympics")["language"] == "sv"
        assert self.read_text("", "Kamila Valieva, Beijing Olympics")["language"] is None

    def read_text(self, lang: str, headline: str, text: str = "") -> dict[str, Any]:
        draft = Draft({"headline": headline, "paragraphs": [text] * 3})
        html = f'<html lang="{lang}"><body><h1>{headline}</h1></body></html>'
        offer_language(Page(html.encode(), URL), draft)
        return {"language": draft.get("language"), "provenance": draft.provenance}

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("Министры встретились на новом мосту и говорили три часа о торговле.", "ru"),
            ("Міністри зустрілися на новому мості й говорили три години про торгівлю.", "uk"),
            (
                "两国部长周五在新桥上会面，就贸易问题进行了三个小时的会谈，并同意开放更多口岸。",
                "zh",
            ),
            (
                "両国の大臣は金曜日に新しい橋の上で会い、貿易について三時間にわたり話し合いました。",
                "ja",
            ),
            (
                "두 나라 장관은 금요일 새 다리 위에서 만나 세 시간 동안 무역에 관해 이야기했다.",
                "ko",
            ),
        ],
    )
    def test_by_script_where_nothing_is_said(self, text: str, language: str) -> None:
        body = f"<p>{text}</p>" * 4
        html = f"<html><body><article><h1>{text[:30]}</h1>{body}</article></body></html>"
        assert parse_article(html.encode(), URL).language == language


def test_explanation_has_the_winner_and_what_was_passed_over() -> None:
    head = '<meta property="og:title" content="Another title">'
    html = page(head=head, ld=article(headline="A third", datePublished="2024-03-01T10:30:00Z"))
    record = explain_article(html, URL, None)
    explained = record["explain"]["headline"]
    assert explained["from"] == "page"
    assert {"from": "json-ld", "value": "A third"} in explained["passed_over"]
    assert {"from": "meta", "value": "Another title"} in explained["passed_over"]
    json.dumps(record)
