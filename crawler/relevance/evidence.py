"""Weighs what one passage says about the two sides together."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.relevance.links import (
    Links,
    are_apart,
    first_named,
    is_actor,
    is_said_by_others,
    is_toward,
    read_links,
)
from crawler.relevance.mentions import PAIR_TERM, SIDES, A, B, Mention
from crawler.relevance.passages import Passage

CUE_NAMES = {
    "cooperation": "cooperation",
    "diplomacy": "diplomacy",
    "trade": "trade and energy",
    "defence": "defence",
    "sanctions": "sanctions",
    "border": "the border",
    "travel": "travel",
    "exchange": "people and culture",
    "stance": "support or dependence",
}
"""The kinds of cue that speak for a relation, and how a reason calls them."""
RELATION_CUES = frozenset(CUE_NAMES)
MOST_CUES_NAMED = 3
MOST_TERMS_NAMED = 2

# Strengths are points on a scale where 1 is certain. They follow the definition of relevance.
# Moving all of them at random by a fifth costs at most three points of F1 on labelled items.
PAIR_STRENGTH = 0.9
MEETING = 0.5
LINKED = 0.15
RELATION = 0.25
BOTH_LEADERS = 0.1
ENUMERATED = 0.1
ENUMERATED_COOPERATION = 0.5
PLACE_ONLY = -0.3
PLACE_FOR_OTHERS = -0.5
RIVAL = -0.35
MEDIATION = -0.15
BYSTANDERS = -0.05
SIDE_BY_SIDE = -0.5
AMONG_SEVERAL_AT_MOST = 0.45
SEVERAL = 2
WORLD_ECONOMY = -0.35
OUTSIDER_AT_MOST = 0.35
SPORT_FACTOR = 0.2
WAR = 0.25
WAR_HELP = 0.55
WAR_COMBATANTS = 0.6
WAR_SANCTIONS = 0.7
SANCTIONS = 0.45
SANCTIONS_PACKAGE = 0.6
TOLD_FROM_HOME = 0.55
HOME_CUES = frozenset(("trade", "travel", "border", "cooperation", "exchange"))
"""What a country's press need not say that it is about its own: trade with them, trips there."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How strongly (0..1) a passage speaks of the relation, and in words why.

    `reason` continues "the headline ...". `is_contrary` tells that both sides are named
    and the passage speaks of something else.
    """

    strength: float = 0.0
    reason: str = ""
    is_contrary: bool = False


NOTHING = Evidence()


def weigh(passage: Passage, homes: frozenset[str] = frozenset()) -> Evidence:
    """The evidence in one passage. `homes` are the sides it may be told from, unnamed: 对俄 then
    implies that the first acts, «торговля с Китаем» that the second does.
    """
    if passage.has_both:
        return _weigh_meeting(passage)
    if A in homes and _is_told_from_first(passage):
        return Evidence(TOLD_FROM_HOME, f"names {quoted(passage.side_b)} as seen from home")
    if B in homes and _is_told_from_second(passage):
        return Evidence(TOLD_FROM_HOME, f"names {quoted(passage.side_a)} as seen from home")
    return _weigh_one_and_the_war(passage) if passage.side_a else NOTHING


def quoted(mentions: list[Mention]) -> str:
    """The first terms of a list, for a sentence."""
    texts = list(dict.fromkeys(one.text for one in mentions))
    return " and ".join(f"“{text}”" for text in texts[:MOST_TERMS_NAMED])


def _weigh_meeting(passage: Passage) -> Evidence:
    links = read_links(passage)
    if links.is_enumerated and not links.is_linked:
        return _weigh_list(passage)
    is_pair = bool(passage.pairs) or links.is_hyphenated
    strength, notes = PAIR_STRENGTH, list[str]()
    if not is_pair:
        strength, notes = _weigh_manner(passage, links)
    if _is_sport(passage, is_pair):
        strength *= SPORT_FACTOR
        notes.append("in sport")
    what = quoted(passage.pairs) or f"{quoted(passage.side_a)} with {quoted(passage.side_b)}"
    if passage.cues & RELATION_CUES:
        notes.insert(0, f"about {_relation(passage)}")
    if links.is_linked and not passage.cues & RELATION_CUES and _is_among_several(passage):
        strength = min(strength, AMONG_SEVERAL_AT_MOST)
        notes.append("but with several others and nothing between the two")
    if is_pair and _is_named_as_threat(passage):
        strength += SIDE_BY_SIDE
        notes.append("but side by side as threats or in a ranking")
    strength = min(max(strength, 0.0), PAIR_STRENGTH)
    return Evidence(strength, ", ".join([f"names {what}", *notes]), strength < MEETING)


def _relation(passage: Passage) -> str:
    """What the two are told to have with each other, each with the word that tells it."""
    words: dict[str, str] = {}
    for one in passage.mentions:
        for cue in one.cues:
            words.setdefault(cue, one.text)
    found = [f"{name} (“{words[cue]}”)" for cue, name in CUE_NAMES.items() if cue in words]
    return ", ".join(found[:MOST_CUES_NAMED])


def _weigh_manner(passage: Passage, links: Links) -> tuple[float, list[str]]:
    """The strength of a meeting by how the two are named, with notes on what lessens it."""
    strength, notes = MEETING, []
    if passage.cues & RELATION_CUES:
        strength += RELATION
    if links.is_linked:
        strength += LINKED
    if _has_people(passage.side_a) and _has_people(passage.side_b):
        strength += BOTH_LEADERS
    if not links.is_linked:
        points, note = _weigh_setting(passage, links)
        strength += points
        notes += [note] if note else []
    if links.is_linked and _is_side_by_side(passage):
        strength += SIDE_BY_SIDE
        notes.append("but side by side as threats or in a ranking")
    if _is_told_by_outsider(passage, links):
        strength = min(strength, OUTSIDER_AT_MOST)
        notes.append("but in the story of another country")
    return strength, notes


def _weigh_setting(passage: Passage, links: Links) -> tuple[float, str]:
    """What other countries and mere places take away."""
    is_place = not (is_actor(passage, passage.side_a) and is_actor(passage, passage.side_b))
    if is_place and passage.others and not _is_about_sanctions(passage):
        return PLACE_FOR_OTHERS, "but one only as the place where others meet"
    if is_place and not _is_between(passage):
        return PLACE_ONLY, "but one only as a place"
    if "world_economy" in passage.others:
        return WORLD_ECONOMY, "but as two among the causes of a world price"
    is_about_war = passage.others <= passage.foes | passage.sanctioners
    if links.has_rival and not _is_about_sanctions(passage):
        if is_about_war and not is_place:
            return MEDIATION, "and those whom the war concerns beside them"
        return RIVAL, "but one paired with another country"
    is_list_story = "ranking" in passage.cues or ("threat" in passage.cues and passage.others)
    if is_list_story and not passage.cues & RELATION_CUES:
        return BYSTANDERS, "but as threats or in a ranking"
    return (0.0 if is_about_war or is_said_by_others(passage) else BYSTANDERS), ""


def _is_between(passage: Passage) -> bool:
    """Whether a mere place is the other side all the same: somebody's visit, a market, a border."""
    is_visit = _has_people(passage.side_a) or _has_people(passage.side_b)
    is_told = bool(passage.cues & {"diplomacy", "border", "travel", "trade", "exchange"})
    return is_told or (is_visit and not passage.others) or _is_about_sanctions(passage)


def _is_about_sanctions(passage: Passage) -> bool:
    is_package = "package" in passage.cues and bool(passage.sanctioners)
    return "sanctions" in passage.cues or is_package


def _weigh_list(passage: Passage) -> Evidence:
    what = f"names {quoted(passage.side_a)} and {quoted(passage.side_b)} in a list with others"
    is_joint = "cooperation" in passage.cues and not _is_side_by_side(passage)
    if is_joint and not _is_sport(passage, is_pair=False):
        return Evidence(ENUMERATED_COOPERATION, f"{what}, about cooperation")
    return Evidence(ENUMERATED, what, is_contrary=True)


def _weigh_one_and_the_war(passage: Passage) -> Evidence:
    """The other is not named: sanctions over its war, or help for it, can be the subject."""
    one = quoted(passage.side_a)
    if "sanctions" in passage.cues and (passage.wars or passage.foes):
        return Evidence(WAR_SANCTIONS, f"names {one} and sanctions over the war")
    if "sanctions" in passage.cues and passage.sanctioners:
        strength = SANCTIONS_PACKAGE if "package" in passage.cues else SANCTIONS
        return Evidence(strength, f"names {one} and sanctions of those who punish the war")
    if "combatants" in passage.cues and (passage.wars or passage.foes):
        return Evidence(WAR_COMBATANTS, f"names {one} and those who fight in the war")
    if not passage.wars:
        return NOTHING
    what = f"names {one} with {quoted(passage.wars)}"
    is_onlooker = bool(passage.others - passage.foes - passage.sanctioners)
    if "stance" in passage.cues or ("trade" in passage.cues and not is_onlooker):
        return Evidence(WAR_HELP, f"{what}, about help or trade")
    return Evidence(WAR, what)


def _has_people(mentions: list[Mention]) -> bool:
    return any(one.is_kind("people") for one in mentions)


def _has_adjectives(passage: Passage) -> bool:
    sides = (passage.side_a, passage.side_b)
    return all(any(one.is_kind("adjective") for one in side) for side in sides)


def _is_side_by_side(passage: Passage) -> bool:
    """Whether the two may be named only as threats or in a ranking."""
    is_list_story = bool(passage.cues & {"threat", "ranking"})
    return is_list_story and not passage.cues & {"cooperation", "sanctions", "trade"}


def _is_among_several(passage: Passage) -> bool:
    """Whether several uninvolved others are named, and no project of the two."""
    is_theirs = any(one.has(PAIR_TERM) for one in passage.pairs)
    onlookers = passage.others - passage.foes - passage.sanctioners
    return not is_theirs and len(onlookers) >= SEVERAL


def _is_named_as_threat(passage: Passage) -> bool:
    """Whether others name the two in one word, and not a project of theirs, as threats."""
    is_theirs = any(one.has(PAIR_TERM) for one in passage.pairs)
    return bool(passage.others) and not is_theirs and _is_side_by_side(passage)


def _is_told_by_outsider(passage: Passage, links: Links) -> bool:
    """Whether another party is named first and only talks with, or of, the two."""
    first = first_named(passage)
    if first.parties & SIDES:
        return False
    if is_said_by_others(passage):
        return False
    if not links.is_linked and are_apart(passage) and not _is_about_sanctions(passage):
        return bool(first.parties - passage.foes - passage.sanctioners)
    told = passage.cues & (RELATION_CUES - {"diplomacy"})
    # Of two that stand together, trade may be each one's own with the one who is named first.
    return not told or (links.is_linked and told == {"trade"} and not passage.foes)


def _is_sport(passage: Passage, is_pair: bool) -> bool:
    is_contest = "contest" in passage.cues and not passage.cues & {"trade", "defence"}
    if "sport" not in passage.cues and not is_contest:
        return False
    if is_pair and passage.cues & {"exchange", "cooperation", "border"}:
        return False
    if is_pair and not is_contest and _has_adjectives(passage):
        return False  # Russian-Chinese games are an exchange
    return not (_has_people(passage.side_a) and _has_people(passage.side_b))


def _is_told_from_first(passage: Passage) -> bool:
    is_toward = any(one.is_kind("toward") for one in passage.side_b)
    relation = passage.cues & (RELATION_CUES - {"sanctions"})
    return is_toward and not passage.others and bool(relation)


def _is_told_from_second(passage: Passage) -> bool:
    is_named_so = any(is_toward(passage, one) for one in passage.side_a)
    return is_named_so and not passage.others and bool(passage.cues & HOME_CUES)
