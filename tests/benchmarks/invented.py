"""Invented articles of realistic size in three languages, for benchmarks.

Words are as frequent as Zipf and Mandelbrot have it, with the endings that stems lose, and three
in ten stand in phrases that the article had before. So 91 English texts of 720 words have 10,000
stems between them and 290 each; as many real ones, of as many outlets, have 9,400 and 293. One
article in ten is a copy of one of the last hundred, as wires are printed by others. The same
part gives the same articles.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, count
from typing import NamedTuple

from crawler.items import Article, Image, RelatedLink, Relevance

FIRST_DAY = datetime(2017, 1, 1, tzinfo=UTC)
# A million in nine and a half years.
MINUTES_APART = 5
OUTLETS = 40
WORDS_KNOWN = 120_000
ZIPF_OFFSET, ZIPF_EXPONENT = 2.7, 1.15
# One phrase in eight is a repeated one, of three words in the mean.
REPEATED_PHRASES_RATIO = 0.125
REPEATED_WORDS_AT_MOST = 5
COPIES_RATIO = 0.1
COPIED_FROM = 100

_ENDINGS = {
    "en": ("", "", "", "s", "ed", "ing", "ly", "ation"),
    "ru": ("", "а", "ы", "ой", "ов", "ами", "ский", "ение"),
    "zh": ("",),
}
_LETTERS = {"en": "etaoinshrdlucmfwypvbgk", "ru": "оеаинтсрвлкмдпуяыьгзбч"}
_HAN = [chr(0x4E00 + 7 * number) for number in range(2_800)]
_TOPIC_WORDS = {
    "en": ("China", "Russia", "Moscow", "Beijing"),
    "ru": ("Китай", "Россия", "Москва", "Пекин"),
    "zh": ("中国", "俄罗斯", "莫斯科", "北京"),
}


class Language(NamedTuple):
    """How texts of a language are made: words a paragraph, paragraphs, and its vocabulary."""

    name: str
    words: int
    paragraphs: int
    vocabulary: list[str]
    weights: list[float]


def languages(seed: int = 1) -> list[Language]:
    """English of some 4 kB an article, Russian of 6, Chinese of 3."""
    dice = random.Random(seed)
    weights = list(
        accumulate((rank + ZIPF_OFFSET) ** -ZIPF_EXPONENT for rank in range(WORDS_KNOWN))
    )
    return [
        Language("en", 40, 16, _vocabulary(dice, "en"), weights),
        Language("ru", 32, 14, _vocabulary(dice, "ru"), weights),
        Language("zh", 45, 12, _vocabulary(dice, "zh"), weights),
    ]


def _vocabulary(dice: random.Random, language: str) -> list[str]:
    found: dict[str, None] = dict.fromkeys(_TOPIC_WORDS[language])
    while len(found) < WORDS_KNOWN:
        if language == "zh":
            root = "".join(dice.choices(_HAN, k=dice.choice((1, 2, 2, 2, 3))))
        else:
            root = "".join(dice.choices(_LETTERS[language], k=dice.randint(2, 9)))
        found[root + dice.choice(_ENDINGS[language])] = None
    return list(found)


def invented(part: int = 0, parts: int = 1) -> Iterator[Article]:
    """Articles without end, each some minutes after the one before; every `parts`-th of them."""
    dice = random.Random(part)
    known = languages()
    recent: deque[Article] = deque(maxlen=COPIED_FROM)
    for number in count(part + 1, parts):
        if recent and dice.random() < COPIES_RATIO:
            yield _copy(dice, dice.choice(recent), number)
        else:
            article = _article(dice, known[number // parts % len(known)], number)
            recent.append(article)
            yield article


def _article(dice: random.Random, language: Language, number: int) -> Article:
    url = f"https://outlet-{number % OUTLETS}.example/article/{number}"
    gap = "" if language.name == "zh" else " "
    told: list[str] = []

    def sentence(words: int) -> str:
        fresh = dice.choices(language.vocabulary, cum_weights=language.weights, k=words)
        found = _with_repeats(dice, fresh, told)
        told.extend(found)
        return gap.join(found)

    first = gap.join(dice.sample(_TOPIC_WORDS[language.name], 2))
    return Article(
        url=url,
        outlet=f"outlet-{number % OUTLETS}",
        headline=f"{first}{gap}{sentence(8)}",
        language=language.name,
        topic="China-Russia relations",
        topics=["China-Russia relations", sentence(1)],
        section="World / Asia",
        summary=[sentence(20)],
        authors=[f"Author {dice.randint(1, 3_000)}"],
        date_published=FIRST_DAY + timedelta(minutes=MINUTES_APART * number),
        date_published_raw="as printed",
        lead_image=Image(f"{url}.jpg", sentence(15), "Desk"),
        paragraphs=[sentence(language.words) for _ in range(language.paragraphs)],
        related=[RelatedLink(sentence(8), f"{url}0")],
        comment_count=number % 50,
        relevance=Relevance(number % 8 != 0, 0.9, ["names both countries in the headline"]),
        parser="generic/2",
        provenance={"headline": "page", "authors": "json-ld", "date_published": "meta"},
    )


def _with_repeats(dice: random.Random, fresh: list[str], told: list[str]) -> list[str]:
    """As many words, some of them phrases of what was told before."""
    found: list[str] = []
    for word in fresh:
        if len(found) >= len(fresh):
            break
        if told and dice.random() < REPEATED_PHRASES_RATIO:
            start = int(dice.random() * len(told))
            found += told[start : start + 1 + int(dice.random() * REPEATED_WORDS_AT_MOST)]
        else:
            found.append(word)
    return found[: len(fresh)]


def _copy(dice: random.Random, original: Article, number: int) -> Article:
    """The same wire with another outlet's opening, cut at some paragraph."""
    url = f"https://outlet-{number % OUTLETS}.example/article/{number}"
    kept = dice.randint(len(original.paragraphs) // 2, len(original.paragraphs))
    published = FIRST_DAY + timedelta(minutes=MINUTES_APART * number)
    return replace(
        original,
        url=url,
        outlet=f"outlet-{number % OUTLETS}",
        headline=original.headline,
        date_published=published,
        paragraphs=original.paragraphs[:kept],
    )


def raw_bytes(article: Article) -> int:
    """The text of an article, headline, summary and paragraphs, in UTF-8."""
    parts = (article.headline, *article.summary, *article.paragraphs)
    return sum(len(part.encode()) for part in parts)
