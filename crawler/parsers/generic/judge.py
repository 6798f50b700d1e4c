"""What each line of an article's part of the page is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from crawler.parsers.generic.agencies import is_reporters
from crawler.parsers.generic.layout import Layout, ends_sentence, is_heading, size
from crawler.parsers.generic.marks import is_quote, is_subhead, leads_on
from crawler.parsers.generic.phrases import (
    LONGEST_NOTE,
    has_date,
    is_byline,
    is_label,
    is_notice,
    is_separator,
    is_teaser,
    is_teaser_heading,
)
from crawler.reading.boxes import Box, Line, plain

_ENDED = re.compile(r"[.!?…。！？:：;»”\"'’)\]）」』।]\W*$")
_STOPPED = re.compile(r"[.:;,…]$")
_ADDRESS = re.compile(r"\S+\.\S+")
_LINKED = 0.9  # of a line's letters: it is a link
_LIST_LINKED = 0.5  # of the letters of a list
_BOLD = 0.85  # of a subhead's letters
_LONGEST_BOLD = 120  # letters of a subhead that is a paragraph in bold
_LONGEST_UNMARKED = 80  # letters of a subhead that only its class tells
_LONGEST_BARE = 250  # characters of a notice without a link
_LEAST_PROSE = 60  # letters of a paragraph set unlike the others
_LEAST_FIRST = 40  # letters of the first paragraph, if it ends as no sentence does
_LEAST_REPEATED = 30  # letters; shorter lines may well come twice
_LONGEST_HEADLINE = 300  # characters
_LONGEST_NAME = 80  # characters of a line that names authors
_DATELINE = re.compile(r"[\u3400-\u9fff]{3,20}\d{1,2}月\d{1,2}日电")  # of Chinese agencies
_GROUPS = frozenset({"div", "ul", "ol", "section"})
_CELLS = frozenset({"td", "th"})
_FULL_STOPS = (".", "。")


class Kind(Enum):
    TEXT = "paragraph"
    QUOTE = "quote"
    CELL = "cell of a table"
    HEADING = "heading"
    STANDFIRST = "standfirst"
    TEASER = "link to another article"
    BEFORE = "above the text"
    FURNITURE = "in a box beside the text"
    LABEL = "date, time or mark"
    BYLINE = "byline"
    NOTICE = "notice"
    REPEATED = "printed before"
    UNLIKE = "set unlike the text"


class Judge:
    """Judges lines in reading order. `start` is the index of the first after the headline."""

    def __init__(self, layout: Layout, headline: str, authors: Iterable[str], start: int) -> None:
        self.layout = layout
        self.is_begun = False
        self._headline = plain(headline)
        self._authors = {plain(name) for name in authors}
        self._start = start
        self._skipped_to = 0
        self._seen: dict[str, object] = {}
        self._lists: dict[int, float] = {}

    def judge(self, line: Line) -> Kind:
        kind = self._by_place(line) or self._by_words(line) or self._by_setting(line)
        if kind in (Kind.TEXT, Kind.QUOTE):
            self.is_begun = True
            self._seen.setdefault(line.text, self.layout.path(line))
        return kind

    def _by_place(self, line: Line) -> Kind | None:
        if line.index < self._start:
            return Kind.BEFORE
        beside = self.layout.furniture(line)
        if beside is not None:
            is_link = line.linked >= _LINKED and self.is_begun and leads_on(beside)
            return Kind.TEASER if is_link else Kind.FURNITURE
        if line.tag in _CELLS and self.is_begun and not self.layout.is_main(line):
            return Kind.CELL
        return Kind.TEASER if line.index < self._skipped_to else None

    def _by_words(self, line: Line) -> Kind | None:
        kind = self._by_phrases(line) if len(line.text) <= LONGEST_NOTE else None
        if kind is not None:
            return kind
        if line.linked >= _LINKED and not self._is_linked_text(line):
            return Kind.TEASER
        if self._is_headline(line) or self._is_repeated(line):
            return Kind.REPEATED
        return None

    def _by_phrases(self, line: Line) -> Kind | None:
        """What the words of a line say that it is; longer ones are never only that."""
        text = line.text
        if is_separator(text):
            return Kind.TEXT if self.is_begun and self.layout.is_main(line) else Kind.LABEL
        if is_label(text):
            return Kind.LABEL
        if len(text) <= _LONGEST_NAME and (
            is_byline(text) or is_reporters(text) or line.plain in self._authors
        ):
            return Kind.BYLINE
        if is_teaser_heading(text):
            self._skip_box(line)
            return Kind.TEASER
        if is_teaser(text):
            return Kind.TEASER
        may_promise = line.linked > 0 or len(text) < _LONGEST_BARE or not self.layout.is_main(line)
        if is_notice(text, has_promise=may_promise and not is_heading(line)):
            return Kind.NOTICE
        return None

    def _skip_box(self, line: Line) -> None:
        """What a heading over other articles stands above, where that is a box of its own."""
        box = line.box
        while box.parent and box.last - box.first <= 1:
            box = box.parent
        if not self.layout.holds_text(box):
            self._skipped_to = box.last
            return
        below = next((each for each in box.children if each.first > line.index), None)
        if below is not None and below.tag in _GROUPS and not self.layout.is_most(below):
            self._skipped_to = below.last

    def _is_linked_text(self, line: Line) -> bool:
        """Whether a line that is all link is the article's own: a source, or a sentence."""
        if not self.layout.is_main(line):
            return False
        return line.text.endswith(_FULL_STOPS) or bool(_ADDRESS.fullmatch(line.text))

    def _is_headline(self, line: Line) -> bool:
        return len(line.text) <= _LONGEST_HEADLINE and line.plain == self._headline

    def _is_repeated(self, line: Line) -> bool:
        """Whether a line was printed before in a box of another kind, for another screen."""
        if len(line.text) < _LEAST_REPEATED:
            return False
        known = self._seen.get(line.text)
        return known is not None and known != self.layout.path(line)

    def _by_setting(self, line: Line) -> Kind:
        layout, length = self.layout, size(line)
        if is_heading(line) or (self.is_begun and is_subhead(line.box) and _is_short(line, length)):
            return Kind.HEADING
        if not self.is_begun and _is_label(line, length):
            return Kind.UNLIKE
        if around := layout.list_around(line):
            return self._in_list(line, around)
        is_main = layout.is_main(line)
        if line.bold >= _BOLD and length < _LONGEST_BOLD and not _STOPPED.search(line.text):
            return Kind.HEADING if is_main or layout.is_beside_main(line) else Kind.UNLIKE
        if layout.is_within(line, is_quote):
            is_said = length >= _LEAST_FIRST or ends_sentence(line.text)
            return Kind.QUOTE if is_said else Kind.UNLIKE
        return Kind.TEXT if is_main else self._other(line, length)

    def _other(self, line: Line, length: int) -> Kind:
        """A line set unlike most of the text."""
        layout, text = self.layout, line.text
        if layout.is_paragraphs and line.tag not in ("p", "pre", *_CELLS):
            is_loose = length >= _LEAST_PROSE and layout.holds_text(line.box)
            return Kind.TEXT if is_loose else Kind.UNLIKE
        if line.tag == "p" and layout.is_beside_main(line):
            if length >= _LONGEST_UNMARKED or _ENDED.search(text) or not line.box.classes:
                return Kind.TEXT
            return Kind.HEADING if self.is_begun else Kind.UNLIKE
        is_prose = length >= _LEAST_PROSE and ends_sentence(text) and line.linked < _LIST_LINKED
        return Kind.TEXT if is_prose else Kind.UNLIKE

    def _in_list(self, line: Line, around: Box) -> Kind:
        """A line of a list: the list's, unless it is one of links or stands aside."""
        layout = self.layout
        linked = self._lists.get(id(around))
        if linked is None:
            linked = self._lists[id(around)] = layout.linked_share(around)
        if linked >= _LIST_LINKED:
            return Kind.TEASER
        parent = around.parent
        over = parent.parent if parent is not None and around.tag != "dl" else None
        is_near = any(box is not None and layout.holds_text(box) for box in (around, parent, over))
        return Kind.TEXT if is_near or layout.is_main(line) else Kind.UNLIKE


def _is_short(line: Line, length: int) -> bool:
    return length < _LONGEST_BOLD and not _STOPPED.search(line.text)


def _is_label(line: Line, length: int) -> bool:
    """Whether a line above the first paragraph is none itself: short, or it has a date."""
    if ends_sentence(line.text) or _DATELINE.match(line.text):
        return False
    return length < _LEAST_FIRST or (length < _LONGEST_BOLD and has_date(line.text))
