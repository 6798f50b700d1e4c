"""Bytes of pages as text: marks, labels right and wrong, and what no database takes."""

from __future__ import annotations

import pytest

from crawler.text import clean, decode_page

RUSSIAN = "Министры встретились на новом мосту и говорили три часа о торговле. Ещё один раз."
UKRAINIAN = "Міністри зустрілися на новому мості. Її зустріч відбудеться у Києві."
CHINESE = "两国部长周五在新桥上会面，就贸易问题进行了会谈，并同意开放更多口岸。"
TRADITIONAL = "兩國部長週五在新橋上會面，就貿易問題進行了會談，並同意開放更多口岸。"
JAPANESE = "両国の大臣は金曜日に新しい橋の上で会い、貿易について話し合いました。"
KOREAN = "두 나라 장관은 금요일 새 다리 위에서 만나 무역에 관해 이야기했다."
GERMAN = "Die Minister trafen sich für drei Stunden auf der neuen Brücke über dem großen Fluss."


def page(text: str, label: str | None) -> str:
    meta = f'<meta charset="{label}">' if label else ""
    menu = "<li><a href='/news'>News</a></li>" * 10
    return f"<html><head>{meta}</head><body><ul>{menu}</ul>" + f"<p>{text}</p>" * 4


CASES = [
    (RUSSIAN, "windows-1251"),
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "utf-8"),
    (UKRAINIAN, "windows-1251"),
    (CHINESE, "gb2312"),
    (CHINESE, "gbk"),
    (CHINESE, "gb18030"),
    (TRADITIONAL, "big5"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"),
    (KOREAN, "euc_kr"),
    (GERMAN, "windows-1252"),
    (GERMAN, "utf-8"),
]


@pytest.mark.parametrize(("text", "charset"), CASES)
def test_by_the_label_of_the_page(text: str, charset: str) -> None:
    written = page(text, charset)
    assert decode_page(written.encode(charset)) == written


@pytest.mark.parametrize(("text", "charset"), CASES)
def test_by_the_header_before_the_page(text: str, charset: str) -> None:
    written = page(text, None)
    assert decode_page(written.encode(charset), f"text/html; charset={charset}") == written


@pytest.mark.parametrize("label", [None, "utf-8", "iso-8859-1", "windows-1251", "no-such"])
@pytest.mark.parametrize(("text", "charset"), CASES)
def test_by_content_where_the_label_is_wrong(text: str, charset: str, label: str | None) -> None:
    written = page(text, label)
    assert decode_page(written.encode(charset)) == written


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("label", ["windows-1251", "utf-16", None])
def test_a_byte_order_mark_wins(charset: str, label: str | None) -> None:
    written = page(RUSSIAN, label)
    decoded = decode_page(written.encode(charset), "text/html; charset=koi8-r")
    assert decoded == written


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(charset: str) -> None:
    written = page(CHINESE, None)
    assert decode_page(written.encode(charset)) == written


def test_letters_of_gb18030_under_the_label_gb2312() -> None:
    written = page(CHINESE + "镕€", "gb2312")
    assert decode_page(written.encode("gb18030")) == written


def test_few_broken_bytes_do_not_change_the_charset() -> None:
    written = page(RUSSIAN * 20, "utf-8").encode()
    decoded = decode_page(written + b"<p>\xff</p>")
    assert decoded.startswith(written.decode())
    assert decoded.endswith("<p>\ufffd</p>")


def test_a_character_cut_at_the_end() -> None:
    whole = page(CHINESE, None)
    assert decode_page(whole.encode()[:-1] + "桥".encode()[:2]).startswith(whole[:-1])


@pytest.mark.parametrize(
    "body", [b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", bytes(range(256)) * 9]
)
def test_any_bytes_are_text(body: bytes) -> None:
    decode_page(body, "text/html; charset=utf-16").encode(errors="surrogatepass")


def test_clean_leaves_what_every_database_takes() -> None:
    assert clean("a\x00b\ud800c\u200bd\u00ade  f\ng\ufeff") == "abcde f g"
