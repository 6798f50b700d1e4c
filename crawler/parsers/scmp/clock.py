"""Times as SCMP pages print them: `Published: 7:15pm, 27 Feb 2024`, in Hong Kong's time.

Print has no seconds and `datetime` attributes have: attributes come before JSON-LD, print
after it. The clock of the page itself ("Thu • Dec 18, 2014 • Updated: 3:12pm") has no date
behind its time and is never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.dates import parse_date, printed_date
from crawler.reading.draft import Draft
from crawler.reading.page import Page, element_text

_MARKED = (
    ("date_published", '[itemprop="dateCreated"], [itemprop="datePublished"]'),
    ("date_modified", '[itemprop="dateModified"]'),
)
_BOXES = (
    ("date_published", '[data-qa="Dates"], .article-author__published-date'),
    ("date_modified", ".article-author__updated-date"),
)
_PANES = (("date_published", ".pane-node-created"), ("date_modified", ".pane-node-changed"))
_FIELDS = {"published": "date_published", "updated": "date_modified"}
_LABEL = re.compile(r"(?:\b|_)(published|updated)(?:\b|_)\s*:?\s*", re.IGNORECASE)
_MOST_NODES = 10  # of one kind; an article's own come first
_MOST_LABELS = 100  # in one text
_LONGEST_DATE = 80  # characters of a printed date and time, and some
_MOST_TEXT = 200_000  # characters of a page that are searched for printed dates


def offer_marked(page: Page, draft: Draft) -> None:
    """Offer the times that elements carry in an attribute."""
    for name, selector in _MARKED:
        for node in page.tree.css(selector)[:_MOST_NODES]:
            for said in ("datetime", "content"):
                _offer(page, draft, name, node.attributes.get(said))
    for name, node in _times(page):
        _offer(page, draft, name, node.attributes.get("datetime"))


def offer_printed(page: Page, draft: Draft) -> None:
    """Offer the times that the page only prints."""
    for name, node in _times(page):
        _offer(page, draft, name, _LABEL.sub("", element_text(node), count=1))
    for name, selector in (*_MARKED, *_BOXES, *_PANES):
        for node in page.tree.css(selector)[:_MOST_NODES]:
            _offer_text(page, draft, name, element_text(node))
    body = page.tree.body
    if body is not None and not (draft.has("date_published") and draft.has("date_modified")):
        _offer_text(page, draft, None, body.text(separator=" ")[:_MOST_TEXT])


def complete(page: Page, draft: Draft) -> None:
    """Say the published time as the page has it with its zone, where the state has a bare
    number; drop a last change before it.
    """
    published, modified = draft.get("date_published"), draft.get("date_modified")
    if published and modified and modified < published:
        draft.withdraw("date_modified")
    if draft.provenance.get("date_published_raw") != "state":
        return
    said = Draft()
    said.offer("raw", page.metadata.article.get("datePublished"), "json-ld")
    said.offer("raw", page.metadata.first("article:published_time"), "meta")
    for name, node in _times(page):
        if name == "date_published":
            said.offer("raw", node.attributes.get("datetime"), "page")
    moment = parse_date(said.get("raw"))
    if moment and published and moment.replace(microsecond=0) == published.replace(microsecond=0):
        draft.replace("date_published_raw", said.get("raw"), said.provenance["raw"])


def _offer(page: Page, draft: Draft, name: str, said: str | None) -> None:
    zone = page.outlet.zone if page.outlet else None
    moment = parse_date(said, zone) if said and not draft.has(name) else None
    draft.offer(name, moment, "page")
    if moment and name == "date_published":
        draft.replace("date_published_raw", said, "page")


def _offer_text(page: Page, draft: Draft, default: str | None, text: str) -> None:
    """Offer the dates behind the labels of a text; without any, a text that is a date."""
    parts = list(islice(_LABEL.finditer(text), _MOST_LABELS))
    for label in parts:
        said = printed_date(text[label.end() : label.end() + _LONGEST_DATE])
        _offer(page, draft, _FIELDS[label[1].lower()], said)
    if default and not parts:
        _offer(page, draft, default, printed_date(text) or text[:_LONGEST_DATE])


def _times(page: Page) -> Iterator[tuple[str, LexborNode]]:
    """The `time` elements beside the byline, each with the field it is for."""
    for name, boxes in _BOXES:
        for box in page.tree.css(boxes)[:_MOST_NODES]:
            for place, node in enumerate(box.css("time")[:_MOST_NODES]):
                label = _LABEL.match(element_text(node)) or _label_before(node)
                default = name if place == 0 else "date_modified"
                yield _FIELDS[label[1].lower()] if label else default, node


def _label_before(node: LexborNode) -> re.Match[str] | None:
    """A label in the text before an element, or in the class around it."""
    before, parent = node.prev, node.parent
    text = before.text()[-_LONGEST_DATE:] if before is not None else ""
    found = list(_LABEL.finditer(text))
    if not found and parent is not None:
        found = list(_LABEL.finditer((parent.attributes.get("class") or "").replace("-", " ")))
    return found[-1] if found else None
