"""Sitemaps of every kind, whole and broken: what they list, and what they cannot make us do."""

from __future__ import annotations

import gzip
import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discover import Discovery, Reach, Source, read_source
from crawler.discover.sitemap import NEWEST_ITEMS
from crawler.discover.source import EVERYTHING, MAX_SOURCE_BYTES
from crawler.errors import RefusedError, UnreadableError
from crawler.items import FetchedPage
from crawler.outlets import Outlet
from tests.faultserver import FaultServer

HOME = "https://desk.example"
OUTLET = Outlet(id="desk", name="Desk", home=f"{HOME}/", timezone="Asia/Hong_Kong")
SITEMAP = Source(f"{HOME}/sitemap.xml", "sitemap")
SEPTEMBER = datetime(2024, 9, 1, tzinfo=UTC)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
MOST_MEMORY_BYTES = 40 * 1024 * 1024
LONG_AGO = Reach(None, is_backfill=True)


def read(body: str | bytes, reach: Reach | None = None, outlet: Outlet = OUTLET) -> Discovery:
    data = body.encode() if isinstance(body, str) else body
    page = FetchedPage(SITEMAP.url, 200, [], data, datetime.now(UTC))
    return read_source(page, SITEMAP, outlet, reach or Reach())


def addresses(found: Discovery) -> list[str]:
    return [listing.address.removeprefix(HOME) for listing in found.listings]


def urlset(*entries: str) -> str:
    return f"{HEAD}<urlset {SPACES}>{''.join(entries)}</urlset>"


def url(path: str, lastmod: str | None = None, more: str = "") -> str:
    said = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>{HOME}{path}</loc>{said}{more}</url>"


def index(*parts: tuple[str, str | None]) -> str:
    said = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{when}</lastmod>' if when else ''}</sitemap>"
        for loc, when in parts
    )
    return f"{HEAD}<sitemapindex {SPACES}>{said}</sitemapindex>"


def news(title: str, published: str) -> str:
    return (
        "<news:news><news:publication><news:name>Desk</news:name><news:language>en"
        f"</news:language></news:publication><news:publication_date>{published}"
        f"</news:publication_date><news:title>{title}</news:title></news:news>"
    )


def test_a_change_is_no_publication() -> None:
    """What it is good for is choosing."""
    (listing,) = read(urlset(url("/a", "2024-11-02T08:30:00+08:00"))).listings
    assert (listing.date, listing.updated) == (None, None)
    assert listing.moment == datetime(2024, 11, 2, 0, 30, tzinfo=UTC)


def test_google_news() -> None:
    image = f"<image:image><image:loc>{HOME}/a.jpg</image:loc></image:image>"
    more = news("Accord &amp; gas", "2024-11-02T08:30:00+08:00") + image
    (listing,) = read(urlset(url("/a", "2026-01-01", more))).listings
    assert listing.headline == "Accord & gas"
    assert listing.date == datetime(2024, 11, 2, 0, 30, tzinfo=UTC)
    assert listing.address == f"{HOME}/a"


def test_an_image_before_the_address_is_not_the_article() -> None:
    image = f"<image:image><image:loc>{HOME}/a.jpg</image:loc></image:image>"
    assert addresses(read(urlset(f"<url>{image}<loc>{HOME}/a</loc></url>"))) == ["/a"]


def test_a_day_without_a_time_is_no_date_and_ends_at_midnight() -> None:
    (listing,) = read(urlset(url("/a", more=news("Accord", "2024-11-02")))).listings
    assert listing.date is None
    assert listing.moment == datetime(2024, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize("said", ["soon", "", "2096-11-02", "0000-00-00", "1024-11-02T00:00:00Z"])
def test_dates_that_are_none(said: str) -> None:
    (listing,) = read(urlset(url("/a", said))).listings
    assert listing.moment is None


def test_the_day_of_an_address_is_better_than_a_change() -> None:
    (listing,) = read(urlset(url("/2016/05/03/accord", "2026-11-02T00:00:00Z"))).listings
    assert listing.moment == datetime(2016, 5, 4, tzinfo=UTC)


def test_only_articles_of_own_hosts() -> None:
    stray = "<url><loc>https://other.example/article/3</loc></url>"
    body = urlset(url("/article/1"), url("/topics/china"), stray, url("/article/2"))
    outlet = Outlet(**OUTLET.model_dump() | {"article_urls": ["/article/(?P<id>\\d+)"]})
    found = read(body, outlet=outlet)
    assert addresses(found) == ["/article/1", "/article/2"]
    (problem,) = found.problems
    assert problem == (
        "sitemap: 1 addresses on hosts not of the entry, as https://other.example/article/3"
    )


def test_index() -> None:
    found = read(
        index(
            (f"{HOME}/a.xml", "2024-11-02T08:30:00Z"),
            (f"{HOME}/b.xml.gz", "2024-11-02"),
            (f"{HOME}/a.xml", None),
            ("https://other.example/c.xml", None),
            ("file:///etc/passwd", None),
        )
    )
    assert [(part.url.removeprefix(HOME), part.changed) for part in found.parts] == [
        ("/a.xml", datetime(2024, 11, 2, 8, 30, tzinfo=UTC)),
        ("/b.xml.gz", datetime(2024, 11, 3, tzinfo=UTC)),
    ]
    (problem,) = found.problems
    assert problem == "sitemap: 1 parts on hosts not of the entry, as https://other.example/c.xml"


def test_a_feed_among_sitemaps() -> None:
    feed = f"<rss version='2.0'><channel><item><link>{HOME}/a</link></item></channel></rss>"
    assert addresses(read(feed)) == ["/a"]


@pytest.mark.parametrize("members", [1, 2])
def test_gzip(members: int) -> None:
    body = urlset(url("/a"), url("/b")).encode()
    middle = len(body) // 2
    pieces = [body] if members == 1 else [body[:middle], body[middle:]]
    assert addresses(read(b"".join(map(gzip.compress, pieces)))) == ["/a", "/b"]


def test_gzip_that_breaks_off() -> None:
    whole = gzip.compress(urlset(*(url(f"/{n}-{n * 7919}") for n in range(3000))).encode())
    found = read(whole[: len(whole) // 2], LONG_AGO)
    assert 100 < len(found.listings) < 3000


def test_gzip_bomb() -> None:
    bomb = gzip.compress(f"{HEAD}<urlset>".encode() + b" " * (MAX_SOURCE_BYTES + 10))
    tracemalloc.start()
    with pytest.raises(RefusedError, match="sitemap: over 52428800 bytes unpacked"):
        read(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_MEMORY_BYTES


@pytest.mark.parametrize(
    ("loc", "address"),
    [
        ("/a?b=1&c=2", "/a?b=1&c=2"),
        ("/a?b=1&amp;c=2", "/a?b=1&c=2"),
        ("<![CDATA[/a]]>", "/a"),
        (" \n /a \n ", "/a"),
        ("/новость", "/новость"),
    ],
)
def test_addresses_as_sites_write_them(loc: str, address: str) -> None:
    assert addresses(read(urlset(f"<url><loc>{loc}</loc></url>", url("/z")))) == [address, "/z"]


def test_a_bare_ampersand_at_the_end_of_each_piece() -> None:
    """Sitemaps are read in pieces; none may lose what stands at its edge."""
    for filler in range(65_400, 65_560):
        body = (
            f"<urlset><!--{'x' * filler}--><url><loc>{HOME}/a?b=1&c=2&amp;d=3</loc></url></urlset>"
        )
        assert addresses(read(body)) == ["/a?b=1&c=2&d=3"]


@pytest.mark.parametrize(
    "broken",
    [
        urlset(url("/a"), "<url><loc></loc></url>", "<url/>", url("/b")),
        urlset(url("/a"), url("/b")).replace("</urlset>", ""),
        urlset(url("/a"), url("/b")).replace("</url><url>", "<url>"),
        urlset(url("/a", more="<news:title>A & B &nbsp;</news:title>"), url("/b")),
        urlset(url("/a"), url("/b")).replace(HEAD, "\n\n" + HEAD),
        urlset(url("/a"), url("/b")).replace(SPACES, ""),
        "\ufeff" + urlset(url("/a"), url("/b")),
    ],
)
def test_what_a_broken_one_still_lists(broken: str) -> None:
    assert addresses(read(broken)) == ["/a", "/b"]


@pytest.mark.parametrize(
    "body",
    ["", "404 page not found", "<!DOCTYPE html><html><body><p>Just a moment</body></html>",
     '{"urls": []}', b"\x1f\x8bbroken", b"\x00\x01", "<opml/>"],
)  # fmt: skip
def test_what_is_no_sitemap(body: str | bytes) -> None:
    with pytest.raises(UnreadableError, match="sitemap: not a sitemap, begins with"):
        read(body)


def test_an_empty_sitemap_is_one() -> None:
    assert read(urlset()).listings == []
    assert read(index()).parts == []


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text(f"{HOME}/the-canary-sang")
    with FaultServer() as listener:
        for declared in (
            f'<!ENTITY x SYSTEM "{canary.as_uri()}">',
            f'<!ENTITY x SYSTEM "{listener.base_url}/x">',
            f'<!ENTITY % p SYSTEM "{listener.base_url}/p"> %p;',
            '<!ENTITY x "ha">',
        ):
            for body in (f"<!DOCTYPE a [{declared}]>", f"{' ' * 65_530}<!DOCTYPE a [{declared}]>"):
                whole = f"{body}<urlset><url><loc>&x;</loc></url></urlset>"
                with pytest.raises(UnreadableError, match="defines XML entities, refused"):
                    read(whole)
        outside = f'<!DOCTYPE urlset SYSTEM "{listener.base_url}/dtd">'
        assert addresses(read(outside + urlset(url("/a")).removeprefix(HEAD))) == ["/a"]
        assert listener.connections == 0


def test_an_archive_in_one_file() -> None:
    """50,000 addresses, the oldest first: the newest, or what is asked for."""
    days = [f"{2015 + n // 5000}-{n % 5000 // 417 + 1:02}-{n % 28 + 1:02}" for n in range(50_000)]
    body = urlset(*(url(f"/story/{n}-accord", day) for n, day in enumerate(days))).encode()
    body = gzip.compress(body)
    ordinary = read(body)
    recent = read(body, Reach(SEPTEMBER))
    backfill = read(body, Reach(SEPTEMBER, is_backfill=True))
    wanted = [f"/story/{n}-accord" for n, day in enumerate(days) if day >= "2024-09"]
    assert NEWEST_ITEMS < len(wanted) < 10_000
    assert addresses(backfill) == wanted
    assert backfill.read_back_to == SEPTEMBER
    assert set(addresses(ordinary)) <= set(wanted)
    assert (len(ordinary.listings), ordinary.read_back_to) == (NEWEST_ITEMS, None)
    assert set(addresses(recent)) >= set(wanted)


def test_undated_ones_are_taken_from_both_ends() -> None:
    found = read(urlset(*(url(f"/{n}") for n in range(3 * NEWEST_ITEMS))))
    assert addresses(found)[0] == "/0"
    assert addresses(found)[-1] == f"/{3 * NEWEST_ITEMS - 1}"
    assert len(found.listings) == NEWEST_ITEMS
    everything = read(urlset(url("/0"), url("/1")))
    assert everything.read_back_to == EVERYTHING


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([urlset(url("/a", "2024-11-02")), index((f"{HOME}/a.xml", None))]),
    st.integers(0, 400),
    st.integers(0, 40),
    st.binary(max_size=20),
    st.booleans(),
)
def test_damage_raises_nothing_else(
    whole: str, at: int, length: int, put: bytes, packed: bool
) -> None:
    data = gzip.compress(whole.encode()) if packed else whole.encode()
    with suppress(UnreadableError):
        found = read(data[:at] + put + data[at + length :])
        assert all(listing.address.startswith(HOME) for listing in found.listings)
        assert all(part.url.startswith(HOME) for part in found.parts)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(charset: str) -> None:
    body = urlset(*(url(f"/a?b={n}&c=1&amp;d=2") for n in range(3000)))
    found = read(body.replace("UTF-8", "UTF-16").encode(charset), LONG_AGO)
    assert addresses(found)[-1] == "/a?b=2999&c=1&d=2"
    assert len(found.listings) == 3000


def test_entities_in_utf_16_are_refused() -> None:
    body = f'<!DOCTYPE urlset [<!ENTITY a "b">]>{urlset(url("/&a;")).removeprefix(HEAD)}'
    with pytest.raises(UnreadableError, match="defines XML entities"):
        read(body.encode("utf-16"))
