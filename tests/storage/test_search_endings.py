"""Half-typed words find their words; tokens made run by run are those of the words."""

from __future__ import annotations

import random

import pytest

from storage.search.endings import other_stems
from storage.search.stems import paired, stem, tokens, units, whole
from storage.words import normalise, words_of

TEXTS = 3_000
LONGEST = 24
PIECES = (
    "gas pipelines China's o'neil a ﬁne Ünder Китай Россия ёлка сотрудничество д'артаньян "
    "中俄关系 中 俄 々 〇 ロシア ﾛｼｱ ひらがな 豈 𠀀 한국 क्षेत्र 1,234.5 12 3.5% 2,0 １２ _ . , ' ’ "
    '- … : * " ( ） 。 、 「 \u3000 \t \n \u00a0 \u0301'
).split(" ")


def finds(beginning: str, word: str) -> bool:
    """By the rule of the index: a stem that begins so, or that such a word has."""
    bare = whole(normalise(beginning))
    found = stem(normalise(word))
    return found.startswith(bare) or found in other_stems(bare)


@pytest.mark.parametrize(
    ("beginning", "words"),
    [
        ("coopera", "cooperate cooperated cooperates cooperating cooperation cooperative"),
        ("cooperat", "cooperate cooperated cooperates cooperating cooperation cooperative"),
        ("relati", "relation relations relative relatives relatively"),
        ("санкци", "санкция санкции санкцию санкций санкциями санкционный"),
        ("соглашени", "соглашение соглашения соглашению соглашений соглашениях"),
        ("сотрудничес", "сотрудничество сотрудничества сотрудничеству сотрудничеством"),
    ],
)
def test_a_beginning_finds_its_words(beginning: str, words: str) -> None:
    assert [word for word in words.split() if not finds(beginning, word)] == []


@pytest.mark.parametrize(
    ("beginning", "word"),
    [("chinat", "China"), ("russian", "Russia"), ("российск", "Россия"), ("中", "俄")],
)
def test_a_beginning_longer_than_a_word_does_not_find_it(beginning: str, word: str) -> None:
    assert not finds(beginning, word)


def test_words_of_other_scripts_have_no_endings() -> None:
    assert [other_stems(beginning) for beginning in ("한", "12", "ロ", "")] == [frozenset()] * 4


def test_tokens_are_the_pairs_of_the_units_of_the_words() -> None:
    dice = random.Random(1)
    for _ in range(TEXTS):
        pieces = dice.choices(PIECES, k=dice.randrange(LONGEST))
        normal = normalise(dice.choice(["", " "]).join(pieces))
        assert tokens(normal) == paired(units(words_of(normal))), normal
