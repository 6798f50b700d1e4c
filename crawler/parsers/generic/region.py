"""The part of a page's tree that is worth walking, found by queries that cost next to nothing."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_LEAST_LETTERS = 60  # characters of a text that counts; labels and headlines are shorter
_MOST_LETTERS = 800  # that one text counts for
_MOST_TEXTS = 2_000  # counted; the longest live blogs have half of it
_ENOUGH = 1_500  # characters in paragraphs; where less is, text may stand bare in boxes
_SHARE = 0.8  # of all such text in one element: that one is walked
_MAX_ANCESTORS = 100  # climbed; real pages stay below sixty
_WHOLE = "p, blockquote"
_OWN = "div, section, article, main, td, font"
_BESIDE_TAGS = frozenset({"nav", "footer", "aside", "form", "li", "figure", "dialog"})
_BESIDE = re.compile(r"comment|related|recommend|cookie|newsletter|teaser", re.IGNORECASE)


def find_region(tree: LexborHTMLParser, headline: LexborNode | None) -> LexborNode | None:
    """The innermost element with nearly all of the page's running text, headline included.

    Text in boxes beside the article counts only where there is no other.
    """
    body = tree.body
    if body is None:
        return None
    texts = [(node, len(node.text())) for node in body.css(_WHOLE)[:_MOST_TEXTS]]
    if sum(length for _, length in texts) < _ENOUGH:
        texts += [(node, len(node.text(deep=False))) for node in body.css(_OWN)[:_MOST_TEXTS]]
    weights = _weights(texts)
    total = weights.get(body.mem_id, 0)
    start = headline if headline is not None else body.css_first("h1")
    boxes = _ancestors(start) if start is not None and total else []
    return next((box for box in boxes if weights.get(box.mem_id, 0) >= _SHARE * total), body)


def _weights(texts: list[tuple[LexborNode, int]]) -> dict[int, int]:
    """How much text is in each element, those boxes left out that stand beside an article."""
    held: dict[int, int] = {}
    holders: dict[int, LexborNode] = {}
    for node, length in texts:
        parent = node.parent
        if length >= _LEAST_LETTERS and parent is not None:
            key = parent.mem_id
            holders.setdefault(key, node)
            held[key] = held.get(key, 0) + min(length, _MOST_LETTERS)
    weights: dict[int, int] = {}
    beside: dict[int, bool] = {}
    for key, length in held.items():
        around = _ancestors(holders[key])
        for box in around:
            if box.mem_id not in beside:
                beside[box.mem_id] = _is_beside(box)
        keys = [box.mem_id for box in around]
        if not any(beside[box_key] for box_key in keys):
            for box_key in keys:
                weights[box_key] = weights.get(box_key, 0) + length
    return weights


def _is_beside(box: LexborNode) -> bool:
    tag = box.tag
    if tag in _BESIDE_TAGS:
        return True
    found = box.attributes
    if tag == "body" or not found:
        return False
    return bool(_BESIDE.search(f"{found.get('class') or ''} {found.get('id') or ''}"))


def _ancestors(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    above = node.parent
    while above is not None and len(found) < _MAX_ANCESTORS:
        found.append(above)
        above = above.parent
    return found
