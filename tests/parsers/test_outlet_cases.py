"""Every outlet's case: a page of ours, set as that site sets its pages, and its record.

`article.json` has the address that the page came from as `from`, the reader's name, and the
record's fields. South China Morning Post has a test of its own.
"""

from __future__ import annotations

import json
import pkgutil
import re
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler import parsers
from crawler.errors import NotAnArticle
from crawler.outlets import packaged_catalogue
from crawler.parsers import fetch_url_of, identity_of, parse_article

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/article.json") if "scmp" not in path.parts)
READERS = sorted(m.name for m in pkgutil.iter_modules(parsers.__path__) if m.name != "scmp")
DEPTH = 3000  # elements in each other
MOST_CLASSES = 12  # of a page
PATIENCE_SECONDS = 4.0  # of CPU; ten times what such a page takes
CUTS = (0.1, 0.5, 0.8)  # of a page, where a connection may end


def expected_of(case: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((case / "article.json").read_text("utf-8"))
    return found


@cache
def record_of(case: Path) -> dict[str, Any]:
    page = (case / "page.html").read_bytes()
    record = parse_article(page, expected_of(case)["from"]).to_dict()
    return {**record, "parser": record["parser"].split("/")[0]}


def name_of(value: Any) -> str:
    return f"{value.parent.name}-{value.name}" if isinstance(value, Path) else str(value)


CASE_FIELDS = [
    (case, field) for case in CASES for field in expected_of(case) if field not in ("from",)
]

OWN_CASES = list({expected_of(case)["parser"]: case for case in CASES}.values())


@pytest.mark.parametrize(("case", "field"), CASE_FIELDS, ids=name_of)
def test_field(case: Path, field: str) -> None:
    assert record_of(case)[field] == expected_of(case)[field]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_page_is_of_the_outlet_it_stands_under(case: Path) -> None:
    expected = expected_of(case)
    outlet = packaged_catalogue().outlet_of(expected["from"])
    assert outlet is not None
    assert outlet.id == expected["outlet"] == case.parent.name
    assert outlet.is_article_url(expected["from"])
    assert identity_of(expected["url"], outlet) == identity_of(expected["from"], outlet)


def test_every_reader_has_a_case() -> None:
    assert {expected_of(case)["parser"] for case in CASES} == set(READERS)


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_survives_damaged_pages_and_those_of_others(reader: str) -> None:
    own = next(e for e in map(expected_of, CASES) if e["parser"] == reader)
    pages = [b"", b"{}", b'{"txt": [], "title": 1}', b"\x00\xff<"]
    for case in CASES:
        page = (case / "page.html").read_bytes()
        is_own = expected_of(case)["parser"] == reader
        pages += [page[: int(len(page) * cut)] for cut in CUTS] if is_own else [page]
    read = 0
    for page in pages:
        try:
            parse_article(page, own["from"], outlet=own["outlet"])
            read += 1
        except NotAnArticle:
            pass
    assert read < len(pages)


@pytest.mark.parametrize("case", OWN_CASES, ids=name_of)
def test_elements_in_elements_are_read_soon(case: Path) -> None:
    """Each class of the page three thousand deep: what looks at all of them takes minutes."""
    page = (case / "page.html").read_bytes()
    start = page.find(b"<body") + len(b"<body>")
    for name in sorted(set(re.findall(rb'class="([\w -]+)"', page)))[:MOST_CLASSES]:
        deep = b'<div class="%s">' % name * DEPTH
        began = time.process_time()
        with suppress(NotAnArticle):
            parse_article(page[:start] + deep + page[start:], expected_of(case)["from"])
        assert time.process_time() - began < PATIENCE_SECONDS, name


def test_a_state_of_another_shape_is_no_article() -> None:
    for said in ('"x"', "[]", '{"loaderData": {"0-0": {"context": 1}}}', "null", "{"):
        text = json.dumps(said)
        page = f"<html><body><script>x.__staticRouterHydrationData = JSON.parse({text})</script>"
        with pytest.raises(NotAnArticle):
            parse_article(page.encode(), "https://www.zaobao.com.sg/news/china/story20240301-1")


def test_a_part_of_nikkeis_text_is_no_whole_one() -> None:
    case = HERE / "nikkei-asia" / "article"
    page = (case / "page.html").read_text("utf-8")
    page = page.replace('"isAccessibleForFree":true', '"isAccessibleForFree":false')
    article = parse_article(page.encode(), expected_of(case)["from"])
    assert (article.paywall, article.truncated) == ("metered", True)


def test_xinhuas_date_set_apart() -> None:
    case = HERE / "xinhua-zh" / "article-2023"
    page = (case / "page.html").read_text("utf-8").replace('<div class="info">', "<div>")
    article = parse_article(page.encode(), expected_of(case)["from"])
    assert article.to_dict()["date_published"] == expected_of(case)["date_published"]


@pytest.mark.parametrize(
    ("outlet", "url", "asked"),
    [
        (
            "guancha",
            "https://www.guancha.cn/internation/2024_03_01_727001.shtml",
            "https://www.guancha.cn/internation/2024_03_01_727001_s.shtml",
        ),
        (
            "guancha",
            "https://www.guancha.cn/internation/2024_03_01_727001_2.shtml",
            "https://www.guancha.cn/internation/2024_03_01_727001_s.shtml",
        ),
        (
            "cankaoxiaoxi",
            "https://china.cankaoxiaoxi.com/content/pages/20240301/ferry0001.html",
            "https://china.cankaoxiaoxi.com/json/content/20240301/ferry0001.detailjson",
        ),
        (
            "cankaoxiaoxi",
            "https://www.cankaoxiaoxi.com/content/pages/20240301/ferry0001.html",
            "https://china.cankaoxiaoxi.com/json/content/20240301/ferry0001.detailjson",
        ),
    ],
)
def test_the_address_that_has_the_whole_text(outlet: str, url: str, asked: str) -> None:
    entry = packaged_catalogue().require(outlet)
    assert fetch_url_of(url, entry) == asked
    assert fetch_url_of(asked, entry) == asked
    assert identity_of(url, entry) == identity_of(asked, entry)
