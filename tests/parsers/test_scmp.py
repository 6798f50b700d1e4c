"""South China Morning Post: whole pages, ours and those beside the repository."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from crawler.parsers import parse_article
from jobs.demo.site import Site
from tests.parsers.scmp_pages import read

HERE = Path(__file__).parent
CASES = sorted((HERE / "scmp").glob("*/"))
SHARED = Path(os.environ.get("SINORUS_SHARED", HERE.parent.parent.parent / "shared"))
CASE_FIELDS = [
    (case, name)
    for case in CASES
    for name in json.loads((case / "article.json").read_text("utf-8"))
]


@pytest.mark.parametrize(("case", "name"), CASE_FIELDS, ids=lambda v: getattr(v, "name", v))
def test_case(case: Path, name: str) -> None:
    expected = json.loads((case / "article.json").read_text("utf-8"))
    record = read((case / "page.html").read_bytes(), expected["url"])
    assert record[name] == expected[name]


def test_the_demo_site_reads_as_written() -> None:
    site = Site("http://127.0.0.1:8765")
    courier = [a for a in site.articles if a["outlet"] == "demo-courier"]
    assert courier
    for expected in courier:
        answer = site.respond(expected["url"].removeprefix(site.base_url))
        record = parse_article(answer.body, expected["url"], outlet="scmp").to_dict()
        for name in ("headline", "summary", "authors", "paragraphs", "subheads", "images"):
            assert record[name] == expected[name], (expected["url"], name)


@pytest.mark.skipif(not (SHARED / "seed").is_dir(), reason="no shared pages beside the repository")
@pytest.mark.parametrize("name", ["next", "rendered"])
def test_shared_seed(name: str) -> None:
    expected = json.loads((SHARED / "seed" / "record.json").read_text("utf-8"))
    record = read((SHARED / "seed" / f"{name}.html").read_bytes(), expected["url"])
    record["videos"] = [
        {k: v for k, v in video.items() if k != "url"} for video in record["videos"]
    ]
    assert {key: record[key] for key in expected} == expected


@pytest.mark.skipif(not (SHARED / "corpus" / "scmp").is_dir(), reason="no shared corpus")
def test_shared_corpus() -> None:
    folder = SHARED / "corpus" / "scmp"
    for name, expected in json.loads((folder / "ground-truth.json").read_text("utf-8")).items():
        record = read(gzip.decompress((folder / name).read_bytes()), expected["url"])
        same = ("url", "headline", "summary", "authors", "paragraphs", "subheads", "topics")
        assert {key: record[key] for key in same} == {key: expected[key] for key in same}
        assert record["section"] == " / ".join(expected["sections"])
        assert record["date_published_raw"] == expected["published"]
        assert [video["url"][-11:] for video in record["videos"]] == [
            video["id"] for video in expected["videos"]
        ]
