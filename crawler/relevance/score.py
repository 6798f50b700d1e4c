"""Judges whether a text is about relations between China and Russia, and says why.

The topic label, the headline, the sentences of the lead and, a little, the body each give
evidence that the two countries meet there. The evidence is added up so that several weak signs
make a strong one, and no number of signs makes more than certainty.
"""

from __future__ import annotations

from crawler.items import Relevance
from crawler.relevance.evidence import NOTHING, Evidence, quoted, weigh
from crawler.relevance.passages import Passage, read_headline, read_passage, read_text

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
FRAME_CONTRARY = 0.3

BODY_SENTENCES_AT_LEAST = 3
"""Fewer sentences of a body that name both countries are passing mentions."""
BODY_SHARE_FOR_ALL = 0.4
"""A body in which so many sentences speak of both is about them from end to end."""
BODY_STRENGTH_AT_LEAST = 0.5


def judge(
    headline: str, text: str = "", *, topic: str | None = None, language: str | None = None
) -> Relevance:
    """The relevance of an article: `text` is its lead or its whole body.

    `topic` is the label over the headline. `language` is a hint (`en`, `ru`, `zh`): the terms
    of all three languages are tried in any case. Raises nothing, whatever the strings.
    """
    is_chinese_text = language is None or language.startswith("zh")
    title = read_headline(headline)
    lead, body = read_text(text)
    label = weigh(read_headline(topic or ""))
    head = weigh(title, is_chinese_text=is_chinese_text)
    frame = _frame(title, head)
    signs = [
        (TOPIC_WEIGHT, label, "topic label"),
        (HEADLINE_WEIGHT, head, "headline"),
        *_lead_signs(lead, frame, is_chinese_text),
        (ACROSS_WEIGHT * frame, _weigh_across(title, lead), "headline, read with the lead,"),
        (BODY_WEIGHT * frame, _weigh_body(body), "body"),
    ]
    doubt = 1.0
    for weight, evidence, _ in signs:
        doubt *= 1.0 - weight * evidence.strength
    score = round(1.0 - doubt, 3)
    return Relevance(score >= THRESHOLD, score, _reasons(signs, title, frame))


Sign = tuple[float, Evidence, str]
"""The weight of a place in the text, the evidence there, and what the place is called."""


def _frame(title: Passage, head: Evidence) -> float:
    """How far the headline leaves room for the lead to be about the two countries."""
    if head.is_contrary:
        return FRAME_CONTRARY
    one_side = bool(title.china) != bool(title.russia)
    if title.others and not title.has_both and (one_side or not head.strength):
        return FRAME_OTHER_STORY
    return FRAME_OPEN


def _lead_signs(lead: list[Passage], frame: float, is_chinese_text: bool) -> list[Sign]:
    signs: list[Sign] = []
    for index, sentence in enumerate(lead):
        weight = LEAD_WEIGHT if index == 0 else NEXT_SENTENCES_WEIGHT
        evidence = weigh(sentence, is_chinese_text=is_chinese_text)
        signs.append((weight * frame, evidence, "lead"))
    return signs


def _weigh_across(title: Passage, lead: list[Passage]) -> Evidence:
    """One country in the headline and the other in the first sentence."""
    if not lead or title.has_both or lead[0].has_both:
        return NOTHING
    together = read_passage(f"{title.text} | {lead[0].text}")
    return weigh(together) if together.has_both else NOTHING


def _weigh_body(body: list[Passage]) -> Evidence:
    both = [one for one in body if one.has_both and weigh(one).strength >= BODY_STRENGTH_AT_LEAST]
    if len(both) < BODY_SENTENCES_AT_LEAST:
        return NOTHING
    share = min(len(both) / len(body) / BODY_SHARE_FOR_ALL, 1.0)
    terms = f"names {quoted(both[0].china)} with {quoted(both[0].russia)}"
    return Evidence(share, f"{terms}, in {len(both)} of {len(body)} sentences")


def _reasons(signs: list[Sign], title: Passage, frame: float) -> list[str]:
    reasons = []
    for _, evidence, place in signs:
        if evidence.reason:
            reasons.append(f"The {place} {evidence.reason}.")
    if frame == FRAME_OTHER_STORY:
        others = [one for one in title.mentions if one.parties & title.others]
        reasons.append(f"The headline is about another country: {quoted(others)}.")
    return reasons or ["China and Russia are not named together in the topic, headline or text."]
