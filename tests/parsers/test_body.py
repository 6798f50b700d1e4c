"""The walk over a body: what is a paragraph, a heading, a picture, and what is none."""

from __future__ import annotations

import pytest

from crawler.items import RelatedLink, Subhead, Video
from crawler.reading.blocks import BlockWalk
from crawler.reading.body import Body
from crawler.reading.promotions import is_promo
from tests.parsers.scmp_pages import Node, node, text

BASE = "https://www.scmp.com/news/article/3190001/x"
LONG = "The night ferry left the pier at ten and came back before the ice closed in."


def walk(*nodes: Node) -> Body:
    return BlockWalk(BASE).walk(nodes).finish()


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        (["The ", node("em", "Zarya"), ", a ferry"], "The Zarya, a ferry"),
        (["The", node("em", " Zarya"), " ferry"], "The Zarya ferry"),
        (["“", node("a", "Wait", href="/x"), "”, he said"], "“Wait”, he said"),
        (["One", node("br"), "two"], "One two"),
        (["One ", node("new-mark", "two"), " three"], "One two three"),
        (["One ", node("inline-ad-slot", "Buy"), "two"], "One two"),
        ([node("strong", node("span", "One"), " two")], "One two"),
        (["One\n\xa0 two\u200b"], "One two"),
        (["One ", node("img", src="/a.jpg", alt="A. Photo: AP"), "two"], "One two"),
    ],
)
def test_inline_nodes_are_one_paragraph(children: list[Node | str], expected: str) -> None:
    assert walk(node("p", *children)).paragraphs == [expected]


def test_two_line_breaks_part_paragraphs() -> None:
    body = walk(node("p", "One", node("br"), text("\n"), node("br"), "two"))
    assert body.paragraphs == ["One", "two"]


def test_lists_tables_and_quotations_are_kept() -> None:
    body = walk(
        node("ul", text("\n"), node("li", "One"), node("li", node("p", "Two"))),
        node("table", node("tbody", node("tr", node("td", "Year"), node("td", "Cars")))),
        node("blockquote", node("p", "Nobody else says this at all.")),
    )
    assert body.paragraphs == ["One", "Two", "Year | Cars", "Nobody else says this at all."]


@pytest.mark.parametrize(
    "kind",
    "inline-ad-slot inline-widget inline-plus-widget track-viewed-percentage script ad ad1 ad5"
    " outstream-1 native-ads article-inline-widget newsletter more-on-this youtube-smart-embed"
    " reading-50-percent-completion-tracker reading-100-percent-completion-tracker".split(),
)
def test_dropped_types(kind: str) -> None:
    body = walk(node("p", "One"), node(kind, node("p", "Not of the article")), node("p", "Two"))
    assert body.paragraphs == ["One", "Two"]
    assert not body.unknown_kinds


def test_unknown_types_keep_their_text_and_are_counted() -> None:
    body = walk(node("fact-card", "One"), node("fact-card", node("p", "Two")))
    assert body.paragraphs == ["One", "Two"]
    assert body.unknown_kinds == {"fact-card": 2}


def test_galleries_and_offers_in_boxes_are_dropped() -> None:
    body = walk(
        node("div", node("p", "Buy"), **{"class": "scmp-research-healthcare-earlybird"}),
        node("div", "x", **{"class": "scmp-photo-gallery", "data-gallery-nid": "1"}),
        node("div", node("p", LONG), **{"class": "paywalled-content"}),
    )
    assert body.paragraphs == [LONG]


@pytest.mark.parametrize(
    "heading",
    [
        node("h3", node("a", "Ice closes the river", href="/news/article/3000001/ice?module=x")),
        node(
            "h3",
            node("a", "Ice ", node("em", "closes"), " the river", href="/a/article/3000001/ice"),
        ),
        node(
            "h3", node("strong", node("a", "Ice closes the river", href="/n/article/3000001/ice"))
        ),
        node("h4", node("a", "Ice closes the river", href="/ice", data_entity_bundle="article")),
    ],
)
def test_a_heading_that_is_a_link_is_related(heading: Node) -> None:
    body = walk(node("p", "One"), heading, node("p", "Two"))
    assert [link.headline for link in body.related] == ["Ice closes the river"]
    assert (body.subheads, body.paragraphs) == ([], ["One", "Two"])


def test_headings_stand_before_a_paragraph() -> None:
    body = walk(
        node("h2", "First"),
        node("p", "One"),
        node("p", "Read more"),
        node("h3", node("strong", "Second")),
        node("p", "Two"),
        node("h3", "Of nothing"),
    )
    assert body.subheads == [Subhead("First", 0), Subhead("Second", 1)]


def test_a_pull_quote_that_repeats_the_text_goes() -> None:
    quote = node("blockquote-quote", node("p", "the ice closed in"), node("p", "Ilya Morozkin"))
    assert walk(node("p", LONG), quote, node("p", "Two")).paragraphs == [LONG, "Two"]


def test_a_pull_quote_that_does_not_stays_in_its_place() -> None:
    quote = node("blockquote-quote", "No boat sails before the thaw", node("p", "Ilya Morozkin"))
    body = walk(node("p", "One"), quote, node("h2", "Sub"), node("p", "Two"))
    assert body.paragraphs == ["One", "No boat sails before the thaw", "Two"]
    assert body.subheads == [Subhead("Sub", 2)]


def test_what_follows_also_like_is_other_articles() -> None:
    tail = [node("h3", "You might also like:"), node("p", "Two"), node("h2", "Three")]
    assert walk(node("p", "One"), *tail).paragraphs == ["One"]


def test_a_printed_video_is_no_paragraph() -> None:
    lines = ["One", "09:43", "Ferry in a minute", "Ferry in a minute", "Two"]
    body = walk(*(node("p", line) for line in lines))
    assert body.paragraphs == ["One", "Two"]
    assert body.videos == [Video("Ferry in a minute", 583, None)]


def test_captions_and_related_headlines_are_no_paragraphs() -> None:
    picture = node("img", src="/a.jpg", title="Ferry at the pier. Photo: AP")
    related = node("h3", node("a", "Ice closes", href="/n/article/3000001/x"))
    lines = ["Ferry at the pier. Photo: AP", "Ferry at the pier.", "Ice closes", "One"]
    body = walk(picture, related, *(node("p", line) for line in lines))
    assert body.paragraphs == ["One"]
    assert body.related == [RelatedLink("Ice closes", "https://www.scmp.com/n/article/3000001/x")]


def test_one_picture_in_two_sizes_is_one() -> None:
    files = "https://cdn.i-scmp.com/sites/default/files"
    body = walk(
        node("img", src=f"{files}/styles/768x768/public/a_1280x720.jpg?itok=1", alt="A"),
        node("p", node("img", src=f"{files}/a_image_hires_12.jpg", alt="A")),
    )
    assert len(body.images) == 1


@pytest.mark.parametrize(
    ("attributes", "url"),
    [
        (
            {"src": "//www.youtube.com/embed/abcdefghij1"},
            "https://www.youtube.com/watch?v=abcdefghij1",
        ),
        (
            {"src": "about:blank", "data-youtube-id": "abcdefghij1"},
            "https://www.youtube.com/watch?v=abcdefghij1",
        ),
        ({"src": "https://cdn.example/embed/7"}, "https://cdn.example/embed/7"),
    ],
)
def test_videos(attributes: dict[str, str], url: str) -> None:
    frame = {"type": "iframe", "attribs": attributes, "children": []}
    body = walk(node("p", node("div", frame, **{"class": "video-wrapper"})))
    assert [video.url for video in body.videos] == [url]


def test_graphics_and_newsletters_in_frames_are_no_videos() -> None:
    frame = node("iframe", src="https://multimedia.scmp.com/video/x")
    letter = node("iframe", src="https://widgets.scmp.com/newsletters/archive/player")
    assert walk(node("div", frame, **{"class": "video-wrapper"}), letter).videos == []


@pytest.mark.parametrize(
    "line",
    [
        "Read more",
        "READ MORE:",
        "Advertisement",
        "______",
        "Purchase the China AI Report from SCMP Research at a discount.",
        "Get your copy of the China Internet Report today.",
        "Sign up for our weekly newsletter and get it in your inbox.",
        "Follow SCMP Life & Style on Facebook and Twitter.",
        "Please spare five minutes for our reader survey.",
        "Write to us at letters@scmp.com or fill in this form.",
        "Why you can trust SCMP",
        "Reading Time:6 minutes",
    ],
)
def test_promotions(line: str) -> None:
    assert is_promo(line)


@pytest.mark.parametrize(
    "line",
    [
        "Additional reporting by Nadia Quill",
        "With Agence France-Presse",
        "Critics like the pilot wrote on Twitter that the ferry was late.",
        "Those who follow the pilot on Weibo said the post was gone.",
        "In a short statement the survey found that fares had doubled in minutes.",
        "The China AI report was read in order to get permits.",
        "Read more slowly, the teacher said.",
    ],
)
def test_prose_is_no_promotion(line: str) -> None:
    assert not is_promo(line)


def test_deep_trees_are_walked_without_recursion_errors() -> None:
    deep = text("x")
    for _ in range(5000):
        deep = {"type": "div", "children": [deep]}
    assert walk(node("p", "One"), deep, node("p", "Two")).paragraphs == ["One", "Two"]
