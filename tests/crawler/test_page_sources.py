"""Section pages and JSON lists: which links are articles, and which is the next page."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discover import Discovery, Reach, Source, read_source
from crawler.discover.page import MAX_ARTICLES
from crawler.discover.source import EVERYTHING
from crawler.errors import UnreadableError
from crawler.items import FetchedPage
from crawler.outlets import Outlet

HOME = "https://desk.example"
STORY = "/world/china-and-russia-sign-gas-accord"
JSON = "application/json; charset=utf-8"


def an_outlet(**changes: Any) -> Outlet:
    return Outlet(**{"id": "desk", "name": "Desk", "home": f"{HOME}/", **changes})


def read(
    body: str | bytes,
    path: str = "/world/",
    *,
    content_type: str = "text/html; charset=utf-8",
    reach: Reach | None = None,
    **changes: Any,
) -> Discovery:
    data = body.encode() if isinstance(body, str) else body
    page = FetchedPage(HOME + path, 200, [("Content-Type", content_type)], data, datetime.now(UTC))
    source = Source(HOME + path, "page")
    return read_source(page, source, an_outlet(**changes), reach or Reach())


def links(*hrefs: str, head: str = "") -> str:
    listed = "".join(f'<li><a href="{escape(href)}">A headline of it</a></li>' for href in hrefs)
    return f"<!DOCTYPE html><html><head>{head}</head><body><ul>{listed}</ul></body></html>"


def paths(found: Discovery) -> list[str]:
    return [listing.address.removeprefix(HOME) for listing in found.listings]


def next_path(found: Discovery) -> str | None:
    return found.parts[0].url.removeprefix(HOME) if found.parts else None


@pytest.mark.parametrize(
    "href",
    [
        STORY,
        "/world/948316",
        "/politics/20/11/2026/67f1c2a09a7947",
        "/20260301/0123456789abcdef0123456789abcdef/c.html",
        "/page/202603/1307956.shtml",
        "/internation/2026_03_01_727000.shtml",
        "/zyxw/202603/t20260301_11252230.html",
        "/world/2026/feb/24/a-fire",
        "/news/2026/3/1/accord",
        "/2026/06/22/accord-a93072",
        "/story.php?newsid=123456",
        "/news/новости-россия-китай-договор",
        "/a-68412345",
    ],
)
def test_articles_without_patterns(href: str) -> None:
    assert len(read(links(href)).listings) == 1


@pytest.mark.parametrize(
    "href",
    [
        "/", "/world/", "/world/asia", "/topics/china-russia-relations-and-trade", "/about-us",
        "/author/anna-maria-de-souza", "/tag/a-b-c-d-e", "/search?q=china", "/2026/",
        "/news/2026/03/01/", "/photo/a-b-c-d-e.jpg", "/rss/123456.xml", "#top",
        "mailto:desk@desk.example", "javascript:void(0)", "https://other.example" + STORY,
        "/world/page/2", "/archive/2025-a-year-in-words",
        "/user/profile/123456", "ftp://desk.example" + STORY,
    ],
)  # fmt: skip
def test_other_links_without_patterns(href: str) -> None:
    assert paths(read(links(href, STORY))) == [STORY]


def test_a_copy_for_telephones_is_asked_for_at_the_main_host() -> None:
    (listing,) = read(links("https://m.desk.example" + STORY)).listings
    assert (listing.address, listing.fetch_url) == (f"https://m.desk.example{STORY}", HOME + STORY)


def test_patterns_decide() -> None:
    found = read(links(STORY, "/n/1", "/n/2#comments", "/n/2"), article_urls=["/n/(?P<id>\\d+)"])
    assert [listing.identity for listing in found.listings] == ["1", "2"]


@pytest.mark.parametrize(
    ("link", "headline"),
    [
        ("China and Russia sign an accord", "China and Russia sign an accord"),
        ("<img src=x alt=y><h3>An accord\n is signed</h3><p>A teaser</p>", "An accord is signed"),
        ("<span class='card-title'>An accord</span><time>3 hours ago</time>", "An accord"),
        ("中俄签署协议", "中俄签署协议"),
        ("12", None),
        ("More", None),
        (f"Headline and {'teaser ' * 60}", None),
        ("<img src=x>", None),
    ],
)
def test_headlines(link: str, headline: str | None) -> None:
    (listing,) = read(f'<a href="{STORY}">{link}</a>').listings
    assert (listing.headline, listing.date) == (headline, None)


def test_the_link_that_has_a_headline_gives_it() -> None:
    html = f'<a href="{STORY}"><img></a><a href="{STORY}#c">7</a><a href="{STORY}">An accord</a>'
    (listing,) = read(html).listings
    assert listing.headline == "An accord"


def test_a_day_in_the_address_is_an_age_and_no_date() -> None:
    (listing,) = read(links("/2024/11/02/accord")).listings
    assert (listing.date, listing.moment) == (None, datetime(2024, 11, 3, tzinfo=UTC))


def test_base_and_charset() -> None:
    html = f'<meta charset=gb2312><base href="{HOME}/cn/"><a href="n-12345.html">中俄签署协议</a>'
    (listing,) = read(html.encode("gb18030"), content_type="text/html").listings
    assert (listing.address, listing.headline) == (f"{HOME}/cn/n-12345.html", "中俄签署协议")


@pytest.mark.parametrize(
    ("path", "hrefs", "following"),
    [
        ("/world/", ["/world/?page=2", "/world/?page=3"], "/world/?page=2"),
        ("/world/?page=2", ["/world/?page=1", "/world/?page=3"], "/world/?page=3"),
        ("/world/?page=2", ["/world/", "/world/?page=1"], None),
        ("/world/", ["/asia/?page=2"], None),
        ("/world", ["/world/page/2/"], "/world/page/2/"),
        ("/world/page/9", ["/world/page/8", "/world/page/10"], "/world/page/10"),
        ("/s/", ["/s/index_1.html", "/s/index_2.html"], "/s/index_1.html"),
        ("/s/index_1.html", ["/s/", "/s/index_2.html"], "/s/index_2.html"),
        ("/s/index.htm", ["/s/index_2.html"], "/s/index_2.html"),
        ("/s?lang=en&page=1", ["/s?lang=en&page=2"], "/s?lang=en&page=2"),
        ("/s?lang=en", ["/s?lang=zh&page=2"], None),
        ("/world/", ["https://other.example/world/?page=2"], None),
        ("/world/", ["https://m.desk.example/world/?page=2"], None),
    ],
)
def test_next_page(path: str, hrefs: list[str], following: str | None) -> None:
    assert next_path(read(links(STORY, *hrefs), path)) == following


@pytest.mark.parametrize(
    ("head", "following"),
    [
        ('<link rel="next" href="/world/older">', "/world/older"),
        ('<link rel="next" href="/world/">', None),
        ('<link rel="next" href="https://other.example/older">', None),
        ('<link rel="next" href="https://m.desk.example/older">', None),
    ],
)
def test_next_page_by_relation(head: str, following: str | None) -> None:
    assert next_path(read(links(STORY, head=head))) == following


def test_nothing_follows_a_page_that_is_older_than_is_wanted() -> None:
    html = links("/2024/11/02/accord", "/2024/11/01/accord", "/world/?page=2")
    for since, following in (
        (datetime(2024, 11, 2, tzinfo=UTC), "/world/?page=2"),
        (datetime(2024, 11, 4, tzinfo=UTC), None),
    ):
        assert next_path(read(html, reach=Reach(since, is_backfill=True))) == following


def test_json_lists() -> None:
    """Addresses as strings anywhere; the title beside one is its headline."""
    answer = {
        "code": 200,
        "cover": "/pictures/123456.jpg",
        "data": {
            "list": [
                {"TITLE": "中俄签署协议", "HTTP_URL": "/n/2026_03_01_727000.shtml"},
                {"title": None, "url": f"{HOME}/n/2026_03_01_727001.shtml", "x": [5, None, True]},
                {"title": "Elsewhere", "url": "https://other.example/n/2026_03_01_727002.shtml"},
            ],
            "more": [f"{HOME}/n/2026_03_01_727003.shtml", "no address", "/channel"],
        },
    }
    for content_type in (JSON, "text/html"):
        found = read(json.dumps(answer), content_type=content_type)
        assert [(listing.address[-8:-6], listing.headline) for listing in found.listings] == [
            ("00", "中俄签署协议"), ("01", None), ("03", None),
        ]  # fmt: skip


def test_json_lists_whose_items_name_no_address() -> None:
    answer = {
        "list": [
            {"aid": "4GpKzVQabcd", "host": "desk.example", "title": "中俄签署协议"},
            {"aid": 40512345, "host": "desk.example", "title": None},
            {"aid": "4GpKzVQabce", "title": "No host"},
            {"aid": "", "host": "desk.example"},
            {"aid": ["4GpKzVQabcf"], "host": "desk.example"},
            {"aid": "4GpKzVQabcg", "host": "other.example"},
            {"aid": "4GpKzVQabch", "host": "other.example/@desk.example"},
        ]
    }
    found = read(
        json.dumps(answer),
        content_type=JSON,
        list_address="https://{host}/article/{aid}",
        article_urls=["/article/(?P<id>\\w{8,})"],
    )
    assert [(one.identity, one.headline) for one in found.listings] == [
        ("4GpKzVQabcd", "中俄签署协议"), ("40512345", None),
    ]  # fmt: skip


def test_a_host_with_its_port_in_a_json_list() -> None:
    found = read(
        json.dumps([{"aid": "4GpKzVQabcd", "host": "desk.example:8000"}]),
        content_type=JSON,
        list_address="https://{host}/article/{aid}",
        article_urls=["/article/(?P<id>\\w{8,})"],
        other_hosts=["desk.example:8000"],
    )
    assert paths(found) == [":8000/article/4GpKzVQabcd"]


def test_the_next_stretch_of_a_json_list() -> None:
    body = json.dumps([STORY])
    found = read(body, "/api/list?node=a&offset=20&limit=20", content_type=JSON)
    assert next_path(found) == "/api/list?node=a&offset=40&limit=20"
    assert next_path(read(body, "/api/list?node=a", content_type=JSON)) is None
    assert next_path(read(body, "/api/list?offset=0&limit=0", content_type=JSON)) is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "page: no link to an article in it"),
        ("<title>Just a moment</title><a href='/help'>Help</a>", "page: no link to an article"),
        ("[]", "page: no link to an article in it"),
        ('{"a": ', "page: JSON that is broken"),
        ("[" * 100_000, "page: JSON that is broken"),
        (b"%PDF-1.7 \x00\x01", "page: no link to an article in it"),
    ],
)
def test_what_lists_no_article(body: str | bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read(body)


def test_most_articles_of_a_page() -> None:
    found = read(links(*(f"/story/{100_000 + n}" for n in range(MAX_ARTICLES + 50))))
    assert (len(found.listings), paths(found)[0]) == (MAX_ARTICLES, "/story/100000")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([links(STORY, "/world/?page=2"), json.dumps([{"title": "A", "url": STORY}])]),
    st.integers(0, 200),
    st.integers(0, 40),
    st.binary(max_size=20),
)
def test_damage_raises_nothing_else(whole: str, at: int, length: int, put: bytes) -> None:
    data = whole.encode()
    with suppress(UnreadableError):
        found = read(data[:at] + put + data[at + length :])
        assert all(listing.address.startswith(HOME) for listing in found.listings)


@pytest.mark.parametrize(
    ("numbers", "second"),
    [
        ([("?page=1", "1"), ("?page=2", "2"), ("?page=3", "3")], "/world/?page=2"),
        ([("?page=1", "2"), ("?page=2", "3")], "/world/?page=1"),
        ([("?page=0", "1"), ("?page=1", "2"), ("?page=2", "3")], "/world/?page=1"),
    ],
)
def test_the_first_page_leads_to_the_second_whatever_its_own_number(
    numbers: list[tuple[str, str]], second: str
) -> None:
    named = "".join(f'<a href="{href}">{text}</a>' for href, text in numbers)
    assert next_path(read(links(STORY) + named)) == second


def test_a_list_that_went_past_the_age_asked_for_is_not_read_to_its_end() -> None:
    """Else a later backfill, which wants older ones, would be told that nothing has changed."""
    march = datetime(2026, 3, 1, tzinfo=UTC)
    body = links("/2026/02/02/an-old-one-of-february", "/world/?page=2")
    found = read(body, reach=Reach(march, is_backfill=True))
    assert (found.parts, found.read_back_to) == ([], march)
    assert read(body, reach=Reach(None, is_backfill=True)).read_back_to == EVERYTHING


def test_elements_inside_each_other_do_not_hold_up_a_crawl() -> None:
    body = "<div>" * 50_000 + f"<a href='{STORY}'>A headline of it</a>"
    with pytest.raises(UnreadableError, match="elements inside each other"):
        read(body)


@pytest.mark.parametrize("number", ["9" * 5000, "\u0663", "-1"])
def test_offsets_that_are_no_numbers(number: str) -> None:
    body = json.dumps([STORY])
    assert read(body, f"/list?offset={number}&limit=20", content_type=JSON).parts == []
