"""What no page of a newsroom has and what takes a parser of HTML minutes to read."""

from __future__ import annotations

import re

MAX_TAGS = 60_000
"""Of a page; the longest live pages have half of that."""

MAX_OPEN_ELEMENTS = 3000
"""Of elements inside each other. The parser's time grows with its square; real pages have 60."""

MAX_TAG_ATTRIBUTES = 100
"""Of one tag. The parser's time grows with its square; real tags have 50. What has more is
taken for text.
"""

MAX_ATTRIBUTES = 200_000
"""Of all tags that have dozens, in a large page. Each takes 250 bytes; real pages have hundreds."""

MAX_WEIGHT = 300_000_000
"""Elements inside each other times characters of a large page: how much is read where the text
of each of them is. The heaviest real pages have a thirtieth of that."""

_LARGE = 1_000_000  # characters; smaller pages cannot be too heavy
_MANY_ATTRIBUTES = 12  # of a tag that is counted; all the rest of a page's have a tenth together
_MANY_TAGS = 10_000  # with fewer, elements inside each other cost a fifth of a second
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
# A tag's name and attributes by the tokenizer's rules: a quote, a slash or a blank ends one.
# Another `<` ends one here too, so that no part of a text is gone through for many tags.
_NAME = r"<[a-zA-Z][^\s/<>]*+"
_ATTRIBUTE = (
    r"(?:[\s/]*+[^\s/>][^\s/<>=]*+"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s<>]*+))?+)"
)
_LONG_TAG = re.compile(rf"{_NAME}{_ATTRIBUTE}{{{MAX_TAG_ATTRIBUTES}}}+")
_RICH_TAG = re.compile(rf"{_NAME}({_ATTRIBUTE}{{{_MANY_ATTRIBUTES},}}+)")
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
# Void elements, those of drawings that close themselves, and those whose end tags newsrooms
# leave out: they close each other.
_NOT_NESTED = frozenset(
    "area base br col embed hr img input link meta param source track wbr"
    " p li dt dd td th tr option tbody thead colgroup"
    " path use circle rect line polyline polygon ellipse stop image".split()
)


def without_long_tags(text: str) -> str:
    """A page with a blank for the `<` of what has too many attributes, be it a tag or, as
    nearly always, some other text in a script: only a parser could tell.
    """
    pieces: list[str] = []
    start = 0
    found = _LONG_TAG.search(text)
    while found:
        pieces += (text[start : found.start()], " ")
        start = found.start() + 1
        found = _LONG_TAG.search(text, start)
    return "".join(pieces) + text[start:] if pieces else text


def excess(text: str) -> str | None:
    """What a page has too much of to be parsed, or null."""
    tags = text.count("<")
    if tags > MAX_TAGS:
        return f"over {MAX_TAGS} tags"
    if tags > _MANY_TAGS and _depth(text) > MAX_OPEN_ELEMENTS:
        return f"over {MAX_OPEN_ELEMENTS} elements inside each other"
    return _excess_of_large(_without_raw_text(text)) if len(text) > _LARGE else None


def _excess_of_large(text: str) -> str | None:
    if _depth(text) * len(text) > MAX_WEIGHT:
        return "too much text in too many elements inside each other"
    attributes = 0
    for tag in _RICH_TAG.finditer(text):
        attributes += len(_EACH_ATTRIBUTE.findall(tag[1]))
        if attributes > MAX_ATTRIBUTES:
            return f"over {MAX_ATTRIBUTES} attributes"
    return None


def _without_raw_text(text: str) -> str:
    """A page without what is inside of its `script` and `style` elements."""
    for element in ("script", "style"):
        kept: list[str] = []
        start = end = 0
        while (start := text.find(f"<{element}", end)) >= 0:
            kept.append(text[end:start])
            end = text.find(f"</{element}", start)
            if end < 0:
                break
        text = "".join(kept) + (text[end:] if end >= 0 else "")
    return text


def _depth(text: str) -> int:
    depth = deepest = 0
    for end, name in _TAG.findall(text):
        if name.lower() in _NOT_NESTED:
            continue
        depth = max(0, depth - 1) if end else depth + 1
        deepest = max(deepest, depth)
    return deepest
