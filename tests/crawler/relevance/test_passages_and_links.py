"""The parts under the judgment: matching of terms, cutting of sentences, reading of links."""

from __future__ import annotations

from functools import cache

import pytest

from crawler.relevance.links import (
    are_apart,
    first_named,
    is_actor,
    is_said_by_others,
    is_toward,
    read_links,
)
from crawler.relevance.passages import Passage, read_headline, read_text, split_sentences
from crawler.relevance.passages import read_passage as read_passage_with
from crawler.relevance.topic_file import packaged_topic
from crawler.relevance.vocabulary import Vocabulary, build_vocabulary, grammars


@cache
def vocabulary() -> Vocabulary:
    return build_vocabulary(packaged_topic())


def read_passage(text: str) -> Passage:
    return read_passage_with(text, vocabulary())


def terms(text: str) -> list[str]:
    return [one.text for one in read_passage(text).mentions if one.parties]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("China Airlines flies over the South China Sea", []),
        ("Chinatown, Indochina, Russianism", []),
        ("Russia's Lavrov; China’s Wang Yi", ["Russia", "Lavrov", "China", "Wang Yi"]),
        ("us and U.S. and US", ["U.S", "US"]),
        ("Си Цзиньпину и Путиным, российскими и китайцам",
         ["Си Цзиньпину", "Путиным", "российскими", "китайцам"]),
        ("Би-би-си и нота си", []),
        ("читать, китель, россыпь", []),
        ("克里姆林宮發言人", ["克里姆林宮"]),
        ("学习班 演习 华尔街 完美 俄而", []),
        ("白俄罗斯总统", ["白俄罗斯"]),
        ("普京在華盛頓", ["普京", "在華盛頓"]),
        ("‘No limits’ partnership", ["No limits’ partnership"]),
        ("Минфин РФ, Минфин США, китайский Минпромторг, Минфин",
         ["Минфин", "РФ", "США", "китайский", "Минфин"]),
    ],
)  # fmt: skip
def test_whole_terms_are_found_and_masked_words_are_not(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_every_language_has_its_grammar() -> None:
    assert set(grammars()) == {"en", "ru", "zh"}


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("China and Russia sign", "is_linked"),
        ("Chinese leader Xi Jinping and Russian President Vladimir Putin", "is_linked"),
        ("Россия с Китаем", "is_linked"),
        ("中国与俄罗斯", "is_linked"),
        ("Russian-Chinese trade", "is_hyphenated"),
        ("российско-китайская торговля", "is_hyphenated"),
        ("China, Russia and Iran", "is_enumerated"),
        ("中国、俄罗斯和伊朗", "is_enumerated"),
        ("China and France talk while Russia waits", "has_rival"),
        ("中美会谈 俄罗斯关注", "has_rival"),
    ],
)
def test_links_between_names(text: str, attribute: str) -> None:
    assert getattr(read_links(read_passage(text)), attribute)


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Trade with China grows", True),
        ("A fair in China", False),
        ("Not in China's interest", True),
        ("Визит в Китай", True),
        ("Выставка в Китае", False),
        ("在北京举行", False),
        ("访问北京", True),
        ("A walk through Harbin", False),
        ("Chinese goods", True),
    ],
)
def test_a_place_is_not_an_actor(text: str, acts: bool) -> None:
    passage = read_passage(text)
    assert is_actor(passage, passage.side_a) is acts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("The U.S. and St. Petersburg. Next", ["The U.S. and St. Petersburg.", "Next"]),
        ("中国说。俄罗斯说！好", ["中国说。", "俄罗斯说！", "好"]),
        ("Первое\n\nВторое", ["Первое", "Второе"]),
        ("It is 3.5 per cent", ["It is 3.5 per cent"]),
        ("", []),
        ("...", ["..."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert list(split_sentences(text)) == expected


def test_the_lead_is_the_first_sentences_and_a_long_text_is_cut() -> None:
    lead, body = read_text("China and Russia in forty characters. " * 1000, vocabulary())
    assert 1 < len(lead) < len(body)
    assert len(lead) + len(body) < 200


def test_only_what_may_name_both_sides_is_read_of_a_body() -> None:
    _, body = read_text("China sells tea. China and Russia meet. " * 200, vocabulary())
    assert [bool(passage.mentions) for passage in body[:4]] in (
        [True, False, True, False],
        [False, True, False, True],
    )
    _, body = read_text("Forty characters of plain English text. " * 200, vocabulary())
    assert body
    assert not any(passage.mentions for passage in body)


def test_a_headline_is_one_passage() -> None:
    assert (
        read_headline("China\n meets   Russia. Again", vocabulary()).text
        == "China meets Russia. Again"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oslo says China could stop Russia", True),
        ("Norway's minister said that Xi helps Putin", True),
        ("NATO's Rutte: Russia leans on China", True),
        ("Рига заявила, что Китай помогает России", True),
        ("立陶宛外長稱中國助俄", True),
        ("Tokyo warns China over Russia", False),
        ("Rome: China, Russia and Japan in talks", False),
    ],
)
def test_one_who_only_speaks_of_the_two(text: str, expected: bool) -> None:
    assert is_said_by_others(read_passage(text)) is expected


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("As shells fall on Kharkiv, Beijing keeps silent on Moscow", "Beijing"),
        ("На фоне ударов по Одессе, Пекин позвонил в Москву", "Пекин"),
        ("Kharkiv hit; Beijing silent", "Kharkiv"),
        ("After Kyiv, Beijing", "Beijing"),
        ("As Kyiv burns, nobody calls", "Kyiv"),
    ],
)
def test_a_clause_that_sets_the_scene_names_nobody_first(text: str, first: str) -> None:
    assert first_named(read_passage(text)).text == first


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tashkent picks Rosatom; China may come later", True),
        ("吉尔吉斯斯坦请俄企修水坝 中国或建隧道", True),
        ("Ташкент выбрал «Росатом», кабели проложит китайский завод", True),
        ("Senate would hit buyers of Russian coal, China first", False),
        ("中俄合作 面临考验", False),
    ],
)
def test_clauses_that_name_one_side_each(text: str, expected: bool) -> None:
    assert are_apart(read_passage(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("торговля с Китаем", True),
        ("туры в Китай", True),
        ("отели в Китае", False),
        ("поставщики из КНР", True),
        ("экспорт посуды из КНР", False),
        ("дела с китайским заводом", True),
        ("автобус в китайской Шэньси", False),
        ("китайский чай", False),
    ],
)
def test_the_other_end_of_what_the_home_country_does(text: str, expected: bool) -> None:
    passage = read_passage(text)
    assert any(is_toward(passage, one) for one in passage.side_a) is expected


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    terms_of = vocabulary().characters.find
    for traditional, simplified in (("飛彈", "飞弹"), ("俘虜", "俘虏"), ("開發銀行", "开发银行")):
        assert [one.tags for one in terms_of(traditional)] == [
            one.tags for one in terms_of(simplified)
        ]
        assert terms_of(traditional), traditional
