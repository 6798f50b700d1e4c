"""The standfirst: the sentence or bullet points that sum an article up above its text."""

from __future__ import annotations

from itertools import islice

from crawler.parsers.generic.layout import Layout, ends_sentence, is_heading, size
from crawler.parsers.generic.marks import is_caption, is_heavy, is_standfirst
from crawler.reading.lines import Box, Line, plain
from crawler.reading.page import Page

_LEAST_LETTERS = 25  # of a marked one
_LEAST_UNMARKED = 45  # of a heading or a line in bold; shorter ones are labels
_MOST_LETTERS = 900
_MOST_LINES = 6  # of bullet points
_BOLD = 0.9  # of its letters
_CUT = 60  # letters and digits; so much of a description cut short is enough to know it
_CUT_SHARE = 0.7  # of the longer one that both have
_NEAR = 12  # lines after the headline, in which a heading may still be the standfirst
_LEAST_PROSE = 60  # letters of an unmarked line right below the headline
_MARKED_DEPTH = 3  # boxes around a line whose class may say it
_NEVER = frozenset({"aside", "figure", "figcaption", "form", "footer"})


class Descriptions:
    """What the page's metadata say the article is about."""

    def __init__(self, page: Page) -> None:
        meta = page.metadata
        said = [
            meta.first("og:description"),
            meta.first("description"),
            meta.first("twitter:description"),
            meta.article.get("description"),
        ]
        self._known = {plain(text) for text in said if isinstance(text, str) and text}
        self._known.discard("")

    def has(self, line: Line) -> bool:
        """Whether a line is one of them, or one of them is the line cut short."""
        text = line.plain
        if text in self._known:
            return True
        return len(text) >= _CUT and any(
            len(known) >= _CUT
            and (text.startswith(known) or known.startswith(text))
            and min(len(text), len(known)) > _CUT_SHARE * max(len(text), len(known))
            for known in self._known
        )


def choose_standfirst(
    lines: list[Line], count: int, layout: Layout, descriptions: Descriptions, headline: str
) -> list[Line]:
    """The standfirst among the first `count` lines: from the headline to the first paragraph,
    that included. Bullet points go on below.
    """
    ranked = [
        (_rank(line, place, layout, descriptions, headline), line)
        for place, line in enumerate(lines[:count])
    ]
    best = max((rank for rank, _ in ranked), default=0)
    if not best:
        return []
    first = next(line for rank, line in ranked if rank == best)
    points = _points(first, layout)
    if points is None:
        return [first]
    together = [
        line
        for line in lines
        if line.box.signature == first.box.signature and _points(line, layout) is points
    ]
    is_short = len(together) <= _MOST_LINES and sum(map(size, together)) <= _MOST_LETTERS
    return together if is_short else [first]


_PLAIN, _MARKED, _DESCRIBED = 1, 2, 3


def _rank(line: Line, place: int, layout: Layout, descriptions: Descriptions, headline: str) -> int:
    """How surely a line is the standfirst; 0 if it is none.

    A line that the metadata repeat is one unless it is set as the text's paragraphs are.
    """
    length, text = size(line), line.plain
    if not _LEAST_LETTERS <= length <= _MOST_LETTERS or line.linked > 0.5:
        return 0
    if headline and (headline in text or text in headline):
        return 0
    beside = layout.furniture(line)
    if beside is not None and (beside.tag in _NEVER or is_caption(beside)):
        return 0
    is_marked = _is_marked(line, layout)
    is_set_apart = line.bold >= _BOLD or is_heavy(line.box)
    is_alone = layout.is_single(line) and (is_set_apart or is_marked)
    is_ordinary = layout.is_main(line) and line.bold < _BOLD and not is_alone
    if descriptions.has(line) and (is_marked or not is_ordinary):
        return _DESCRIBED
    if beside is not None and not is_standfirst(beside):
        return 0
    if is_marked:
        return _MARKED
    if length < _LEAST_UNMARKED:
        return 0
    if is_heading(line) and line.tag != "h1":
        return _PLAIN if place <= _NEAR else 0
    if is_ordinary:
        return 0
    is_next = place <= 1 and length >= _LEAST_PROSE and not layout.is_inside(line)
    return _PLAIN if is_set_apart or (is_next and ends_sentence(line.text)) else 0


def _is_marked(line: Line, layout: Layout) -> bool:
    """Whether a box around a line says so, or its own where it is no paragraph of the text."""
    if is_standfirst(line.box) and not (line.tag == "p" and layout.is_beside_main(line)):
        return True
    return _marked_box(line, layout) is not None


def _marked_box(line: Line, layout: Layout) -> Box | None:
    for box in islice(line.box.ancestors(), 1, _MARKED_DEPTH):
        if layout.is_around(box) or box.last - box.first > _MOST_LINES:
            return None
        if is_standfirst(box):
            return box
    return None


def _points(line: Line, layout: Layout) -> Box | None:
    """The box of bullet points, or of a standfirst of several lines, that a line is in."""
    for box in islice(line.box.ancestors(), 1, _MARKED_DEPTH):
        if box.tag in ("ul", "ol"):
            return None if layout.is_around(box) else box
    return _marked_box(line, layout)
