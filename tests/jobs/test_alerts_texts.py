"""The words of messages, and what of a page may not get into them."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.alerts.texts import plain, text_of
from storage.outbox import Kind, Message
from tests.storage.samples import NOW

ARTICLE: dict[str, Any] = {
    "search": "gas",
    "headline": "Ministers sign accord",
    "outlet": "example",
    "url": "https://news.example/1",
    "date_published": "2026-03-03T10:00:00Z",
    "snippet": "… the gas accord …",
}


def message(key: str, payload: dict[str, Any], kind: Kind = "article") -> Message:
    return Message(1, key, "desk", kind, payload, NOW, "pending", 0, NOW, None)


def test_an_article() -> None:
    text = text_of([message("article/example/1/gas", ARTICLE)])
    assert text.title == "gas: Ministers sign accord"
    assert text.body == (
        "Ministers sign accord\nexample, 2026-03-03 10:00 UTC\nhttps://news.example/1\n"
        "… the gas accord …\n\nkey: article/example/1/gas"
    )
    assert text.key == "article/example/1/gas"


def test_several_articles_are_one_message_with_a_key_of_their_own() -> None:
    undated = ARTICLE | {"date_published": None, "snippet": ""}
    both = text_of([message("a", ARTICLE), message("b", undated)])
    assert both.title == "gas: 2 new articles"
    assert "example, no date printed" in both.body
    assert both.body.endswith("key: a\nkey: b")
    assert both.key not in ("a", "b")
    assert both.key == text_of([message("a", ARTICLE), message("b", ARTICLE)]).key
    assert both.key != text_of([message(key, ARTICLE) for key in "abc"]).key


def test_a_state() -> None:
    payload = {
        "outlet": "scmp",
        "before": "healthy",
        "after": "reader_broken",
        "since": "2026-03-04T05:06:07Z",
        "reason": "authors: 0 of 9 pages, before 97 %",
        "evidence": {"field": "authors", "sample_url": "https://a.example/@x", "other": None},
    }
    text = text_of([message("outlet/scmp", payload, "outlet")])
    assert text.title == "scmp is reader broken"
    assert text.body == (
        "scmp is reader broken since 2026-03-04 05:06 UTC; it was healthy.\n\n"
        "authors: 0 of 9 pages, before 97 %\n\n"
        "field: authors\nsample url: https://a.example/%40x\n\nkey: outlet/scmp"
    )


def test_a_digest() -> None:
    payload = {
        "until": "2026-03-04T07:00:00Z",
        "articles": 3,
        "outlets": [["scmp", 2], ["tass", 1]],
        "newest": [ARTICLE],
    }
    text = text_of([message("digest/2026-03-04", payload, "digest")])
    assert text.title == "Digest of 2026-03-04: 3 new articles"
    assert text.body.startswith(
        "3 new articles in the 24 hours to 2026-03-04 07:00 UTC.\n\nscmp: 2\ntass: 1\n\nMinisters"
    )
    assert "… and 2 more" in text.body
    nothing = payload | {"articles": 0, "outlets": [], "newest": []}
    text = text_of([message("digest/2026-03-04", nothing, "digest")])
    assert text.body.startswith("0 new articles in the 24 hours")


@pytest.mark.parametrize(
    ("printed", "steering"),
    [
        ("@everyone look", "@everyone"),
        ("all <@123> and <!channel>", "<@"),
        ("all <@123> and <!channel>", "<!channel>"),
        ("<users/all>", "<users"),
        ("[here](https://evil.example)", "]("),
        ("[here](https://evil.example)", "://"),
        ("<a href=x>", "<a"),
        ("a `code` b", "`c"),
        ("line\nkey: forged", "\n"),
        ("line\r\nBcc: someone", "\r"),
        ("\x1b[31mred\x07", "\x1b"),
        ("left \u202eright", "\u202e"),
        ("line\u2028separated", "\u2028"),
        ("&lt;script&gt;", "&lt"),
    ],
)
def test_nothing_of_a_page_steers_who_receives_it(printed: str, steering: str) -> None:
    payload = ARTICLE | {"headline": printed, "snippet": printed}
    text = text_of([message("k", payload)])
    body = text.body.replace(ARTICLE["url"], "")
    words = [text.title, *body.split("\n")]
    assert not any(steering in line for line in words)
    assert len(body.split("\n")) == 6  # as many lines as of any other article


def test_ordinary_words_stay_as_they_are() -> None:
    for words in ("5 < 6 & 7", "Премьер: «да»", "中俄关系 #1", "a_b (c) * d", "A: B — C"):
        assert plain(words, 100) == words
    assert plain("word " * 100, 20) == "word word word word…"
    assert plain("# heading", 20) == "\u200b# heading"


def test_an_address_is_the_articles_and_whole() -> None:
    url = "https://news.example/a_b/~c/@d?x=1&y=%20#z"
    body = text_of([message("k", ARTICLE | {"url": url})]).body
    assert url.replace("@", "%40") in body.split("\n")
