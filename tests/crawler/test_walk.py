"""The way through an outlet's sources: what is read of an index, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler import walk
from crawler.discover import Part, Reach, Source
from crawler.discover.following import BACKFILL_PAGES, NEWEST_PAGES, NEWEST_PARTS, period_end
from crawler.outlets import Outlet
from crawler.walk import Walk

HOME = "https://desk.example"
INDEX = f"{HOME}/index.xml"
MID_MARCH = datetime(2026, 3, 15, tzinfo=UTC)


def begin(reach: Reach | None = None, **sources: Any) -> Walk:
    outlet = Outlet(id="desk", name="Desk", home=f"{HOME}/", **(sources or {"sitemaps": [INDEX]}))
    found = Walk(outlet, reach or Reach())
    found.begin()
    return found


def follow(
    reach: Reach, parts: Sequence[Part], kind: Any = "sitemap", depth: int = 0, new: bool = True
) -> list[str]:
    found, _ = begin(reach).go_on(Source(INDEX, kind, depth), parts, has_new=new)
    assert all(source.kind == kind for source in found)
    assert all(source.depth == depth + 1 for source in found)
    return [source.url.removeprefix(HOME) for source in found]


def months(*, years: int = 10) -> list[Part]:
    """Oldest first, as a ten years' archive has them; until March 2026."""
    numbers = range(2026 * 12 + 3 - years * 12, 2026 * 12 + 3)
    return [Part(f"{HOME}/sitemap-{n // 12}-{n % 12 + 1:02}.xml") for n in numbers]


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("/sitemap-2024-03.xml", (2024, 4, 1)),
        ("/ap-sitemap-202412.xml", (2025, 1, 1)),
        ("/archive/2023.xml", (2024, 1, 1)),
        ("/sitemap/2024/02/29.xml", (2024, 3, 1)),
        ("/s-20241231.xml.gz", (2025, 1, 1)),
        ("/sitemap?yyyy=2024&mm=02", (2025, 1, 1)),
        ("/archives-0.xml", None),
        ("/sitemap-12.xml", None),
        ("/sitemap-1307956.xml", None),
        ("/sitemap-202413.xml", None),
    ],
)
def test_the_time_that_an_address_names(path: str, end: tuple[int, int, int] | None) -> None:
    assert period_end(f"https://2020.example{path}") == (end and datetime(*end, tzinfo=UTC))


@pytest.mark.parametrize("is_backfill", [False, True])
def test_an_archive_of_ten_years(is_backfill: bool) -> None:
    """Asked for the last 30 days, two months of 120."""
    reach = Reach(datetime(2026, 2, 14, tzinfo=UTC), is_backfill)
    assert follow(reach, months()) == ["/sitemap-2026-02.xml", "/sitemap-2026-03.xml"]


def test_a_backfill_without_end_reads_all() -> None:
    assert len(follow(Reach(None, is_backfill=True), months())) == 120


def test_an_ordinary_crawl_reads_the_newest_and_the_news() -> None:
    parts = [*months(), Part(f"{HOME}/news-sitemap.xml")]
    found = follow(Reach(), parts)
    assert found == [
        "/news-sitemap.xml", "/sitemap-2025-11.xml", "/sitemap-2025-12.xml",
        "/sitemap-2026-01.xml", "/sitemap-2026-02.xml", "/sitemap-2026-03.xml",
    ]  # fmt: skip
    assert len(found) == NEWEST_PARTS + 1


def test_the_last_change_goes_before_the_name() -> None:
    early = Part(f"{HOME}/sitemap-2020-01.xml", datetime(2026, 3, 20, tzinfo=UTC))
    late = Part(f"{HOME}/sitemap-2026-03.xml", datetime(2020, 1, 1, tzinfo=UTC))
    assert follow(Reach(MID_MARCH), [early, late]) == ["/sitemap-2020-01.xml"]


def test_parts_that_tell_nothing_are_taken_from_both_ends() -> None:
    parts = [Part(f"{HOME}/archives-{n}.xml") for n in range(40)]
    found = follow(Reach(MID_MARCH), parts)
    assert found == [f"/archives-{n}.xml" for n in (0, 1, 2, 38, 39)]
    assert len(follow(Reach(MID_MARCH, is_backfill=True), parts)) == 40


def test_a_month_that_ends_later_at_the_outlet_is_read() -> None:
    reach = Reach(datetime(2026, 3, 1, 8, tzinfo=UTC), is_backfill=True)
    assert follow(reach, months())[0] == "/sitemap-2026-02.xml"


def test_loops_end() -> None:
    """An index that lists itself, and two that list each other; each is read once."""
    found = begin()
    index = Source(INDEX, "sitemap")
    parts = [Part(INDEX), Part(f"{HOME}/b.xml"), Part(f"{HOME}/b.xml")]
    sources, problems = found.go_on(index, parts, has_new=False)
    assert ([source.url for source in sources], problems) == ([f"{HOME}/b.xml"], [])
    assert not found.end()
    sources, problems = found.go_on(sources[0], [Part(INDEX)], has_new=False)
    assert (sources, problems) == ([], [])
    assert found.end()


def test_indexes_in_indexes_end_at_the_third() -> None:
    deep = [Part(f"{HOME}/deeper.xml")]
    reach = Reach(None, is_backfill=True)
    assert follow(reach, deep, depth=2) == ["/deeper.xml"]
    sources, problems = begin(reach).go_on(Source(INDEX, "sitemap", 3), deep, has_new=False)
    assert sources == []
    assert problems == ["sitemap: an index more than 3 deep in indexes"]


def test_most_sources_of_a_crawl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_SOURCES", 10)
    found = begin(Reach(None, is_backfill=True))
    sources, problems = found.go_on(Source(INDEX, "sitemap"), months(), has_new=False)
    assert len(sources) == 9
    assert problems == ["sitemap: over 10 sources, the rest is left out"]
    assert not found.end()
    assert [found.end() for _ in range(9)] == [False] * 8 + [True]


def test_a_source_listed_twice_is_read_once() -> None:
    outlet = Outlet(
        id="desk", name="Desk", home=f"{HOME}/", feeds=[INDEX, INDEX], sitemaps=[INDEX],
        pages=[f"{HOME}/world"],
    )  # fmt: skip
    found = Walk(outlet, Reach()).begin()
    assert found == [Source(INDEX, "feed"), Source(f"{HOME}/world", "page")]


def test_pages_of_a_list() -> None:
    """Where nothing was new, what is behind it is known; a backfill does not care."""
    older = [Part(f"{HOME}/?page=2")]
    ordinary, backfill = Reach(), Reach(None, is_backfill=True)
    assert follow(ordinary, older, "page") == ["/?page=2"]
    assert follow(ordinary, older, "page", new=False) == []
    assert follow(ordinary, older, "page", depth=NEWEST_PAGES - 1) == []
    assert follow(backfill, older, "page", depth=NEWEST_PAGES, new=False) == ["/?page=2"]
    assert follow(backfill, older, "page", depth=BACKFILL_PAGES - 1) == []


def test_pages_of_a_feed_are_for_backfills() -> None:
    older = [Part(f"{HOME}/feed?paged=2")]
    assert follow(Reach(), older, "feed") == []
    assert follow(Reach(None, is_backfill=True), older, "feed") == ["/feed?paged=2"]
