"""What no page of a newsroom has and what takes a parser of HTML minutes to read."""

from __future__ import annotations

import re

MAX_OPEN_ELEMENTS = 3000
"""Of elements inside each other. The parser's time grows with its square; real pages have 60."""

MAX_TAG_ATTRIBUTES = 1000
"""Of one tag. The parser's time grows with its square; real tags have 50."""

_MANY_TAGS = 10_000  # `<` in a page; with fewer neither limit costs half a second
_LONG_TAG = 4 * MAX_TAG_ATTRIBUTES  # characters; more attributes do not fit in fewer
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_OVER_ATTRIBUTES = re.compile(
    r"[a-zA-Z][^\s<>/]*+(?:\s++[^\s<>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>]++))?+)"
    rf"{{{MAX_TAG_ATTRIBUTES}}}"
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
    pieces = text.split("<")
    if any(len(piece) > _LONG_TAG and _OVER_ATTRIBUTES.match(piece) for piece in pieces):
        return f"over {MAX_TAG_ATTRIBUTES} attributes in a tag"
    if len(pieces) > _MANY_TAGS and _depth(text) > MAX_OPEN_ELEMENTS:
        return f"over {MAX_OPEN_ELEMENTS} elements inside each other"
    return None


def _depth(text: str) -> int:
    depth = deepest = 0
    for end, name in _TAG.findall(text):
        if name.lower() in _NOT_NESTED:
            continue
        depth = max(0, depth - 1) if end else depth + 1
        deepest = max(deepest, depth)
    return deepest
