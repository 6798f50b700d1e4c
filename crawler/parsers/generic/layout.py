"""How the text of one page is set: which boxes its paragraphs have, and which are beside them."""

from __future__ import annotations

import re
from collections import Counter

from crawler.parsers.generic.container import Vote, letters, weigh
from crawler.parsers.generic.marks import is_foreign, is_furniture
from crawler.reading.lines import Box, Line

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_VOID_SHARE = 0.3  # of the text's weight: what has it is the text, whatever its class says
_MAIN_SHARE = 0.12  # of the text's weight in boxes alike: paragraphs, not a box beside them
_TAG_SHARE = 0.7  # of the text's weight in `p`: then bare text is something else

_SENTENCE_END = re.compile(r"[.!?…。！？।][\"'”’»)\]）」』\s]*$")

Signature = tuple[str, str]


class Layout:
    """The lines of a text's container, with what their boxes have in common."""

    def __init__(self, container: Box, lines: list[Line], vote: Vote) -> None:
        self.container = container
        self._around = set(container.ancestors())
        self.weights = {line.index: weigh(line, vote) for line in lines}
        self._paths: dict[int, tuple[Signature, ...]] = {}
        self._furniture: dict[int, Box | None] = {}
        total = sum(self.weights.values()) or 1.0
        self._find_furniture(lines, total)
        self._find_main(lines, total)

    def _find_furniture(self, lines: list[Line], total: float) -> None:
        found = {line.index: self._beside(line.box) for line in lines}
        weights: Counter[Signature] = Counter()
        for line in lines:
            box = found[line.index]
            if box is not None:
                weights[box.signature] += int(self.weights[line.index])
        for line in lines:
            box = found[line.index]
            is_void = box is not None and weights[box.signature] >= _VOID_SHARE * total
            self._furniture[line.index] = None if is_void else box

    def _beside(self, box: Box) -> Box | None:
        is_quoted = False
        for around in box.ancestors():
            if around in self._around:
                return None
            is_quoted |= around.tag == "blockquote"
            if is_foreign(around) or (is_furniture(around) and not is_quoted):
                return around
        return None

    def _find_main(self, lines: list[Line], total: float) -> None:
        weights: Counter[tuple[Signature, ...]] = Counter()
        tags: Counter[str] = Counter()
        free = [line for line in lines if not self._furniture[line.index]]
        for line in free:
            if weight := int(self.weights[line.index]):
                weights[self.path(line)] += weight
                tags[line.tag] += weight
        whole = sum(weights.values()) or 1
        main = {path for path, weight in weights.items() if weight >= _MAIN_SHARE * whole}
        main |= {path for path, _ in weights.most_common(1)}
        self.main_paths = main
        self._counts = Counter(self.path(line) for line in free)
        self.main_classes = {path[0] for path in main if path and path[0][1]}
        self.is_paragraphs = tags["p"] >= _TAG_SHARE * whole
        self.main_parents = {
            id(line.box.parent)
            for line in free
            if self.weights[line.index] and self.path(line) in main and line.box.parent
        }
        # A box called a teaser that holds paragraphs like the text's own is the text.
        for line in lines:
            if self._furniture[line.index] and line.box.signature in self.main_classes:
                if not is_furniture(line.box) and self.weights[line.index]:
                    self._furniture[line.index] = None

    def path(self, line: Line) -> tuple[Signature, ...]:
        """The signatures from the line's box out to the container."""
        known = self._paths.get(id(line.box))
        if known is None:
            found: list[Signature] = []
            for box in line.box.ancestors():
                if box is self.container:
                    break
                found.append(box.signature)
            known = self._paths[id(line.box)] = tuple(found)
        return known

    def furniture(self, line: Line) -> Box | None:
        return self._furniture[line.index]

    def is_main(self, line: Line) -> bool:
        """Whether a line is set as the text's paragraphs are."""
        return self.path(line) in self.main_paths or line.box.signature in self.main_classes

    def is_inside(self, line: Line) -> bool:
        return self.container in line.box.ancestors()

    def is_single(self, line: Line) -> bool:
        """Whether no other line is set as this one."""
        return self._counts[self.path(line)] <= 1

    def is_beside_main(self, line: Line) -> bool:
        """Whether a line's box stands between the text's paragraphs."""
        parent = line.box.parent
        return parent is self.container or id(parent) in self.main_parents

    def list_around(self, line: Line) -> Box | None:
        """The outermost list below the container that a line is in."""
        found = None
        for box in line.box.ancestors():
            if box is self.container:
                break
            if box.tag in ("ul", "ol", "dl"):
                found = box
        return found


def ends_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text))


def size(line: Line) -> int:
    return letters(line.text)


def is_heading(line: Line) -> bool:
    """Whether a line is in a heading element, alone or in a box of its own."""
    parent = line.box.parent
    return line.tag in HEADINGS or (parent is not None and parent.tag in HEADINGS)
