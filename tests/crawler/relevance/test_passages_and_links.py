"""The parts under the judgment: matching of terms, cutting of sentences, reading of links."""

from __future__ import annotations

from functools import cache

import pytest

from crawler.relevance.links import is_actor, read_links
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
