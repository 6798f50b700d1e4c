"""What two texts have in common, told from small signatures of them.

A text is cut into shingles, runs of neighbouring words, each hashed to 64 bits: the unkeyed
BLAKE2b of eight bytes (RFC 7693), read as a big-endian number, over the words in UTF-8 with
one space between. The signature keeps the hashes of the opening as they are
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
from itertools import chain, islice

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
# Of two openings of one length that share 30 %, the least that counts, 1 in 100 has no key in
# common; of those that share 45 %, as copies do, 1 in 10,000.
KEYS_PER_PART = 24
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
# The same for texts without such characters, in half the time.
_SPACED_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
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
    titles = _hashes([" ".join(title)] if len(title) >= HEADLINE_WORDS else [])
    hashes = _hashes(
        shingles(list(islice(chain.from_iterable(map(words, paragraphs)), TEXT_WORDS)))
    )
    if len(hashes) < LEAST_SHINGLES:
        return Signature(_number(titles[0]), (), (), 0) if titles else None
    return Signature(
        _number(titles[0]) if titles else None,
        unpack(b"".join(sorted(hashes[:OPENING_SHINGLES]))),
        unpack(b"".join(sorted(hashes)[:SKETCH_HASHES])),
        len(hashes),
    )


def words(text: str) -> list[str]:
    """The words as comparing sees them: no case, no punctuation; figures several times over."""
    normal = normalise(text)
    pattern = _WORD if _CHARACTERS.search(normal) else _SPACED_WORD
    found: list[str] = pattern.findall(normal)
    weighed = []
    for word in found:
        if word[0].isdecimal():
            weighed += [word.replace(",", ".")] * WORDS_PER_FIGURE
        else:
            weighed.append(word)
    return weighed


def shingles(found: Sequence[str]) -> list[str]:
    """Runs of neighbouring words, or of characters where most words are one character."""
    characters = len(_CHARACTERS.findall(" ".join(found)))
    size = CHARACTERS_PER_SHINGLE if 2 * characters > len(found) else WORDS_PER_SHINGLE
    return [" ".join(run) for run in zip(*(found[start:] for start in range(size)), strict=False)]


def _hashes(runs: Iterable[str]) -> list[bytes]:
    """The hashes in the order of the text, without repeats; as bytes they sort as numbers do."""
    texts = (run.encode(errors="replace") for run in runs)
    return list(dict.fromkeys(blake2b(text, digest_size=_HASH_BYTES).digest() for text in texts))


def _number(hashed: bytes) -> int:
    return int.from_bytes(hashed, "big")


def pack(hashes: Sequence[int]) -> bytes:
    """Hashes as eight big-endian bytes each."""
    return struct.pack(f">{len(hashes)}Q", *hashes)


def unpack(packed: bytes) -> tuple[int, ...]:
    """What `pack` packed."""
    return struct.unpack(f">{len(packed) // _HASH_BYTES}Q", packed)
