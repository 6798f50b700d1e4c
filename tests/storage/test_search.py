"""What a search finds, and in what order. Over both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crawler.errors import ConfigurationError
from crawler.items import Image, Relevance
from storage.articles import store_article
from storage.database import Database
from storage.search.entries import rebuild_all, remove_articles
from storage.words import normalise
from tests.storage.samples import HOUR, NOW, an_article, store

BLANK: dict[str, Any] = {
    "headline": "h", "summary": [], "topic": None, "topics": [], "authors": [], "paragraphs": [],
    "lead_image": None, "images": [], "subheads": [], "date_published": None,
}  # fmt: skip
INJECTIONS = [
    "'; DROP TABLE articles; --", '" OR 1=1 --', "%", "_", "\\", "a\x00b", "\ud800", "x' & 'y",
    '")*^NEAR(a b, 3)', "{a b} : c", ":h:f:r1", "🐉", "$1 %s :name", "x:*&!|<->()", "<b>", "\r\n",
]  # fmt: skip


def put(database: Database, identity: str, hours: int = 0, **changes: Any) -> int:
    """An article published so many hours after NOW, with nothing in it but the changes."""
    article = an_article(url=f"https://news.example/{identity}", **(BLANK | changes))
    return store(database, article, identity, NOW + HOUR * hours).article_id


def found(database: Database, search: str | None = None, **criteria: Any) -> list[str]:
    """The identities of what is found, in its order."""
    ids = [a.identity or "" for a in database.articles(search=search, **criteria)]
    if criteria.get("limit") is None:
        assert database.count(search=search, **criteria) == len(ids)
    return ids


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("关系", ["zh"]),
        ("中俄", ["zh"]),
        ("中", ["zh"]),
        ("斯科", ["zh"]),
        ("科", ["zh"]),
        ("俄中", []),
        ("中俄 莫斯科", ["zh"]),
        ("рубль", ["ru"]),
        ("ЁЛКА", ["ru"]),
        ("елками", ["ru"]),
        ("Китай", ["ru"]),
        ("ДРУЖБЫ", ["ru"]),
        ("sanction", ["en"]),
        ("SANCTIONS", ["en"]),
        ("sanctioned", ["en"]),
        ("ＳＡＮＣＴＩＯＮ", ["en"]),
        ("cooperation", ["en"]),
        ("cooperate", ["en"]),
        ("cooperat*", ["en"]),
        ("cooperati*", ["en"]),
        ("дружес*", []),
        ("дружб*", ["ru"]),
        ("китая*", ["ru"]),
        ("кооп*", []),
        ("J-20", ["en"]),
        ("j 20", ["en"]),
        ("20-J", []),
        ("don’t", ["en"]),
        ("1,234", ["en"]),
        ("strasse", ["en"]),
        ('"long sanctions"', ["en"]),
        ("“long sanctions”", ["en"]),
        ('"sanctions long"', []),
        ('"long sanct', []),
        ('"long sanction', ["en"]),
        ("long-sanct*", ["en"]),
        ('"trade 合作"', ["mixed"]),
        ('"trade 合"', ["mixed"]),
        ('"作 deal"', ["mixed"]),
        ('"合 deal"', []),
        ("-sanctions", ["mixed", "en_label", "ru", "zh"]),
        ("sanctions -long", []),
        ("sanctions -short", ["en"]),
        ("zebra OR sanctions", ["en"]),
        ("关系 | 合作", ["mixed", "zh"]),
        ("sanctions 关系 OR 合作", []),
        ("OR sanctions OR", ["en"]),
        ("sanctions OR -long", []),
        ("petrov kremlin", ["en_label"]),
        ("petrov nowhere", []),
        ("pipeline picture", ["en_label"]),
        ('"energy petrov"', []),
        ('"petrov kremlin"', []),
        ("headline:petrov", []),
        ("headline:zebra", []),
        ("headline:label", ["en_label"]),
        ('HEADLINE:"label head"', ["en_label"]),
        ('headline:"head label"', []),
        ("headline:lab*", ["en_label"]),
        ("-headline:label petrov", []),
        ("headline:", []),
        ("headline: label", ["en_label"]),
        ("%", []),
        ("🐉", []),
        ('"', []),
        ("-", []),
        ("*", []),
        ("\x00", []),
        ("   ", ["mixed", "en_label", "en", "ru", "zh"]),
        ("", ["mixed", "en_label", "en", "ru", "zh"]),
    ],
)
def test_what_is_found(database: Database, query: str, expected: list[str]) -> None:
    put(database, "zh", paragraphs=["中俄关系持续发展，普京访问莫斯科"])
    put(database, "ru", 1, paragraphs=["Ёлка подорожала, рублей не хватает.", "Дружба Китая"])
    english = "Long sanctions; cooperation of the J-20 don't grow 1,234. Die Straße"
    put(database, "en", 2, paragraphs=[english])
    put(
        database, "en_label", 3, headline="Label: head", authors=["P. Petrov"], topics=["Energy"],
        paragraphs=["The Kremlin"], lead_image=Image("https://x/1.jpg", "A pipeline's picture"),
    )  # fmt: skip
    put(database, "mixed", 4, paragraphs=["The trade 合作 deal"])
    assert sorted(found(database, query)) == sorted(expected)
    assert found(database, query, sort="published") == expected


def test_phrases_do_not_span_parts(database: Database) -> None:
    put(database, "1", headline="Gas and", summary=["oil pipeline", "deal"], paragraphs=["is off"])
    assert found(database, "gas oil pipeline deal off") == ["1"]
    for phrase in ('"and oil"', '"pipeline deal"', '"deal is"'):
        assert found(database, phrase) == []
    assert found(database, '"oil pipeline"') == ["1"]


def test_a_query_of_a_page_is_refused_at_once(database: Database) -> None:
    for ask in (database.articles, database.count):
        with pytest.raises(ConfigurationError, match="over the limit of 1000"):
            ask(search="x" * 1_001)
    with pytest.raises(ConfigurationError, match="over the limit of 1000"):
        database.search("x" * 1_001)
    assert found(database, "x " * 500) == []
    assert found(database, '-"' * 500) == []
    assert found(database, " OR ".join("abcdefgh" * 20)) == []
    assert found(database, "-x " * 333) == []
    assert found(database, " ".join(chr(0x4E00 + n) for n in range(500))) == []


def test_normalising_folds_width_case_space_and_yo() -> None:
    assert normalise("  Ｘi\u3000ЁЖ\n ﬁ ") == "xi еж fi"


@pytest.mark.parametrize("typed", INJECTIONS)
def test_signs_that_mean_something_elsewhere_mean_nothing(database: Database, typed: str) -> None:
    """In every text of an article, in the search box and in every filter."""
    put(
        database, "odd", headline=typed, summary=[typed], paragraphs=[typed], topic=typed,
        topics=[typed], authors=[typed], outlet=typed, language=typed.lower(), section=typed,
    )  # fmt: skip
    put(database, "other", 1, outlet="b")
    assert found(database, typed) in ([], ["odd"], ["other"], ["other", "odd"])
    assert found(database, f"{typed} headline:{typed}") in ([], ["odd"], ["other", "odd"])
    for criterion in ("topic", "author"):
        if typed.strip("\r\n\ud800"):
            assert found(database, **{criterion: typed}) == ["odd"]
    if typed.isprintable():
        assert found(database, topic=typed, language=typed, outlet=typed) == ["odd"]
        assert found(database, language=typed, outlet=typed) == ["odd"]
    for hit in database.search(typed):
        assert all(0 <= start < end for start, end in hit.headline_marks)
    assert database.count() == 2


def test_the_headline_comes_first_then_the_focus_then_the_rest(database: Database) -> None:
    put(database, "old headline", headline="Gas for China")
    put(database, "headline", 1, headline="China buys gas")
    put(database, "summary", 2, headline="China", summary=["Gas is bought"])
    put(database, "often", 3, headline="China", paragraphs=["Gas and gas", "the gas"])
    put(database, "once", 4, headline="China", paragraphs=["Gas and gas"])
    put(database, "new once", 5, paragraphs=["gas of china"])
    put(database, "none", 6, headline="China")
    best_first = ["headline", "old headline", "often", "summary", "new once", "once"]
    assert found(database, "gas china") == best_first
    assert found(database, "gas china", sort="rank") == best_first
    assert found(database, "gas china", sort="-rank") == best_first[::-1]
    newest_first = ["new once", "once", "often", "summary", "headline", "old headline"]
    assert found(database, "gas china", sort="published") == newest_first
    assert found(database, "gas china", sort="-published") == newest_first[::-1]
    assert found(database, "gas china", sort="id") == newest_first[::-1]
    for limit in range(7):
        assert found(database, "gas china", limit=limit) == best_first[:limit]
    assert found(database, "gas china -bought", limit=4) == [*best_first[:3], "new once"]
    everything = ["none", "new once", "once", "often", "summary", "headline", "old headline"]
    assert found(database, sort="rank") == everything
    assert [hit.article.identity for hit in database.search("gas china", limit=3)] == best_first[:3]


def test_filters_beside_a_search_and_alone(database: Database) -> None:
    def put_one(identity: str, hours: int, **changes: Any) -> None:
        put(database, identity, hours, paragraphs=["gas"], **changes)

    put_one("a", 0, outlet="one", authors=["Ann Author", "Иван Пётр"], topics=["Energy", "x"])
    put_one("b", 1, outlet="two", authors=["Ann"], topic="ENERGY ", language="ru")
    put_one("c", 2, outlet="Two", authors=["ann  author"], language="zh")
    put_one("d", 3, outlet="two", relevance=Relevance(False, 0.1))
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE articles SET story_id = 7 WHERE outlet = 'two'")
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"outlet": "two"}, ["d", "b"]),
        ({"outlet": ["one", "Two"]}, ["c", "a"]),
        ({"outlet": []}, []),
        ({"author": "ANN AUTHOR"}, ["c", "a"]),
        ({"author": "иван петр"}, ["a"]),
        ({"author": "Author"}, []),
        ({"topic": "energy"}, ["b", "a"]),
        ({"topic": "energy", "author": "ann"}, ["b"]),
        ({"language": "RU"}, ["b"]),
        ({"relevant": False}, ["d"]),
        ({"relevant": True, "outlet": "two"}, ["b"]),
        ({"story": 7}, ["d", "b"]),
        ({"story": 7, "topic": "energy"}, ["b"]),
        ({"story": 8}, []),
        ({"story": 10**30}, []),
        ({"since": NOW + timedelta(minutes=30)}, ["d", "c", "b"]),
        ({"until": NOW + timedelta(minutes=90)}, ["b", "a"]),
        ({"since": NOW - HOUR * 10_000, "until": NOW + HOUR * 10_000}, ["d", "c", "b", "a"]),
    ]
    for criteria, expected in cases:
        assert found(database, **criteria) == expected, criteria
        assert found(database, "gas", **criteria) == expected, criteria
        assert found(database, "zebra", **criteria) == [], criteria
        assert found(database, "-zebra", **criteria) == expected, criteria


def test_times_beside_a_search_are_whole_seconds(database: Database) -> None:
    noon = NOW.replace(microsecond=0)
    for number in range(3):
        moment = noon + timedelta(seconds=number)
        put(database, str(number), date_published=moment, paragraphs=["gas"])
    half = timedelta(milliseconds=500)
    second = timedelta(seconds=1)
    assert found(database, "gas", since=noon + second) == ["2", "1"]
    assert found(database, "gas", until=noon + second) == ["0"]
    assert found(database, "gas", since=noon + half) == ["2", "1"]
    assert found(database, "gas", until=noon + half) == ["0"]
    assert found(database, "gas", since=noon + second, until=noon + second + half) == ["1"]
    assert found(database, "gas", since=noon + second, until=noon) == []


def test_any_time_can_be_searched(database: Database) -> None:
    """PostgreSQL goes back in windows: there is one for every time, also those of the future."""
    years = [1, 1500, 1969, 1970, 1999, 2020, 2024, 2025, 2026, 2027, 2300, 9999]
    for year in years:
        moment = NOW.replace(year=year, microsecond=0)
        put(database, str(year), date_published=moment, paragraphs=["gas"])
    newest_first = [str(year) for year in reversed(years)]
    middle = newest_first[1:-2]
    assert [year for year in found(database, "gas") if year in middle] == middle
    assert set(found(database, "gas")) == set(newest_first)
    assert found(database, "gas", limit=4)[2:] == ["2027", "2026"]
    for year in years[2:-2]:
        moment = NOW.replace(year=year, microsecond=0)
        of_year = found(database, "gas", since=moment, until=moment + timedelta(seconds=1))
        assert of_year == [str(year)]


def test_a_change_is_found_and_what_it_replaced_is_not(database: Database) -> None:
    put(database, "1", paragraphs=["Gas for Beijing"], topics=["Energy"], authors=["Ann"])
    put(database, "2", paragraphs=["Gas"])
    put(database, "1", 1, paragraphs=["Oil for Beijing"], topics=["Trade"], authors=["Bob"])
    assert found(database, "gas") == ["2"]
    assert found(database, "oil beijing") == ["1"]
    assert (found(database, topic="energy"), found(database, topic="trade")) == ([], ["1"])
    assert (found(database, author="ann"), found(database, author="bob")) == ([], ["1"])
    off_topic = Relevance(False, 0.0)
    put(database, "2", 2, paragraphs=["Gas"], relevance=off_topic)
    assert found(database, "gas", relevant=True) == []
    assert found(database, "gas", relevant=False) == ["2"]
    later = NOW.replace(microsecond=0) + HOUR * 9
    put(database, "2", 3, paragraphs=["Gas"], date_published=later, relevance=off_topic)
    assert found(database, "gas", since=later) == ["2"]
    assert found(database, "gas", until=later) == []
    assert database.latest_change(search="gas") == NOW + HOUR * 3
    assert database.latest_change(search="gas", limit=1) == NOW + HOUR * 3
    assert database.latest_change(search="zebra", limit=1) is None
    assert database.latest_change(search="zebra") is None


def test_the_index_can_be_made_anew_and_articles_taken_out(database: Database) -> None:
    ids = [put(database, str(n), n, headline=f"Gas {n}", topics=["T"]) for n in range(5)]
    with database.write() as conn:
        remove_articles(conn, ids[1:4])
    assert found(database, "gas") == ["4", "0"]
    assert found(database, topic="t") == ["4", "0"]
    for _ in range(2):
        with database.write() as conn:
            assert rebuild_all(conn) == 5
        assert found(database, "gas") == ["4", "3", "2", "1", "0"]
    put(database, "3", 5, headline="Oil")
    assert found(database, "gas") == ["4", "2", "1", "0"]


def test_an_article_that_was_rolled_back_is_not_found(database: Database) -> None:
    put(database, "1", headline="Gas")

    def fail_midway() -> None:
        with database.write() as conn:
            for identity in ("1", "2"):
                article = an_article(url="https://x/", **(BLANK | {"headline": "Oil"}))
                store_article(conn, article, identity=identity, page_id=None, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    assert found(database, "oil") == []
    assert found(database, "gas") == ["1"]
