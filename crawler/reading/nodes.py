"""Trees of text in one shape, whatever they came from.

A node is `{"type", "attribs", "children", "data"}`, the shape in which pages with state carry
their text; a part of an HTML tree is brought into the same one. Values that do not fit are
read as absent: states are other people's data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bs4 import Tag
from bs4.element import CData, NavigableString

Node = dict[str, Any]

MAX_DEPTH = 60
"""Of a walk below the body; real trees need fewer than twenty."""

INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code del dfn em font i ins kbd mark q ruby rt rp s"
    " samp small span strike strong sub sup text time tt u var wbr".split()
)
DROPPED = frozenset(
    "aside button dialog footer form head header input label link meta nav noscript object"
    " option script select style svg template textarea".split()
)
"""Elements that are never an article's text."""


def node_of(tag: Tag) -> Node:
    """A part of an HTML tree as a node. Comments are left out."""
    root: Node = {"type": tag.name, "attribs": dict(tag.attrs), "children": []}
    waiting: list[tuple[Tag, Node]] = [(tag, root)]
    while waiting:
        parent, node = waiting.pop()
        for child in parent.children:
            if isinstance(child, Tag):
                made: Node = {"type": child.name, "attribs": dict(child.attrs), "children": []}
                node["children"].append(made)
                waiting.append((child, made))
            elif type(child) in (NavigableString, CData):
                node["children"].append({"type": "text", "data": str(child)})
    return root


def nodes_of(value: Any) -> list[Node]:
    """The nodes of a state's rich text: a list, or an object that has one as `json`."""
    if isinstance(value, dict):
        value = value.get("json")
    return [node for node in value if isinstance(node, dict)] if isinstance(value, list) else []


def kind(node: Node) -> str:
    return str(node.get("type") or "").lower()


def attributes(node: Node) -> dict[str, Any]:
    found = node.get("attribs")
    return found if isinstance(found, dict) else {}


def attribute_words(node: Node, *names: str) -> str:
    """The values of these attributes as words, lists of classes included."""
    values = (attributes(node).get(name) for name in names)
    return " ".join(" ".join(map(str, v)) if isinstance(v, list) else str(v or "") for v in values)


def children(node: Node) -> list[Node]:
    found = node.get("children")
    return [child for child in found if isinstance(child, dict)] if isinstance(found, list) else []


def descendants(node: Node, *kinds: str) -> Iterator[Node]:
    """The nodes of these kinds below a node, in reading order."""
    waiting = [(child, 1) for child in reversed(children(node))]
    while waiting:
        found, depth = waiting.pop()
        if kind(found) in kinds:
            yield found
        if depth < MAX_DEPTH:
            waiting.extend((child, depth + 1) for child in reversed(children(found)))


def text_of(nodes: Iterable[Node]) -> str:
    """The text of nodes as it reads: blanks stay as they are; `br` and blocks are one."""
    parts: list[str] = []
    waiting = [(node, 0) for node in reversed(list(nodes))]
    while waiting:
        node, depth = waiting.pop()
        name = kind(node)
        if name == "text":
            parts.append(str(node.get("data") or ""))
        elif name == "br" or (name not in INLINE and depth):
            parts.append(" ")
        if name not in DROPPED and depth < MAX_DEPTH:
            waiting.extend((child, depth + 1) for child in reversed(children(node)))
    return "".join(parts)


def innermost_texts(node: Node) -> Iterator[str]:
    """The texts of a box, one for each element that holds text of its own."""
    waiting = [(node, 0)]
    while waiting:
        box, depth = waiting.pop()
        own = "".join(str(c.get("data") or "") for c in children(box) if kind(c) == "text")
        if own.strip():
            yield own
        inner = [c for c in children(box) if kind(c) != "text" and kind(c) not in DROPPED]
        if depth < MAX_DEPTH:
            waiting.extend((child, depth + 1) for child in reversed(inner))
