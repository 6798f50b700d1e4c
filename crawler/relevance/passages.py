"""Cuts a text into the passages that are judged, and finds the terms in each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from crawler.relevance.datelines import without_datelines
from crawler.relevance.mentions import FOE, PAIR, SANCTIONER, SIDES, A, B, Mention
from crawler.relevance.vocabulary import Vocabulary

HEADLINE_CHARACTERS = 1000
"""No headline is longer; what is, is cut, so that the time of a judgment is bounded."""
LEAD_CHARACTERS = 600
"""The lead is the sentences that begin within this: what a news item is about stands there."""
TEXT_CHARACTERS = 3000
"""So much of a text is looked at, about 500 words: what comes later is background."""
CHINESE_DENSITY = 3
"""A Chinese character says as much as three letters: both limits are divided by this."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE_END = re.compile(r"[.!?\u2026][\s\"\u201d\u00bb'\u2019)]\s*|[。！？；]|[\r\n]+")
ABBREVIATION = re.compile(
    r"(?:\b[A-ZА-Я]|\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Sen|St|No|vs|им|г|ул|т|млн))\.\s*$"
)
ADJECTIVE_END = re.compile(r"(?:ий|[ое]е|ого|ому|[иы]м|ом|ая|ой)$")
IGNORED = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
"""Soft hyphens and zero-width characters: they split words for no reader."""


@dataclass(frozen=True)
class Passage:
    """A headline or a sentence with the terms in it, from left to right."""

    text: str
    mentions: tuple[Mention, ...]

    @cached_property
    def side_a(self) -> list[Mention]:
        return [one for one in self.mentions if A in one.parties]

    @cached_property
    def side_b(self) -> list[Mention]:
        return [one for one in self.mentions if B in one.parties]

    @cached_property
    def pairs(self) -> list[Mention]:
        return [one for one in self.mentions if one.is_pair]

    @cached_property
    def others(self) -> frozenset[str]:
        """The other parties named."""
        named = frozenset[str]().union(*(one.parties for one in self.mentions))
        return named - SIDES

    @cached_property
    def foes(self) -> frozenset[str]:
        """Those of the others who are in the second side's war."""
        return frozenset[str]().union(*(one.group(FOE) for one in self.mentions))

    @cached_property
    def sanctioners(self) -> frozenset[str]:
        """Those of the others who take measures over that war."""
        return frozenset[str]().union(*(one.group(SANCTIONER) for one in self.mentions))

    @cached_property
    def cues(self) -> frozenset[str]:
        return frozenset[str]().union(*(one.cues for one in self.mentions))

    @cached_property
    def wars(self) -> list[Mention]:
        """A side's war, named as such: it stands for the side only together with other signs."""
        return [one for one in self.mentions if one.is_kind("war")]

    @property
    def has_both(self) -> bool:
        return bool(self.side_a and self.side_b)


def read_passage(text: str, terms: Vocabulary) -> Passage:
    """One passage of a text."""
    found = terms.words.find(text)
    if CHINESE.search(text):
        found = sorted(found + terms.characters.find(text), key=lambda one: one.start)
    if any(one.is_kind("offices") for one in found):
        found = [one for one in found if not _is_of_another(text, one, found)]
    return Passage(text, tuple(found))


def _is_of_another(text: str, office: Mention, found: list[Mention]) -> bool:
    """Whether a ministry is another country's: Минфин США, китайский Минпромторг."""
    if not office.is_kind("offices"):
        return False
    for one in found:
        if not one.parties or one.parties & office.parties:
            continue
        if one.start > office.end and text[office.end : one.start].isspace():
            return True
        if one.end < office.start and text[one.end : office.start].isspace():
            return bool(ADJECTIVE_END.search(one.text))
    return False


def read_headline(headline: str, terms: Vocabulary) -> Passage:
    """The headline, or a topic label: one passage, whatever its punctuation."""
    return read_passage(" ".join(_plain(headline, HEADLINE_CHARACTERS).split()), terms)


def read_text(text: str, terms: Vocabulary) -> tuple[list[Passage], list[Passage]]:
    """The sentences of the lead and those of the body after it, as far as they are looked at."""
    density = CHINESE_DENSITY if CHINESE.search(text, 0, LEAD_CHARACTERS) else 1
    plain = without_datelines(_plain(text, TEXT_CHARACTERS // density))
    sentences = split_sentences(plain)
    lead: list[Passage] = []
    used = 0
    while used < LEAD_CHARACTERS // density and (sentence := next(sentences, None)):
        lead.append(read_passage(sentence, terms))
        used += len(sentence)
    return lead, [_read_body_sentence(sentence, terms) for sentence in sentences]


def _read_body_sentence(sentence: str, terms: Vocabulary) -> Passage:
    """A sentence of the body; without its terms where it cannot name both sides."""
    if _may_name_both(sentence, terms):
        return read_passage(sentence, terms)
    return Passage(sentence, ())


def _may_name_both(text: str, terms: Vocabulary) -> bool:
    """Whether both sides may be named in a text; a quick look that errs on the safe side."""
    if CHINESE.search(text):
        return True
    groups = terms.words.possible_groups(text)
    return PAIR in groups or groups >= SIDES


def split_sentences(text: str) -> Iterator[str]:
    """The sentences of a text; a line break ends one too."""
    begun = ""
    for part in _parts(text):
        begun += part
        if begun.strip() and not ABBREVIATION.search(begun[-8:]):
            yield begun.strip()
            begun = ""
    if begun.strip():
        yield begun.strip()


def _parts(text: str) -> Iterator[str]:
    """A text cut behind each mark that may end a sentence, one blank after it kept."""
    start = 0
    for end in SENTENCE_END.finditer(text):
        mark = "" if end.group().isspace() else end.group()[:2]
        yield text[start : end.start()] + mark
        start = end.end()
    yield text[start:]


def _plain(text: str, limit: int) -> str:
    text = text[:limit]
    return text if text.isascii() else unicodedata.normalize("NFC", IGNORED.sub("", text))
