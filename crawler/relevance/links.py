"""Reads how the countries named in a passage stand to each other: paired, listed, or a place."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from itertools import pairwise

from crawler.relevance.mentions import SIDES, Mention
from crawler.relevance.passages import Passage
from crawler.relevance.vocabulary import Grammar, grammars

LONGEST_TITLE_CHARACTERS = 25
"""Room for "President Vladimir" between a country and its person."""
HYPHENS = frozenset("-\u2010\u2011\u2013\u2014/")
CLAUSE_MARKS = re.compile(r"[,;:，；：|]")
CLAUSE_BREAKS = re.compile(r"[;，；|]|,(?=(?:\s\S+){3})|(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff])")
"""A comma before three words or more begins a clause. Between two Chinese characters a blank
stands for a comma in headlines.
"""
SPEAKER_MARKS = (":", "：")
LEAVING = re.compile(r"(?:экспорт|вывод|вывоз|отток|бегств)\w*(?:\s\w+){0,3}\sиз\s", re.IGNORECASE)
"""What leaves a country goes anywhere: «экспорт машин из Китая»."""
OPENING_CLAUSE = re.compile(
    r"(?:As|After|While|With|Amid|Despite|Since|When|Before|Following|Even as|Though|Although"
    r"|На фоне|После|Пока|Вопреки|Несмотря на)\s[^,]{1,80},\s"
)
SPEECH = re.compile(
    r"(?:'s|\u2019s)?(?:\s[\w'.\u2019-]+){0,3}\s(?:says?|said|claims?|alleges?|believes?|thinks?"
    r"|insists?|fears?|suspects?|finds?|found)(?:\sthat)?\s(?:the\s)?"
    r"|(?:\s[\w-]+){0,3}\s(?:заяви(?:л|ла|ли)|сообщи(?:л|ла|ли)|счита[ею]т|увер(?:ен|ена|ены)"
    r"|обвини(?:л|ла|ли)|утвержда[ею]т),?(?:\sчто)?\s"
    r"|[^，。、：:\s]{0,6}(?:称|稱|说|說|表示|指控|指责|指責|警告)[：:，,]?\s?"
)
"""Between who speaks and whom of the two sides they speak of."""
CYRILLIC = re.compile(r"[\u0400-\u052f]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LAST_WORDS = re.compile(r"(?:([^\W\d_]+)\s+)?([^\W\d_]+)\s+$")
NEXT_WORD = re.compile(r"\s([^\W\d_]+)")
LOOK_BACK_CHARACTERS = 40
POSSESSIVES = ("'s", "\u2019s")
ACTING_KINDS = ("people", "organisations", "offices", "adjective", "toward", "home")
"""Kinds of terms that are never only the place where something happens."""


@dataclass(frozen=True, slots=True)
class Links:
    """What joins the names of a passage.

    `is_linked`: the two alone are paired ("China and Russia"). `is_hyphenated`: so closely
    ("Sino-Russian"). `is_enumerated`: both stand in one list with others. `has_rival`: one of
    the two is paired with another country.
    """

    is_linked: bool = False
    is_hyphenated: bool = False
    is_enumerated: bool = False
    has_rival: bool = False


def read_links(passage: Passage) -> Links:
    """The links between all countries named in the passage."""
    is_linked = is_hyphenated = is_enumerated = has_rival = False
    for run in _runs(passage):
        parties = frozenset[str]().union(*(one.parties for one in run))
        sides = parties & SIDES
        if parties == SIDES:
            is_linked = True
            is_hyphenated = is_hyphenated or _is_hyphenated(passage.text, run)
        elif sides == SIDES:
            # A pair term in a list stands for itself: 中俄、中美.
            is_listed = not any(one.is_pair for one in run)
            is_enumerated = is_enumerated or is_listed
            is_linked = is_linked or not is_listed
        elif sides and parties != sides:
            has_rival = True
    return Links(is_linked, is_hyphenated, is_enumerated, has_rival)


def is_actor(passage: Passage, mentions: list[Mention]) -> bool:
    """Whether a country acts in the passage, and is not just where it happens."""
    return any(_acts(passage, mention) for mention in mentions) or _is_market(passage, mentions)


def first_named(passage: Passage) -> Mention:
    """The first country named, behind a clause that only sets the scene: `As bombs fall on Kyiv,`.

    The passage names one at least.
    """
    opening = OPENING_CLAUSE.match(passage.text)
    start = opening.end() if opening else 0
    named = [one for one in passage.mentions if one.parties]
    return next((one for one in named if one.start >= start), named[0])


def is_speaker(passage: Passage, mention: Mention) -> bool:
    """Whether a name is only who says what follows: `Kyiv: ...`, `the Czech president says China
    ...`, with a name of the two sides next.
    """
    end = mention.end
    for one in passage.mentions:  # NATO's Rutte
        if one.parties == mention.parties and 0 <= one.start - end <= LONGEST_TITLE_CHARACTERS:
            end = one.end
    if passage.text[end : end + 1] in SPEAKER_MARKS:
        return True
    sides = (one.start for one in passage.mentions if one.parties & SIDES)
    start = next((start for start in sides if start >= end), None)
    return start is not None and bool(SPEECH.fullmatch(passage.text[end:start]))


def is_said_by_others(passage: Passage) -> bool:
    """Whether the one other party named only says something of a side."""
    speaker = first_named(passage)
    return passage.others <= speaker.parties and is_speaker(passage, speaker)


def is_toward(passage: Passage, mention: Mention) -> bool:
    """Whether it is the other end of something unnamed: «торговля с Китаем», «рейсы в Китай»."""
    words = LAST_WORDS.search(passage.text[: mention.start][-LOOK_BACK_CHARACTERS:])
    grammar = _grammar(mention.text)
    if words is None or words.group(2).lower() not in grammar.toward:
        return False
    if not mention.is_kind("country") and words.group(2).lower() in grammar.places_before:
        return False
    return not _is_place(passage.text, mention) and not LEAVING.search(passage.text)


def are_apart(passage: Passage) -> bool:
    """Whether each clause names one side at most: `Astana picks Rosatom; China builds later`."""
    if passage.pairs:
        return False
    breaks = [one.start() for one in CLAUSE_BREAKS.finditer(passage.text)]
    clauses_of_a = {bisect(breaks, one.start) for one in passage.side_a}
    return clauses_of_a.isdisjoint(bisect(breaks, one.start) for one in passage.side_b)


def _is_market(passage: Passage, mentions: list[Mention]) -> bool:
    """Whether a country's money is dealt in where the other side has its exchange or banks."""
    has_money = any(one.is_kind("money") for one in mentions)
    other = passage.side_b if mentions is passage.side_a else passage.side_a
    return has_money and any(one.is_kind("organisations") for one in other)


def _acts(passage: Passage, mention: Mention) -> bool:
    if any(mention.is_kind(kind) for kind in ACTING_KINDS):
        return True
    if mention.is_kind("places") or mention.is_kind("money"):
        return False
    return not _is_place(passage.text, mention)


def _is_place(text: str, mention: Mention) -> bool:
    grammar = _grammar(mention.text)
    if text.startswith(POSSESSIVES, mention.end):
        return False
    before = text[max(0, mention.start - LOOK_BACK_CHARACTERS) : mention.start]
    if before[-1:] in grammar.places_before:
        return True
    words = LAST_WORDS.search(before)
    if not words or words.group(2).lower() not in grammar.places_before:
        return False
    return mention.text.endswith(grammar.place_endings) if grammar.place_endings else True


def _runs(passage: Passage) -> list[list[Mention]]:
    """The names of the passage, cut where two neighbours are not joined."""
    runs: list[list[Mention]] = []
    for mention in passage.mentions:
        if not mention.parties:
            continue
        if runs and _are_joined(passage.text, runs[-1][-1], mention):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    return runs


def _are_joined(text: str, first: Mention, second: Mention) -> bool:
    gap = text[first.end : second.start]
    if gap.strip() == "," and _reports(text, second):
        return False
    if first.parties == second.parties and len(gap) <= LONGEST_TITLE_CHARACTERS:
        return not CLAUSE_MARKS.search(gap)
    if gap and gap.isspace():
        return False
    return gap.strip().removeprefix("'s").strip().lower() in _grammar(second.text).joins


def _reports(text: str, mention: Mention) -> bool:
    """Whether a name at the end only says who says so: `..., Kyiv says`."""
    word = NEXT_WORD.match(text, mention.end)
    return word is not None and word.group(1).lower() in _grammar(mention.text).reporting


def _is_hyphenated(text: str, run: list[Mention]) -> bool:
    """Whether two names are one: `Sino-Russian`, or `Москва — Пекин`, countries both."""
    for one, other in pairwise(run):
        gap = text[one.end : other.start]
        are_countries = one.is_kind("country") and other.is_kind("country")
        if gap in HYPHENS or (are_countries and bool(gap.strip()) and gap.strip() in HYPHENS):
            return True
    return False


def _grammar(text: str) -> Grammar:
    language = "ru" if CYRILLIC.search(text) else "zh" if CHINESE.search(text) else "en"
    return grammars()[language]
