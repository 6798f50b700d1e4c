"""Markup kept within what a parser can take.

The parser's time grows with the square of the nesting and of an element's attributes: two
minutes for 80,000 of either (measured).
"""

from __future__ import annotations

import re

MAX_TAGS = 40_000
"""Of one page; the largest real ones have a quarter. The markup after them is not parsed."""

MAX_NESTING = 1_000
"""Elements open at once; real pages stay below a hundred."""

MAX_ATTRIBUTES = 3_000
"""Of one element; real ones have a few dozen."""

_FEW_TAGS = 8_000  # all nested in each other they take 0.8 s; few real pages have more
_LONG = 2 * MAX_ATTRIBUTES  # characters; shorter tags cannot have too many attributes
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAME = re.compile(r"[a-zA-Z][\w:.-]*=?\w*/?")
_FIRST = 50  # attributes of a tag that are looked at; code has brackets sooner
# Elements that are never open for long: without content, or ended by the next of their kind.
_SHORT = frozenset(
    "area base br col embed hr img input link meta param source track wbr"
    " path circle rect line polygon polyline ellipse use stop g"
    " p li dt dd option tr td th tbody thead html body head".split()
)


def within_bounds(markup: str) -> str:
    """The markup up to where it would cost a parser too much; all of it, for real pages."""
    markup = _within_attributes(markup)
    if markup.count("<") <= _FEW_TAGS:
        return markup
    nesting = 0
    for number, tag in enumerate(_TAG.finditer(markup)):
        if number >= MAX_TAGS or nesting > MAX_NESTING:
            return markup[: tag.start()]
        if tag[2].lower() not in _SHORT:
            nesting = max(0, nesting - 1) if tag[1] else nesting + 1
    return markup


def _within_attributes(markup: str) -> str:
    """Looks only where no tag ends for long."""
    at = 0
    while at < len(markup):
        end = markup.find(">", at)
        end = end if end >= 0 else len(markup)
        if end - at > _LONG:
            start = markup.rfind("<", max(0, at - _LONG), end)
            if start >= 0 and _has_too_many(markup, start, end):
                return markup[:start]
        at = max(end + 1, at + _LONG)
    return markup


def _has_too_many(markup: str, start: int, end: int) -> bool:
    """Whether a tag, and not a comparison in a script, has more attributes than any real one."""
    if not markup[start + 1 : start + 2].isalpha() or end - start < _LONG:
        return False
    parts = _QUOTED.sub("", markup[start + 1 : end]).split()
    return len(parts) > MAX_ATTRIBUTES and all(map(_NAME.fullmatch, parts[:_FIRST]))
