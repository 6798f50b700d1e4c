"""What makes two addresses one article, and what never does."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import article_key, bare_host, desktop_form, is_copy_host
from crawler.outlets import Outlet
from crawler.parsers import fetch_url_of, identity_of

DESK = Outlet(
    id="desk",
    name="Desk",
    home="https://www.desk.example/",
    pages=["https://m.phones.example/"],
)
PATTERNED = Outlet(
    id="patterned",
    name="Patterned",
    home="https://www.desk.example/",
    article_urls=["desk\\.example/(?:amp|world)/(?P<id>\\d+)$"],
)
STORY = "https://www.desk.example/world/gas-accord"


@pytest.mark.parametrize(
    "copy",
    [
        "http://www.desk.example/world/gas-accord",
        "https://desk.example/world/gas-accord",
        "https://m.desk.example/world/gas-accord",
        "https://mobile.desk.example/world/gas-accord",
        "https://wap.desk.example/world/gas-accord",
        "https://amp.desk.example/world/gas-accord",
        "https://big5.desk.example/world/gas-accord",
        "https://big5.desk.example/gate/big5/www.desk.example/world/gas-accord",
        "https://www.m.desk.example/world/gas-accord",
        "HTTPS://WWW.DESK.EXAMPLE:443/world/gas-accord",
        "http://www.desk.example:80/world/gas-accord",
        f"{STORY}/",
        f"{STORY}#comments",
        f"{STORY}?",
        f"{STORY}/index.html",
        f"{STORY}/index.shtml",
        f"{STORY}/index.php",
        f"{STORY}/amp",
        f"{STORY}/amp/",
        f"{STORY}/AMP/",
        f"{STORY}/amp/index.html",
        f"{STORY}/amp.html",
        f"{STORY}.amp",
        f"{STORY}?amp",
        f"{STORY}?amp=1",
        f"{STORY}?amp=true",
        f"{STORY}?outputType=amp",
        f"{STORY}/print",
        f"{STORY}/print/",
        f"{STORY}?print",
        f"{STORY}?print=1",
        f"{STORY}?view=print",
        f"{STORY}?mobile=1",
        f"{STORY};jsessionid=0A1B2C",
        f"{STORY}?utm_source=rss&utm_medium=feed&UTM_Campaign=x",
        f"{STORY}?fbclid=IwAR0x&gclid=1&yclid=2&ysclid=3",
        f"{STORY}?at_medium=RSS&at_campaign=KARANGA",
        f"{STORY}?maca=en-rss-en-all-1573-rdf",
        f"{STORY}?CMP=Share_iOSApp&ref=front&source=feed&from=main",
        f"{STORY}?traffic_source=rss&ocid=wsnews.chat&srnd=premium-asia",
        "https://www.desk.example/amp/world/gas-accord",
        "https://www.desk.example/world/amp/gas-accord",
        "https://www.desk.example/print/world/gas-accord",
        "https://www.desk.example//world//gas-accord",
        "https://www.desk.example/sport/../world/./gas-accord",
        "https://www.desk.example/%77orld/gas%2daccord",
    ],
)
def test_a_copy_is_the_same_article(copy: str) -> None:
    assert article_key(copy) == article_key(STORY)
    assert identity_of(copy, DESK) == identity_of(STORY, DESK)


@pytest.mark.parametrize(
    "other",
    [
        "https://www.desk.example/world/gas-accords",
        "https://www.desk.example/World/gas-accord",
        "https://www.desk.example/gas-accord",
        "https://ru.desk.example/world/gas-accord",
        "https://news.desk.example/world/gas-accord",
        "https://www.desk.example:8443/world/gas-accord",
        "https://www.desk.example/en/world/gas-accord",
        "https://www.desk.example/world/gas%2Faccord",
        "https://www.desk.example/world/gas-accord-amp",
        f"{STORY}_2",
        f"{STORY}?page=2",
        f"{STORY}?id=5",
        f"{STORY}?20241105",
        f"{STORY}?ref=5",
        f"{STORY}?source=20241105",
        f"{STORY}?eid=5",
        f"{STORY}?cid=5",
        f"{STORY}?uid=5",
        f"{STORY}?print=5",
        f"{STORY}?view=5",
        f"{STORY}?lang=ru",
    ],
)
def test_what_differs_otherwise_is_another(other: str) -> None:
    assert article_key(other) != article_key(STORY)


@pytest.mark.parametrize(
    "same",
    [
        ["https://d.example/中国/报道", "https://d.example/%e4%b8%ad%e5%9b%bd/%E6%8A%A5%E9%81%93"],
        ["https://d.example/zhongwen/simp/n-1", "https://d.example/zhongwen/trad/n-1"],
        ["https://d.example/zh-hans/n-1", "https://d.example/zh-hant/n-1"],
        ["https://d.example", "https://d.example/", "https://d.example/index.html"],
        ["https://d.example/a.html", "https://d.example/a.amp.html"],
        ["https://d.example/?newsid=5", "https://d.example/index.php?newsid=5&utm_source=x"],
        ["https://d.example/amp", "https://d.example/amp/", "https://www.d.example/amp"],
    ],
)
def test_the_same_by_more_than_a_mark(same: list[str]) -> None:
    assert len({article_key(url) for url in same}) == 1


def test_a_path_that_is_only_a_mark_is_none() -> None:
    keys = {article_key(f"https://d.example/{path}") for path in ("amp", "print", "")}
    assert len(keys) == 3


def test_bytes_that_are_no_utf_8_stay_apart() -> None:
    """As in addresses percent-encoded from GBK."""
    first, second = (quote(text.encode("gbk")) for text in ("中国", "俄国"))
    assert article_key(f"https://d.example/{first}") != article_key(f"https://d.example/{second}")


NAMES = st.sampled_from("id newsid aid article_id p n nid story doc item docid eid cid uid".split())
VALUES = st.integers(0, 10**12).map(str) | st.text("0123456789abcdef", min_size=8, max_size=32)
PATHS = st.lists(
    st.text("abcxyz0189-_.~%АЯ中 ", max_size=8)
    | st.sampled_from(["amp", "print", "index.html", "..", ".", "trad", "x.amp", "gate", "big5"]),
    max_size=6,
).map("/".join)
HOSTS = st.sampled_from(["d.example", "www.d.example", "m.d.example:8080", "[::1]", "127.0.0.1"])


@given(HOSTS, PATHS, st.dictionaries(NAMES, VALUES, max_size=4))
def test_done_once_is_done(host: str, path: str, query: dict[str, str]) -> None:
    url = f"https://{host}/{path}?{urlencode(query)}"
    assert desktop_form(desktop_form(url)) == desktop_form(url)
    assert article_key(article_key(url)) == article_key(url)
    assert article_key(desktop_form(url)) == article_key(url)


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    for url in (text, f"https://{text}", f"https://d.example/{text}", f"https://d.example/?{text}"):
        assert article_key(article_key(url)) == article_key(url)


@given(PATHS, NAMES, VALUES, VALUES)
def test_another_number_is_another_article(path: str, name: str, one: str, other: str) -> None:
    keys = [article_key(f"https://d.example/{path}?{name}={value}") for value in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)


@given(PATHS, VALUES, VALUES)
def test_a_number_without_a_name_counts(path: str, one: str, other: str) -> None:
    keys = [article_key(f"https://d.example/{path}?utm_source=x&{value}") for value in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)


@given(
    st.dictionaries(NAMES, VALUES, min_size=2, max_size=5).flatmap(
        lambda query: st.tuples(st.just(query), st.permutations(sorted(query)))
    )
)
def test_the_order_of_parameters_does_not_matter(drawn: tuple[dict[str, str], list[str]]) -> None:
    query, order = drawn
    mixed = urlencode({name: query[name] for name in order})
    assert article_key(f"https://d.example/a?{mixed}") == article_key(
        f"https://d.example/a?{urlencode(query)}"
    )


@pytest.mark.parametrize(
    ("met", "asked"),
    [
        # The main page of the outlet's own host: copies' hosts are not asked.
        ("https://m.desk.example/a?utm_source=x", "https://www.desk.example/a"),
        ("https://amp.desk.example/amp/a/", "https://www.desk.example/a/"),
        ("https://desk.example/a", "https://www.desk.example/a"),
        ("http://www.desk.example/a", "http://www.desk.example/a"),
        # Its own although it is a telephone's: there is no other.
        ("https://m.phones.example/a/amp", "https://m.phones.example/a"),
        # Nobody's: it stays, and the gate refuses it.
        ("https://m.other.example/a/amp", "https://m.other.example/a/amp"),
        ("https://m.desk.example:8443/a", "https://m.desk.example:8443/a"),
    ],
)
def test_what_is_asked_for(met: str, asked: str) -> None:
    assert fetch_url_of(met, DESK) == asked


def test_a_main_page_the_patterns_do_not_know_is_not_asked_for() -> None:
    """Where the copy's address has not all of the main page's, as Interfax's."""
    met = "https://www.desk.example/amp/948316"
    assert fetch_url_of(met, PATTERNED) == met
    assert identity_of(met, PATTERNED) == identity_of(f"{met[:24]}/world/948316", PATTERNED)


def test_patterns_see_addresses_without_marks() -> None:
    """A pattern with `$` at its end is not undone by what a feed appends."""
    assert identity_of("https://www.desk.example/world/948316/?utm_source=x", DESK) != "948316"
    assert identity_of("https://m.desk.example/world/948316?utm_source=x", PATTERNED) == "948316"


def test_hosts_of_copies() -> None:
    assert bare_host("www.m.desk.example") == bare_host("m.desk.example") == "desk.example"
    assert bare_host("amp.com") == "amp.com"
    assert bare_host("mobile.example") == "mobile.example"
    assert is_copy_host("big5.desk.example")
    assert not is_copy_host("www.desk.example")
    assert not is_copy_host("m.example")
