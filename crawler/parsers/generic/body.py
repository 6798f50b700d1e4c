"""The text of any article page, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.parsers.generic.agencies import without_end_mark
from crawler.parsers.generic.container import Vote, find_container, letters, weigh
from crawler.parsers.generic.endings import drop_endings
from crawler.parsers.generic.judge import Judge, Kind
from crawler.parsers.generic.layout import Layout, is_heading
from crawler.parsers.generic.phrases import is_teaser_heading, without_teaser_mark
from crawler.parsers.generic.region import find_region
from crawler.parsers.generic.standfirst import Descriptions, choose_standfirst
from crawler.reading.body import Body
from crawler.reading.boxes import Box, Line, plain
from crawler.reading.draft import Draft
from crawler.reading.lines import read_lines
from crawler.reading.media import video_of_frame
from crawler.reading.nodes import element_node
from crawler.reading.page import Page
from crawler.urls import absolute

_LEAST_AFTER = 0.5  # of the text; a headline with less below it is another article's
_HEADLINE_DEPTH = 3  # boxes around a line of the headline, in the headline's element
_BELOW = 12  # lines kept of what follows the box of the text
_MOST_ABOVE = 60  # lines between a headline and the box of the text
_LONGEST_LABEL = 100  # characters in a headline's element that are not letters of it
_FRAMES = "iframe, video, embed"
_MOST_VIDEOS = 30  # of one article; live blogs have a dozen
_LEAST_HEADLINE = 15  # letters of a related article's


@dataclass(slots=True)
class Reading:
    """What was read. `judged` has every line looked at, with what it was taken for; `after`
    the first lines below the box of the text, `container`.
    """

    body: Body = field(default_factory=Body)
    summary: list[str] = field(default_factory=list)
    judged: list[tuple[Line, Kind]] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)
    container: Box | None = None

    def release(self) -> None:
        """Let go of the page's boxes; see there."""
        if self.container is not None:
            *_, top = self.container.ancestors()
            top.release()

    def fields(self) -> dict[str, Any]:
        """The record's fields of the text."""
        found = {**self.body.fields(), "summary": self.summary}
        return {name: value for name, value in found.items() if name != "images"}


def read_body(
    page: Page,
    draft: Draft,
    headline_node: LexborNode | None = None,
    region: LexborNode | None = None,
) -> Reading:
    """The text of a page, below the headline that is already in the draft.

    `region` is the element to look in, where that is known.
    """
    reading = Reading()
    root = region if region is not None else find_region(page.tree, headline_node)
    if root is None:
        return reading
    top, lines = read_lines(root)
    copy = page.metadata.article.get("articleBody")
    vote = Vote(copy if isinstance(copy, str) else None)
    weights = [weigh(line, vote) for line in lines]
    headline = draft.get("headline") or ""
    printed = _headline_line(lines, plain(headline), headline_node)
    container = reading.container = find_container(top, lines, weights, printed)
    first, start = _span(lines, container, printed)
    part = lines[first : container.last]
    reading.after = lines[container.last : container.last + _BELOW]
    layout = Layout(container, part, weights, vote)
    judge = Judge(layout, headline, draft.get("authors") or [], start)
    reading.judged = [(line, _judge(line, judge)) for line in part]
    drop_endings(reading.judged, draft.get("authors") or [])
    _mark_standfirst(reading, layout, Descriptions(page), plain(headline), start)
    base_url = page.address
    _collect(reading, base_url)
    _add_videos(reading.body, container, base_url)
    return reading


def _judge(line: Line, judge: Judge) -> Kind:
    """What a line is. Above the box of the text only prose in a paragraph is text."""
    kind = judge.judge(line)
    if judge.layout.is_inside(line) or kind is Kind.BEFORE:
        return kind
    layout = judge.layout
    is_prose = line.tag == "p" and layout.weights[line.index] and not layout.is_denied(line)
    if kind is Kind.TEXT and is_prose:
        return kind
    judge.is_begun = False
    return Kind.BEFORE


def _headline_line(lines: list[Line], headline: str, node: LexborNode | None) -> Line | None:
    """The line of the headline: that of its element, else the heading that reads so."""
    most = len(headline) + _LONGEST_LABEL
    found: list[Line] = []
    if node is not None:
        near = (line for line in lines if len(line.text) <= most)
        found = [line for line in near if _is_in(line, node.mem_id)][-1:]
    found = found or [line for line in lines if is_heading(line) and line.plain == headline]
    found = found or [line for line in lines if line.tag == "h1"]
    return found[0] if found else None


def _span(lines: list[Line], container: Box, headline: Line | None) -> tuple[int, int]:
    """Where to begin: the first line to look at, and the first one after the headline."""
    if headline is None:
        return container.first, container.first
    start = headline.index + 1
    if not container.first - _MOST_ABOVE <= start <= container.last:
        return container.first, container.first
    after = sum(len(line.text) for line in lines[max(start, container.first) : container.last])
    whole = sum(len(line.text) for line in lines[container.first : container.last])
    if after < _LEAST_AFTER * whole:
        return container.first, container.first
    return min(start, container.first), start


def _is_in(line: Line, mem_id: int) -> bool:
    around = islice(line.box.ancestors(), _HEADLINE_DEPTH)
    return any(box.node.mem_id == mem_id for box in around)


def _mark_standfirst(
    reading: Reading, layout: Layout, descriptions: Descriptions, headline: str, start: int
) -> None:
    """Find the standfirst among what was judged; other headings above the text are labels."""
    judged = reading.judged
    first = next((at for at, (_, kind) in enumerate(judged) if kind is Kind.TEXT), len(judged))
    lines = [line for line, _ in judged if line.index >= start]
    count = sum(line.index >= start for line, _ in judged[: first + 1])
    chosen = choose_standfirst(lines, count, layout, descriptions, headline)
    places = {line.index for line in chosen}
    for at, (line, kind) in enumerate(judged):
        if line.index in places:
            judged[at] = (line, Kind.STANDFIRST)
        elif at < first and kind is Kind.HEADING and not layout.is_beside_main(line):
            judged[at] = (line, Kind.UNLIKE)


def _collect(reading: Reading, base_url: str) -> None:
    """Sort the lines into the record's fields. Cells of one row are one paragraph."""
    body = reading.body
    row: Box | None = None
    linked = 0  # related articles before the last paragraph; those below it are other lists
    for line, kind in reading.judged:
        cells = _row_of(line) if kind is Kind.CELL else None
        if kind is Kind.HEADING:
            body.add_subhead(line.text)
        elif kind is Kind.STANDFIRST:
            reading.summary.append(line.text)
        elif kind is Kind.TEASER and body.paragraphs:
            _add_related(body, line, base_url)
        elif cells is not None and cells is row:
            body.paragraphs[-1] += f" | {line.text}"
        elif kind in (Kind.TEXT, Kind.QUOTE, Kind.CELL):
            linked = len(body.related)
            if kind is Kind.QUOTE:
                body.quotes.add(len(body.paragraphs))
            body.paragraphs.append(line.text)
        row = cells
    del body.related[linked:]
    body.finish()
    if body.paragraphs:
        body.paragraphs[-1] = without_end_mark(body.paragraphs[-1])


def _add_videos(body: Body, container: Box, base_url: str) -> None:
    for frame in container.node.css(_FRAMES)[:_MOST_VIDEOS]:
        if video := video_of_frame(element_node(frame), base_url):
            body.add_video(video)


def _row_of(line: Line) -> Box:
    return next((box for box in line.box.ancestors() if box.tag == "tr"), line.box)


def _add_related(body: Body, line: Line, base_url: str) -> None:
    url = absolute(base_url, line.address or "")
    headline = without_teaser_mark(line.text)
    is_other = url not in (None, base_url) and not is_teaser_heading(headline)
    if url and is_other and letters(headline) >= _LEAST_HEADLINE:
        body.add_related(headline, url)
