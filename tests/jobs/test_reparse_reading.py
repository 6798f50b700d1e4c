"""Stored pages through the reading processes: each costs itself alone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import psutil
import pytest

from crawler.outlets import load_catalogue
from crawler.reading_pool import ReadingPool
from jobs.reparse import reading
from jobs.reparse.reading import PageReader, is_text
from storage.kept_pages import KeptPage
from storage.pages import PageArchive
from storage.stored_pages import StoredPage
from tests.crawler.lost_readers import read_or_be_lost
from tests.jobs.desk import an_article
from tests.storage.samples import NOW, a_page

MEMORY_BYTES = 64 << 20
OUTLETS = """
[[outlet]]
id = "example"
name = "The Example"
home = "https://news.example/"
"""


def stored(archive: PageArchive, body: bytes, number: int) -> StoredPage:
    url = f"https://news.example/article/{number}"
    page = a_page(url=url, body=body, headers=[("Content-Type", "text/html")])
    lies = archive.write(page)
    kept = KeptPage(
        number, url, NOW, 200, "text/html", lies.payload_digest, lies.warc_file,
        lies.warc_offset, lies.warc_length, None,
    )  # fmt: skip
    return StoredPage("example", url, kept, number, None, is_listed=False)


@pytest.fixture
def pages(tmp_path: Path) -> list[StoredPage]:
    (tmp_path / "outlets.toml").write_text(OUTLETS, "utf-8")
    with PageArchive(tmp_path) as archive:
        bodies = (an_article("One"), "<html></html>", an_article("Three"))
        return [stored(archive, body.encode(), n) for n, body in enumerate(bodies, 1)]


def read(folder: Path, pages: list[StoredPage], deadline: float = 30.0) -> list[str | None]:
    catalogue = load_catalogue(folder / "outlets.toml")
    with closing(ReadingPool(2, page_deadline_seconds=deadline, memory_bytes=MEMORY_BYTES)) as pool:
        found = list(PageReader(pool, 2, folder, catalogue).read(pages))
    assert [one.stored for one in found] == pages
    return [one.article.headline if one.article else one.fault for one in found]


def test_they_come_in_their_order(tmp_path: Path, pages: list[StoredPage]) -> None:
    assert read(tmp_path, pages) == ["One", "no_article", "Three"]


def test_however_few_may_be_ahead(
    tmp_path: Path, pages: list[StoredPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BYTES_AHEAD", 1)
    monkeypatch.setattr(reading, "PAGES_AHEAD_PER_PROCESS", 1)
    assert read(tmp_path, pages) == ["One", "no_article", "Three"]


@pytest.mark.parametrize("body", [b"spin", b"crash", b"grow"])
def test_a_page_that_costs_its_reader_costs_that_page(
    tmp_path: Path, pages: list[StoredPage], monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr("crawler.reading_pool._read_page", read_or_be_lost)
    with PageArchive(tmp_path) as archive:
        costly = stored(archive, body, 4)
    found = read(tmp_path, [*pages, costly, pages[0]], deadline=3.0)
    assert found == ["One", "no_article", "Three", "lost", "One"]


def test_readers_killed_while_they_wait_cost_no_page(
    tmp_path: Path, pages: list[StoredPage]
) -> None:
    catalogue = load_catalogue(tmp_path / "outlets.toml")
    with closing(ReadingPool(1)) as pool:
        reader = PageReader(pool, 1, tmp_path, catalogue)
        assert [one.fault for one in reader.read(pages[:1])] == [None]
        for child in psutil.Process().children(recursive=True):
            if child.parent() and any("forkserver" in part for part in child.parent().cmdline()):
                child.kill()
        assert [one.fault for one in reader.read(pages * 3)] == [None, "no_article", None] * 3


def test_what_a_crawl_takes_for_text() -> None:
    html, pdf = [("Content-Type", "text/html")], [("Content-Type", "application/pdf")]
    assert is_text(a_page(headers=html))
    assert is_text(a_page(headers=[], body=b"<!DOCTYPE html><html><p>x"))
    assert not is_text(a_page(headers=pdf, body=b"%PDF-1.7\x01\x02\xff"))
