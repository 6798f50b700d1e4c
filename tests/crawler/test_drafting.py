"""What addresses, dates and home pages tell of an outlet's entry."""

from __future__ import annotations

import gzip
import re
import tomllib
from datetime import UTC, datetime

import pytest

from crawler.discover.forms import form_of
from crawler.drafting.entry import DraftedEntry, Noted, id_of
from crawler.drafting.home import read_home
from crawler.drafting.patterns import drafted_patterns
from crawler.drafting.zones import offset_of, offsets_of, zone_of
from crawler.items import FetchedPage
from crawler.outlets import Outlet
from crawler.outlets.catalogue import read_catalogue

HOME = "https://desk.example"
END = r"/?(?:[?#]|$)"
WORDS = ("gas-deal-on-amur", "new-bridge-is-open", "ministers-meet-again-in-may", "rice-for-timber")

FORMS: dict[str, tuple[list[str], str]] = {
    "number and slug": (
        [f"/{s}/article/33{n}1234/{w}" for n, (s, w) in enumerate(zip("abca", WORDS, strict=True))],
        rf"//[^/]+/[^/?#]+/article/(?P<id>\d+)/[^/?#]+{END}",
    ),
    "day and number in a file": (
        [f"/n1/2026/110{n}/c1002-403{n}1234.html" for n in range(1, 5)],
        rf"//[^/]+/n\d+/\d{{4}}/\d+/c\d+-(?P<id>\d{{5,}})\.html{END}",
    ),
    "compact day before the number": (
        [f"/w/2026{n:02}/t2026{n:02}02_1134{n}567.shtml" for n in range(1, 5)],
        rf"//[^/]+/w/\d{{6}}/t\d+_(?P<id>\d{{5,}})\.shtml{END}",
    ),
    "slug before the number": (
        [f"/news/{w}-210{n}345" for n, w in enumerate(WORDS)],
        rf"//[^/]+/news/[^/?#]+-(?P<id>\d{{5,}}){END}",
    ),
    "hash": (
        [f"/2026110{n}/{n}bcdef0123456789abcdef/c.html" for n in range(1, 5)],
        rf"//[^/]+/\d{{8}}/(?P<id>[0-9a-f]{{12,}})/c\.html{END}",
    ),
    "slug alone": (
        [f"/world/{word}" for word in WORDS],
        rf"//[^/]+/world/[^/?#_-]+[_-][^/?#]+{END}",
    ),
    "month by name": (
        [f"/world/2026/{m}/0{n}/{w}" for n, (m, w) in enumerate(
            zip(("oct", "nov", "nov", "sep"), WORDS, strict=True))],
        rf"//[^/]+/world/\d{{4}}/[^/?#]+/\d+/[^/?#]+{END}",
    ),
    "one month by name": (
        [f"/2026/nov/0{n}/{word}" for n, word in enumerate(WORDS)],
        rf"//[^/]+/\d{{4}}/[^/?#]+/\d+/[^/?#]+{END}",
    ),
    "one slug for all": (
        [f"/2026110{n}/gas-accord-signed-113{n}456.html" for n in range(1, 5)],
        rf"//[^/]+/\d{{8}}/[^/?#]+-(?P<id>\d{{5,}})\.html{END}",
    ),
    "characters": (
        [f"/中文/2026110{n}-中俄签署协议{n}" for n in range(1, 5)],
        rf"//[^/]+/[^/?#]+/\d{{8}}[^/?#]+{END}",
    ),
    "key of letters and digits": (
        [f"/articles/c{n}bd{n}kx" for n in range(1, 5)],
        rf"//[^/]+/articles/[^/?#]+{END}",
    ),
    "number in the query": (
        [f"/show.php?cat=7&id=40{n}" for n in range(4)],
        r"//[^/]+/show\.php/?\?(?:[^#]*&)?id=(?P<id>\d+)",
    ),
    "one story a day": (
        [f"/daily/2026110{n}" for n in range(1, 5)],
        rf"//[^/]+/daily/\d{{8}}{END}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_patterns(name: str) -> None:
    paths, expected = FORMS[name]
    urls = [HOME + path for path in paths]
    (drafted,) = drafted_patterns(urls)
    assert (drafted.pattern, drafted.addresses) == (expected, len(urls))
    assert all(re.search(drafted.pattern, url) for url in urls)
    assert not re.search(drafted.pattern, f"{HOME}/world")
    assert not re.search(drafted.pattern, f"{HOME}/about-us")


def test_several_forms_the_commonest_first() -> None:
    stories = [f"{HOME}/story/{n}123" for n in range(5)]
    videos = [f"{HOME}/video/watch/{n}456" for n in range(3)]
    drafted = drafted_patterns([*videos, *stories, f"{HOME}/about/us/now"])
    assert [(entry.addresses, entry.example) for entry in drafted] == [
        (5, stories[0]), (3, videos[0]),
    ]  # fmt: skip
    assert all(entry.has_number for entry in drafted)


def test_no_number_is_an_id_that_two_addresses_share() -> None:
    urls = [f"{HOME}/issue/1234/{word}" for word in WORDS]
    (drafted,) = drafted_patterns(urls)
    assert not drafted.has_number


def test_too_few_addresses_have_no_form() -> None:
    assert drafted_patterns([f"{HOME}/story/1"]) == []
    assert drafted_patterns([]) == []
    assert drafted_patterns([f"{HOME}/", f"{HOME}/?a=b"]) == []


def test_tracking_is_no_part_of_a_form() -> None:
    urls = [f"{HOME}/story/{n}123?utm_source=rss&utm_id=12345" for n in range(3)]
    assert drafted_patterns(urls)[0].pattern == rf"//[^/]+/story/(?P<id>\d+){END}"


@pytest.mark.parametrize(
    ("offsets", "zone", "told"),
    [
        (set(), "UTC", "unknown"),
        ({0}, "UTC", "unknown"),
        ({0, 480}, "Etc/GMT-8", "+08:00"),
        ({-300}, "Etc/GMT+5", "-05:00"),
        ({60, 120}, "UTC", "+01:00 and +02:00"),
        ({330}, "UTC", "+05:30"),
        ({6000}, "UTC", "unknown"),
    ],
)
def test_zones(offsets: set[int], zone: str, told: str) -> None:
    found, comment = zone_of(offsets)
    assert found == zone
    assert told in comment
    outlet = Outlet(id="desk", name="Desk", home=HOME, timezone=found)
    if len(offsets - {0}) == 1 and zone != "UTC":
        noon = datetime(2026, 6, 1, 12, tzinfo=outlet.zone)
        shift = noon.utcoffset()
        assert shift is not None
        assert shift.total_seconds() / 60 in offsets


def test_offsets_of_dates() -> None:
    feed = (
        b"<item><pubDate>Mon, 02 Nov 2026 08:00:00 +0800</pubDate></item>"
        b"<item><pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate></item>"
        b"<entry><updated>2026-11-02T08:00:00-03:30</updated><id>12:00 +0900</id></entry>"
    )
    assert offsets_of(feed) == {480, -210}
    assert offset_of("2026-11-02T08:00+03:00") == {180}
    assert offset_of("2026-11-02") == offset_of(None) == offset_of("2026-11-02T08:00:00Z") == set()


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b'<?xml version="1.0"?><rss version="2.0">', "RSS"),
        (b'<rdf:RDF xmlns="http://purl.org/rss/1.0/">', "RSS"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- x --><feed xmlns="a">', "Atom"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "JSON Feed"),
        (b'[{"url": "/a"}]', "JSON"),
        (b"<sitemapindex><sitemap>", "sitemap index"),
        (b"<urlset><url><loc>a</loc><news:news>", "news sitemap"),
        (gzip.compress(b"<urlset><url><loc>a</loc></url></urlset>", mtime=0), "sitemap"),
        (b"<!DOCTYPE html><html><body>a <rss> b", "HTML"),
        (b"<p>Just a moment", "HTML"),
        (b"\x89PNG\r\n", None),
        (b"\x1f\x8bno gzip", None),
        (b"", None),
    ],
)
def test_forms(body: bytes, form: str | None) -> None:
    assert form_of(body) == form


def home_page(markup: str) -> FetchedPage:
    return FetchedPage(f"{HOME}/", 200, [], markup.encode(), datetime(2026, 11, 2, tzinfo=UTC))


def test_a_home_page() -> None:
    links = "".join(
        f"<a href='/story/1000{n}'>Министры России и Китая обсудили строительство моста</a>"
        for n in range(3)
    )
    home = read_home(
        home_page(
            "<html lang='en'><head><title>Главная | Речной вестник — новости</title>"
            "<link rel=alternate type='application/rss+xml' href='/rss/all.xml'>"
            "<link rel=alternate type='application/rss+xml' href='/comments/feed/'>"
            "<link rel=alternate type='application/json+oembed' href='/oembed'>"
            "<link rel=alternate hreflang=zh href='/zh/'>"
            f"</head><body><a href='/rss/'>RSS</a>{links}<a href='/about'>О нас</a></body></html>"
        ),
        Outlet(id="desk", name="Desk", home=f"{HOME}/"),
    )
    assert home.name == "Речной вестник"
    assert (home.language, home.said_language) == ("ru", "en")
    assert home.feeds == [f"{HOME}/rss/all.xml"]
    assert home.feed_links == [f"{HOME}/rss/"]
    assert home.articles == [f"{HOME}/story/1000{n}" for n in range(3)]


def test_a_home_page_that_says_nothing() -> None:
    home = read_home(home_page("<p>Hello"), Outlet(id="desk", name="Desk", home=f"{HOME}/"))
    assert (home.name, home.language, home.feeds, home.articles) == (None, None, [], [])


@pytest.mark.parametrize(
    ("host", "outlet_id"),
    [
        ("www.example.co.uk", "example"),
        ("english.news.example", "english-news"),
        ("m.desk.example", "desk"),
        ("127.0.0.1", "127-0-0-1"),
        ("localhost", "localhost"),
        ("новости.example", "outlet"),
    ],
)
def test_ids(host: str, outlet_id: str) -> None:
    assert id_of((host, None)) == outlet_id


def test_what_a_site_says_cannot_leave_its_place_in_the_entry() -> None:
    """A name or a comment with quotes, line ends and controls in it."""
    hostile = 'A "desk"\\ \n[[outlet]]\x1b[2J\x7f\u2028 # 中俄'
    entry = DraftedEntry(
        id="desk",
        name=Noted(hostile, hostile),
        home=f"{HOME}/",
        timezone=Noted("UTC", hostile),
        feeds=[Noted(f"{HOME}/feed", hostile)],
        article_urls=[Noted(r"/story/(?P<id>\d+)", hostile)],
        comments=[hostile],
    )
    toml = entry.to_toml()
    assert not set("\x1b\x7f\u2028") & set(toml)
    (outlet,) = read_catalogue(toml, "the draft")
    assert outlet.name == 'A "desk"\\ [[outlet]][2J # 中俄'
    assert outlet.article_number(f"{HOME}/story/12") == "12"
    assert list(tomllib.loads(toml)) == ["outlet"]
