"""Addresses: whose they are, made whole, and alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.outlets import Outlet
from crawler.parsers import fetch_url_of, identity_of
from crawler.urls import MAX_URL_LENGTH, Host, absolute, host_of, normalise, without_query

BASE = "https://desk.example/news/a.html?b=1"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://desk.example/a", ("desk.example", None)),
        ("HTTPS://DESK.example", ("desk.example", None)),
        ("https://desk.example:443/", ("desk.example", None)),
        ("http://desk.example:443/", ("desk.example", 443)),
        ("http://desk.example:8080/", ("desk.example", 8080)),
        ("http://desk.example./", ("desk.example", None)),
        ("http://user:word@desk.example/", ("desk.example", None)),
        ("http://desk.example@evil.example/", ("evil.example", None)),
        ("http://[::1]:80/", ("::1", None)),
        ("http://127.0.0.1", ("127.0.0.1", None)),
        ("ftp://desk.example/", None),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("//desk.example/a", None),
        ("desk.example", None),
        ("http://", None),
        ("http:///a", None),
        ("http://[", None),
        ("http://desk.example:port/", None),
        ("http://desk.example:99999/", None),
        ("", None),
    ],
)
def test_host(url: str, host: Host | None) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a", "https://desk.example/a"),
        ("a", "https://desk.example/news/a"),
        ("../a", "https://desk.example/a"),
        ("?c=2", "https://desk.example/news/a.html?c=2"),
        ("#top", BASE),
        ("", BASE),
        ("//other.example/a", "https://other.example/a"),
        ("  http://other.example/a#b\n", "http://other.example/a"),
        ("/a #b", "https://desk.example/a"),
        ("/a\ud800\x00b", "https://desk.example/ab"),
        ("mailto:desk@desk.example", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://[", None),
        ("a" * MAX_URL_LENGTH, None),
    ],
)
def test_absolute(link: str, url: str | None) -> None:
    assert absolute(BASE, link) == url


@pytest.mark.parametrize(
    "others",
    [
        ["https://desk.example/a", "https://desk.example/a#top", "HTTPS://DESK.EXAMPLE:443/a",
         "https://desk.example/b/../a", "https://user:word@desk.example./a"],
        ["https://desk.example/a?b=1&c=2", "https://desk.example/a?c=2&b=1"],
        ["https://desk.example/%D0%B0", "https://desk.example/а", "https://desk.example/%d0%b0"],
        ["https://desk.example/~a%2Fb", "https://desk.example/%7ea%2fb"],
        ["https://desk.example/100%", "https://desk.example/100%25"],
        ["https://desk.example", "https://desk.example/"],
    ],
)  # fmt: skip
def test_addresses_that_are_alike(others: list[str]) -> None:
    assert len({normalise(url) for url in others}) == 1


@pytest.mark.parametrize(
    "others",
    [
        ["https://desk.example/a?newsid=5", "https://desk.example/a?newsid=6",
         "https://desk.example/a"],
        ["https://desk.example/a?id=1", "https://desk.example/a?id=2"],
        ["https://desk.example/a?20241105", "https://desk.example/a?20241106"],
        ["https://desk.example/a", "https://desk.example/A"],
        ["https://desk.example/a", "http://desk.example/a"],
        ["https://desk.example/a", "https://desk.example:8443/a"],
        ["https://desk.example/a?page=1", "https://desk.example/a?page=2"],
        ["https://desk.example/a?eid=1", "https://desk.example/a?eid=2"],
        ["https://desk.example/a/b", "https://desk.example/a%2Fb"],
        ["https://desk.example/a", "https://desk.example/a/"],
    ],
)  # fmt: skip
def test_addresses_that_differ(others: list[str]) -> None:
    assert len({normalise(url) for url in others}) == len(others)


@given(st.text(max_size=60))
def test_normalising_raises_nothing_and_is_done_once(text: str) -> None:
    once = normalise(f"https://desk.example/{text}")
    assert "#" not in once
    assert normalise(once) == once


@given(st.text(max_size=60))
def test_any_text_as_a_link(text: str) -> None:
    url = absolute(BASE, text)
    assert url is None or host_of(url) is not None


def test_without_query() -> None:
    assert without_query("https://desk.example/a/b?c=1#d") == "https://desk.example/a/b"


SCMP = Outlet(
    id="scmp", name="SCMP", home="https://www.scmp.com/", parser="scmp",
    article_urls=["/article/\\d+/"],
)  # fmt: skip
NUMBERED = Outlet(
    id="n", name="N", home="https://n.example/", article_urls=["/(?P<id>\\d{4,})\\.html"]
)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.scmp.com/news/china/diplomacy/article/3300001/china-and-russia",
        "https://m.scmp.com/news/china/article/3300001/another-slug?utm_source=rss",
        "https://amp.scmp.com/news/china/diplomacy/article/3300001/china-and-russia",
        "https://www.scmp.com/article/3300001/x#comments",
    ],
)
def test_scmp_is_known_by_its_number(url: str) -> None:
    assert identity_of(url, SCMP) == "3300001"
    fetched = fetch_url_of(url, SCMP)
    assert fetched.startswith("https://www.scmp.com/")
    assert "?" not in fetched
    assert "#" not in fetched


def test_identity_by_the_outlets_own_pattern() -> None:
    assert identity_of("https://n.example/a/12345.html?x=1", NUMBERED) == "12345"
    assert identity_of("https://n.example/about", NUMBERED) == "https://n.example/about"
