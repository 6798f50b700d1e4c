"""The text of any article page, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.parsers.generic.container import Vote, find_container
from crawler.parsers.generic.endings import drop_endings
from crawler.parsers.generic.judge import Judge, Kind
from crawler.parsers.generic.layout import Layout, is_heading
from crawler.parsers.generic.region import find_region
from crawler.parsers.generic.standfirst import Descriptions, choose_standfirst
from crawler.reading.body import Body
from crawler.reading.draft import Draft
from crawler.reading.lines import Box, Line, plain, read_lines
from crawler.reading.page import Page
from crawler.urls import absolute

_LEAST_AFTER = 0.5  # of the text; a headline with less below it is another article's
_HEADLINE_DEPTH = 3  # boxes around a line of the headline, in the headline's element
_BELOW = 12  # lines kept of what follows the box of the text
_MOST_ABOVE = 60  # lines between a headline and the box of the text
_LEAST_HEADLINE = 15  # characters of a related article's


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

    def fields(self) -> dict[str, Any]:
        """The record's fields of the text."""
        found = {**self.body.fields(), "summary": self.summary}
        return {name: value for name, value in found.items() if name != "images"}


def read_body(page: Page, draft: Draft, headline_node: LexborNode | None = None) -> Reading:
    """The text of a page, below the headline that is already in the draft."""
    reading = Reading()
    root = find_region(page.tree, headline_node)
    if root is None:
        return reading
    top, lines = read_lines(root)
    copy = page.metadata.article.get("articleBody")
    vote = Vote(copy if isinstance(copy, str) else None)
    container = reading.container = find_container(top, lines, vote)
    headline = draft.get("headline") or ""
    first, start = _span(lines, container, plain(headline), headline_node)
    part = lines[first : container.last]
    reading.after = lines[container.last : container.last + _BELOW]
    layout = Layout(container, part, vote)
    judge = Judge(layout, headline, draft.get("authors") or [], start)
    reading.judged = [(line, _judge(line, judge)) for line in part]
    drop_endings(reading.judged, draft.get("authors") or [])
    _mark_standfirst(reading, layout, Descriptions(page), plain(headline), start)
    _collect(reading, page.canonical_link or page.url)
    return reading


def _judge(line: Line, judge: Judge) -> Kind:
    """What a line is. Above the box of the text only prose in a paragraph is text."""
    kind = judge.judge(line)
    if judge.layout.is_inside(line) or kind is Kind.BEFORE:
        return kind
    if kind is Kind.TEXT and line.tag == "p" and judge.layout.weights[line.index]:
        return kind
    judge.is_begun = False
    return Kind.BEFORE


def _span(
    lines: list[Line], container: Box, headline: str, node: LexborNode | None
) -> tuple[int, int]:
    """Where to begin: the first line to look at, and the first one after the headline."""
    first = max(0, container.first - _MOST_ABOVE)
    near = lines[first : container.last]
    heads = [line.index for line in near if node is not None and _is_in(line, node)][-1:]
    heads = heads or [line.index for line in near if is_heading(line) and line.plain == headline]
    heads = heads[:1] or [line.index for line in near if line.tag == "h1"][-1:]
    if not heads:
        return container.first, container.first
    start = heads[0] + 1
    after = sum(len(line.text) for line in lines[max(start, container.first) : container.last])
    whole = sum(len(line.text) for line in lines[container.first : container.last])
    if after < _LEAST_AFTER * whole:
        return container.first, container.first
    return min(start, container.first), start


def _is_in(line: Line, node: LexborNode) -> bool:
    around = islice(line.box.ancestors(), _HEADLINE_DEPTH)
    return any(box.node.mem_id == node.mem_id for box in around)


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
            if kind is Kind.QUOTE:
                body.quotes.add(len(body.paragraphs))
            body.paragraphs.append(line.text)
        row = cells
    body.finish()


def _row_of(line: Line) -> Box:
    return next((box for box in line.box.ancestors() if box.tag == "tr"), line.box)


def _add_related(body: Body, line: Line, base_url: str) -> None:
    url = absolute(base_url, line.address or "")
    if url and len(line.text) >= _LEAST_HEADLINE:
        body.add_related(line.text, url)
