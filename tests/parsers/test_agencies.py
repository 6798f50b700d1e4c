"""What agencies print in their reports, and what only looks like it."""

from __future__ import annotations

import pytest

from crawler.parsers import parse_article
from crawler.parsers.generic.agencies import (
    is_initials,
    is_reporters,
    reporters_in,
    without_end_mark,
)
from crawler.reading.captions import split_credit
from tests.parsers.test_generic_fields import URL, page, read


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("明年春天还将增加两艘客轮。（完）", "明年春天还将增加两艘客轮。"),
        ("明年春天还将增加两艘客轮。(完)", "明年春天还将增加两艘客轮。"),
        ("The line closes in November. Enditem", "The line closes in November."),
        ("He asked for the Enditem to stay.", "He asked for the Enditem to stay."),
        ("（完）成率很高。", "（完）成率很高。"),
    ],
)
def test_end_marks(text: str, bare: str) -> None:
    assert without_end_mark(text) == bare


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("ab/cd (AFP, Reuters)", True),
        ("lo/wmr (dpa, AP)", True),
        ("kb (KNA)", True),
        ("It was (as ever) late (in May)", False),
        ("She left (AFP).", False),
        ("(AFP, Reuters)", False),
    ],
)
def test_initials(text: str, is_one: bool) -> None:
    assert is_initials(text) is is_one


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("新华社哈尔滨4月24日电（记者李青禾、王小舟）两座城市", ["李青禾", "王小舟"]),
        ("中新网哈尔滨3月1日电 (记者 李青禾)两座城市", ["李青禾"]),
        ("中新社北京3月1日电 (记者 李青禾 王小舟)两座城市", ["李青禾", "王小舟"]),
        ("新华社哈尔滨4月24日电 两座城市（记者李青禾）", []),
        ("（记者李青禾）两座城市", []),
        ("MOSCOW, October 3. /TASS/. A ferry", []),
    ],
)
def test_reporters_behind_the_dateline(text: str, names: list[str]) -> None:
    assert reporters_in(text) == names


def test_a_line_of_reporters() -> None:
    assert is_reporters("新华社记者李青禾、王小舟")
    assert is_reporters("本报记者 李青禾")
    assert not is_reporters("记者在现场看到，客轮已经离港。")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The ferry at its berth. [Photo by Ana Li/City Daily]",
         ("The ferry at its berth.", "Ana Li/City Daily")),
        ("The ferry at its berth. [Photo/Xinhua]", ("The ferry at its berth.", "Xinhua")),
        ("客轮停在泊位上。（路透社）", ("客轮停在泊位上。", "路透社")),
        ("The [sic] ferry", ("The [sic] ferry", None)),
    ],
)  # fmt: skip
def test_credits_in_brackets(text: str, parts: tuple[str, str | None]) -> None:
    assert split_credit(text) == parts


@pytest.mark.parametrize(
    "said",
    [
        "http://gazette.example/world/2024/03/bri",  # cut short within its last part
        "https://gazette.example/world/2024/03/other",
        "https://gazette.example/world/2024/03",
    ],
)
def test_an_address_cut_short_is_not_believed(said: str) -> None:
    assert read(head=f'<meta property="og:url" content="{said}">')["url"] == URL


def test_a_name_of_nobody_counts_less_than_a_byline() -> None:
    ld = {"@type": "NewsArticle", "headline": "Ministers meet on the new bridge",
          "author": {"name": "Gazette staff reporter"}}  # fmt: skip
    byline = '<h1>Ministers meet on the new bridge</h1><p class="byline">By Ana Ferreira</p>'
    assert read(ld=ld, top=byline)["authors"] == ["Ana Ferreira"]
    assert read(ld=ld)["authors"] == ["Gazette staff reporter"]


def test_words_of_a_sentence_are_no_topics() -> None:
    words = '<meta name="keywords" content="ministers, met, on, the, new, bridge">'
    told = '<meta name="description" content="Ministers met on the new bridge on Friday">'
    assert read(head=words + told)["topics"] == []
    tags = '<meta name="keywords" content="Ministers, Trade, Bridges, Friday talks">'
    assert read(head=tags + told)["topics"] == ["Ministers", "Trade", "Bridges", "Friday talks"]


def test_a_headline_that_is_not_shown_is_for_machines() -> None:
    top = (
        '<div style="display: none"><h1>Bridge talks</h1><h2>Three hours of talks on Friday,'
        " the longest in years, and two more crossings before winter</h2></div>"
        "<h1>Ministers meet on the new bridge</h1>"
    )
    record = read(top=top)
    assert record["headline"] == "Ministers meet on the new bridge"
    assert record["summary"] == []


def test_a_page_whose_headline_is_in_its_metadata_alone_has_a_text() -> None:
    head = (
        '<meta property="og:title" content="Ministers meet on the new bridge">'
        '<meta property="og:type" content="article">'
    )
    record = parse_article(page(head=head, top="<div>Menu</div>"), URL).to_dict()
    assert len(record["paragraphs"]) == 3


def test_related_articles_are_those_between_the_paragraphs() -> None:
    from tests.parsers.test_generic_fields import TEXT

    link = '<div class="{}"><a href="/a/{}">{}</a></div>'
    body = (
        "<!DOCTYPE html><html lang='en'><body><article><h1>Ministers meet on the new bridge</h1>"
        f"<div class='text'><p>{TEXT[0]}</p>"
        + link.format("read-more", 1, "READ MORE: Second rail line approved")
        + link.format("read-more", 2, "READ MORE")
        + f"<p>{TEXT[1]}</p><p>{TEXT[2]}</p>"
        + link.format("read-more", 3, "Toll on the old bridge to fall")
        + "</div></article></body></html>"
    )
    related = parse_article(body.encode(), URL).to_dict()["related"]
    assert related == [
        {"headline": "Second rail line approved", "url": "https://gazette.example/a/1"}
    ]
