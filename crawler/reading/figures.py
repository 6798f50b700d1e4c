"""Caption and credit of a picture, by the elements around it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.reading.captions import bare_credit, split_credit
from crawler.reading.nodes import BLOCKS
from crawler.reading.surroundings import line_of, marks
from crawler.text import clean

_CREDIT = re.compile(
    r" (?:\w*credits?|\w*copyrights?|source|quelle|fonte|fuente|photographer|fotograf\w*|author"
    r"|byline|attribution|distributor|agency|agentur|bildautor|fotocredit|photocredit|licen[cs]e"
    r"|lic|rights|urheber|auteur|autor|firma|photoby|by) "
)
_CAPTION = re.compile(
    r" (?:\w*captions?|cap|description|desc|legend\w*|legende|bildunterschrift|subtitle|unterzeile"
    r"|bildtext|figcaption|image title|img info|info|didascalia|pie|media lead|title|image sub"
    r"|caption text|alt) "
)
_CREDIT_TAGS = frozenset({"cite", "footer", "small", "address"})
_SKIPPED = frozenset({"button", "script", "style", "svg", "noscript", "template", "select"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_LONGEST_CREDIT = 160  # characters; what is longer is a caption with a careless class
_LONGEST_CAPTION = 600
_COUNTER = re.compile(r"^\d{1,3}\s?(?:of|/|von|de|sur|из)\s?\d{1,3}\b\s*[|:·–-]?\s*")
_MOST_ELEMENTS = 150  # of a box looked at; galleries have thousands


def caption_of(box: LexborNode) -> tuple[str | None, str | None]:
    """(caption, credit) printed in a picture's box, apart; each null where there is none."""
    captions, credited = _parts(box)
    printed = next((node for node in captions if node.tag == "figcaption" and line_of(node)), None)
    if printed is None:
        printed = next((node for node in captions if line_of(node)), None)
    credit = _joined(credited)
    if printed is None:
        return None, credit
    caption, printed_credit = split_credit(_COUNTER.sub("", _without(printed, credited)))
    if caption == credit:
        caption = None
    return caption, credit or printed_credit


def plain_caption_of(box: LexborNode) -> tuple[str | None, str | None]:
    """The same of a box without marks: its text, if that ends with a credit."""
    text = line_of(box)
    if len(text) > _LONGEST_CAPTION:
        return None, None
    caption, credit = split_credit(text)
    return (caption, credit) if credit else (None, None)


def _joined(credited: list[LexborNode]) -> str | None:
    """The first credit, with those that stand beside it: photographer and agency."""
    found: list[str] = []
    beside: LexborNode | None = None
    for node in credited:
        text = bare_credit(line_of(node))
        if text is None or any(text in known for known in found):
            continue
        if beside is not None and (node.parent is None or node.parent.mem_id != beside.mem_id):
            break
        beside = node.parent
        found.append(text)
    return " / ".join(found) or None


def _parts(box: LexborNode) -> tuple[list[LexborNode], list[LexborNode]]:
    """The elements of a box that are captions, and those that are credits."""
    captions: list[LexborNode] = []
    credited: list[LexborNode] = []
    waiting = [box]
    for _ in range(_MOST_ELEMENTS):
        if not waiting:
            break
        node = waiting.pop()
        if node.tag in _SKIPPED:
            continue
        if node.mem_id != box.mem_id and _is_credit(node):
            credited.append(node)
            continue
        if node.tag == "figcaption" or (node.mem_id != box.mem_id and _is_caption(node)):
            captions.append(node)
        waiting.extend(reversed(list(node.iter())))
    return captions, credited


def _is_credit(node: LexborNode) -> bool:
    if node.tag == "figcaption" or node.tag in _HEADINGS:
        return False
    words = f"{marks(node)}{node.attributes.get('itemprop') or ''} "
    named = node.tag in _CREDIT_TAGS or _CREDIT.search(words)
    return bool(named) and not _holds_caption(node) and 0 < len(line_of(node)) <= _LONGEST_CREDIT


def _holds_caption(node: LexborNode) -> bool:
    return node.css_first("figcaption") is not None or any(
        _CAPTION.search(marks(child)) for child in node.iter()
    )


def _is_caption(node: LexborNode) -> bool:
    return node.tag not in ("img", "picture", "a", "figure") and bool(_CAPTION.search(marks(node)))


def _without(node: LexborNode, left_out: list[LexborNode]) -> str:
    """An element's text as one line, without these elements in it."""
    if not left_out:
        return line_of(node)
    skipped = {part.mem_id for part in left_out}
    parts: list[str] = []
    waiting: list[LexborNode | str] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            parts.append(part)
        elif part.is_text_node:
            parts.append(part.text_content or "")
        elif part.mem_id not in skipped and part.tag not in _SKIPPED:
            inner = list(part.iter(include_text=True))
            if part.tag in BLOCKS or part.tag == "br":
                parts.append(" ")
                waiting.append(" ")
            waiting.extend(reversed(inner))
    return clean("".join(parts)).rstrip(" |–—-/,;(（")
