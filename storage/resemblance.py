"""Whether two articles tell one wire story or are reports of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.signatures import SKETCH_HASHES, Signature

# Of the shorter of two openings. Independent reports of one event share up to 18 % (the same
# quotation, the same titles), copies that were shortened or continued from 45 % on: the middle.
SAME_OPENING_RATIO = 0.3
# Fifteen words in a row. So much of a short text is no coincidence, less may be a set phrase.
SAME_OPENING_SHINGLES = 12
# Of the shorter of two whole texts. Long statements are quoted in full by everybody, so that
# only what makes up most of a text tells where it came from.
SAME_WHOLE_RATIO = 0.5
# Copies appear within days; a weekly report comes back after seven.
DAYS_APART = timedelta(days=6)
# Where the body was not read, the headline must do, and headlines come back sooner.
HEADLINE_DAYS_APART = timedelta(days=2)
# With fewer shingles than this a body is a lead or a notice in place of one.
BODY_SHINGLES = 48


@dataclass(frozen=True, slots=True)
class Telling:
    """One article as comparing sees it; `published` is null where the page names no date."""

    outlet: str
    published: datetime | None
    signature: Signature


def tell_one_story(one: Telling, other: Telling) -> bool:
    """The two are copies or rewrites of one text. Symmetric; an unknown date parts nothing."""
    if not _is_near(one, other, DAYS_APART):
        return False
    return (
        _share_opening(one.signature, other.signature)
        or _share_whole(one.signature, other.signature)
        or _share_headline(one, other)
    )


def _is_near(one: Telling, other: Telling, limit: timedelta) -> bool:
    if one.published is None or other.published is None:
        return True
    return abs(one.published - other.published) <= limit


def _share_opening(one: Signature, other: Signature) -> bool:
    shared = len(set(one.opening).intersection(other.opening))
    shorter = min(len(one.opening), len(other.opening))
    return shared >= max(SAME_OPENING_SHINGLES, SAME_OPENING_RATIO * shorter)


def _share_whole(one: Signature, other: Signature) -> bool:
    return whole_containment(one, other) >= SAME_WHOLE_RATIO


def whole_containment(one: Signature, other: Signature) -> float:
    """The estimated share of the shorter text's shingles that the other has too, 0 to 1."""
    if not one.whole or not other.whole:
        return 0.0
    first, second = set(one.whole), set(other.whole)
    sample = sorted(first | second)[:SKETCH_HASHES]
    resemblance = sum(hashed in first and hashed in second for hashed in sample) / len(sample)
    shared = resemblance / (1 + resemblance) * (one.shingles + other.shingles)
    return min(shared / min(one.shingles, other.shingles), 1.0)


def _share_headline(one: Telling, other: Telling) -> bool:
    """A whole headline of another outlet, where one of the two came without a body."""
    mine, theirs = one.signature, other.signature
    return (
        mine.headline is not None
        and mine.headline == theirs.headline
        and one.outlet != other.outlet
        and min(mine.shingles, theirs.shingles) < BODY_SHINGLES
        and _is_near(one, other, HEADLINE_DAYS_APART)
    )
