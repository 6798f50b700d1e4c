"""What each line of an article's part of the page is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from crawler.parsers.generic.layout import Layout, ends_sentence, is_heading, size
from crawler.parsers.generic.marks import is_quote
from crawler.parsers.generic.phrases import (
    is_byline,
    is_label,
    is_notice,
    is_teaser,
    is_teaser_heading,
)
from crawler.parsers.generic.standfirst import plain
from crawler.reading.lines import Box, Line

_ENDED = re.compile(r"[.!?…。！？:：;»”\"'’)\]）」』।]\W*$")
_ADDRESS = re.compile(r"\S+\.\S+")
_LINKED = 0.9  # of a line's letters: it is a link
_LIST_LINKED = 0.5  # of the letters of a list
_BOLD = 0.85  # of a subhead's letters
_LONGEST_HEADING = 120  # letters of a paragraph set in bold
_LONGEST_UNMARKED = 80  # letters of a subhead that only its class tells
_LEAST_PROSE = 60  # letters of a paragraph set unlike the others
_LEAST_LETTERS = 40  # of the first paragraph, if it ends as no sentence does
_LEAST_REPEATED = 30  # letters; shorter lines may well come twice


class Kind(Enum):
    TEXT = "text"
    QUOTE = "quote"
    CELL = "cell of a table"
    HEADING = "heading"
    STANDFIRST = "standfirst"
    TEASER = "link to another article"
    BEFORE = "above the headline"
    FURNITURE = "in a box beside the text"
    LABEL = "date, time or mark"
    BYLINE = "byline"
    NOTICE = "notice"
    REPEATED = "printed before"
    UNLIKE = "set unlike the text"


class Judge:
    """Judges lines in reading order. `start` is the index of the first after the headline."""

    def __init__(
        self,
        layout: Layout,
        headline: str,
        authors: Iterable[str],
        start: int,
    ) -> None:
        self.layout = layout
        self.headline = plain(headline)
        self.authors = {plain(name) for name in authors}
        self.start = start
        self.is_begun = False
        self._skipped_to = 0
        self._seen: dict[str, object] = {}
        self._lists: dict[int, float] = {}

    def judge(self, line: Line) -> Kind:
        kind = self._by_place(line) or self._by_words(line) or self._by_setting(line)
        if kind in (Kind.TEXT, Kind.QUOTE):
            self.is_begun = True
        return kind

    def _by_place(self, line: Line) -> Kind | None:
        if line.index < self.start:
            return Kind.BEFORE
        if self.layout.furniture(line) is not None:
            return Kind.FURNITURE
        if line.tag in ("td", "th") and not self.layout.is_main(line) and self.is_begun:
            return Kind.CELL
        if line.index < self._skipped_to:
            return Kind.TEASER
        return None

    def _by_words(self, line: Line) -> Kind | None:
        text = line.text
        if is_label(text):
            return Kind.LABEL
        if is_byline(text) or plain(text) in self.authors:
            return Kind.BYLINE
        heading = is_heading(line)
        if heading or line.bold >= _BOLD or size(line) < _LONGEST_UNMARKED:
            if is_teaser_heading(text):
                self._skip_box(line)
                return Kind.TEASER
        if is_teaser(text):
            return Kind.TEASER
        if is_notice(text, is_heading=heading):
            return Kind.NOTICE
        if line.linked >= _LINKED and not self._is_linked_text(line):
            return Kind.TEASER
        if plain(text) == self.headline or self._is_repeated(line):
            return Kind.REPEATED
        return None

    def _is_linked_text(self, line: Line) -> bool:
        """Whether a line that is all link is the article's own: a source, or a sentence."""
        if not self.layout.is_main(line):
            return False
        return line.text.endswith((".", "。")) or bool(_ADDRESS.fullmatch(line.text))

    def _skip_box(self, line: Line) -> None:
        """What a heading over other articles stands above, where that is a box of its own."""
        box = line.box
        while box.parent and box.last - box.first <= 1:
            box = box.parent
        holds_text = any(box is around for around in self.layout.container.ancestors())
        if not holds_text and id(box) not in self.layout.main_parents:
            self._skipped_to = box.last

    def _is_repeated(self, line: Line) -> bool:
        """Whether a line was printed before in a box of another kind, for another screen."""
        key = plain(line.text)
        if len(key) < _LEAST_REPEATED:
            return False
        path = self.layout.path(line)
        return self._seen.setdefault(key, path) != path

    def _by_setting(self, line: Line) -> Kind:
        layout, text, length = self.layout, line.text, size(line)
        if is_heading(line):
            return Kind.HEADING
        if not self.is_begun and length < _LEAST_LETTERS and not ends_sentence(text):
            return Kind.UNLIKE
        if around := layout.list_around(line):
            return self._in_list(line, around)
        is_main, is_beside = layout.is_main(line), layout.is_beside_main(line)
        if line.bold >= _BOLD and length < _LONGEST_HEADING and not re.search(r"[.:;,…]$", text):
            return Kind.HEADING if is_main or is_beside else Kind.UNLIKE
        if self._is_quote(line):
            return Kind.QUOTE
        if is_main:
            return Kind.TEXT
        if layout.is_paragraphs and line.tag not in ("p", "pre", "td", "th"):
            is_loose = line.box is layout.container or id(line.box) in layout.main_parents
            return Kind.TEXT if is_loose and length >= _LEAST_PROSE else Kind.UNLIKE
        if is_beside and line.tag == "p":
            if length < _LONGEST_UNMARKED and not _ENDED.search(text) and line.box.classes:
                return Kind.HEADING if self.is_begun else Kind.UNLIKE
            return Kind.TEXT
        is_prose = length >= _LEAST_PROSE and ends_sentence(text)
        return Kind.TEXT if is_prose and line.linked < _LIST_LINKED else Kind.UNLIKE

    def _is_quote(self, line: Line) -> bool:
        for box in line.box.ancestors():
            if box is self.layout.container:
                return False
            if is_quote(box):
                return True
        return False

    def _in_list(self, line: Line, around: Box) -> Kind:
        linked = self._lists.get(id(around))
        if linked is None:
            linked = self._lists[id(around)] = self.linked_share(around)
        if linked >= _LIST_LINKED:
            return Kind.TEASER
        parent = around.parent
        is_inside = parent is self.layout.container or (
            parent is not None and id(parent) in self.layout.main_parents
        )
        is_like = self.layout.is_main(line) or id(around) in self.layout.main_parents
        over = parent.parent if parent is not None and around.tag != "dl" else None
        is_wrapped = over is not None and (
            over is self.layout.container or id(over) in self.layout.main_parents
        )
        return Kind.TEXT if is_inside or is_like or is_wrapped else Kind.UNLIKE

    def linked_share(self, around: Box) -> float:
        lines = self.lines[around.first : around.last]
        letters = sum(size(line) for line in lines) or 1
        return sum(line.linked * size(line) for line in lines) / letters

    lines: list[Line] = []
