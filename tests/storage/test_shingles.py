"""Hashes of shingles: the same everywhere, uniform, and as many as there are runs of words."""

from __future__ import annotations

import random

import pytest

from storage.stories.shingles import count_words, shingle_hashes
from storage.stories.signatures import Signature, body, pack, sign, unpack
from storage.words import normalise
from tests.storage.wires import paragraphs, sentence


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("russia and china met", [89117734]),
        ("中俄两国外长会谈", [1041890267]),
        ("russia and china", []),
        ("", []),
    ],
)
def test_the_same_on_every_machine(text: str, hashes: list[int]) -> None:
    assert shingle_hashes(text) == hashes


def test_a_hash_is_of_its_own_words_only() -> None:
    rng = random.Random(1)
    text = sentence(rng, 40).split()
    whole = shingle_hashes(" ".join(text))
    assert len(whole) == 37
    for start, hashed in enumerate(whole):
        assert shingle_hashes(" ".join(text[start : start + 4])) == [hashed]
    assert shingle_hashes(" ".join(reversed(text[:4]))) != whole[:1]


def test_hashes_are_uniform() -> None:
    rng = random.Random(2)
    words = [sentence(rng, 1) for _ in range(300)]
    text = " ".join(rng.choices(words, [1 / (n + 1) for n in range(300)], k=9_000))
    distinct = set(shingle_hashes(text))
    for shift in (27, 13, 0):  # the highest, middle and lowest five bits
        counts = [0] * 32
        for hashed in distinct:
            counts[hashed >> shift & 31] += 1
        expected = len(distinct) / 32
        chi_square = sum((count - expected) ** 2 / expected for count in counts)
        assert chi_square < 62, "less likely than one in a thousand"


def test_a_figure_weighs_as_three_words() -> None:
    assert count_words(normalise("Trade rose by 4,1 percent")) == 7
    assert shingle_hashes("1,5 1,5 a b") == shingle_hashes("1.5 1.5 a b")


def test_quotations_notices_and_markup_are_left_out() -> None:
    own = (
        "The ministry said in Beijing on Monday that it knew of the report and would study it "
        "with care before it answers."
    )
    said = "“We handle such exports with care and in keeping with the law,” it added."
    assert body([own, said]).split() == normalise(f"{own} it added.").split()
    assert body([own, "Subscribe to our newsletter and never miss a story."]) == normalise(own)
    assert body([f"&amp;lt;p&amp;gt;{own}&amp;lt;/p&amp;gt;"]) == normalise(own)
    assert body([said]) == normalise(said), "with nothing else the quotation must do"


def test_a_signature_survives_packing() -> None:
    signature = sign(
        "Eight words make a headline that is compared", paragraphs(random.Random(3), 8)
    )
    assert signature is not None
    assert signature.headline is not None
    assert len(signature.opening) == len(signature.whole) == 128
    assert unpack(pack(signature.whole)) == signature.whole
    assert sorted(signature.whole) == list(signature.whole)


def test_too_little_text_has_no_signature() -> None:
    assert sign("Short headline", ["Ten words are not enough to tell a story by."]) is None
    headline = "Eight words make a headline that is compared"
    assert sign(headline, []) == Signature(sign(headline, []).headline, (), (), 0, ())
