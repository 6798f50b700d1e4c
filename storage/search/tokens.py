"""An article as the list of tokens that both databases hold and match.

A token of the text is a stem or a pair of characters. All others begin with a colon, which no
word does, and a letter saying what they are; so no prefix of a word reaches them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b
from operator import add

from crawler.items import Article
from storage.cleaning import clean_text
from storage.search.stems import tokens as stem_tokens
from storage.words import normalise

SCHEME = 1
"""The version of the rules here and in `stems`: entries made by others must be made anew."""

GAP = ":"
"""Between two parts of a text, so that no phrase spans them."""
HEADLINE = ":h"
"""The headline's tokens once more, in their order."""
FOCUS = ":f"
"""What the article is about: tokens of headline and summary, and those often in the text."""
OUTLET, LANGUAGE, RELEVANT, TOPIC, AUTHOR = ":o", ":l", ":r", ":t", ":a"
YEAR, MONTH, DAY = ":y", ":m", ":d"

# A tsvector holds positions up to 16,383 and 1 MiB of lexemes. The text is cut for both databases
# alike, at some 15,000 words; in the worst case its lexemes then take 0.98 MiB.
TEXT_TOKENS = 15_000
TEXT_BYTES = 250_000
HEADLINE_TOKENS = 200
LABELS = 100
# A tsvector holds 256 positions of a lexeme; the phrases of later ones are not found.
PLACES_PER_TOKEN = 255
FOCUS_OCCURRENCES = 3
FACET_BYTES = 8
CACHED_FACETS = 4_096

# What stands behind each token in its turn, for all that a tsvector can place.
_PLACES = tuple(f"':{place}" for place in range(1, 2**14))
_GAP_PLACES = re.compile(rf"'{GAP}':\d+ ")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Years 1697 to 2242: what is outside counts as the nearest second inside.
TIME_LIMIT_SECONDS = 2**33
_ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Tokens:
    """`placed` stand in the order of the text; of `marks` it only matters that they are there."""

    placed: list[str]
    marks: list[str]

    @cached_property
    def document(self) -> bytes:
        """All of them between spaces: what SQLite reads."""
        return " ".join([*self.placed, GAP, *self.marks]).encode()

    @cached_property
    def tsvector(self) -> str:
        """As tsvector's input function reads them; gaps only count. In it is no line feed.

        A token that comes again is written again: PostgreSQL gathers its places.
        """
        placed = " '".join(map(add, self.placed, _PLACES))
        marks = " ".join([f"'{mark}'" for mark in self.marks])
        return _GAP_PLACES.sub("", f"'{placed} {marks}") if placed else marks

    def prepare(self, dialect: str) -> None:
        """Makes beforehand what that database reads."""
        _ = self.tsvector if dialect == "postgresql" else self.document


def tokens_of(article: Article, published: datetime) -> Tokens:
    """What `article` is found by; `published` is when it counts as published."""
    texts = _Texts()
    headline = texts.add(article.headline)[:HEADLINE_TOKENS]
    for entry in article.summary:
        texts.add(entry)
    focus = set(texts.placed)
    for text in _other_texts(article):
        texts.add(text)
    counts = Counter(texts.placed)
    focus.update(token for token, number in counts.items() if number >= FOCUS_OCCURRENCES)
    focus.discard(GAP)
    placed = texts.placed
    if max(counts.values(), default=0) > PLACES_PER_TOKEN:
        placed = _thinned(placed)
    marks = [FOCUS + token for token in focus]
    marks += facets_of(article, published)
    marks.sort()
    return Tokens([*placed, *(HEADLINE + token for token in headline)], marks)


class _Texts:
    """The parts of a text, one after the other, up to the limits."""

    def __init__(self) -> None:
        self.placed: list[str] = []
        self._bytes_left = TEXT_BYTES

    def add(self, text: str) -> list[str]:
        """Takes one part, and a gap after it; gives its tokens."""
        normal = normalise(clean_text(text))
        size = len(normal) if normal.isascii() else len(normal.encode())
        if size > self._bytes_left:
            normal = normal.encode()[: self._bytes_left].decode(errors="ignore")
            size = self._bytes_left
        self._bytes_left -= size
        found = stem_tokens(normal)[: max(0, TEXT_TOKENS - len(self.placed))]
        if found:
            self.placed += found
            self.placed.append(GAP)
        return found


def _other_texts(article: Article) -> Iterator[str]:
    yield from label_list(article)[:LABELS]
    yield from article.authors[:LABELS]
    pictures = [*([article.lead_image] if article.lead_image else []), *article.images]
    yield from (picture.caption for picture in pictures if picture.caption)
    yield from (subhead.text for subhead in article.subheads)
    yield from article.paragraphs


def _thinned(placed: list[str]) -> list[str]:
    """A gap in place of each token that came too often already."""
    met: Counter[str] = Counter()
    kept = []
    for token in placed:
        met[token] += 1
        kept.append(token if met[token] <= PLACES_PER_TOKEN else GAP)
    return kept


def label_list(article: Article) -> list[str]:
    """The label over the headline and all others, as printed."""
    return [label for label in (article.topic, *article.topics) if label]


def facets_of(article: Article, published: datetime) -> set[str]:
    """What filters ask for."""
    moment = EPOCH + timedelta(seconds=seconds_of(published))
    found = {
        f"{RELEVANT}{int(article.relevant)}",
        f"{YEAR}{moment:%Y}",
        f"{MONTH}{moment:%Y%m}",
        f"{DAY}{moment:%Y%m%d}",
        *(name_facet(TOPIC, label) for label in label_list(article)[:LABELS]),
        *(name_facet(AUTHOR, author) for author in article.authors[:LABELS]),
    }
    if article.outlet is not None:
        found.add(facet(OUTLET, article.outlet))
    if article.language is not None:
        found.add(facet(LANGUAGE, article.language))
    return found


def name_facet(mark: str, name: str) -> str:
    """A token for a label or a name, in any case."""
    return facet(mark, normalise(clean_text(name)))


@lru_cache(CACHED_FACETS)
def facet(mark: str, value: str) -> str:
    """A token for that very value, whatever is in it."""
    return mark + blake2b(clean_text(value).encode(), digest_size=FACET_BYTES).hexdigest()


def seconds_of(moment: datetime) -> int:
    """Whole seconds since 1970, kept within the limit."""
    seconds = (moment - EPOCH) // _ONE_SECOND
    return max(-TIME_LIMIT_SECONDS, min(TIME_LIMIT_SECONDS, seconds))
