"""Atom: what RFC 4287 asks of a feed, whatever the articles hold."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from lxml import etree, html

from crawler.items import Article, Subhead, utc_iso
from storage.database import Database
from storage.export.atom import NAMESPACE, entry_id, feed_of, write_atom
from storage.filters import Filters
from tests.storage.samples import HOUR, NOW, an_article, store

NAMES = {"a": NAMESPACE}
FORBIDDEN = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF]))
NASTY = f"<b>&amp; ]]> \"'{FORBIDDEN}中俄 \U0001f600"
CLEANED = "<b>&amp; ]]> \"'中俄 \U0001f600"


def written(*articles: Article, filters: Filters | None = None, url: str | None = None) -> str:
    stream = io.StringIO()
    feed = feed_of(filters or Filters(), updated=NOW, name="my feed.atom", url=url)
    assert write_atom(iter(articles), stream, feed) == len(articles)
    return stream.getvalue()


def tree(*articles: Article, **options: Any) -> etree._Element:
    return etree.fromstring(written(*articles, **options).encode())


def texts(element: etree._Element, path: str) -> list[str]:
    """What the path finds, as text."""
    return [
        found if isinstance(found, str) else found.text or ""
        for found in element.xpath(path, namespaces=NAMES)
    ]


def test_a_feed_has_what_the_standard_asks_of_it() -> None:
    """RFC 4287, 4.1.1: one id, title and updated, a link to itself, and then the entries."""
    feed = tree(an_article(last_changed=NOW), an_article(url="https://news.example/2"))
    assert feed.tag == f"{{{NAMESPACE}}}feed"
    assert [child.tag.partition("}")[2] for child in feed] == [
        *("id", "title", "updated", "link", "generator"),
        *("entry", "entry"),
    ]
    assert texts(feed, "a:updated") == ["2026-03-04T05:06:07Z"]
    assert texts(feed, "a:link[@rel='self']/@href") == ["my%20feed.atom"]
    assert texts(feed, "a:id")[0].startswith("urn:uuid:")


def test_an_entry_has_what_the_record_has() -> None:
    (entry,) = tree(an_article(last_changed=NOW)).xpath("a:entry", namespaces=NAMES)
    assert texts(entry, "a:title") == ["Ministers of both sides meet in Moscow"]
    assert texts(entry, "a:link[@rel='alternate']/@href") == ["https://news.example/article/1"]
    assert texts(entry, "a:updated") == ["2026-03-04T05:06:07Z"]
    assert texts(entry, "a:published") == ["2026-03-03T10:00:00Z"]
    assert texts(entry, "a:author/a:name") == ["Ann Author", "Иван Петров"]
    assert texts(entry, "a:category/@term") == ["China-Russia relations", "Diplomacy"]
    assert texts(entry, "a:summary") == ["They met.\nThey spoke."]
    assert texts(entry, "a:content/@type") == ["html"]
    assert texts(entry, "a:content") == [
        "<p>First paragraph.</p><h2>What comes next</h2>"
        "<p>Second paragraph.</p><p>Third paragraph.</p>"
    ]
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_an_entry_of_an_article_with_next_to_nothing() -> None:
    bare = Article(url="https://news.example/1", outlet="example", headline="")
    (entry,) = tree(bare).xpath("a:entry", namespaces=NAMES)
    tags = [child.tag.partition("}")[2] for child in entry]
    assert tags == ["id", "title", "link", "updated", "author"]
    assert texts(entry, "a:author/a:name") == ["example"]


@pytest.mark.parametrize("where", ["headline", "url", "outlet", "topic", "language", "section"])
def test_a_text_of_any_characters_leaves_the_feed_well_formed(where: str) -> None:
    tree(an_article(**{where: NASTY}))


def test_texts_are_escaped_and_only_what_xml_refuses_is_lost() -> None:
    article = an_article(
        headline=NASTY,
        url=f"https://news.example/{NASTY}",
        authors=[NASTY],
        topics=[NASTY],
        summary=[NASTY],
        paragraphs=[NASTY, "<script>alert(1)</script>"],
        subheads=[Subhead(NASTY, 1)],
    )
    feed = tree(article, filters=Filters(search=NASTY))
    assert texts(feed, "a:title") == [f"sinorus · search {CLEANED}"]
    assert texts(feed, "//a:entry/a:title") == [CLEANED]
    assert texts(feed, "//a:link[@rel='alternate']/@href") == [f"https://news.example/{CLEANED}"]
    assert texts(feed, "//a:name") == [CLEANED]
    assert texts(feed, "//a:category/@term")[1] == CLEANED
    body = html.fragment_fromstring(texts(feed, "//a:content")[0], create_parent="div")
    assert [(piece.tag, piece.text_content()) for piece in body] == [
        ("p", CLEANED),
        ("h2", CLEANED),
        ("p", "<script>alert(1)</script>"),
    ]


def test_subheads_stand_where_their_indexes_say() -> None:
    subheads = [Subhead("end", 9), Subhead("two", 1), Subhead("one", -1), Subhead("three", 1)]
    feed = tree(an_article(paragraphs=["a", "b"], subheads=subheads))
    body = html.fragment_fromstring(texts(feed, "//a:content")[0], create_parent="div")
    assert [piece.text for piece in body] == ["one", "a", "two", "three", "b", "end"]


def test_ids_stay_when_address_and_text_change(database: Database) -> None:
    store(database, an_article(), "1")
    store(database, an_article(url="https://news.example/2"), "2")
    first, second = (entry_id(article) for article in database.articles(sort="id"))
    assert first != second
    changed = an_article(url="https://news.example/new-slug", headline="Another headline")
    assert store(database, changed, "1", now=NOW + HOUR).outcome == "updated"
    assert [entry_id(article) for article in database.articles(sort="id")] == [first, second]


def test_the_id_of_a_known_article_is_what_it_always_was() -> None:
    assert entry_id(an_article(identity="1")) == "urn:uuid:a1fe170d-6118-5919-a321-0bf4638cb07a"


def test_a_feed_is_the_same_tomorrow_and_another_for_another_question() -> None:
    def id_of(**criteria: Any) -> str:
        filters = Filters(**criteria)
        return feed_of(filters, updated=NOW, name="x").id

    assert id_of(since=NOW, limit=5, search="gas") == id_of(since=NOW + HOUR, search="gas")
    assert id_of(outlet=["a", "b"]) == id_of(outlet=["b", "a"])
    different = [
        {},
        {"search": "gas"},
        {"topic": "gas"},
        {"outlet": "gas"},
        {"language": "gas"},
        {"author": "gas"},
        {"story": 7},
    ]
    assert len({id_of(**criteria) for criteria in different}) == len(different)


def test_a_feed_with_an_address_has_it_as_its_id() -> None:
    feed = tree(url="https://feeds.example/a?b&c")
    assert texts(feed, "a:id") == ["https://feeds.example/a?b&c"]
    assert texts(feed, "a:link[@rel='self']/@href") == ["https://feeds.example/a?b&c"]


def test_a_reader_of_feeds_gets_the_newest_first(database: Database) -> None:
    for day in (2, 5, 3):
        moment = datetime(2026, 3, day, tzinfo=UTC)
        url = f"https://news.example/{day}"
        store(database, an_article(url=url, date_published=moment), str(day))
    read = feedparser.parse(written(*database.articles()).encode())
    assert not read.bozo
    assert read.version == "atom10"
    assert [entry.link[-1] for entry in read.entries] == ["5", "3", "2"]
    assert [entry.published_parsed[2] for entry in read.entries] == [5, 3, 2]
    assert [author.name for author in read.entries[0].authors] == ["Ann Author", "Иван Петров"]
    assert read.feed.updated == utc_iso(NOW)
    assert read.entries[0].content[0].type == "text/html"
    assert [tag.term for tag in read.entries[0].tags] == ["China-Russia relations", "Diplomacy"]


def test_an_empty_feed_is_one() -> None:
    read = feedparser.parse(written().encode())
    assert (read.bozo, read.version, read.entries) == (False, "atom10", [])


def test_a_part_of_a_feed_is_not_well_formed() -> None:
    def broken() -> Iterator[Article]:
        yield an_article()
        raise KeyboardInterrupt

    stream = io.StringIO()
    feed = feed_of(Filters(), updated=NOW, name="x")
    with pytest.raises(KeyboardInterrupt):
        write_atom(broken(), stream, feed)
    assert "</entry>" in stream.getvalue()
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(stream.getvalue().encode())
