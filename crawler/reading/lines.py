"""A whole page as lines of text, each with the boxes it stands in.

One walk over the parsed tree. A line is what a browser would begin on a new line: a paragraph,
a list item, a heading, or text that stands bare in a box. Judging them is the reader's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from crawler.reading.nodes import INLINE, LINE_BREAK
from crawler.text import clean

MAX_ELEMENTS = 60_000
"""Of one page; the largest real ones have a fifth of it. What comes after is not read."""

_MAX_DEPTH = 200  # boxes in each other; real pages stay below sixty
_SKIPPED = frozenset(
    "script style svg template textarea select noscript object math canvas head input option"
    " link meta audio map iframe video embed button source track nav dialog img picture label".split()
)
_IN_LINE = INLINE | {"rb", "rtc"}
_BOLD = frozenset({"b", "strong"})
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text)?|a11y-hidden"
    r"|visuallyhidden|invisible-text)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[^A-Za-z0-9]+")
_PARAGRAPH_BREAK = re.compile(rf"{LINE_BREAK}[\s\u200b]*{LINE_BREAK}")
# A single line break ends a paragraph only where a sentence ends and another begins.
_SENTENCE_BREAK = re.compile(
    rf"(?<=[.!?…”\"»。！？])\s*{LINE_BREAK}\s*(?=[“\"«„‘—–]?\s?[^\W\d_a-zа-яё])"
)
_LEAST_BROKEN = 30  # characters on both sides of such a break; less is an address or a verse
_MARKING = ("class", "role", "itemprop", "data-testid", "data-component", "data-type")
_LONGEST_ID = 30  # characters; longer ones are made from the text below them


class Box:
    """An element that is no inline one. Its lines are `lines[first:last]` of the page."""

    __slots__ = ("_classes", "_marks", "children", "first", "last", "node", "parent", "tag")

    def __init__(self, tag: str, parent: Box | None, node: LexborNode, first: int) -> None:
        self.tag = tag
        self.parent = parent
        self.node = node
        self.first = self.last = first
        self.children: list[Box] = []
        self._classes: str | None = None
        self._marks: str | None = None

    @property
    def classes(self) -> str:
        if self._classes is None:
            self._classes = self.node.attributes.get("class") or ""
        return self._classes

    @property
    def marks(self) -> str:
        """What its attributes say it is, as words in lower case, each between blanks."""
        if self._marks is None:
            found = self.node.attributes
            words = " ".join(value for name in _MARKING if (value := found.get(name)))
            if ":" in words or "[" in words:
                words = " ".join(w for w in words.split() if ":" not in w and "[" not in w)
            name = found.get("id") or ""
            words = f"{words} {name}" if name and len(name) <= _LONGEST_ID else words
            if "hidden" in found or found.get("aria-hidden") == "true":
                words += " unseen"
            spaced = _HUMP.sub(" ", words) if words else ""
            self._marks = f" {_NO_WORD.sub(' ', spaced).lower()} "
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


@dataclass(slots=True, eq=False)
class Line:
    """`linked` and `bold` are the share of its letters inside links and bold type."""

    text: str
    box: Box
    linked: float = 0.0
    bold: float = 0.0
    address: str | None = None
    breaks: int = 0
    index: int = 0

    @property
    def tag(self) -> str:
        return self.box.tag


class _Run:
    """The text between two line ends, under collection."""

    __slots__ = ("address", "bold", "bolds", "linked", "links", "parts")

    def __init__(self) -> None:
        self.links = self.bolds = 0
        self.clear()

    def clear(self) -> None:
        self.parts: list[str] = []
        self.linked = self.bold = 0
        self.address: str | None = None

    def add(self, text: str) -> None:
        self.parts.append(text)
        if self.links or self.bolds:
            letters = len(text.strip())
            self.linked += letters if self.links else 0
            self.bold += letters if self.bolds else 0


def read_lines(root: LexborNode) -> tuple[Box, list[Line]]:
    """The page's outermost box and its lines in reading order."""
    top = Box(root.tag or "body", None, root, 0)
    lines: list[Line] = []
    run = _Run()
    box, depth = top, 0
    waiting: list[tuple[LexborNode | None, int]] = [(root.first_child, 0)]
    budget = MAX_ELEMENTS
    while waiting:
        node, closes = waiting.pop()
        if closes == _BLOCK:
            _end(run, box, lines)
            box.last = len(lines)
            box, depth = box.parent or top, depth - 1
            continue
        if closes == _LINK:
            run.links -= 1
            continue
        if closes == _STRONG:
            run.bolds -= 1
            continue
        if node is None:
            continue
        waiting.append((node.next, 0))
        if node.is_text_node:
            run.add(node.text_content or "")
            continue
        tag = node.tag or ""
        if not node.is_element_node or tag in _SKIPPED or budget <= 0:
            continue
        budget -= 1
        if tag == "br":
            run.parts.append(LINE_BREAK)
        elif tag in _IN_LINE:
            if tag == "a":
                run.links += 1
                run.address = run.address or node.attributes.get("href")
                waiting.append((None, _LINK))
            elif tag in _BOLD:
                run.bolds += 1
                waiting.append((None, _STRONG))
            elif tag == "span" and _UNSEEN.search(node.attributes.get("class") or ""):
                continue
            waiting.append((node.first_child, 0))
        elif depth < _MAX_DEPTH:
            _end(run, box, lines)
            inner = Box(tag, box, node, len(lines))
            box.children.append(inner)
            box, depth = inner, depth + 1
            waiting.append((None, _BLOCK))
            waiting.append((node.first_child, 0))
    _end(run, top, lines)
    top.last = len(lines)
    return top, lines


_BLOCK, _LINK, _STRONG = 1, 2, 3


def _paragraphs(text: str) -> list[str]:
    found: list[str] = []
    for part in _PARAGRAPH_BREAK.split(text):
        pieces = _SENTENCE_BREAK.split(part) if LINE_BREAK in part else [part]
        if any(len(piece.strip()) < _LEAST_BROKEN for piece in pieces):
            pieces = [part]
        found.extend(pieces)
    return found


def _end(run: _Run, box: Box, lines: list[Line]) -> None:
    if not run.parts:
        return
    whole = "".join(run.parts)
    if not whole or whole.isspace():
        run.clear()
        return
    texts = _paragraphs(whole) if LINE_BREAK in whole else [whole]
    letters = len(whole.strip()) or 1
    for part in texts:
        if text := clean(part):
            linked, bold = min(1.0, run.linked / letters), min(1.0, run.bold / letters)
            line = Line(text, box, linked, bold, run.address, len(texts) - 1, len(lines))
            lines.append(line)
    run.clear()
