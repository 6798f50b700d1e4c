"""robots.txt by RFC 9309: answers, groups and rules."""

from __future__ import annotations

import pytest

from crawler.robots import MAX_BYTES, MAX_CRAWL_DELAY_SECONDS, rules_from_response

HOST = "https://desk.example"


def allows(text: str | bytes, path: str) -> bool:
    body = text.encode() if isinstance(text, str) else text
    return rules_from_response(200, body).allows(HOST + path)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451])
def test_none_there_allows_all(status: int) -> None:
    rules = rules_from_response(status, b"User-agent: *\nDisallow: /")
    assert rules.unreachable is None
    assert rules.allows(f"{HOST}/a")


@pytest.mark.parametrize("status", [301, 304, 429, 500, 502, 503, 599])
def test_no_answer_forbids_all(status: int) -> None:
    rules = rules_from_response(status, b"")
    assert rules.unreachable == f"robots.txt answered HTTP {status}"
    assert not rules.allows(f"{HOST}/a")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        # RFC 9309, 2.2.2: the longest match decides, and Allow in a tie
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/", False),
        ("User-agent: *\nDisallow: /a", "/A", True),
        # 2.2.3: special characters
        ("User-agent: *\nDisallow: /*.php$", "/x/a.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x/a.php?b", True),
        ("User-agent: *\nDisallow: /*/print", "/x/y/print/1", False),
        ("User-agent: *\nDisallow: /a # why", "/a", False),
        # 2.2.1: groups; ours before everybody's, whatever the order and the case
        ("User-agent: *\nDisallow: /\n\nUser-agent: sinorus\nAllow: /", "/a", True),
        ("User-agent: SINORUS\nDisallow: /\n\nUser-agent: *\nDisallow:", "/a", False),
        ("User-agent: other\nUser-agent: sinorus\nDisallow: /a", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("user-agent: *\ndisallow: /a", "/a", False),
        # 2.2.2: percent-encoding makes no difference
        (
            "User-agent: *\nDisallow: /новости",
            "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1",
            False,
        ),
        ("User-agent: *\nDisallow: /%7Ejoe", "/~joe", False),
        # lines that are none
        ("Disallow: /", "/a", True),
        ("User-agent: *\nDisalow: /\nnonsense\n: :\nDisallow: /b", "/b", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("User-agent: *\nDis\x00allow: /a", "/a", False),
        ("<html><body>User-agent: *<br>Disallow: /</body></html>", "/a", True),
        ("", "/a", True),
    ],
)
def test_rules(text: str, path: str, allowed: bool) -> None:
    assert allows(text, path) is allowed


def test_bytes_of_no_charset() -> None:
    assert not allows(b"\xff\xfe\x80\nUser-agent: *\nDisallow: /a\n# \xc3\x28", "/a")


def test_most_bytes_that_are_read() -> None:
    """RFC 9309, 2.5: at least 500 KiB."""
    start = b"User-agent: *\n"
    filler = b"# x\n"
    early = start + filler * (500 * 1024 // len(filler)) + b"Disallow: /a\n"
    late = start + filler * (MAX_BYTES // len(filler)) + b"Disallow: /a\n"
    assert not allows(early, "/a")
    assert allows(late, "/a")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("0", 0.0),
        ("-1", 0.0),
        ("abc", 0.0),
        ("nan", 0.0),
        ("inf", 0.0),
        ("", 0.0),
        ("1e2", 100.0),
        (f"{MAX_CRAWL_DELAY_SECONDS:.0f}", MAX_CRAWL_DELAY_SECONDS),
    ],
)
def test_crawl_delay(said: str, seconds: float) -> None:
    rules = rules_from_response(200, f"User-agent: *\nCrawl-delay: {said}".encode())
    assert rules.unreachable is None
    assert rules.crawl_delay_seconds == seconds


def test_a_delay_of_an_hour_means_go_away() -> None:
    rules = rules_from_response(200, b"User-agent: *\nCrawl-delay: 3600\nAllow: /")
    assert rules.unreachable == "robots.txt asks for a Crawl-delay of 3600 s, over 300 s"
    assert not rules.allows(f"{HOST}/a")


def test_delay_of_our_own_group() -> None:
    text = b"User-agent: *\nCrawl-delay: 9\n\nUser-agent: sinorus\nCrawl-delay: 2"
    assert rules_from_response(200, text).crawl_delay_seconds == 2.0
