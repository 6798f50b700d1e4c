"""Whether two articles tell one wire story or are reports of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.stories.signatures import LEAST_SHINGLES, SKETCH_HASHES, Signature

# Of the shorter of two openings. Independent reports of one event share up to 21 % (the same
# titles, the same template), copies that were shortened or continued from 42 % on: the middle.
SAME_OPENING_RATIO = 0.32
# Of the shorter of two whole texts: what makes up most of a text tells where it came from.
SAME_WHOLE_RATIO = 0.5
# Of the longer of the two. A digest quotes ten stories, each of which makes up a tenth of it:
# it belongs to none, and must not tie them together. Wires seldom get four times longer.
OPENING_PART_RATIO = 0.3
WHOLE_PART_RATIO = 0.2
# A flash of some lines is a smaller part of the full article, but of its beginning.
LEAD_SHINGLES = 64
# One outlet's pages share notices, introductions and forms; its copies of itself share more.
SAME_OUTLET_RATIO = 0.62
SAME_OUTLET_PART_RATIO = 0.4
# Two reports whose figures differ are two reports, whatever the words between.
LEAST_FIGURES = 2
SAME_FIGURES_RATIO = 0.34
# Nobody gives other figures in all the same words: those are of a page's frame.
SAME_TEXT_RATIO = 0.9
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
    return _share_text(one, other) or _share_headline(one, other)


def _is_near(one: Telling, other: Telling, limit: timedelta) -> bool:
    if one.published is None or other.published is None:
        return True
    return abs(one.published - other.published) <= limit


def _share_text(one: Telling, other: Telling) -> bool:
    mine, theirs = one.signature, other.signature
    if not mine.opening or not theirs.opening:
        return False
    shared = whole_shared(mine, theirs)
    shorter, longer = sorted((mine.shingles, theirs.shingles))
    if _have_other_figures(mine, theirs) and shared < SAME_TEXT_RATIO * shorter:
        return False
    if one.outlet == other.outlet:
        return shared >= max(SAME_OUTLET_RATIO * shorter, SAME_OUTLET_PART_RATIO * longer)
    if shared >= max(SAME_WHOLE_RATIO * shorter, WHOLE_PART_RATIO * longer):
        return True
    return _share_opening(mine, theirs)


def _share_opening(one: Signature, other: Signature) -> bool:
    short, long = sorted((one.opening, other.opening), key=len)
    known = set(short)
    shared = len(known.intersection(long))
    if shared < max(LEAST_SHINGLES, SAME_OPENING_RATIO * len(short)):
        return False
    if shared >= OPENING_PART_RATIO * len(long):
        return True
    return len(known.intersection(long[:LEAD_SHINGLES])) >= SAME_WHOLE_RATIO * len(short)


def whole_shared(one: Signature, other: Signature) -> float:
    """The estimated number of shingles that two texts share."""
    first, second = set(one.whole), set(other.whole)
    sample = sorted(first | second)[:SKETCH_HASHES]
    both = first & second
    resemblance = sum([hashed in both for hashed in sample]) / len(sample)
    return resemblance / (1 + resemblance) * (one.shingles + other.shingles)


def _have_other_figures(one: Signature, other: Signature) -> bool:
    fewer = min(len(one.figures), len(other.figures))
    if fewer < LEAST_FIGURES:
        return False
    return len(set(one.figures).intersection(other.figures)) < SAME_FIGURES_RATIO * fewer


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
