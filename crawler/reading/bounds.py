"""What no page of a newsroom has and what takes a parser of HTML minutes to read.

Markup is looked at as the parser takes it: UTF-8.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

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
"""Elements inside each other times bytes of a large page: how much is read where the text
of each of them is. The heaviest real pages have a thirtieth of that."""

_SMALL = 100_000  # bytes; were it all one tag, it would take a second
_LARGE = 1_000_000  # bytes; smaller pages cannot be too heavy
_MANY_ATTRIBUTES = 12  # of a tag that is counted; all the rest of a page's have a tenth together
_MANY_TAGS = 10_000  # with fewer, elements inside each other cost a fifth of a second
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
# A tag's name and attributes by the tokenizer's rules: a quote, a slash or a blank ends one.
# Another `<` ends one here too, so that no part of a page is gone through for many tags.
_NAME = rb"<[a-zA-Z][^\s/<>]*+"
_ATTRIBUTE = (
    rb"(?:[\s/]*+[^\s/>][^\s/<>=]*+"
    rb"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s<>]*+))?+)"
)
_LONG_TAG = re.compile(rb"%b%b{%d}+" % (_NAME, _ATTRIBUTE, MAX_TAG_ATTRIBUTES))
_RICH_TAG = re.compile(rb"%b(%b{%d,}+)" % (_NAME, _ATTRIBUTE, _MANY_ATTRIBUTES))
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
# The same without letters, in which a search takes half the time: from `<` on, so many blanks
# and other marks outside of quotes before a `>`. Tags of fewer attributes cost nothing in pages
# of average size; in larger ones every tag is looked at.
_MARKS = b"<>\"'=/ \t\n\f\r"
_NO_MARKS = bytes(set(range(256)) - set(_MARKS))
_BLANKS = bytes.maketrans(b"\t\n\f\r", b"    ")
_MANY_MARKS = re.compile(rb"<(?:= *+(?:\"[^\"]*+\"|'[^']*+')|[^>]){2000}+")
# Void elements, those of drawings that close themselves, and those whose end tags newsrooms
# leave out: they close each other.
_NOT_NESTED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr"
    b" p li dt dd td th tr option tbody thead colgroup"
    b" path use circle rect line polyline polygon ellipse stop image".split()
)


class ExcessError(Exception):
    """Markup has too much of something, which the message names."""


def parsed(text: str) -> LexborHTMLParser:
    """The tree of some markup. Raises `ExcessError` for what would take minutes or gigabytes."""
    markup = text.encode("utf-8", "replace")
    marks = markup.translate(_BLANKS, _NO_MARKS)
    if reason := _excess(markup, marks.count(b"<")):
        raise ExcessError(reason)
    if len(markup) > _LARGE or (len(markup) > _SMALL and _MANY_MARKS.search(marks)):
        markup = _without_long_tags(markup)
    # Events are for pages that are changed.
    return LexborHTMLParser(markup, options=LexborDocumentOptions.WO_EVENTS)


def _without_long_tags(markup: bytes) -> bytes:
    """Markup with a blank for the `<` of what has too many attributes, be it a tag or, as
    nearly always, some other text in a script: only a parser could tell.
    """
    pieces: list[bytes] = []
    start = 0
    found = _LONG_TAG.search(markup)
    while found:
        pieces += (markup[start : found.start()], b" ")
        start = found.start() + 1
        found = _LONG_TAG.search(markup, start)
    return b"".join(pieces) + markup[start:] if pieces else markup


def _excess(markup: bytes, tags: int) -> str | None:
    """What markup with so many tags has too much of to be parsed, or null."""
    if tags > MAX_TAGS:
        return f"over {MAX_TAGS} tags"
    if tags > _MANY_TAGS and _depth(markup) > MAX_OPEN_ELEMENTS:
        return f"over {MAX_OPEN_ELEMENTS} elements inside each other"
    return _excess_of_large(_without_raw_text(markup)) if len(markup) > _LARGE else None


def _excess_of_large(markup: bytes) -> str | None:
    if _depth(markup) * len(markup) > MAX_WEIGHT:
        return "too much text in too many elements inside each other"
    attributes = 0
    for tag in _RICH_TAG.finditer(markup):
        attributes += len(_EACH_ATTRIBUTE.findall(tag[1]))
        if attributes > MAX_ATTRIBUTES:
            return f"over {MAX_ATTRIBUTES} attributes"
    return None


def _without_raw_text(markup: bytes) -> bytes:
    """A page without what is inside of its `script` and `style` elements."""
    for element in (b"script", b"style"):
        kept: list[bytes] = []
        start = end = 0
        while (start := markup.find(b"<" + element, end)) >= 0:
            kept.append(markup[end:start])
            end = markup.find(b"</" + element, start)
            if end < 0:
                break
        markup = b"".join(kept) + (markup[end:] if end >= 0 else b"")
    return markup


def _depth(markup: bytes) -> int:
    depth = deepest = 0
    for end, name in _TAG.findall(markup):
        if name.lower() in _NOT_NESTED:
            continue
        depth = max(0, depth - 1) if end else depth + 1
        deepest = max(deepest, depth)
    return deepest
