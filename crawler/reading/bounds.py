"""What no page of a newsroom has and what takes a parser of HTML minutes to read."""

from __future__ import annotations

import re

MAX_TAGS = 60_000
"""Of a page; the longest live pages have half of that."""

MAX_OPEN_ELEMENTS = 3000
"""Of elements inside each other. The parser's time grows with its square; real pages have 60."""

MAX_TAG_ATTRIBUTES = 200
"""Of one tag. The parser's time grows with its square; real tags have 50."""

_MANY_TAGS = 10_000  # with fewer, elements inside each other cost a fifth of a second
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
# A tag's name and attributes by the tokenizer's rules: a quote, a slash or a blank ends one.
_OVER_ATTRIBUTES = re.compile(
    r"<[a-zA-Z][^\s/>]*+(?:[\s/]*+[^\s/>][^\s/>=]*+"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)"
    rf"{{{MAX_TAG_ATTRIBUTES}}}+"
)
# Void elements, those of drawings that close themselves, and those whose end tags newsrooms
# leave out: they close each other.
_NOT_NESTED = frozenset(
    "area base br col embed hr img input link meta param source track wbr"
    " p li dt dd td th tr option tbody thead colgroup"
    " path use circle rect line polyline polygon ellipse stop image".split()
)


def excess(text: str) -> str | None:
    """What a page has too much of to be parsed, or null."""
    tags = text.count("<")
    if tags > MAX_TAGS:
        return f"over {MAX_TAGS} tags"
    if _has_long_tag(text):
        return f"over {MAX_TAG_ATTRIBUTES} attributes in a tag"
    if tags > _MANY_TAGS and _depth(text) > MAX_OPEN_ELEMENTS:
        return f"over {MAX_OPEN_ELEMENTS} elements inside each other"
    return None


def _has_long_tag(text: str) -> bool:
    """Scripts are full of `<` that begin no tag: what is inside one is passed over."""
    found = _OVER_ATTRIBUTES.search(text)
    while found:
        element = _raw_text_around(text, found.start())
        if element is None:
            return True
        end = text.find(f"</{element}", found.start())
        found = _OVER_ATTRIBUTES.search(text, end) if end >= 0 else None
    return False


def _raw_text_around(text: str, place: int) -> str | None:
    """The `script` or `style` that a place of a page is inside of, or null."""
    return next(
        (
            element
            for element in ("script", "style")
            if text.rfind(f"<{element}", 0, place) > text.rfind(f"</{element}", 0, place)
        ),
        None,
    )


def _depth(text: str) -> int:
    depth = deepest = 0
    for end, name in _TAG.findall(text):
        if name.lower() in _NOT_NESTED:
            continue
        depth = max(0, depth - 1) if end else depth + 1
        deepest = max(deepest, depth)
    return deepest
