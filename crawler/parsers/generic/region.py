"""The part of a page's tree that is worth walking, found by queries that cost next to nothing."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

_LEAST_LETTERS = 60  # characters of a text that counts; labels and headlines are shorter
_MOST_LETTERS = 800  # that one text counts for
_MOST_TEXTS = 2_000  # counted; the longest live blogs have half of it
_ENOUGH = 1_500  # characters in paragraphs; where less is, text may stand bare in boxes
_SHARE = 0.9  # of all such text in one element: that one is walked
_MAX_ANCESTORS = 100  # climbed; real pages stay below sixty
_WHOLE = "p, blockquote"
_OWN = "div, section, article, main, td, font"
_BESIDE = (
    "nav, footer, aside, form, li, figure, dialog, [class*=omment], [class*=elated]"
    ", [class*=ecommend], [class*=ookie], [id*=ookie], [class*=ewsletter], [class*=easer]"
)


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
    beside = {node.mem_id for node in body.css(_BESIDE)}
    held: dict[int, int] = {}
    parents: dict[int, LexborNode] = {}
    for node, length in texts:
        parent = node.parent
        if length >= _LEAST_LETTERS and parent is not None:
            key = parent.mem_id
            parents.setdefault(key, node)
            held[key] = held.get(key, 0) + min(length, _MOST_LETTERS)
    weights: dict[int, int] = {}
    total = 0
    for key, length in held.items():
        around = [box.mem_id for box in _ancestors(parents[key])]
        if beside.isdisjoint(around):
            total += length
            for box_key in around:
                weights[box_key] = weights.get(box_key, 0) + length
    start = headline if headline is not None else body.css_first("h1")
    boxes = _ancestors(start) if start is not None and total else []
    return next((box for box in boxes if weights.get(box.mem_id, 0) >= _SHARE * total), body)


def _ancestors(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    above = node.parent
    while above is not None and len(found) < _MAX_ANCESTORS:
        found.append(above)
        above = above.parent
    return found
