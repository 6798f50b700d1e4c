"""What two texts have in common, told from small signatures of them.

A text is cut into shingles, runs of neighbouring words, each hashed to 64 bits (the first
eight bytes, little-endian, of an unkeyed BLAKE2b with that digest size, RFC 7693, over the
words joined by one space in UTF-8). The signature keeps the hashes of the opening as they are
and, of the whole text, the smallest: the bottom-k sketch of MinHash (Broder, *On the
resemblance and containment of documents*, 1997), in which one hash function does for all.

News is written so that it can be cut from its end: a copy that a house shortens, or goes on
with on its own, keeps the wire's opening; one that a house opens itself keeps the rest.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice

from storage.search import normalise

SCHEME = 1
"""Stored beside each signature; to be raised, with a migration that signs all articles again,
whenever what is computed here changes. Signatures of two schemes are never compared."""

# Shorter runs are names and titles (`Russian President Vladimir Putin`), which all reports of
# an event share; in longer ones a rewrite that changes every fifth word shares next to nothing.
WORDS_PER_SHINGLE = 4
# Chinese words are two characters long, mostly.
CHARACTERS_PER_SHINGLE = 8
# Monthly reports differ in nothing but their figures: a figure stands for so many words.
WORDS_PER_FIGURE = 3
# The first two to four paragraphs.
OPENING_SHINGLES = 128
# One in so many is the resolution of what two whole texts share: 4 % standard deviation.
SKETCH_HASHES = 128
# Of two openings of one length that share 30 %, 1 in 500 has no key in common; of one of 40
# shingles and one of 128, 1 in 13.
KEYS_PER_PART = 32
# Beyond it a page is a dump, and its head suffices: some thirty pages of print.
TEXT_WORDS = 10_000
# Shorter ones are a set phrase that two houses may well both think of.
HEADLINE_WORDS = 8
# A text below is a caption, a notice that one must subscribe, a flash of one line.
LEAST_SHINGLES = 16

_HASH_BYTES = 8
_SIGN = 1 << 63

# Scripts that put no space between words, each of whose characters counts as one.
_CHARACTER = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(
    rf"\d+(?:[.,]\d+)*|[{_CHARACTER}]|[^\W\d_{_CHARACTER}]+(?:['’][^\W\d_{_CHARACTER}]+)*"
)
_CHARACTERS = re.compile(f"[{_CHARACTER}]")


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of a text in order to compare it.

    `headline` is the hash of the headline, null for a short one. `opening` are the hashes of
    the first OPENING_SHINGLES shingles, `whole` the SKETCH_HASHES smallest of all; both are
    sorted, without repeats, and empty for a text too short. `shingles` counts all that differ.
    """

    headline: int | None
    opening: tuple[int, ...]
    whole: tuple[int, ...]
    shingles: int

    def keys(self) -> list[int]:
        """The band rows, as signed 64-bit numbers: same texts have at least one in common.

        The lowest bit tells opening and whole apart; the headline's own hash is taken as it is.
        """
        parts = [hashed & ~1 for hashed in self.opening[:KEYS_PER_PART]]
        parts += [hashed | 1 for hashed in self.whole[:KEYS_PER_PART]]
        parts += [] if self.headline is None else [self.headline]
        return [key - _SIGN for key in dict.fromkeys(parts)]


def sign(headline: str, paragraphs: Iterable[str]) -> Signature | None:
    """The signature of an article, null where there is too little text to tell it by."""
    title = words(headline)
    hashed_title = _hash("\n".join(title)) if len(title) >= HEADLINE_WORDS else None
    body = list(islice((word for text in paragraphs for word in words(text)), TEXT_WORDS))
    hashes = list(dict.fromkeys(map(_hash, shingles(body))))
    if len(hashes) < LEAST_SHINGLES:
        return Signature(hashed_title, (), (), 0) if hashed_title is not None else None
    return Signature(
        hashed_title,
        tuple(sorted(hashes[:OPENING_SHINGLES])),
        tuple(sorted(hashes)[:SKETCH_HASHES]),
        len(hashes),
    )


def words(text: str) -> list[str]:
    """The words as comparing sees them: no case, no punctuation; figures several times over."""
    found = []
    for word in _WORD.findall(normalise(text)):
        if word[0].isdecimal():
            found += [word.replace(",", ".")] * WORDS_PER_FIGURE
        else:
            found.append(word)
    return found


def shingles(found: Sequence[str]) -> list[str]:
    """Runs of neighbouring words, or of characters where most words are one character."""
    characters = sum(1 for word in found if _CHARACTERS.match(word))
    size = CHARACTERS_PER_SHINGLE if 2 * characters > len(found) else WORDS_PER_SHINGLE
    return [" ".join(found[start : start + size]) for start in range(len(found) - size + 1)]


def _hash(text: str) -> int:
    digest = blake2b(text.encode(errors="replace"), digest_size=_HASH_BYTES).digest()
    return int.from_bytes(digest, "little")


def pack(hashes: Sequence[int]) -> bytes:
    """Hashes as eight little-endian bytes each."""
    return struct.pack(f"<{len(hashes)}Q", *hashes)


def unpack(packed: bytes) -> tuple[int, ...]:
    """What `pack` packed."""
    return struct.unpack(f"<{len(packed) // _HASH_BYTES}Q", packed)
