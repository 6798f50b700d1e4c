"""Finds terms written in words: Latin and Cyrillic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from operator import methodcaller

from crawler.relevance.mentions import Mention

WORD = re.compile(
    r"[A-Z](?:\.[A-Z])+\b"  # U.S, U.K, with the last dot left to the sentence
    r"|[0-9A-Za-z\u00c0-\u024f\u0400-\u052f]+(?:['\u2019][A-Za-z]+)?"
)
INSIDE_TERM = frozenset(
    " \t\u00a0-\u2010\u2011\u2012\u2013\u2014.'\"\u2018\u2019\u00ab\u00bb\u201c\u201d"
)
"""What may stand between the words of one term, besides the words."""
LONGEST_INSIDE_CHARACTERS = 3
SHORTEST_STEM_CHARACTERS = 2
START_CHARACTERS = 4
SECOND_CHARACTERS = 2
UNLIKE_START = re.compile(r"[.'\u2019ßİŉǰ]")
"""In a word whose first characters are others when it is folded."""

REMEMBERED_WORDS = 50_000
"""Words whose terms are not looked up again: more than the daily vocabulary of the news."""
POSSESSIVES = ("'s", "\u2019s")

_GROUP = methodcaller("group")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text. `exact` keeps its case, `folded` does not; ё is е in both."""

    start: int
    end: int
    exact: str
    folded: str


@dataclass(frozen=True, slots=True)
class WordPattern:
    """One word of a term: `=Exact`, `plain`, or `stem*` with its endings."""

    text: str
    is_exact: bool = False
    endings: frozenset[str] | None = None

    def matches(self, word: Word, is_shouted: bool) -> bool:
        if self.is_exact:
            return word.exact == (self.text.upper() if is_shouted else self.text)
        if self.endings is None:
            return word.folded == self.text
        return word.folded.startswith(self.text) and word.folded[len(self.text) :] in self.endings


@dataclass(frozen=True, slots=True)
class WordTerm:
    """A term and what it stands for."""

    patterns: tuple[WordPattern, ...]
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The terms that may begin with some word: those of that word alone, and the longer ones by
    how their second word begins. There are dozens that begin with "Chinese". `groups` are those
    of the tags of all.
    """

    alone: tuple[WordTerm, ...]
    longer: dict[str, tuple[WordTerm, ...]]
    groups: frozenset[str]

    def before(self, second: str) -> tuple[WordTerm, ...]:
        """The terms that may stand where that word comes next."""
        if not self.longer:
            return self.alone
        found = self.alone
        for length in range(1, SECOND_CHARACTERS + 1):
            found += self.longer.get(second[:length], ())
            if len(second) <= length:
                break
        return found


NONE = Candidates((), {}, frozenset())


class WordIndex:
    """All terms in words, found by the first word: time grows with the text, not the terms."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[WordTerm]] = {}
        self._by_stem: dict[str, list[WordTerm]] = {}
        self._starts: set[str] = set()
        self._longest_ending = 0
        self._terms_of = lru_cache(REMEMBERED_WORDS)(self._terms_beginning)

    def add(self, term: str, tags: frozenset[str], endings: frozenset[str]) -> None:
        """Takes a term in the notation of the terms files."""
        patterns = tuple(_patterns(term, endings))
        first = patterns[0]
        index = self._by_word if first.endings is None else self._by_stem
        start = first.text.casefold()
        self._starts.add(start[:START_CHARACTERS])
        same_start = index.setdefault(start, [])
        same_start.append(WordTerm(patterns, tags))
        self._longest_ending = max(self._longest_ending, *(len(ending) for ending in endings))

    def find(self, text: str) -> list[Mention]:
        """The terms of the text from left to right, none overlapping, the longest first."""
        matches = list(WORD.finditer(text))
        words = _Words(matches)
        is_shouted = text.isupper()
        found: list[Mention] = []
        next_index = 0
        for index, candidates in enumerate(map(self._terms_of, map(_GROUP, matches))):
            if candidates is NONE or index < next_index:
                continue
            terms = candidates.alone
            if candidates.longer and index + 1 < len(matches):
                terms = candidates.before(words[index + 1].folded)
            length, tags = _longest_at(terms, text, words, index, is_shouted)
            if length:
                start, end = words[index].start, words[index + length - 1].end
                found.append(Mention(start, end, text[start:end], tags))
                next_index = index + length
        return found

    def possible_groups(self, text: str) -> set[str]:
        """The groups of all terms that may stand in the text, by their first words alone."""
        found = set[str]()
        for candidates in map(self._terms_of, WORD.findall(text)):
            if candidates is not NONE:
                found |= candidates.groups
        return found

    def _terms_beginning(self, written: str) -> Candidates:
        """The terms whose first word the written one may be."""
        start = written[:START_CHARACTERS].casefold().replace("ё", "е")
        starts = (start, start[:-1], start[:SHORTEST_STEM_CHARACTERS])
        if self._starts.isdisjoint(starts) and not UNLIKE_START.search(written):
            return NONE
        alone, longer = list[WordTerm](), dict[str, tuple[WordTerm, ...]]()
        terms = self._candidates(word_of(written, 0).folded)
        for term in terms:
            if len(term.patterns) == 1:
                alone.append(term)
            else:
                start = term.patterns[1].text.casefold()[:SECOND_CHARACTERS]
                longer[start] = (*longer.get(start, ()), term)
        groups = frozenset(tag.split(".")[0] for term in terms for tag in term.tags)
        return Candidates(tuple(alone), longer, groups) if terms else NONE

    def _candidates(self, folded: str) -> list[WordTerm]:
        found = self._by_word.get(folded, [])
        shortest = max(SHORTEST_STEM_CHARACTERS, len(folded) - self._longest_ending)
        for length in range(len(folded), shortest - 1, -1):
            same_stem = self._by_stem.get(folded[:length])
            if same_stem:
                found = found + same_stem
        return found


class _Words:
    """The words of a text, each made when it is asked for: most never are."""

    def __init__(self, matches: list[re.Match[str]]) -> None:
        self._matches = matches
        self._made: dict[int, Word] = {}

    def __len__(self) -> int:
        return len(self._matches)

    def __getitem__(self, index: int) -> Word:
        word = self._made.get(index)
        if word is None:
            match = self._matches[index]
            word = self._made[index] = word_of(match.group(), match.start())
        return word


def word_of(written: str, start: int) -> Word:
    """A word that stands at `start`, without its possessive ending."""
    exact = written[:-2] if written.endswith(POSSESSIVES) else written
    end = start + len(exact)
    exact = exact.replace(".", "").replace("\u2019", "'").replace("ё", "е").replace("Ё", "Е")
    return Word(start, end, exact, exact.casefold())


def _patterns(term: str, endings: frozenset[str]) -> list[WordPattern]:
    patterns = []
    for part in term.split():
        bare = word_of(WORD.findall(part.strip("=*"))[0], 0)
        if part.startswith("="):
            patterns.append(WordPattern(bare.exact, is_exact=True))
        else:
            patterns.append(WordPattern(bare.folded, endings=endings if part[-1] == "*" else None))
    return patterns


def _longest_at(
    terms: tuple[WordTerm, ...], text: str, words: _Words, index: int, is_shouted: bool
) -> tuple[int, frozenset[str]]:
    """How many words the longest of the terms takes, 0 if none stands there, and its tags."""
    longest, tags = 0, frozenset[str]()
    for term in terms:
        length = len(term.patterns)
        if length < longest or not _fits(term, text, words, index, is_shouted):
            continue
        tags = tags | term.tags if length == longest else term.tags
        longest = length
    return longest, tags


def _fits(term: WordTerm, text: str, words: _Words, index: int, is_shouted: bool) -> bool:
    if index + len(term.patterns) > len(words):
        return False
    for offset, pattern in enumerate(term.patterns):
        word = words[index + offset]
        if not pattern.matches(word, is_shouted):
            return False
        if offset and not _is_one_term(text, words[index + offset - 1].end, word.start):
            return False
    return True


def _is_one_term(text: str, start: int, end: int) -> bool:
    gap = text[start:end].removeprefix("'s").removeprefix("\u2019s")
    return len(gap) <= LONGEST_INSIDE_CHARACTERS and INSIDE_TERM.issuperset(gap)
