"""Caption and credit of a picture, by the elements around it."""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.reading.captions import bare_credit, split_credit
from crawler.reading.nodes import BLOCKS
from crawler.reading.surroundings import ancestors, line_of, marks
from crawler.text import clean

_CREDIT = re.compile(
    r" (?:\w*credits?|\w*copyrights?|source|quelle|fonte|fuente|photographer|fotograf\w*|author"
    r"|byline|attribution|distributor|agency|agentur|bildautor|fotocredit|photocredit|licen[cs]e"
    r"|rights|urheber|auteur|autor|firma|photoby|by) "
)
_CAPTION = re.compile(
    r" (?:\w*captions?|cap|description|desc|legend\w*|legende|bildunterschrift|subtitle|unterzeile"
    r"|bildtext|figcaption|info|didascalia|pie|media lead|title"
    r"|caption text|alt) "
)
_CREDIT_TAGS = frozenset({"cite", "footer", "small", "address"})
_SKIPPED = frozenset({"button", "script", "style", "svg", "noscript", "template", "select"})
_NO_CAPTION = frozenset({"img", "picture", "a", "figure"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_LONGEST_CREDIT = 160  # characters; what is longer is a caption with a careless class
_LONGEST_CAPTION = 800  # characters with the white space of its source
_UNSEEN = re.compile(r" (?:visually hidden|sr only|screen reader\w*) ")
_MAYBE_UNSEEN = '[class*="idden"], [class*="sr-only"], [class*="screen-reader"]'
# What screen readers are told before the name of who made a picture.
_UNSEEN_SOURCE = re.compile(
    r"(?:(?:image|photo|picture) (?:source|credit|copyright)|(?:图像|圖像|图片|圖片)(?:来源|來源)"
    r"|источник изображения|автор фото)\b",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"^\d{1,3}\s?(?:of|/|von|de|sur|из)\s?\d{1,3}\b\s*[|:·–-]?\s*")
_CLIMB = 4  # boxes around a picture that may hold its caption
_LEAST_BELOW = 15  # characters; less is a button
_MOST_LINES = 3  # paragraphs of such a box
_LONGEST_BOX = 900  # characters of such a box; more is the article
_MOST_ELEMENTS = 150  # of a box looked at; galleries have thousands


def caption_of(box: LexborNode) -> tuple[str | None, str | None]:
    """(caption, credit) printed in a picture's box, apart; each null where there is none."""
    return _marked_caption(*_parts(box))


def _marked_caption(
    captions: list[LexborNode], credited: list[LexborNode]
) -> tuple[str | None, str | None]:
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
    """The same of a box that is not marked: its text, if a credit is in it or ends it."""
    if len(box.text()) > _LONGEST_CAPTION:
        return None, None
    return _unmarked_caption(box, _parts(box)[1])


def _unmarked_caption(box: LexborNode, credited: list[LexborNode]) -> tuple[str | None, str | None]:
    caption, printed_credit = split_credit(_without(box, credited))
    credit = _joined(credited) or printed_credit
    return (caption, credit) if credit else (None, None)


def _joined(credited: list[LexborNode]) -> str | None:
    """The first credit, with those that stand beside it: photographer and agency."""
    found: list[str] = []
    beside: LexborNode | None = None
    for node in credited:
        text = bare_credit(_without(node, []))
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
        tag = node.tag or ""
        if tag in _SKIPPED:
            continue
        is_inner = node is not box
        names = marks(node, "itemprop") if is_inner else ""
        if is_inner and _is_credit(node, tag, names):
            credited.append(node)
            continue
        if tag == "figcaption" or (is_inner and tag not in _NO_CAPTION and _CAPTION.search(names)):
            captions.append(node)
        waiting.extend(reversed(list(islice(node.iter(), _MOST_ELEMENTS))))
    return captions, credited


def _is_credit(node: LexborNode, tag: str, names: str) -> bool:
    if tag == "figcaption" or tag in _HEADINGS:
        return False
    named = tag in _CREDIT_TAGS or _CREDIT.search(names) or _is_told_as_credit(node)
    return bool(named) and not _holds_caption(node) and 0 < len(line_of(node)) <= _LONGEST_CREDIT


def _is_told_as_credit(node: LexborNode) -> bool:
    first = node.first_child
    while first is not None and not first.is_element_node:
        first = first.next if not (first.text_content or "").strip() else None
    if first is None or not _UNSEEN.search(marks(first)):
        return False
    return bool(_UNSEEN_SOURCE.match(line_of(first)))


def _holds_caption(node: LexborNode) -> bool:
    return node.css_first("figcaption") is not None or any(
        _CAPTION.search(marks(child)) for child in islice(node.iter(), _MOST_ELEMENTS)
    )


def _without(node: LexborNode, left_out: list[LexborNode]) -> str:
    """An element's text as one line, without these elements in it and what nobody sees."""
    unseen = [part for part in node.css(_MAYBE_UNSEEN) if _UNSEEN.search(marks(part))]
    if not left_out and not unseen:
        return line_of(node)
    skipped = {part.mem_id for part in (*left_out, *unseen)}
    parts: list[str] = []
    waiting: list[LexborNode | str] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            parts.append(part)
        elif part.is_text_node:
            parts.append(part.text_content or "")
        elif part.mem_id not in skipped and part.tag not in _SKIPPED:
            inner = list(islice(part.iter(include_text=True), _MOST_ELEMENTS))
            if part.tag in BLOCKS or part.tag == "br":
                parts.append(" ")
                waiting.append(" ")
            waiting.extend(reversed(inner))
    return clean("".join(parts)).rstrip(" |–—-/,;(（")


def text_beside(
    node: LexborNode, area: LexborNode, title: LexborNode | None
) -> tuple[str | None, str | None]:
    """What is printed with a picture: in its figure, else in a box around it alone."""
    around = list(islice(ancestors(node), _CLIMB + 3))
    figure = node if node.tag == "figure" else None
    figure = figure or next((above for above in around if above.tag == "figure"), None)
    if figure is not None and any(found := caption_of(figure)):
        return found
    for above in islice(ancestors(figure or node), _CLIMB):
        if above.mem_id == area.mem_id or (title is not None and _holds(above, title)):
            break
        if next(islice(above.iter(), _MOST_ELEMENTS, None), None) is not None:
            break
        text = above.text()
        if not text or text.isspace():
            continue
        if _is_longer(text, _LONGEST_BOX) or len(above.css("p")) > _MOST_LINES:
            break
        captions, credited = _parts(above)
        if any(found := _marked_caption(captions, credited)):
            return found
        if len(text) <= _LONGEST_CAPTION and any(found := _unmarked_caption(above, credited)):
            return found
    return _below(figure or node, area)


def _is_longer(text: str, limit: int) -> bool:
    """Whether a text is, its white space folded."""
    return len(text) > limit and len(clean(text)) > limit


def _below(node: LexborNode, area: LexborNode) -> tuple[str | None, str | None]:
    """A line right below a picture that ends with a credit."""
    for above in (node, *islice(ancestors(node), _CLIMB)):
        if above.mem_id == area.mem_id:
            break
        below = above.next
        while below is not None and not below.is_element_node:
            below = below.next
        if below is not None and _is_longer(below.text(), _LEAST_BELOW):
            return plain_caption_of(below)
    return None, None


def _holds(box: LexborNode, node: LexborNode) -> bool:
    return any(above.mem_id == box.mem_id for above in (node, *ancestors(node)))
