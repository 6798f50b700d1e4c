"""What is kept of a text in order to compare it with others: a signature of some 1 kB.

It holds the hashes of the opening's shingles as they are and, of the whole text, the
smallest: the bottom-k sketch of MinHash (Broder, *On the resemblance and containment of
documents*, 1997), in which one hash function does for all.

News is written so that it can be cut from its end: a copy that a house shortens, or goes on
with on its own, keeps the wire's opening; one that a house opens itself keeps the rest. What
people said is left out where the text has enough besides: independent reports of an event
quote the same sentences, copies share what stands between them too. So are the notices that
an outlet puts on all its pages.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from html import unescape
from zlib import crc32

from storage.stories.shingles import WORDS_PER_SHINGLE, count_words, shingle_hashes, whole_hash
from storage.words import normalise, words_of

SCHEME = 1
"""Stored beside each signature; to be raised, with a migration that signs all articles again,
whenever what is computed here changes. Signatures of two schemes are never compared."""

# The first two to four paragraphs.
OPENING_SHINGLES = 128
# One in so many is the resolution of what two whole texts share: 4 % standard deviation.
SKETCH_HASHES = 128
# Shorter ones are a set phrase that two houses may well both think of.
HEADLINE_WORDS = 8
# A text below is a caption, a notice that one must subscribe, a flash of one line.
LEAST_SHINGLES = 12
# A report with fewer words of its own is nearly all quotation, which must do then.
OWN_WORDS = LEAST_SHINGLES + WORDS_PER_SHINGLE - 1
# Reports that come back each month have their figures at the beginning.
FIGURES_CHARACTERS = 2_500
MOST_FIGURES = 32

# Shorter ones are names, and words that the writer only marks.
QUOTED_CHARACTERS = 25
# Those that tell beginning from end may lack an end, which is then that of the paragraph.
_QUOTE = re.compile(r'“[^”]+(?:”|$)|«[^»]+(?:»|$)|「[^」]+(?:」|$)|„[^“”]+(?:[“”]|$)|"[^"]+"')
_QUOTE_MARK = re.compile('[“«「„"]')
_NUMBER = re.compile(r"\d[\d.,]*(?: ?%)?")
# What amounts, rates and shares are told from days, hours and years by.
_FIGURE = re.compile(r"(?!(?:19|20)\d\d\Z)(?:\d+(?:[.,]\d+)+|\d{3,}|\d+(?= ?%))")
# Each makes a paragraph a notice: subscribe, register, follow, scan, all rights reserved.
_NOTICE_WORDS = (
    "subscribe to", "subscribe now", "a subscriber", "newsletter", "sign up for", "log in to",
    "follow us on", "all rights reserved",
    "подпишитесь", "подписывайтесь", "оформите подписку", "зарегистрируйтесь", "нашли ошибку",
    "наш канал", "нашем канале", "нашем telegram",
    "立即订阅", "立即訂閱", "请订阅", "关注公众号", "關注公眾號", "关注我们", "扫描二维码",
    "掃描二維碼", "扫码关注", "登录后", "登入後", "版权所有", "版權所有",
)  # fmt: skip
_NOTICE_CHARACTERS = 500
_TAG = re.compile(r"<[^<>]{1,200}>")
_HASH_RANGE = 1 << 32
# The smallest hashes of a text are within this many times their share of the range, but for
# one text in ten thousand.
_SKETCH_MARGIN = 1.4


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of a text in order to compare it.

    `headline` is the hash of the headline, null for a short one. `opening` are the hashes of
    the first OPENING_SHINGLES shingles in their order, `whole` the SKETCH_HASHES smallest of
    all, sorted; both are without repeats, and empty for a text too short. `shingles` counts all
    that differ. `figures` are the hashes of the amounts, rates and shares it begins with.
    """

    headline: int | None
    opening: tuple[int, ...]
    whole: tuple[int, ...]
    shingles: int
    figures: tuple[int, ...]


def sign(headline: str, paragraphs: Iterable[str]) -> Signature | None:
    """The signature of an article, null where there is too little text to tell it by."""
    title = words_of(normalise(headline))
    titled = whole_hash(title) if len(title) >= HEADLINE_WORDS else None
    text = body(paragraphs)
    hashes = shingle_hashes(text)
    distinct = set(hashes)
    if len(distinct) < LEAST_SHINGLES:
        return None if titled is None else Signature(titled, (), (), 0, ())
    opening = tuple(dict.fromkeys(hashes[:OPENING_SHINGLES]))
    return Signature(titled, opening, _smallest(distinct), len(distinct), _figures(text))


def body(paragraphs: Iterable[str]) -> str:
    """The normalised text that is compared: no markup, notices or, mostly, quotations."""
    texts = [normalise(_plain(paragraph)) for paragraph in paragraphs]
    whole = " ".join(texts)
    has_quotes = _QUOTE_MARK.search(whole) is not None
    has_notices = _is_notice(whole)
    if not has_quotes and not has_notices:
        return whole
    if has_notices:
        texts = [text for text in texts if len(text) > _NOTICE_CHARACTERS or not _is_notice(text)]
    own = " ".join([_QUOTE.sub(_unquoted, text) for text in texts])
    return own if len(own) == len(whole) or count_words(own) >= OWN_WORDS else whole


def _unquoted(quote: re.Match[str]) -> str:
    return " " if len(quote[0]) >= QUOTED_CHARACTERS else quote[0]


def _is_notice(normal: str) -> bool:
    return any(word in normal for word in _NOTICE_WORDS)


def _figures(normal: str) -> tuple[int, ...]:
    numbers = dict.fromkeys(_NUMBER.findall(normal[:FIGURES_CHARACTERS]))
    found = [match[0] for number in numbers if (match := _FIGURE.match(number.rstrip(".,")))]
    return tuple([crc32(figure.replace(",", ".").encode()) for figure in found[:MOST_FIGURES]])


def _plain(paragraph: str) -> str:
    """Without what is left of HTML that was escaped once too often, or twice."""
    if "&" not in paragraph and "<" not in paragraph:
        return paragraph
    return _TAG.sub(" ", unescape(unescape(paragraph)))


def _smallest(hashes: Collection[int]) -> tuple[int, ...]:
    limit = int(_HASH_RANGE * _SKETCH_MARGIN * SKETCH_HASHES / len(hashes))
    low = [hashed for hashed in hashes if hashed < limit]
    if len(low) < SKETCH_HASHES:
        low = list(hashes)
    low.sort()
    return tuple(low[:SKETCH_HASHES])


def pack(hashes: Iterable[int]) -> bytes:
    """Hashes as four little-endian bytes each."""
    return _little_endian(array("I", hashes)).tobytes()


def unpack(packed: bytes) -> tuple[int, ...]:
    """What `pack` packed."""
    return tuple(_little_endian(array("I", packed)))


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
