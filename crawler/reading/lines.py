"""A part of a page as lines of text, each with the boxes it stands in.

One walk over the parsed tree. A line is what a browser would begin on a new line: a paragraph,
a list item, a heading, or text that stands bare in a box. Judging them is the reader's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawler.reading.nodes import INLINE, LINE_BREAK
from crawler.text import clean

MAX_ELEMENTS = 60_000
"""Of one page; the largest real ones have a fifth of it. What comes after is not read."""

_MAX_DEPTH = 200  # boxes in each other; real pages stay below sixty
_MAX_CLASSES = 400  # characters looked at; generated ones run to thousands
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
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[^A-Za-z0-9]+")
_MARKING = ("class", "role", "itemprop", "data-testid", "data-component", "data-type")
_LONGEST_ID = 30  # characters; longer ones are made from the text below them


class Box:
    """An element that is no inline one. Its lines are `lines[first:last]` of the page.

    `is_beside` and `is_foreign` are what a reader found out about it, null before that.
    """

    __slots__ = (
        "_classes", "_marks", "children", "first", "is_beside", "is_foreign",
        "last", "node", "parent", "tag",
    )  # fmt: skip

    def __init__(self, tag: str, parent: Box | None, node: LexborNode, first: int) -> None:
        self.tag = tag
        self.parent = parent
        self.node = node
        self.first = self.last = first
        self.children: list[Box] = []
        self._classes: str | None = None
        self._marks: str | None = None
        self.is_beside: bool | None = None
        self.is_foreign: bool | None = None

    @property
    def classes(self) -> str:
        if self._classes is None:
            self._classes = self.node.attributes.get("class") or ""
        return self._classes

    @property
    def marks(self) -> str:
        """What its attributes say it is, as words in lower case, each between blanks."""
        if self._marks is None:
            self._marks = _marks(self.node)
        return self._marks

    @property
    def signature(self) -> tuple[str, str]:
        """The same for boxes that the page's templates made alike."""
        return self.tag, self.classes

    def ancestors(self) -> Iterator[Box]:
        """The box itself and all around it, innermost first."""
        box: Box | None = self
        while box is not None:
            yield box
            box = box.parent


class Line:
    """`linked` and `bold` are the share of its letters inside links and bold type."""

    __slots__ = ("_plain", "bold", "box", "index", "link", "linked", "text")

    def __init__(self, text: str, box: Box, linked: float, bold: float, index: int) -> None:
        self.text = text
        self.box = box
        self.linked = linked
        self.bold = bold
        self.index = index
        self.link: LexborNode | None = None
        self._plain: str | None = None

    @property
    def tag(self) -> str:
        return self.box.tag

    @property
    def plain(self) -> str:
        """Its letters and digits, case folded."""
        if self._plain is None:
            self._plain = plain(self.text)
        return self._plain

    @property
    def address(self) -> str | None:
        """Where the first link in it leads, as the page has it."""
        return self.link.attributes.get("href") if self.link is not None else None


def plain(text: str) -> str:
    """Letters and digits alone, case folded: equal for a text and its copy elsewhere."""
    return "".join(filter(str.isalnum, text)).casefold()


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
            walk.add(node.text_content or "")
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
        self._parts: list[str] = []
        self._linked = self._bold = 0
        self._link: LexborNode | None = None

    def add(self, text: str) -> None:
        self._parts.append(text)
        if self._links or self._bolds:
            letters = len(text.strip())
            self._linked += letters if self._links else 0
            self._bold += letters if self._bolds else 0

    def open(self, node: LexborNode, tag: str) -> str | None:
        """Go into an element; what to close after it, null if it is not gone into."""
        self._budget -= 1
        if self._budget < 0 or (self._unseen and node.mem_id in self._unseen):
            return None
        if tag == "br":
            self._parts.append(LINE_BREAK)
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
        self.end()
        inner = Box(tag, self.box, node, len(self.lines))
        self.box.children.append(inner)
        self.box = inner
        self._depth += 1
        return _BLOCK

    def close(self, what: str) -> None:
        if what == _BLOCK:
            self.end()
            self.box.last = len(self.lines)
            self.box = self.box.parent or self.top
            self._depth -= 1
        elif what == _LINK:
            self._links -= 1
        elif what == _STRONG:
            self._bolds -= 1

    def end(self) -> None:
        """End the line, if there is text on it."""
        whole = "".join(self._parts) if self._parts else ""
        if not whole or whole.isspace():
            if self._parts:
                self._clear()
            return
        letters = len(whole.strip())
        linked, bold = min(1.0, self._linked / letters), min(1.0, self._bold / letters)
        for part in _paragraphs(whole) if LINE_BREAK in whole else (whole,):
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


def _marks(node: LexborNode) -> str:
    found = node.attributes
    words = " ".join([value for name in _MARKING if (value := found.get(name))])[:_MAX_CLASSES]
    # Utility classes (`print:hidden`, `w-[20em]`) say how a box looks, not what it is.
    if ":" in words or "[" in words:
        words = " ".join(w for w in words.split() if ":" not in w and "[" not in w)
    name = found.get("id") or ""
    words = f"{words} {name}" if name and len(name) <= _LONGEST_ID else words
    if "hidden" in found or found.get("aria-hidden") == "true":
        words += " unseen"
    return f" {_NO_WORD.sub(' ', _HUMP.sub(' ', words)).lower()} " if words else ""
