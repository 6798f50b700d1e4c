"""Judges whether a text is about the relations of a topic's two sides, and says why.

The topic label, the headline, the sentences of the lead and, a little, the body each give
evidence that the two sides meet there. The evidence is added up so that several weak signs
make a strong one, and no number of signs makes more than certainty.
"""

from __future__ import annotations

from functools import cache

from crawler.items import Relevance
from crawler.relevance.evidence import NOTHING, Evidence, quoted, weigh
from crawler.relevance.links import is_said_by_others
from crawler.relevance.mentions import A, B
from crawler.relevance.passages import Passage, read_headline, read_passage, read_text
from crawler.relevance.topic import Topic
from crawler.relevance.topic_file import packaged_topic
from crawler.relevance.vocabulary import build_vocabulary

THRESHOLD = 0.5
"""The score from which on a text is relevant."""

TOPIC_WEIGHT = 0.95
HEADLINE_WEIGHT = 1.0
LEAD_WEIGHT = 0.85
NEXT_SENTENCES_WEIGHT = 0.4
ACROSS_WEIGHT = 0.7
BODY_WEIGHT = 0.45

# What the headline is about bears on what the lead may add.
FRAME_OPEN = 1.0
FRAME_OTHER_STORY = 0.55
FRAME_ONLOOKER = 0.8
FRAME_CONTRARY = 0.3
BOND_CUES = frozenset(("cooperation", "stance"))
"""In a headline without the two these tell what the two in the lead are to each other."""

BODY_SENTENCES_AT_LEAST = 3
"""Fewer sentences of a body that name both sides are passing mentions."""
BODY_SHARE_FOR_ALL = 0.4
"""A body in which so many sentences speak of both is about them from end to end."""
BODY_STRENGTH_AT_LEAST = 0.5

Sign = tuple[float, Evidence, str]
"""The weight of a place in the text, the evidence there, and what the place is called."""


class Judge:
    """Judges by one topic. Making one reads its terms; it may then be used by any thread."""

    def __init__(self, topic: Topic) -> None:
        """Raises ConfigurationError for a side without terms."""
        self.topic = topic
        self._terms = build_vocabulary(topic)

    def __call__(
        self,
        headline: str,
        text: str = "",
        *,
        topic: str | None = None,
        language: str | None = None,
    ) -> Relevance:
        """The relevance of an article: `text` is its lead or its whole body.

        `topic` is the label over the headline. `language` is a hint (`en`, `ru`, `zh`): the
        terms of all three languages are tried in any case. Raises nothing, whatever the strings.
        """
        homes = self._homes(language)
        title = read_headline(headline, self._terms)
        lead, body = read_text(text, self._terms)
        label = weigh(read_headline(topic or "", self._terms))
        head = weigh(title, homes)
        frame = _frame(title, head)
        signs = [
            (TOPIC_WEIGHT, label, "topic label"),
            (HEADLINE_WEIGHT, head, "headline"),
            *_lead_signs(lead, frame, homes),
            (ACROSS_WEIGHT * frame, self._across(title, lead), "headline, read with the lead,"),
            (BODY_WEIGHT * frame, _weigh_body(body), "body"),
        ]
        doubt = 1.0
        for weight, evidence, _ in signs:
            doubt *= 1.0 - weight * evidence.strength
        score = round(1.0 - doubt, 3)
        return Relevance(score >= THRESHOLD, score, self._reasons(signs, title, lead, frame))

    def _homes(self, language: str | None) -> frozenset[str]:
        """The sides from which a text in that language may be told, all if it is not known."""
        homes = {A: self.topic.home_language, B: self.topic.second_home_language}
        told = (side for side, home in homes.items() if home)
        if language is None:
            return frozenset(told)
        return frozenset(side for side in told if language.startswith(homes[side] or ""))

    def _across(self, title: Passage, lead: list[Passage]) -> Evidence:
        """One side in the headline and the other in the first sentence; or the two there, and
        what stands between them in a headline that names nobody.
        """
        if not lead or title.has_both:
            return NOTHING
        if lead[0].has_both and not (_names_nobody(title) and title.cues & BOND_CUES):
            return NOTHING
        together = read_passage(f"{title.text} | {lead[0].text}", self._terms)
        return weigh(together) if together.has_both else NOTHING

    def _reasons(
        self, signs: list[Sign], title: Passage, lead: list[Passage], frame: float
    ) -> list[str]:
        reasons = []
        for _, evidence, place in signs:
            if evidence.reason:
                reasons.append(f"The {place} {evidence.reason}.")
        if frame == FRAME_OTHER_STORY:
            others = [one for one in title.mentions if one.parties & title.others]
            reasons.append(
                f"The headline is about others, so the lead counts less: {quoted(others)}."
            )
        return reasons or [self._nothing(title, lead)]

    def _nothing(self, title: Passage, lead: list[Passage]) -> str:
        """Why there is no sign at all: who is named, if anybody."""
        first, second = self.topic.names
        for place, passage in (("headline", title), *(("lead", one) for one in lead)):
            for name, other, found in (
                (first, second, passage.side_a),
                (second, first, passage.side_b),
            ):
                if found:
                    return f"The {place} names {name} ({quoted(found)}) and not {other} with it."
        return f"{first} and {second} are not named together in the topic, headline or text."


@cache
def packaged_judge() -> Judge:
    """The judge of China and Russia, made once."""
    return Judge(packaged_topic())


def judge(
    headline: str, text: str = "", *, topic: str | None = None, language: str | None = None
) -> Relevance:
    """The relevance of an article to China and Russia: see `Judge`."""
    return packaged_judge()(headline, text, topic=topic, language=language)


def _frame(title: Passage, head: Evidence) -> float:
    """How far the headline leaves room for the lead to be about the two sides."""
    if head.is_contrary:
        return FRAME_CONTRARY
    one_side = bool(title.side_a) != bool(title.side_b)
    others = title.others
    if others and is_said_by_others(title):
        return FRAME_ONLOOKER
    if title.side_a and others and others <= title.foes:
        return FRAME_OPEN  # the first side and the second's war
    if _names_no_side(title) and len(others) == 1 and title.cues & BOND_CUES:
        return FRAME_ONLOOKER  # one alone looks at the two; several have their own affair
    if others and not title.has_both and (one_side or not head.strength):
        return FRAME_OTHER_STORY
    return FRAME_OPEN


def _names_nobody(title: Passage) -> bool:
    return not any(one.parties for one in title.mentions)


def _names_no_side(title: Passage) -> bool:
    return not title.side_a and not title.side_b


def _lead_signs(lead: list[Passage], frame: float, homes: frozenset[str]) -> list[Sign]:
    signs: list[Sign] = []
    for index, sentence in enumerate(lead):
        weight = LEAD_WEIGHT if index == 0 else NEXT_SENTENCES_WEIGHT
        evidence = weigh(sentence, homes)
        signs.append((weight * frame, evidence, f"lead, sentence {index + 1},"))
    return signs


def _weigh_body(body: list[Passage]) -> Evidence:
    both = [one for one in body if one.has_both and weigh(one).strength >= BODY_STRENGTH_AT_LEAST]
    if len(both) < BODY_SENTENCES_AT_LEAST:
        return NOTHING
    share = min(len(both) / len(body) / BODY_SHARE_FOR_ALL, 1.0)
    terms = f"names {quoted(both[0].side_a)} with {quoted(both[0].side_b)}"
    return Evidence(share, f"{terms}, in {len(both)} of {len(body)} sentences")
