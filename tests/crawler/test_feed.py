"""Feeds of every kind, whole and broken: what they list, and what they cannot make us do."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discover.entry import MAX_HEADLINE_LENGTH
from crawler.discover.feed import MAX_ITEMS, STREAM_FROM_ITEMS, discover_feed, read_feed
from crawler.discover.source import Reach
from crawler.errors import UnreadableError
from crawler.items import FetchedPage, Listing
from crawler.outlets import Outlet
from tests.faultserver import FaultServer

FEED_URL = "https://desk.example/rss/feed"
OUTLET = Outlet(id="desk", name="Desk", home="https://desk.example/", timezone="Asia/Hong_Kong")
MORNING = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
LONGEST_READING_SECONDS = 5.0


def read(body: str | bytes, content_type: str | None = None, **changes: Any) -> list[Listing]:
    data = body.encode() if isinstance(body, str) else body
    headers = [("Content-Type", content_type)] if content_type else []
    page = FetchedPage(FEED_URL, 200, headers, data, datetime.now(UTC))
    return read_feed(page, OUTLET.model_copy(update=changes))


def rss(items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>Desk</title>{items}</channel></rss>'


def item(link: str = "https://desk.example/a", title: str = "Accord", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


RSS_2 = rss(item(more="<pubDate>Mon, 02 Nov 2026 16:30:00 +0800</pubDate>"))
RSS_1 = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://desk.example/"><title>Desk</title></channel>
<item rdf:about="https://desk.example/a"><title>Accord</title><link>https://desk.example/a</link>
<dc:date>2026-11-02T08:30:00Z</dc:date></item></rdf:RDF>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Desk</title>
<entry><title type="html">&lt;b&gt;Accord&lt;/b&gt;</title><link rel="self" href="/api/a"/>
<link rel="alternate" href="/a"/><id>tag:desk.example,2026:a</id>
<published>2026-11-02T08:30:00Z</published></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Desk",
        "items": [
            {"id": "1", "url": "/a", "title": "Accord", "date_published": "2026-11-02T08:30:00Z"}
        ],
    }
)


@pytest.mark.parametrize("body", [RSS_2, RSS_1, ATOM, JSON_FEED, "\ufeff" + JSON_FEED])
def test_every_kind(body: str) -> None:
    assert read(body) == [
        Listing(
            address="https://desk.example/a",
            fetch_url="https://desk.example/a",
            identity="https://desk.example/a",
            headline="Accord",
            date=MORNING,
            updated=MORNING,
        )
    ]


def test_date_of_change_is_apart_from_that_of_publication() -> None:
    changed = ATOM.replace("</published>", "</published><updated>2026-11-02T09:00:00Z</updated>")
    (listing,) = read(changed)
    assert listing.date == MORNING
    assert listing.updated == MORNING.replace(hour=9, minute=0)


@pytest.mark.parametrize(
    "said",
    ["soon", "", "Mon, 02 Nov 1026 08:30:00 GMT", "Mon, 02 Nov 2096 08:30:00 GMT", "0", "二〇二六"],
)
def test_dates_that_are_none(said: str) -> None:
    (listing,) = read(rss(item(more=f"<pubDate>{said}</pubDate>")))
    assert (listing.date, listing.updated) == (None, None)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/a", "https://desk.example/a"),
        ("b?id=1", "https://desk.example/rss/b?id=1"),
        ("//other.example/a", "https://other.example/a"),
        (" https://desk.example/a#comments ", "https://desk.example/a"),
        ("<![CDATA[https://desk.example/a?b=1&c=2]]>", "https://desk.example/a?b=1&c=2"),
        ("https://desk.example/a?b=1&amp;c=2", "https://desk.example/a?b=1&c=2"),
        ("https://desk.example/новость", "https://desk.example/новость"),
    ],
)
def test_links_made_whole(link: str, address: str) -> None:
    (listing,) = read(rss(item(link)))
    assert listing.address == address


@pytest.mark.parametrize(
    "link",
    [
        "mailto:desk@desk.example", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
        "ftp://desk.example/a", "http://", "http://[", "https://desk.example:port/",
        f"https://desk.example/{'a' * 9000}",
    ],
)  # fmt: skip
def test_links_that_are_none(link: str) -> None:
    assert [entry.address for entry in read(rss(item(link) + item()))] == ["https://desk.example/a"]


def test_only_article_addresses() -> None:
    listed = item("/article/1/x") + item("/topics/china") + item("/article/2/y")
    found = read(rss(listed), article_urls=["/article/(?P<id>\\d+)/"])
    assert [entry.identity for entry in found] == ["1", "2"]


@pytest.mark.parametrize(
    ("guid", "found"),
    [
        ("<guid>https://desk.example/a</guid>", ["https://desk.example/a"]),
        ('<guid isPermaLink="false">https://desk.example/a</guid>', ["https://desk.example/a"]),
        ('<guid isPermaLink="false">12345</guid>', []),
        ("", []),
    ],
)
def test_an_identifier_is_a_link_only_if_it_is_an_address(guid: str, found: list[str]) -> None:
    items = f"<item><title>Accord</title>{guid}</item>"
    assert [entry.address for entry in read(rss(items))] == found
    numbered = json.loads(JSON_FEED)
    numbered["items"][0].pop("url")
    assert read(json.dumps(numbered)) == []


def test_identity_is_the_address_whatever_the_guid() -> None:
    guid = '<guid isPermaLink="false">7</guid>'
    listed = item("/a", more=guid) + item("/b", more=guid) + item("/a", "Another title")
    found = read(rss(listed))
    assert [(e.address[-2:], e.headline) for e in found] == [("/a", "Accord"), ("/b", "Accord")]


def test_tracking_parameters_are_not_part_of_the_identity() -> None:
    first, second = read(rss(item("/a?utm_source=rss") + item("/a")))
    assert first.identity == second.identity
    assert first.address != second.address


def test_most_items_of_a_feed() -> None:
    started = time.process_time()
    found = read(rss("".join(item(f"/{number}") for number in range(MAX_ITEMS + 50))))
    assert len(found) == MAX_ITEMS
    assert found[0].address.endswith("/0")
    assert time.process_time() - started < LONGEST_READING_SECONDS


@pytest.mark.parametrize("filler", ["x", "&lt;", "&lt;b", "&amp;lt;", " "])
def test_a_title_of_megabytes(filler: str) -> None:
    started = time.process_time()
    (listing,) = read(rss(item(title="Accord " + filler * (2_000_000 // len(filler)))))
    assert listing.headline is not None
    assert listing.headline.startswith("Accord")
    assert len(listing.headline) <= MAX_HEADLINE_LENGTH
    assert time.process_time() - started < LONGEST_READING_SECONDS


@pytest.mark.parametrize("title", [5, None, ["a"], {"a": 1}, True, ""])
def test_json_of_the_wrong_types(title: object) -> None:
    feed = json.loads(JSON_FEED)
    feed["items"][0] |= {"title": title, "date_published": title, "date_modified": title}
    feed["items"] += [5, None, "x", {"url": 5}, {"url": ["a"]}, {}]
    (listing,) = read(json.dumps(feed))
    assert (listing.headline, listing.date) == (None, None)


def test_truncated_xml_gives_the_whole_items() -> None:
    whole = rss("".join(item(f"/{number}", f"Accord {number}") for number in range(20)))
    found = read(whole[: whole.index("Accord 12")])
    assert [entry.address.rpartition("/")[2] for entry in found[:12]] == [
        str(number) for number in range(12)
    ]
    assert len(found) <= 13


@pytest.mark.parametrize(
    "broken",
    [
        item(title="A & B"),
        item(title="A &nbsp; B &mdash;"),
        item(title="A <b>B"),
        item(title="A \x0b B"),
        item(more="<description><p>unclosed</description>"),
        item() + "</item></channel>",
    ],
)
def test_good_items_beside_broken_ones(broken: str) -> None:
    found = read(rss(item("/first") + broken + item("/last")))
    assert {"first", "a"} <= {entry.address.rpartition("/")[2] for entry in found}


@pytest.mark.parametrize(
    ("charset", "content_type"),
    [
        ("windows-1251", "application/rss+xml; charset=windows-1251"),
        ("windows-1251", "application/rss+xml"),
        ("windows-1251", None),
        ("gb18030", "application/rss+xml"),
        ("utf-16", "application/rss+xml"),
    ],
)
def test_charsets(charset: str, content_type: str | None) -> None:
    title = "中俄签署天然气协议" if charset == "gb18030" else "Россия и Китай подписали соглашение"
    body = rss(item(title=title), f'<?xml version="1.0" encoding="{charset}"?>').encode(charset)
    (listing,) = read(body, content_type)
    assert listing.headline == title


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "an empty answer"),
        (" \n\t", "an empty answer"),
        ("<!DOCTYPE html><html><body><a href='/a'>A</a></body></html>", "not a feed, begins with"),
        ("<html><head><title>Just a moment...</title></head></html>", "not a feed"),
        ("404 page not found", "not a feed, begins with '404 page"),
        ('{"items": []}', "not a feed"),
        ("[]", "not a feed"),
        ("\x00\x01\x02", "not a feed"),
        ("\x1b[31mred", "not a feed, begins with '[31mred'"),
        (JSON_FEED[:-3], "a JSON feed that is broken"),
        (JSON_FEED.replace('"items"', '"entries"'), "a JSON feed that is broken"),
        (JSON_FEED[:-1] + ', "x": ' + "[" * 100_000, "a JSON feed that is broken"),
    ],
)
def test_what_is_no_feed(body: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(body)
    assert caught.value.reason.startswith("feed: ")
    assert reason in caught.value.reason
    assert "\x1b" not in caught.value.reason


@pytest.mark.parametrize("body", [rss(""), JSON_FEED.replace(JSON_FEED[-100:], "[]}")])
def test_a_feed_without_items_is_one(body: str) -> None:
    if body.startswith("{"):
        body = json.dumps({**json.loads(JSON_FEED), "items": []})
    assert read(body) == []


def entities(declarations: str, used: str = "&x;") -> str:
    head = f'<?xml version="1.0"?><!DOCTYPE rss [{declarations}]>'
    return rss(item(title=used), head)


LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-be"])
def test_entities_are_not_expanded(tmp_path: Path, charset: str) -> None:
    """Neither laughs by the billion, nor files, nor addresses."""
    canary = tmp_path / "canary"
    canary.write_text("the canary sang")
    with FaultServer() as listener:
        attacks = [
            entities(LAUGHS, "&a12;"),
            entities(f'<!ENTITY a "{"ha" * 50_000}">', "&a;" * 10_000),
            entities(f'<!ENTITY x SYSTEM "{canary.as_uri()}">'),
            entities(f'<!ENTITY x SYSTEM "{listener.base_url}/x">'),
            entities(f'<!ENTITY % p SYSTEM "{listener.base_url}/p"> %p;'),
        ]
        for attack in attacks:
            started = time.process_time()
            try:
                found = read(attack.encode(charset), f"application/xml; charset={charset}")
            except UnreadableError:
                found = []
            assert charset != "utf-8" or found == []
            assert all("sang" not in (entry.headline or "") for entry in found)
            assert all(len(entry.headline or "") <= MAX_HEADLINE_LENGTH for entry in found)
            assert time.process_time() - started < LONGEST_READING_SECONDS
        assert listener.connections == 0


def test_references_to_the_outside_are_not_followed(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("the canary sang")
    with FaultServer() as listener:
        include = (
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" '
            f'href="{canary.as_uri()}"/>'
        )
        outside = f'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "{listener.base_url}/dtd">'
        style = f'<?xml version="1.0"?><?xml-stylesheet href="{listener.base_url}/xsl"?>'
        for head in (outside, style):
            (listing,) = read(rss(item(title=f"Accord {include}"), head))
            assert listing.headline is not None
            assert "sang" not in listing.headline
        assert listener.connections == 0


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([RSS_2, RSS_1, ATOM, JSON_FEED]),
    st.integers(0, 600),
    st.integers(0, 40),
    st.binary(max_size=20),
)
def test_damage_raises_nothing_else(whole: str, at: int, length: int, put: bytes) -> None:
    data = whole.encode()
    with suppress(UnreadableError):
        found = read(data[:at] + put + data[at + length :])
        assert all(entry.address.startswith(("http://", "https://")) for entry in found)


CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
CREATOR = '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">'
LEAD = "The accord was signed in Beijing on Monday."


@pytest.mark.parametrize(
    "said",
    [
        f"<description>{LEAD}</description>",
        f"<description>&lt;img src='x'&gt;&lt;p&gt;{LEAD}&lt;/p&gt;&lt;p&gt;More of it&lt;/p&gt;"
        "</description>",
        f"<description><![CDATA[<b>The accord</b>{LEAD[10:]}<br/><a href='/a'>Read on</a>]]>"
        "</description>",
        f"<content:encoded {CONTENT}><![CDATA[<style>p {{}}</style><p>{LEAD}</p><p>Then the rest"
        " of it came.</p>]]></content:encoded>",
        f"<description>{LEAD}</description><content:encoded {CONTENT}>Whole</content:encoded>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("others", [0, STREAM_FROM_ITEMS])
def test_lead(said: str, others: int) -> None:
    """The first paragraph as plain text, in small feeds and in large ones."""
    found = read(rss(item(more=said) + "".join(item(f"/{n}") for n in range(others))))
    assert found[0].lead == LEAD
    assert len(found) == others + 1


@pytest.mark.parametrize(
    "said",
    [
        f"{CREATOR}Anna Maria Orlova</dc:creator>",
        f"{CREATOR}<![CDATA[By Anna Maria Orlova]]></dc:creator>",
        "<author>desk@desk.example (Anna Maria Orlova)</author>",
    ],
)
@pytest.mark.parametrize("others", [0, STREAM_FROM_ITEMS])
def test_authors(said: str, others: int) -> None:
    found = read(rss(item(more=said) + "".join(item(f"/{n}") for n in range(others))))
    assert found[0].authors == ("Anna Maria Orlova",)
    assert all(listing.authors == () for listing in found[1:])


def test_lead_and_authors_of_atom_and_json() -> None:
    said = f"<author><name>Anna Maria Orlova</name></author><summary>{LEAD}</summary></entry>"
    (atom,) = read(ATOM.replace("</entry>", said))
    feed = json.loads(JSON_FEED)
    feed["items"][0] |= {"summary": LEAD, "authors": [{"name": "Anna Maria Orlova"}, {}, 5]}
    (by_json,) = read(json.dumps(feed))
    for listing in (atom, by_json):
        assert (listing.lead, listing.authors) == (LEAD, ("Anna Maria Orlova",))


def test_a_lead_that_repeats_the_headline_is_none() -> None:
    (listing,) = read(rss(item(title=LEAD, more=f"<description>{LEAD}</description>")))
    assert (listing.headline, listing.lead) == (LEAD, None)


@pytest.mark.parametrize("kind", ["rss", "rdf", "atom"])
def test_large_feeds_are_read_as_small_ones_are(kind: str) -> None:
    """By another reader, to the same listings."""
    whole = {"rss": RSS_2, "rdf": RSS_1, "atom": ATOM}[kind]
    end = "</entry>" if kind == "atom" else "</item>"
    start = whole.index("<entry" if kind == "atom" else "<item")
    one = whole[start : whole.index(end) + len(end)]
    many = "".join(one.replace("/a", f"/a{n}") for n in range(STREAM_FROM_ITEMS + 1))
    large = read(whole.replace(one, one + many))
    small = read(whole.replace(one, one + one.replace("/a", "/a7")))
    assert len(large) == STREAM_FROM_ITEMS + 2
    assert (large[0], large[8]) == tuple(small)


def dated(number: int) -> str:
    """One an hour; the higher the number the newer."""
    date = format_datetime(MORNING - timedelta(hours=20_000 - number))
    return item(f"/{number}", more=f"<pubDate>{date}</pubDate>")


@pytest.mark.parametrize("is_newest_first", [True, False])
def test_a_feed_of_fifty_thousand_items(is_newest_first: bool) -> None:
    """The newest, wherever they stand; a backfill takes all that is not older than is asked."""
    numbers = range(20_000)
    order = reversed(numbers) if is_newest_first else numbers
    filler = "".join(item(f"/old/{n}", more="<pubDate>01 Jan 1980 08:00:00 +0000</pubDate>")
                     for n in range(30_000))  # fmt: skip
    body = rss("".join(map(dated, order)) + filler).encode()
    page = FetchedPage(FEED_URL, 200, [], body, datetime.now(UTC))
    ordinary = discover_feed(page, OUTLET, Reach())
    since = MORNING - timedelta(days=30)
    backfill = discover_feed(page, OUTLET, Reach(since, is_backfill=True))
    found = [int(entry.address.rpartition("/")[2]) for entry in ordinary.listings]
    assert sorted(found) == list(range(15_000, 20_000))
    assert found == sorted(found, reverse=is_newest_first)
    assert ordinary.read_back_to is None
    recent = [entry.date for entry in backfill.listings]
    assert len(recent) == 30 * 24
    assert min(filter(None, recent)) >= since
    assert backfill.read_back_to == since


def test_of_a_large_feed_that_is_broken_the_first_items_are_read_and_it_says_so() -> None:
    items = "".join(item(f"/{n}") for n in range(MAX_ITEMS + 10))
    page = FetchedPage(FEED_URL, 200, [], rss(item("/x", "A & B") + items).encode(), MORNING)
    found = discover_feed(page, OUTLET, Reach(None, is_backfill=True))
    assert len(found.listings) == MAX_ITEMS
    assert found.problems == ["feed: broken XML, so only its first 5000 items are read"]
    assert found.read_back_to is None


@pytest.mark.parametrize("relation", ["next", "prev-archive"])
def test_the_next_page_of_an_archive(relation: str) -> None:
    """RFC 5005, sections 3 and 4; and JSON Feed's `next_url`."""
    link = f'<link rel="{relation}" href="/feed?page=2"/>'
    by_json = json.dumps(json.loads(JSON_FEED) | {"next_url": "/feed?page=2"})
    for body in (ATOM.replace("<entry>", f"{link}<entry>"), by_json):
        page = FetchedPage(FEED_URL, 200, [], body.encode(), MORNING)
        (part,) = discover_feed(page, OUTLET, Reach()).parts
        assert part.url == "https://desk.example/feed?page=2"


def test_a_large_page_of_an_archive_leads_on_and_one_past_the_age_asked_for_does_not() -> None:
    entry = "<entry><link href='/{n}'/><published>2026-03-01T08:00:00Z</published></entry>"
    for number in (2, STREAM_FROM_ITEMS + 1):
        entries = "".join(entry.replace("{n}", str(n)) for n in range(number))
        link = '<link rel="next" href="/2"/>'
        body = f'<feed xmlns="http://www.w3.org/2005/Atom">{link}{entries}</feed>'
        page = FetchedPage(FEED_URL, 200, [], body.encode(), MORNING)
        since = Reach(datetime(2026, 2, 1, tzinfo=UTC), is_backfill=True)
        assert [part.url for part in discover_feed(page, OUTLET, since).parts] == [
            "https://desk.example/2"
        ]
        later = discover_feed(page, OUTLET, Reach(MORNING, is_backfill=True))
        assert (later.parts, later.read_back_to) == ([], MORNING)


@pytest.mark.parametrize("number", [1, STREAM_FROM_ITEMS + 1])
@pytest.mark.parametrize(
    ("charset", "label", "content_type"),
    [
        ("windows-1251", "utf-8", None),
        ("windows-1251", "iso-8859-1", None),
        ("windows-1251", "utf-8", "text/xml; charset=utf-8"),
        ("utf-8", "windows-1251", None),
        ("utf-8", "utf-8", "text/xml; charset=windows-1251"),
        ("gb18030", "gb2312", None),
    ],
)
def test_labels_that_are_wrong(
    charset: str, label: str, content_type: str | None, number: int
) -> None:
    """朱镕基 has a character that GB 2312 lacks."""
    title = "朱镕基访问俄罗斯" if charset == "gb18030" else "Россия и Китай"
    items = "".join(item(f"/{n}", title) for n in range(number))
    body = rss(items, f'<?xml version="1.0" encoding="{label}"?>').encode(charset)
    found = read(body, content_type)
    assert (len(found), {listing.headline for listing in found}) == (number, {title})


def test_entities_in_utf_16_are_refused() -> None:
    body = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]>{rss(item(), "")}'
    with pytest.raises(UnreadableError, match="defines XML entities"):
        read(body.encode("utf-16"))


def test_half_characters_cost_nothing_else() -> None:
    found = read(rss(item(title="Accord &#55357;&#56832; &#xD83D; signed") + item("/b")))
    assert [listing.headline for listing in found] == ["Accord signed", "Accord"]


@pytest.mark.parametrize("number", [1, STREAM_FROM_ITEMS + 1])
def test_a_time_without_a_zone_is_the_outlets_and_a_day_is_no_time(number: int) -> None:
    items = item("/time", more="<pubDate>2026-11-02 16:30:00</pubDate>")
    items += item("/day", more="<pubDate>2026-11-02</pubDate>")
    items += item("/zone", more="<pubDate>Mon, 02 Nov 2026 03:30:00 EST</pubDate>")
    items += "".join(item(f"/{n}") for n in range(number))
    time_, day, zone = read(rss(items))[:3]
    assert (time_.date, zone.date) == (MORNING, MORNING)
    assert (day.date, day.age_hint) == (None, datetime(2026, 11, 3, tzinfo=UTC))


@pytest.mark.parametrize("number", [2, STREAM_FROM_ITEMS + 1])
@pytest.mark.parametrize("place", ["feed", "entry", "link"])
def test_links_are_relative_to_xml_base(place: str, number: int) -> None:
    base = {place: ' xml:base="https://desk.example/deep/"'}
    entries = "".join(
        f"<entry{base.get('entry', '')}><title>Accord</title>"
        f'<link{base.get("link", "")} href="{n}"/></entry>'
        for n in range(number)
    )
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"{base.get("feed", "")}>{entries}</feed>'
    found = read(body)
    assert (len(found), found[1].address) == (number, "https://desk.example/deep/1")
