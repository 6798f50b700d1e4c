"""Text that a page keeps in its scripts, for pages whose elements have none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from crawler.parsers.generic.container import Vote, letters
from crawler.parsers.generic.layout import ends_sentence
from crawler.reading.bounds import ExcessError, parsed
from crawler.reading.json_text import is_small, read_json
from crawler.reading.lines import read_lines
from crawler.reading.nodes import attributes, kind, text_of
from crawler.reading.page import Page
from crawler.text import clean

_SCRIPTS = 'script[type="application/json"], script#__NEXT_DATA__, script:not([src])'
_ASSIGNED = re.compile(r"[\w$\])\"']\s*=\s*(?=[{\[])")
_MOST_ASSIGNMENTS = 20  # looked at in one script
_LEAST_SCRIPT = 500  # characters; shorter ones hold no text
_MOST_VALUES = 200_000  # walked in all; the largest real states have half of it
_MOST_PARAGRAPHS = 5_000  # of one list
_LEAST_LETTERS = 40  # of a paragraph that tells a text from labels
_FEWEST_PARAGRAPHS = 3
_LONGEST_KEY = 300  # characters of markup that may be one field and no text
_SHARE_ON = 0.4  # of the words of headline and description that a text on the same matter has
_LEAST_TEXT = 400  # letters of a text
_WORD = re.compile(r"[^\W\d_]{4,}")
_PAIR = re.compile(r"[\u3400-\u9fff]{2}")
_MOST_TEXT = 1_200_000  # characters of strings looked at in all; the largest have half of it
_CODE_MARKS = ("://", "{", "}", "=>")
_CODE_WORD = re.compile(r"\bfunction\b")
_TEXT_FIELDS = ("text", "content", "html", "value", "body", "paragraph", "rendered", "data")
_NO_TEXT = re.compile(
    r"(?:^|[^a-z])(?:ads?|advert\w*|image|photo|picture|video|audio|embed|gallery|caption|related"
    r"|promo\w*|newsletter|link|author|tag|track\w*|teaser)",
    re.IGNORECASE,
)


def text_in_state(page: Page, headline: str) -> list[str]:
    """The paragraphs of the text in the page's scripts that is most on the headline's matter.

    States hold other articles too. What the page says of itself tells which one is its own.
    """
    meta = page.metadata
    copy = meta.article.get("articleBody")
    vote = Vote(copy if isinstance(copy, str) else None)
    wanted = _words(f"{headline} {meta.first('og:description', 'description') or ''}")
    found: list[str] = []
    best = (_SHARE_ON, 0)
    for paragraphs in _texts(_states(page)):
        prose = [text for text in paragraphs if _is_prose(text)]
        length = sum(map(letters, prose))
        if length >= _LEAST_TEXT:
            voted = sum(map(vote.has, prose)) / len(prose) if vote else 0.0
            rank = (_share_on(wanted, paragraphs) + voted, length)
            if rank > best:
                found, best = paragraphs, rank
    return [text for text in found if not _is_code(text)]


def _words(text: str) -> set[str]:
    """The longer words of a text; of one without blanks, its pairs of characters."""
    pairs = _PAIR.findall(text) + _PAIR.findall(text[1:])
    return set(_WORD.findall(text.casefold())) | set(pairs)


def _share_on(wanted: set[str], paragraphs: list[str]) -> float:
    said = "\n".join(paragraphs).casefold()
    return sum(word in said for word in wanted) / len(wanted) if wanted else 1.0


def _is_prose(text: str) -> bool:
    return letters(text) >= _LEAST_LETTERS and ends_sentence(text) and not _is_code(text)


def _is_code(text: str) -> bool:
    """Whether a line is a word or an address alone, or has marks of code in it."""
    if " " not in text or any(mark in text for mark in _CODE_MARKS):
        return True
    return "function" in text and bool(_CODE_WORD.search(text))


def _states(page: Page) -> Iterator[Any]:
    """What scripts hold or assign. A value that is broken is not searched for others in it."""
    scripts = {node.mem_id: node for node in page.tree.css(_SCRIPTS)}  # one may match twice
    for node in scripts.values():
        script = node.text().strip()
        if len(script) < _LEAST_SCRIPT or not is_small(script):
            continue
        starts = [0] if script[0] in "{[" else []
        assigned = islice(_ASSIGNED.finditer(script), _MOST_ASSIGNMENTS)
        starts += [found.end() for found in assigned]
        end = 0
        for start in starts:
            if start < end:
                continue
            try:
                data, end = read_json(script, start)
            except json.JSONDecodeError as error:
                end = error.pos
                continue
            yield data


def _texts(states: Iterable[Any]) -> Iterator[list[str]]:
    """Every list of paragraphs in the states, and every field that is marked-up text."""
    for value in islice(_values(states), _MOST_VALUES):
        if isinstance(value, list):
            items = value[:_MOST_PARAGRAPHS]
            paragraphs = [text for item in items if (text := _paragraph(item))]
            if sum(map(_is_prose, paragraphs)) >= _FEWEST_PARAGRAPHS:
                yield paragraphs
        elif isinstance(value, str) and len(value) > _LONGEST_KEY and "<p" in value:
            yield _lines(value)


def _values(states: Iterable[Any]) -> Iterator[Any]:
    """Every value of the states, the last ones of each first."""
    left = _MOST_TEXT
    for state in states:
        waiting = [state]
        while waiting and left > 0:
            value = waiting.pop()
            yield value
            if isinstance(value, str):
                left -= len(value)
            elif isinstance(value, dict):
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)


def _paragraph(item: Any) -> str:
    """The text of one block of a text, empty if it is something else."""
    if isinstance(item, str):
        return _plain(item) if len(item) >= _LEAST_LETTERS else ""
    if not isinstance(item, dict) or _NO_TEXT.search(str(item.get("type") or kind(item))):
        return ""
    if "children" in item:
        return "" if _NO_TEXT.search(str(attributes(item).get("class") or "")) else _node_text(item)
    said = next((item[name] for name in _TEXT_FIELDS if isinstance(item.get(name), str)), "")
    return _plain(said)


def _node_text(item: dict[str, Any]) -> str:
    return clean(text_of([item])) if item.get("type") in ("p", "blockquote", "paragraph") else ""


def _plain(text: str) -> str:
    return " ".join(_lines(text)) if "<" in text else clean(text)


def _lines(markup: str) -> list[str]:
    try:
        body = parsed(markup).body
    except ExcessError:
        return []
    if body is None:
        return []
    top, lines = read_lines(body)
    top.release()
    return [line.text for line in lines if line.linked < 1]
