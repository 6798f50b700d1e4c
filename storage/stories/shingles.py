"""A text as hashes of its shingles, runs of neighbouring words; some 0.2 ms for 700 words.

Each word is hashed once, to 32 bits: the first four bytes of its unkeyed BLAKE2b of that
length (RFC 7693) over its UTF-8, little-endian. The hash of a shingle is the sum of its words'
hashes, each times an odd number of its place, modulo 2^32. Words are as good as random numbers
and odd factors turn none into another's, so the sums are uniform and independent where one
word differs; no further mixing is needed (tests/storage/test_shingles.py counts). All sums of
a text are made at once: its word hashes stand side by side in one long number, 64 bits each,
and the number is multiplied. Every machine and every Python gives the same.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from hashlib import blake2b

from storage.words import has_characters, words_of

# Shorter runs are names and titles (`Russian President Vladimir Putin`), which all reports of
# an event share; in longer ones a rewrite that changes every fifth word shares next to nothing.
WORDS_PER_SHINGLE = 4
# Chinese words are two characters long, mostly.
CHARACTERS_PER_SHINGLE = 8
# Monthly reports differ in nothing but their figures: a figure stands for so many words.
WORDS_PER_FIGURE = 3
# Beyond it a page is a dump, and its head suffices: some thirty pages of print.
TEXT_WORDS = 10_000

_HASH_BYTES = 4
_LANE_BYTES = 8
_LANE_BITS = 8 * _LANE_BYTES
# Below 2^29, so that eight products with 32-bit hashes add up to less than a lane: the first 29
# binary digits of the fractions of e, pi, the square roots of 2, 3, 5, 7 and 11 and of the
# golden ratio, made odd.
_FACTORS = (
    0x16FC2A2D, 0x0487ED51, 0x0D413CCD, 0x176CF5D1, 0x078DDE6F, 0x14A9FEA7, 0x0A21CA4F, 0x13C6EF37,
)  # fmt: skip
# A vocabulary of three languages, punctuated; 40 MB at the most.
_KNOWN_TOKENS = 1 << 18


class _Lanes(dict[str, bytes]):
    """What stands between two spaces, as the hashes of its words, one lane each."""

    def __missing__(self, token: str) -> bytes:
        lanes = _lane(token) if token.isalpha() else b"".join(map(_lane, words_of(token)))
        if len(self) >= _KNOWN_TOKENS:
            self.clear()
        self[token] = lanes
        return lanes


def _lane(word: str) -> bytes:
    is_figure = word[0].isdecimal()
    text = word.replace(",", ".") if is_figure else word
    hashed = blake2b(text.encode(errors="replace"), digest_size=_HASH_BYTES).digest()
    lane = hashed + bytes(_LANE_BYTES - _HASH_BYTES)
    return lane * WORDS_PER_FIGURE if is_figure else lane


_lanes = _Lanes()


def shingle_hashes(normal: str) -> list[int]:
    """The 32-bit hashes of the shingles of a normalised text, in its order."""
    if has_characters(normal):
        tokens = words_of(normal)
        characters = list(map(len, tokens)).count(1)
        size = CHARACTERS_PER_SHINGLE if 2 * characters > len(tokens) else WORDS_PER_SHINGLE
    else:
        tokens, size = normal.split(), WORDS_PER_SHINGLE
    return _sums(b"".join(map(_lanes.__getitem__, tokens[:TEXT_WORDS])), size)


def count_words(normal: str) -> int:
    """How many words a normalised text has, as shingles count them."""
    tokens = words_of(normal) if has_characters(normal) else normal.split()
    return sum(len(_lanes[token]) for token in tokens) // _LANE_BYTES


def whole_hash(words: Sequence[str]) -> int:
    """One hash, of 32 bits, of words in their order."""
    text = " ".join(words).encode(errors="replace")
    return int.from_bytes(blake2b(text, digest_size=_HASH_BYTES).digest(), "little")


def _sums(lanes: bytes, size: int) -> list[int]:
    count = len(lanes) // _LANE_BYTES - size + 1
    if count < 1:
        return []
    hashes = int.from_bytes(lanes, "little")
    total = 0
    for place, factor in enumerate(_FACTORS[:size]):
        total += (hashes >> _LANE_BITS * place) * factor
    halves = array("I", total.to_bytes(len(lanes), "little"))
    if sys.byteorder == "big":
        halves.byteswap()
    return halves[: 2 * count : 2].tolist()
