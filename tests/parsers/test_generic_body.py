"""The generic reader's text: one invented page for each rule."""

from __future__ import annotations

import contextlib
import gc
import json

import pytest

from crawler.errors import NotAnArticle
from crawler.items import Article, Subhead
from crawler.parsers import parse_article
from crawler.reading.boxes import Box

URL = "https://gazette.example/2026/05/harbour-opens"
HEADLINE = "Harbour opens after the storm"
ONE = "The harbour of Northwick opened again on Tuesday, three days after the storm had closed it."
TWO = "Fishermen said they had lost a week of work, and that nobody had told them for how long."
THREE = "The mayor promised help for the owners of the nineteen boats that sank at their moorings."
FOUR = "Engineers will look at the north pier until the end of the month, the town council said."
FIVE = "Until then the ferry to the islands will leave from the fish market, twice a day at most."
REST = [THREE, FOUR, FIVE]
TEXT = [ONE, TWO, *REST]


def paragraphs(*texts: str, attributes: str = "") -> str:
    return "".join(f"<p{attributes}>{text}</p>" for text in texts or TEXT)


def read(body: str, *, head: str = "", headline: str = HEADLINE) -> Article:
    meta = '<meta property="og:type" content="article">' + head
    heading = f"<h1>{headline}</h1>" if headline else ""
    html = f"<html><head>{meta}</head><body>{heading}{body}</body></html>"
    return parse_article(html.encode(), URL)


def described(text: str) -> str:
    return f'<meta property="og:description" content="{text}">'


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{paragraphs()}</div>",
        "".join(f"<div class=block><p>{text}</p></div>" for text in TEXT),
        f"<section>{paragraphs(ONE, TWO)}</section><section>{paragraphs(*REST)}</section>",
        "".join(f"<div class=par>{text}</div>" for text in TEXT),
        f"<div>{'<br><br>'.join(TEXT)}</div>",
        f"<div><p>{ONE}<br>{TWO}</p>{paragraphs(*REST)}</div>",
        f"<article><text-part>{paragraphs()}</text-part></article>",
    ],
    ids=["plain", "wrapped", "sections", "bare", "two breaks", "one break", "custom element"],
)
def test_paragraphs_are_found_however_they_are_set(body: str) -> None:
    assert read(body).paragraphs == TEXT


@pytest.mark.parametrize(
    "extra",
    [
        '<p class="caption">A fisherman at the north pier of Northwick, on Monday.</p>',
        '<div class="newsletter-box"><p>Our best stories, every morning at six.</p></div>',
        "<aside><p>In 1953 a flood took the old harbour wall and forty houses.</p></aside>",
        '<p><a href="/older">Storm closes the harbour of Northwick</a></p>',
        '<p>Read also: <a href="/older">Storm closes the harbour</a></p>',
        "<p>Читайте также: шторм закрыл гавань</p>",
        "<p>Lesen Sie auch: Sturm schließt den Hafen</p>",
        "<p>Sign up for our morning newsletter.</p>",
        "<p>Share this</p>",
        "<div>Photo gallery</div>",
        '<ul><li><a href="/a">First other story</a></li><li><a href="/b">Second</a></li></ul>',
        '<span class="sr-only">opens in a new window</span>',
    ],
)
def test_lines_that_are_none_of_the_text_go(extra: str) -> None:
    body = f"<div>{paragraphs(ONE, TWO)}{extra}{paragraphs(*REST)}</div>"
    assert read(body).paragraphs == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "“Sign up for the fishing fleet? Never,” said his son.",
        "The newsletter of the fishermen's union spoke of a scandal.",
        "Registers of the port go back to the year 1611.",
    ],
)
def test_lines_that_only_sound_like_notices_stay(line: str) -> None:
    assert read(f"<div>{paragraphs(ONE, line, TWO, THREE)}</div>").paragraphs[1] == line


def test_a_teaser_between_the_paragraphs_is_a_related_article() -> None:
    teaser = '<p><a href="/older">Storm closes the harbour of Northwick</a></p>'
    article = read(f"<div>{paragraphs(ONE, TWO)}{teaser}{paragraphs(*REST)}</div>")
    assert [(link.headline, link.url) for link in article.related] == [
        ("Storm closes the harbour of Northwick", "https://gazette.example/older")
    ]


def test_a_related_article_has_its_own_link_not_that_of_a_picture_before_it() -> None:
    picture = '<p><a href="/other"><img src="/boat.jpg" alt=""></a></p>'
    teaser = '<p><a href="/older">Storm closes the harbour of Northwick</a></p>'
    article = read(f"<div>{paragraphs(ONE, TWO)}{picture}{teaser}{paragraphs(*REST)}</div>")
    assert [link.url for link in article.related] == ["https://gazette.example/older"]


def test_nothing_of_a_page_stays_in_memory_when_it_is_read() -> None:
    gc.collect()
    gc.disable()
    try:
        read(paragraphs())
        assert not [each for each in gc.get_objects() if isinstance(each, Box)]
    finally:
        gc.enable()


def test_a_framed_player_is_a_video() -> None:
    frame = '<iframe src="https://www.youtube.com/embed/abcdefghijk" title="The storm"></iframe>'
    article = read(f"<div>{paragraphs(ONE, TWO)}{frame}{paragraphs(*REST)}</div>")
    assert [(video.title, video.url) for video in article.videos] == [
        ("The storm", "https://www.youtube.com/watch?v=abcdefghijk")
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Nineteen boats</h2>",
        "<p><strong>Nineteen boats</strong></p>",
        "<p class=sub>Nineteen boats</p>",
    ],
)
def test_headings_are_subheads(heading: str) -> None:
    article = read(f"<div>{paragraphs(ONE, TWO)}{heading}{paragraphs(*REST)}</div>")
    assert article.paragraphs == TEXT
    assert article.subheads == [Subhead("Nineteen boats", 2)]


SUM = "Three days of storm have cost the fishermen of Northwick nineteen boats and a week of work."


@pytest.mark.parametrize(
    "above",
    [
        f"<p class=standfirst>{SUM}</p>",
        f"<h2>{SUM}</h2>",
        f"<div class='article-lead'><p>{SUM}</p></div>",
        f"<div>{SUM}</div>",
    ],
)
def test_the_standfirst_is_the_summary(above: str) -> None:
    article = read(f"{above}<div>{paragraphs()}</div>")
    assert (article.summary, article.paragraphs) == ([SUM], TEXT)


def test_a_first_paragraph_in_bold_is_the_standfirst() -> None:
    article = read(f"<div><p><b>{SUM}</b></p>{paragraphs()}</div>")
    assert (article.summary, article.paragraphs) == ([SUM], TEXT)


def test_a_description_is_the_standfirst_unless_it_is_an_ordinary_first_paragraph() -> None:
    own = read(f"<div><p class=x>{SUM}</p>{paragraphs()}</div>", head=described(SUM))
    assert (own.summary, own.paragraphs) == ([SUM], TEXT)
    first = read(f"<div>{paragraphs()}</div>", head=described(ONE))
    assert (first.summary, first.paragraphs) == ([], TEXT)


def test_bullet_points_are_the_summary() -> None:
    points = ["Harbour opens after three days", "Nineteen boats sank in the storm"]
    items = "".join(f"<li>{point}</li>" for point in points)
    article = read(f"<ul class=key-points>{items}</ul><div>{paragraphs()}</div>")
    assert (article.summary, article.paragraphs) == (points, TEXT)


def test_lists_quotes_and_tables_are_paragraphs() -> None:
    body = (
        f"{paragraphs(ONE, TWO)}<ul><li>Nineteen boats sank</li><li>Forty were damaged</li></ul>"
        f"<blockquote>We have never seen the sea like this.</blockquote>{paragraphs(*REST)}"
        "<table><tr><td>Boats</td><td>19</td></tr><tr><td>Houses</td><td>2</td></tr></table>"
    )
    assert read(f"<div>{body}</div>").paragraphs == [
        ONE, TWO, "Nineteen boats sank", "Forty were damaged",
        "We have never seen the sea like this.", THREE, FOUR, FIVE, "Boats | 19", "Houses | 2",
    ]  # fmt: skip


def test_what_follows_the_end_goes() -> None:
    author = '<meta name="author" content="Ann Miller">'
    ends = (
        "<p>Ann Miller is a reporter with the Gazette and covers the coast.</p>"
        "<p>Additional reporting by Ben Cole.</p><h3>Related articles</h3>"
        "<div><p>Storm closes the harbour of Northwick for days, and nobody knows why.</p></div>"
    )
    assert read(f"<div>{paragraphs()}{ends}</div>", head=author).paragraphs == TEXT


def test_comments_longer_than_the_text_are_not_the_text() -> None:
    comments = "".join(f"<div class=comment><p>{n}. {TWO} {THREE}</p></div>" for n in range(30))
    body = f"<article>{paragraphs()}</article><div class=comments>{comments}</div>"
    assert read(body).paragraphs == TEXT


def test_the_pages_own_copy_of_the_text_decides_between_two() -> None:
    other = [
        f"{n}. The other text is longer than the article is, and stands first." for n in "123456"
    ]
    ld = json.dumps({"@type": "NewsArticle", "articleBody": " ".join(TEXT)})
    head = f'<script type="application/ld+json">{ld}</script>'
    body = f"<div class=a>{paragraphs(*other)}</div><div class=b>{paragraphs()}</div>"
    assert read(body, head=head).paragraphs == TEXT


def test_boxes_for_two_screens_are_read_once() -> None:
    body = f"<div><p>{ONE}</p><div class=mobile><p>{ONE}</p></div>{paragraphs(TWO, *REST)}</div>"
    assert read(body).paragraphs == TEXT


def test_chinese_text_is_read_without_its_editor() -> None:
    first = "北威克港在风暴过后三天于星期二重新开放，渔民们说他们损失了整整一周的工作时间。"
    second = "市长承诺向十九艘沉没渔船的船主提供帮助，工程师将在月底之前检查北码头的损坏情况。"
    body = f"<div>{paragraphs(first, second)}<p>（责编：王小明）</p><p>分享到：</p></div>"
    assert read(body, headline="北威克港重新开放").paragraphs == [first, second]


def test_a_page_with_a_part_of_the_text_says_so() -> None:
    wall = "<div class=offer>Subscribe to continue reading this article.</div>"
    assert read(f"<div>{paragraphs(ONE, TWO)}{wall}</div>").truncated
    assert not read(f"<div>{paragraphs()}</div>").truncated


@pytest.mark.parametrize(
    "state",
    [
        {"props": {"story": {"blocks": [{"type": "paragraph", "text": text} for text in TEXT]}}},
        {"Article:1": {"body": {"html": paragraphs(*TEXT) + "<p></p>"}}},
        {"body": [{"type": "p", "children": [{"type": "text", "data": text}]} for text in TEXT]},
    ],
    ids=["blocks", "markup", "nodes"],
)
def test_a_text_that_is_only_in_the_pages_state_is_read(state: dict[str, object]) -> None:
    other = {
        "story": [{"text": f"{text} It rained in the hills all the while."} for text in "ABCD"]
    }
    script = f"<script>window.__STATE__ = {json.dumps([other, state])};</script>"
    article = read(f"<div id=app></div>{script}", head=described(ONE))
    assert article.paragraphs == TEXT
    assert article.provenance["paragraphs"] == "state"


TEASERS = "".join(
    f'<div><h3><a href="/{n}">Headline number {n} of the front page</a></h3><p>{ONE}</p></div>'
    for n in range(12)
)


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>News</h1><main>{TEASERS}</main>",
        "<h1>Just a moment...</h1><p>Checking your browser before you can see this page.</p>",
        "<h1>Welcome</h1><p>We use cookies and need your consent. Accept cookies to go on to the"
        " page, or manage them in the cookie settings of your browser.</p><p>More.</p><p>Less.</p>",
        "<h1>Log in</h1><form><p>Please sign in to continue to the page that you asked for, or"
        " create an account with your address.</p></form>",
        "<h1>Page not found</h1><p>The page you requested could not be found on this server. It may"
        " have moved to another address, or it may never have been there at all.</p>",
        "",
    ],
    ids=["index", "challenge", "cookies", "login", "error", "empty"],
)
def test_pages_without_an_article_are_refused(body: str) -> None:
    html = f"<html><body>{body}</body></html>"
    with pytest.raises(NotAnArticle):
        parse_article(html.encode(), "https://gazette.example/news")


@pytest.mark.parametrize(
    "part",
    [
        "<div>",
        "<b>",
        "<p>",
        "<blockquote>",
        "<br>",
        "<p>Some words of a line.</p>",
        "<li>x",
        "a ",
        "<",
    ],
)
def test_pages_of_any_shape_are_read_or_refused(part: str) -> None:
    body = f"<h1>{HEADLINE}</h1>" + part * 60_000
    with contextlib.suppress(NotAnArticle):
        parse_article(body.encode(), URL)
