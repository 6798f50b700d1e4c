"""The text of any article page, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crawler.parsers.generic.container import Vote, find_container
from crawler.parsers.generic.judge import Judge, Kind
from crawler.parsers.generic.layout import Layout, is_heading
from crawler.parsers.generic.standfirst import Descriptions, choose_standfirst, plain
from crawler.reading.body import Body
from crawler.reading.draft import Draft
from crawler.reading.lines import Box, Line, read_lines
from crawler.reading.page import Page

_LEAST_AFTER = 0.5  # of the text; a headline with less below it is another article's
_BELOW = 12  # lines kept of what follows the box of the text
_MOST_ABOVE = 60  # lines between a headline and the box of the text


@dataclass(slots=True)
class Reading:
    """What was read. `judged` has every line looked at, with what it was taken for."""

    body: Body = field(default_factory=Body)
    summary: list[str] = field(default_factory=list)
    judged: list[tuple[Line, Kind]] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)
    container: Box | None = None

    def fields(self) -> dict[str, Any]:
        """The record's fields of the text."""
        found = self.body.fields()
        found.pop("images")
        return {**found, "summary": self.summary}


def read_body(page: Page, draft: Draft) -> Reading:
    reading = Reading()
    root = page.tree.body
    if root is None:
        return reading
    top, lines = read_lines(root)
    copy = page.metadata.article.get("articleBody")
    vote = Vote(copy if isinstance(copy, str) else None)
    container = find_container(top, lines, vote)
    reading.container = container
    first, start = _span(lines, container, plain(draft.get("headline") or ""))
    part = lines[first : container.last]
    reading.after = lines[container.last : container.last + _BELOW]
    layout = Layout(container, part, vote)
    headline = draft.get("headline") or ""
    judge = Judge(layout, headline, draft.get("authors") or [], start)
    judge.lines = lines
    for line in part:
        kind = judge.judge(line)
        if line.index < container.first:
            if not (kind is Kind.TEXT and line.tag == "p" and layout.weights[line.index]):
                kind = Kind.BEFORE
                judge.is_begun = False
        reading.judged.append((line, kind))
    _mark_standfirst(reading, layout, Descriptions(page), plain(headline), start)
    _collect(reading)
    return reading


def _mark_standfirst(reading: Reading, layout: Layout, descriptions: Descriptions, headline: str, start: int) -> None:
    judged = reading.judged
    first = next((at for at, (_, kind) in enumerate(judged) if kind is Kind.TEXT), len(judged) - 1)
    above = [line for line, _ in judged if line.index >= start]
    count = sum(line.index >= start for line, _ in judged[: first + 1])
    standfirst = choose_standfirst(above, count, layout, descriptions, headline)
    chosen = {line.index for line in standfirst}
    for at, (line, kind) in enumerate(judged):
        if line.index in chosen:
            judged[at] = (line, Kind.STANDFIRST)
        elif at < first and kind is Kind.HEADING and not layout.is_beside_main(line):
            judged[at] = (line, Kind.UNLIKE)


def _span(lines: list[Line], container: Box, headline: str) -> tuple[int, int]:
    """Where to begin: the first line to look at, and the first one after the headline."""
    first = max(0, container.first - _MOST_ABOVE)
    near = lines[first : container.last]
    weights = [len(line.text) for line in near]
    heads = [line.index for line in near if plain(line.text) == headline and is_heading(line)]
    heads = heads[:1] or [line.index for line in near if line.tag == "h1"][-1:]
    if not heads:
        return container.first, container.first
    after = sum(weights[max(heads[0] + 1, container.first) - first :])
    whole = sum(weights[container.first - first :])
    if after < _LEAST_AFTER * whole:
        return container.first, container.first
    return min(heads[0] + 1, container.first), heads[0] + 1


def _collect(reading: Reading) -> None:
    body = reading.body
    rows: list[tuple[Box, list[str]]] = []
    for line, kind in reading.judged:
        if kind is Kind.HEADING:
            body.add_subhead(line.text)
        elif kind is Kind.STANDFIRST:
            reading.summary.append(line.text)
        elif kind is Kind.CELL:
            row = next((box for box in line.box.ancestors() if box.tag == "tr"), line.box)
            if rows and rows[-1][0] is row:
                rows[-1][1].append(line.text)
                body.paragraphs[-1] = " | ".join(rows[-1][1])
            else:
                rows.append((row, [line.text]))
                body.paragraphs.append(line.text)
        elif kind is Kind.TEXT:
            body.add_paragraph(line.text)
        elif kind is Kind.QUOTE:
            body.add_paragraph(line.text, is_quote=True)
    body.finish()
