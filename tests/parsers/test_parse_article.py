"""Whatever the bytes: an article or `NotAnArticle`, nothing else, and soon."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import NotAnArticle
from crawler.parsers import parse_article
from tests.parsers import scmp_pages as pages
from tests.parsers.scmp_pages import URL

LONGEST_SECONDS = 4.0  # two on a machine with nothing else to do
SLOW_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NAMES = st.sampled_from(sorted(pages.article()))
NODES = st.recursive(
    st.builds(lambda words: {"type": "text", "data": words}, st.text()),
    lambda inner: st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["p", "div", "h3", "a", "img", "iframe", "tr", "li", "x", "br"]
            ),
            "attribs": st.dictionaries(st.sampled_from(["href", "src", "class", "alt"]), st.text()),
            "children": st.lists(inner, max_size=4),
        }
    ),
)


def attempt(html: bytes, url: str = URL) -> bool:
    """Whether an article was read."""
    try:
        parse_article(html, url)
    except NotAnArticle:
        return False
    return True


@SLOW_MACHINE
@given(st.binary(), st.sampled_from([URL, "https://news.example/a", "", "http://[", "x:\x00"]))
def test_any_bytes(html: bytes, url: str) -> None:
    attempt(html, url)


@SLOW_MACHINE
@given(st.dictionaries(NAMES, JSON))
def test_any_values_in_a_state(changes: dict[str, object]) -> None:
    changes.pop("entityId", None)
    attempt(pages.next_page(pages.article(**changes), pages.rendered()))


@SLOW_MACHINE
@given(st.lists(NODES))
def test_any_tree_in_a_state(nodes: list[dict[str, object]]) -> None:
    assert attempt(pages.next_page(pages.article(*nodes)))


@SLOW_MACHINE
@given(st.binary(max_size=40), st.integers(0, 4000))
def test_any_damage(damage: bytes, place: int) -> None:
    html = pages.next_page(pages.article(), pages.rendered())
    attempt(html[:place] + damage + html[place:])
    attempt(html[:place])


def nested_state(depth: int) -> bytes:
    node = '{"type":"div","children":[' * depth + "1" + "]}" * depth
    html = pages.next_page(pages.article(body="@"), pages.rendered())
    return html.replace(b'"@"', f'{{"json":[{node}]}}'.encode())


def bombed_cache() -> bytes:
    cache = pages.apollo_cache(topics=[{"type": "id", "id": "A"}] * 30)
    cache |= {
        first: {"x": [{"type": "id", "id": second}] * 30}
        for first, second in zip("ABCDEFG", "BCDEFGH", strict=True)
    }
    return pages.apollo_page(cache)


def with_body(body: str) -> bytes:
    return pages.page(pages.rendered(body))


HOSTILE = {
    "50,000 open elements": with_body("<div>" * 50_000),
    "50,000 elements inside each other": with_body("<div>" * 50_000 + "x" + "</div>" * 50_000),
    "50,000 inline elements": with_body("<p>" + "<b><i>" * 25_000),
    "50,000 tables": with_body("<table>" * 50_000),
    "100,000 attributes": with_body("<p " + " ".join(f"a{n}=x" for n in range(100_000)) + ">x"),
    "100,000 quoted": with_body("<p " + "".join(f'a{n}="<"' for n in range(100_000)) + ">x"),
    "100,000 bare": with_body("<p " + "/".join(f"a{n}" for n in range(100_000)) + ">x"),
    "a million tags": with_body("<br>" * 1_000_000),
    "8 MiB in a line": with_body("<p>" + "ice " * 2_000_000),
    "8 MiB in a word": with_body("<p>" + "i" * 8_000_000),
    "8 MiB of <": b"<" * 8_000_000,
    "8 MiB of nothing": b"\0" * 8_000_000,
    "a caption of markers": with_body(f'<img src="/a.jpg" alt="{"Photo: (" * 500_000}">'),
    "a byline": pages.page(pages.rendered(byline="in Aand @ " * 200_000)),
    "dates": pages.page(pages.rendered(dates="Published: 1:11pm, " * 200_000)),
    "a headline": pages.page(pages.rendered(headline="a | " * 500_000)),
    "many videos": with_body('<div class="video"><a href="/v">x</a></div>' * 15_000),
    "many headings": with_body("<h2>Ice</h2><p>09:43</p>" * 15_000),
    "a deep state": nested_state(300),
    "a very deep state": nested_state(100_000),
    "references that multiply": bombed_cache(),
    "deep JSON-LD": pages.page(
        f'<script type="application/ld+json">{"[" * 100_000}</script>{pages.rendered()}'
    ),
    "authors in authors": pages.page(
        '<script type="application/ld+json">{"@type":"NewsArticle","author":'
        f"{'[' * 900}1{']' * 900}}}</script>{pages.rendered(byline='')}"
    ),
    "a number of digits": pages.next_page(pages.article(publishedDate="@")).replace(
        b'"@"', b"9" * 5000
    ),
    "no number": pages.next_page(pages.article(publishedDate=float("inf"), updatedDate=-1e300)),
    "an address that is none": pages.next_page(pages.article(urlAlias="//[x/article/3190001/")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_soon(name: str) -> None:
    started = time.perf_counter()
    attempt(HOSTILE[name])
    assert time.perf_counter() - started < LONGEST_SECONDS


@pytest.mark.parametrize("name", ["a very deep state", "deep JSON-LD", "authors in authors"])
def test_the_page_is_read_where_its_data_are_hostile(name: str) -> None:
    assert parse_article(HOSTILE[name], URL).paragraphs == pages.PARAGRAPHS


def test_code_in_scripts_is_no_tag_with_many_attributes() -> None:
    script = "<script>for (i = 0; i <n; i++) {" + " step = step + 1;" * 500 + "}</script>"
    assert attempt(pages.page(script + pages.rendered()))


def test_the_record_is_json_and_says_where_each_field_is_from() -> None:
    record = parse_article(pages.next_page(pages.article()), URL).to_dict()
    assert json.loads(json.dumps(record)) == record
    given_fields = {name for name, value in record.items() if value not in (None, [], {}, False)}
    made_here = {"outlet", "relevance", "relevant", "revision", "parser", "provenance", "paywall"}
    assert given_fields - made_here <= set(record["provenance"])
    sources = {"state", "json-ld", "microdata", "meta", "page", "feed", "url"}
    assert set(record["provenance"].values()) <= sources
