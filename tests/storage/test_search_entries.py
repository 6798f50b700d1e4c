"""An article as tokens, within the limits of both databases, and the parts that show a hit."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from storage.database import Database, open_database
from storage.migrate import downgrade, head_revision, upgrade
from storage.schema import search_entries
from storage.search.entries import rebuild_all
from storage.search.positions import first_position, newest_spans, position_of
from storage.search.query import parse
from storage.search.snippets import SNIPPET_WEIGHT, hit_of
from storage.search.spans import spans_of
from storage.search.stems import paired, stem, units
from storage.search.tokens import GAP, HEADLINE, PLACES_PER_TOKEN, tokens_of
from storage.words import normalise, words
from tests.storage.samples import NOW, an_article, store

TSVECTOR_POSITIONS = 16_383
SAFE = set("abcdefghijklmnopqrstuvwxyz0123456789:.")


def test_the_tokens_of_an_article() -> None:
    article = an_article(
        headline="Китай: gas pipelines", summary=["中俄关系"], topic=None, topics=[], authors=[],
        lead_image=None, images=[], subheads=[], paragraphs=["The pipeline is China's. 中"],
        language=None, outlet=None,
    )  # fmt: skip
    tokens = tokens_of(article, NOW)
    assert " ".join(tokens.placed) == (
        "кита gas pipelin : 中俄 俄关 关系 系 : the pipelin is china 中 : :hкита :hgas :hpipelin"
    )
    assert tokens.marks == sorted(
        ":fкита :fgas :fpipelin :f中俄 :f俄关 :f关系 :f系 :r1 :y2026 :m202603 :d20260304".split()
    )


@pytest.mark.parametrize(
    ("characters", "length"),
    [("я", 1_000_000), ("ab ", 500_000), ("中", 300_000), ("\U00020000", 100_000), ("x1", 90_000)],
)
def test_a_text_of_any_length_is_kept_as_far_as_it_goes(
    database: Database, characters: str, length: int
) -> None:
    long = (characters * length)[:length]
    article = an_article(headline=f"Start {long}", paragraphs=[long] * 3, summary=[long])
    store(database, article)
    assert database.count(search="start") == 1
    assert database.count(search="headline:start") == 1
    assert database.count(search=f"start {words(long)[0][:70]}") == 1


def test_a_text_of_different_long_words_fits_a_tsvector(database: Database) -> None:
    dice = random.Random(1)
    letters = [chr(number) for number in range(0x10400, 0x10428)]
    long_words = ["".join(dice.choices(letters, k=70)) for _ in range(4_000)]
    short_words = [f"{number:x}q".replace("0", "z") for number in range(30_000)]
    for number, some in enumerate((long_words, short_words)):
        text = " ".join(some)
        article = an_article(headline=text, summary=[text], topics=some, authors=some)
        store(database, article, str(number))
        assert database.count(search=some[0]) == 1
        places = len(tokens_of(article, NOW).placed)
        assert places < TSVECTOR_POSITIONS


def test_a_word_that_comes_too_often_is_found_and_its_last_phrases_are_not(
    database: Database,
) -> None:
    store(database, an_article(paragraphs=["gas deal", *["gas"] * 300, "gas pipe"]))
    assert database.count(search='"gas deal"') == 1
    assert database.count(search="gas pipe") == 1
    assert database.count(search='"gas pipe"') == 0
    placed = tokens_of(an_article(paragraphs=["gas"] * 300), NOW).placed
    assert placed.count("gas") == PLACES_PER_TOKEN


@given(st.text(), st.text())
@settings(max_examples=100, deadline=None)
def test_tokens_hold_nothing_that_either_database_reads_as_more(one: str, two: str) -> None:
    article = an_article(headline=one, paragraphs=[two], topics=[one], authors=[two], language=one)
    tokens = tokens_of(article, NOW)
    for token in [*tokens.placed, *tokens.marks]:
        assert all(c in SAFE or (ord(c) > 127 and not c.isspace()) for c in token), token
        assert token == GAP or len(token) > token.startswith(":") * 2
    tokens.tsvector.encode()


@given(st.text(alphabet=st.sampled_from("ab中\"-* OR|:headline:(&!\\'\x00\ud800é"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_is_read(text: str) -> None:
    query = parse(text)
    for leaf in [*query.leaves(), *query.excluded]:
        assert leaf.units
    hit_of(an_article(), text)


def test_a_character_becomes_a_pair_with_the_next() -> None:
    assert paired(units(words("中俄关 gas 中 gas 系"))) == "中俄 俄关 关 gas 中 gas 系".split()
    assert paired([]) == []


@pytest.mark.parametrize(
    "forms",
    [
        "китай китая китаю китаем китае", "шанхай шанхая", "россия россии россию россией",
        "sanction sanctions sanctioned", "china china's", "ёлка елки ёлкой", "中", "1,234 1.234",
        "o'neil oneil",
    ],
)  # fmt: skip
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(normalise(form)) for form in forms.split()}) == 1


def test_positions_are_in_the_order_of_time_then_of_ids() -> None:
    moments = [
        datetime(1, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC), NOW, datetime(9999, 12, 31, tzinfo=UTC),
    ]  # fmt: skip
    found = [position_of(moment, number) for moment in moments for number in (1, 2, 2**29 - 1)]
    assert found == sorted(set(found))
    assert all(-(2**63) <= position < 2**63 for position in found)


def test_windows_cover_the_span_once_the_newest_first() -> None:
    day = 86_400
    lowest, highest = first_position(-500 * day), first_position(500 * day)
    spans = newest_spans(lowest, highest, 0, (2, 30))
    assert [upper for _, upper in spans] == [highest, *(lower for lower, _ in spans[:-1])]
    assert spans[-1][0] == lowest
    assert len(spans) == 4
    assert newest_spans(lowest, lowest, 0, (2, 30)) == []
    old = newest_spans(lowest, first_position(-400 * day), 0, (2, 30))
    assert old == [(lowest, first_position(-400 * day))]


def marked(text: str, marks: list[tuple[int, int]]) -> str:
    for start, end in reversed(marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("sanction", "New Sanctions, old sanctioned", "New [Sanctions], old [sanctioned]"),
        ("китай", "Для Китая и Ёлки", "Для [Китая] и Ёлки"),
        ("елка", "Для Китая и Ёлки", "Для Китая и [Ёлки]"),
        ("елка", "Для Китая и Е\u0308лки…", "Для Китая и [Е\u0308лки]…"),
        ("中俄关系", "发展中俄关系…持续", "发展[中俄关系]…持续"),
        ("俄", "中俄关系", "中[俄]关系"),
        ('"gas deal"', "gas, a gas deal", "gas, a [gas deal]"),
        ("cooperat*", "a cooperation", "a [cooperation]"),
        ("long-te*", "long terms and long-term", "[long terms] and [long-term]"),
        ("fine", "a ﬁne…\tday", "a [ﬁne]… day"),
        ("gas OR oil -coal", "oil and gas", "[oil] and [gas]"),
        ("headline:gas", "gas", "gas"),
        ("zebra", "gas", "gas"),
        ("a b", "a b c", "[a] [b] c"),
        ("ab", "", ""),
    ],
)
def test_a_snippet_marks_what_was_found(query: str, text: str, shown: str) -> None:
    article = an_article(headline="h", summary=[], paragraphs=[text])
    hit = hit_of(article, query)
    assert marked(hit.snippet, hit.snippet_marks) == shown
    assert hit.headline_marks == []


def test_a_snippet_is_where_most_of_the_words_stand() -> None:
    rest = " word" * 60
    article = an_article(
        headline="Gas for China",
        summary=["Gas alone"],
        paragraphs=["gas gas gas", f"First{rest} the gas of China, at last{rest}", "China"],
    )
    hit = hit_of(article, "china gas")
    shown = marked(hit.snippet, hit.snippet_marks)
    assert shown.startswith("…word word word word the [gas] of [China], at last word")
    assert shown.endswith("word…")
    assert len(hit.snippet.split()) == SNIPPET_WEIGHT // 2
    assert marked(article.headline, hit.headline_marks) == "[Gas] for [China]"
    chinese = hit_of(an_article(headline="h", summary=[], paragraphs=["中俄" * 100]), "俄中")
    assert len(chinese.snippet) == SNIPPET_WEIGHT + 1


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_the_places_of_words_are_those_of_the_words(text: str) -> None:
    spans = spans_of(text)
    assert len(spans) == len(words(text))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


def entries(database: Database) -> list[Any]:
    with database.read() as conn:
        rows = conn.execute(select(search_entries).order_by(search_entries.c.article_id)).all()
    return [tuple(row) for row in rows]


def test_an_entry_made_anew_is_the_same(database: Database) -> None:
    odd = "a\x00b \ud800c Ёлка 中俄\x00关系 ﬁ ' don’t"
    store(database, an_article(headline=odd, authors=[odd], topics=[odd], paragraphs=[odd]), "1")
    store(database, an_article(date_published=None), "2")
    stored = entries(database)
    assert len(stored) == 2
    with database.write() as conn:
        rebuild_all(conn)
    assert entries(database) == stored
    for query in ("ab c", "елка", "俄关", "a\x00b"):
        assert database.count(search=query) == 1


def test_a_downgrade_brings_the_columns_back_and_an_upgrade_the_index(
    empty_database_url: str,
) -> None:
    with open_database(empty_database_url, create=True) as database:
        store(database, an_article(headline="Ёлка", topic="Energy", topics=["ЁЖ"]))
        downgrade(empty_database_url, "0004")
        with database.engine.connect() as conn:
            row = conn.execute(text("SELECT topic_labels, search_text FROM articles")).one()
            assert row.topic_labels == "\nenergy\n\nеж\n"
            assert row.search_text.startswith("елка\nthey met.\n")
    assert upgrade(empty_database_url) == head_revision()
    with open_database(empty_database_url) as database:
        assert database.count(search="ёлки", topic="ёж") == 1


def test_hits_come_with_their_articles(database: Database) -> None:
    changes: dict[str, Any] = {"summary": [], "paragraphs": ["A deal on gas"]}
    store(database, an_article(headline="Gas", **changes), "1")
    store(database, an_article(headline="Oil", **changes), "2")
    hits = list(database.search("gas", outlet="example"))
    assert [hit.article.headline for hit in hits] == ["Gas", "Oil"]
    assert [marked(hit.article.headline, hit.headline_marks) for hit in hits] == ["[Gas]", "Oil"]
    assert {marked(hit.snippet, hit.snippet_marks) for hit in hits} == {"A deal on [gas]"}
    assert list(database.search("gas", outlet="other")) == []
    assert HEADLINE not in hits[0].snippet
