"""How the text of one page is set: which boxes its paragraphs have, and which are beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from crawler.parsers.generic.container import Vote, letters
from crawler.parsers.generic.marks import is_foreign, is_furniture
from crawler.reading.boxes import Box, Line

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_VOID_SHARE = 0.3  # of the text's weight: what has it is the text, whatever its class says
_MAIN_SHARE = 0.12  # of the text's weight in boxes alike: paragraphs, not a box beside them
_TAG_SHARE = 0.7  # of the text's weight in `p`: then bare text is something else
_LISTS = frozenset({"ul", "ol", "dl"})
_SENTENCE_END = re.compile(r"[.!?…。！？।][\"'”’»)\]）」』\s]*$")

Signature = tuple[str, str]


class Layout:
    """The lines of a text's container, with what their boxes have in common."""

    def __init__(self, container: Box, lines: list[Line], weights: list[float], vote: Vote) -> None:
        self.container = container
        self.weights = {line.index: weights[line.index] for line in lines}
        self._vote = vote
        self._around = set(container.ancestors())
        self._lines = {line.index: line for line in lines}
        self._paths: dict[int, int] = {}
        self._numbers: dict[tuple[Signature, ...], int] = {}
        self._furniture: dict[int, Box | None] = {}
        self._main_paths: set[int] = set()
        self._main_classes: set[Signature] = set()
        self._main_parents: set[int] = set()
        self._find_furniture(lines)
        free = [line for line in lines if not self._furniture[line.index]]
        self._counts = Counter(self.path(line) for line in free)
        self.is_paragraphs = self._find_main([line for line in free if self.is_inside(line)])
        self._free_main(lines)

    def _find_furniture(self, lines: list[Line]) -> None:
        total = sum(self.weights.values())
        found = {line.index: self._beside(line.box) for line in lines}
        weights: Counter[Signature] = Counter()
        for line in lines:
            box = found[line.index]
            if box is not None:
                weights[box.signature] += int(self.weights[line.index])
        for line in lines:
            box = found[line.index]
            is_void = box is not None and weights[box.signature] > _VOID_SHARE * total
            self._furniture[line.index] = None if is_void else box

    def _beside(self, box: Box) -> Box | None:
        """The box around a line that says it is beside the text. Quotes are embedded."""
        is_quoted = False
        for around in box.ancestors():
            if around in self._around:
                return None
            is_quoted |= around.tag == "blockquote"
            if is_foreign(around) or (is_furniture(around) and not is_quoted):
                return around
        return None

    def _find_main(self, free: list[Line]) -> bool:
        """Find the settings that most of the text has; whether it is in `p` elements."""
        weights: Counter[int] = Counter()
        tags: Counter[str] = Counter()
        for line in free:
            if weight := int(self.weights[line.index]):
                weights[self.path(line)] += weight
                tags[line.tag] += weight
        whole = sum(weights.values())
        main = {path for path, weight in weights.items() if weight >= _MAIN_SHARE * whole}
        self._main_paths = main
        own = (path[0] for path, number in self._numbers.items() if path and number in main)
        self._main_classes = {signature for signature in own if signature[1]}
        for line in free:
            if self.weights[line.index] and self.path(line) in main and line.box.parent:
                self._main_parents.add(id(line.box.parent))
        return tags["p"] >= _TAG_SHARE * whole

    def _free_main(self, lines: list[Line]) -> None:
        """A box called a teaser that holds paragraphs like the text's own is the text."""
        for line in lines:
            is_main = line.box.signature in self._main_classes and self.weights[line.index]
            if is_main and not is_furniture(line.box):
                self._furniture[line.index] = None

    def path(self, line: Line) -> int:
        """A number for the signatures from the line's box out to the container: the same for
        lines that are set alike.
        """
        known = self._paths.get(id(line.box))
        if known is None:
            found: list[Signature] = []
            for box in line.box.ancestors():
                if box is self.container:
                    break
                found.append(box.signature)
            number = len(self._numbers)
            known = self._paths[id(line.box)] = self._numbers.setdefault(tuple(found), number)
        return known

    def is_denied(self, line: Line) -> bool:
        """Whether the page has a copy of its text and a line is not in it."""
        return bool(self._vote) and not self._vote.has(line.text)

    def furniture(self, line: Line) -> Box | None:
        """The box around a line that is beside the text."""
        return self._furniture[line.index]

    def is_main(self, line: Line) -> bool:
        """Whether a line is set as the text's paragraphs are."""
        return self.path(line) in self._main_paths or line.box.signature in self._main_classes

    def is_single(self, line: Line) -> bool:
        """Whether no other line is set as this one."""
        return self._counts[self.path(line)] <= 1

    def is_beside_main(self, line: Line) -> bool:
        """Whether a line's box stands among the text's paragraphs, or between boxes of them."""
        return line.box.parent is not None and self.holds_text(line.box.parent)

    def is_among_main(self, line: Line) -> bool:
        """Whether a line's box stands right among the text's paragraphs."""
        return id(line.box.parent) in self._main_parents

    def holds_text(self, box: Box) -> bool:
        """Whether the text's paragraphs stand right in a box, or it is around them all."""
        return id(box) in self._main_parents or box in self._around

    def is_around(self, box: Box) -> bool:
        """Whether a box is the container or around it."""
        return box in self._around

    def is_inside(self, line: Line) -> bool:
        """Whether a line is in the container, not above it."""
        return self.container.first <= line.index < self.container.last

    def is_most(self, box: Box) -> bool:
        """Whether a box has much of the text's weight."""
        inside = sum(self.weights.get(at, 0.0) for at in range(box.first, box.last))
        return inside >= _VOID_SHARE * sum(self.weights.values())

    def is_within(self, line: Line, test: Callable[[Box], bool]) -> bool:
        """Whether a box around a line, below the container, is of some kind."""
        for box in line.box.ancestors():
            if box in self._around:
                return False
            if test(box):
                return True
        return False

    def list_around(self, line: Line) -> Box | None:
        """The outermost list below the container that a line is in."""
        found = None
        for box in line.box.ancestors():
            if box is self.container:
                break
            if box.tag in _LISTS:
                found = box
        return found

    def linked_share(self, box: Box) -> float:
        """The share of a box's letters that are in links."""
        lines = [self._lines[at] for at in range(box.first, box.last) if at in self._lines]
        whole = sum(map(size, lines))
        return sum(line.linked * size(line) for line in lines) / whole if whole else 0.0


def ends_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text))


def size(line: Line) -> int:
    """How much a line says, in Latin letters."""
    return letters(line.text)


def is_heading(line: Line) -> bool:
    """Whether a line is in a heading element, alone or in a box of its own."""
    parent = line.box.parent
    return line.tag in HEADINGS or (parent is not None and parent.tag in HEADINGS)
