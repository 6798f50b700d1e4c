"""A part of a page as lines of text, each with the boxes it stands in.

One walk over the parsed tree. A line is what a browser would begin on a new line: a paragraph,
a list item, a heading, or text that stands bare in a box. Judging them is the reader's work.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.reading.boxes import Box, Line
from crawler.reading.nodes import INLINE, LINE_BREAK
from crawler.text import clean

MAX_ELEMENTS = 40_000
"""Of one page; the largest real ones have a quarter. What comes after is not read."""

MAX_LINES = 4_000
"""Of one page; a whole day's live blog has a thousand. What comes after is not read."""

MAX_LINE = 100_000
"""Characters of one line; what comes after is cut off."""

_MAX_DEPTH = 200  # boxes in each other; real pages stay below sixty
_SKIPPED = frozenset(
    "script style svg template textarea select noscript object math canvas head input option"
    " link meta audio map iframe video embed button source track nav dialog img picture label"
    " -comment !doctype".split()
)
_TEXT = "-text"  # the parser's name for a text node
_IN_LINE = INLINE | {"rb", "rtc"}
_BOLD = frozenset({"b", "strong"})
_UNSEEN = (
    '[class*="sr-only"], [class*="visually-hidden"], [class*="visuallyhidden"]'
    ', [class*="screen-reader"], [class*="screenreader"]'
)
_PARAGRAPH_BREAK = re.compile(rf"{LINE_BREAK}[\s\u200b]*{LINE_BREAK}")
# A single line break ends a paragraph only where a sentence ends and another begins.
_SENTENCE_BREAK = re.compile(
    rf"(?<=[.!?…”\"»。！？])\s*{LINE_BREAK}\s*(?=[“\"«„‘—–]?\s?[^\W\d_a-zа-яё])"
)
_LEAST_BROKEN = 30  # characters on both sides of such a break; less is an address or a verse


def read_lines(root: LexborNode) -> tuple[Box, list[Line]]:
    """The outermost box of a part of a page, and its lines in reading order."""
    walk = _Walk(root)
    node = root.first_child
    waiting: list[tuple[LexborNode | None, str]] = []
    while node is not None or waiting:
        if node is None:
            node, closes = waiting.pop()
            if closes:
                walk.close(closes)
            continue
        tag = node.tag or ""
        if tag == _TEXT:
            text = node.text_content
            if text and (walk.parts or not text.isspace()):  # blanks alone begin no line
                walk.add(text)
        elif tag not in _SKIPPED and (opened := walk.open(node, tag)) is not None:
            waiting.append((node.next, opened))
            node = node.first_child
            continue
        node = node.next
    walk.end()
    walk.top.last = len(walk.lines)
    return walk.top, walk.lines


_LINK, _STRONG, _BLOCK = "link", "strong", "block"


class _Walk:
    """Where a walk stands: the box, the links and bold type it is in, the text since."""

    def __init__(self, root: LexborNode) -> None:
        self.top = self.box = Box(root.tag or "body", None, root, 0)
        self.lines: list[Line] = []
        self._unseen = {node.mem_id for node in root.css(_UNSEEN)}
        self._budget = MAX_ELEMENTS
        self._depth = self._links = self._bolds = 0
        self._clear()

    def _clear(self) -> None:
        self.parts: list[str] = []
        self._linked = self._bold = 0
        self._link: LexborNode | None = None

    def add(self, text: str) -> None:
        self.parts.append(text)
        if self._links or self._bolds:
            letters = len(text.strip())
            self._linked += letters if self._links else 0
            self._bold += letters if self._bolds else 0

    def open(self, node: LexborNode, tag: str) -> str | None:
        """Go into an element; what to close after it, null if it is not gone into."""
        self._budget -= 1
        if (
            self._budget < 0
            or len(self.lines) >= MAX_LINES
            or (self._unseen and node.mem_id in self._unseen)
        ):
            return None
        if tag == "br":
            self.parts.append(LINE_BREAK)
            return None
        if tag in _IN_LINE:
            if tag == "a":
                self._links += 1
                self._link = self._link or node
                return _LINK
            if tag in _BOLD:
                self._bolds += 1
                return _STRONG
            return ""
        if self._depth >= _MAX_DEPTH:
            return None
        if self.parts:
            self.end()
        inner = Box(tag, self.box, node, len(self.lines))
        self.box.children.append(inner)
        self.box = inner
        self._depth += 1
        return _BLOCK

    def close(self, what: str) -> None:
        if what == _BLOCK:
            if self.parts:
                self.end()
            self.box.last = len(self.lines)
            self.box = self.box.parent or self.top
            self._depth -= 1
        elif what == _LINK:
            self._links -= 1
            if not self.parts:
                self._link = None
        elif what == _STRONG:
            self._bolds -= 1

    def end(self) -> None:
        """End the line, if there is text on it."""
        whole = "".join(self.parts)[:MAX_LINE]
        if not whole or whole.isspace():
            self._clear()
            return
        letters = len(whole.strip()) or 1
        linked, bold = min(1.0, self._linked / letters), min(1.0, self._bold / letters)
        for part in _paragraphs(whole)[:MAX_LINES] if LINE_BREAK in whole else (whole,):
            if text := clean(part):
                line = Line(text, self.box, linked, bold, len(self.lines))
                line.link = self._link
                self.lines.append(line)
        self._clear()


def _paragraphs(text: str) -> list[str]:
    found: list[str] = []
    for part in _PARAGRAPH_BREAK.split(text):
        pieces = _SENTENCE_BREAK.split(part) if LINE_BREAK in part else [part]
        if any(len(piece.strip()) < _LEAST_BROKEN for piece in pieces):
            pieces = [part]
        found.extend(pieces)
    return found
