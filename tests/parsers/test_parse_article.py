"""Whatever the bytes: an article or `NotAnArticle`, nothing else."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import NotAnArticle
from crawler.parsers import parse_article
from tests.parsers import scmp_pages as pages
from tests.parsers.scmp_pages import URL

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
