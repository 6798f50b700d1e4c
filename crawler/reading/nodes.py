"""Trees of text in one shape, whatever they came from.

A node is `{"type", "attribs", "children", "data"}`, the shape in which pages with state carry
their text; a part of an HTML tree is brought into the same one. Values that do not fit are
read as absent: states are other people's data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bs4 import Tag
from bs4.element import CData, NavigableString
from selectolax.lexbor import LexborNode

Node = dict[str, Any]

MAX_DEPTH = 60
"""Of a walk below the body; real trees need fewer than twenty."""
MAX_ELEMENTS = 60_000
"""Of a part of a page; no page with more is parsed."""

_MOST_WORDS = 100  # of an attribute looked at; generated ones run to thousands
_MOST_MARKS = 1000  # characters of these words

INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code del dfn em font i ins kbd mark q ruby rt rp s"
    " samp small span strike strong sub sup text time tt u var wbr".split()
)
BLOCKS = frozenset(
    "address article blockquote body center dd details div dl dt figcaption figure h1 h2 h3 h4"
    " h5 h6 hr html li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
"""Elements that begin and end a line. Others, unknown ones too, stand in the line."""

FRAMES = frozenset({"iframe", "video", "embed"})
DROPPED = frozenset(
    "aside button dialog footer form head header input label link meta nav noscript object"
    " option script select style svg template textarea".split()
)
"""Elements that are never an article's text."""

# Node types of pages with state that show something beside the article.
_DROPPED_TYPES = frozenset({"native-ads", "newsletter", "more-on-this", "youtube-smart-embed"})
_DROPPED_TYPE = re.compile(r"^(?:ads?|outstream)-?\d*$|-ads?(?:-|$)|-tracker$|-widget$|^track-")
LINE_BREAK = "\u2028"
"""What `text_of` has for a `br`: white space to every reader, and no page's own."""


def node_of(tag: Tag) -> Node:
    """A part of a BeautifulSoup tree as a node. Comments are left out."""
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


def element_node(element: LexborNode, most: int = MAX_ELEMENTS) -> Node:
    """A part of the page's own tree as a node, at a twentieth of the cost of a soup (measured).

    `most` is the number of elements after which no more are taken.
    """
    root: Node = {"type": element.tag, "attribs": element.attributes, "children": []}
    waiting: list[tuple[LexborNode, Node]] = [(element, root)]
    while waiting:
        parent, node = waiting.pop()
        child = parent.first_child
        while child is not None:
            if child.is_element_node:
                most -= 1
                if most < 0:
                    break
                made: Node = {"type": child.tag, "attribs": child.attributes, "children": []}
                node["children"].append(made)
                waiting.append((child, made))
            elif child.is_text_node:
                node["children"].append({"type": "text", "data": child.text_content})
            child = child.next
    return root


def nodes_of(value: Any) -> list[Node]:
    """The nodes of a state's rich text: a list, or an object that has one as `json`."""
    if isinstance(value, dict):
        value = value.get("json")
    return [node for node in value if isinstance(node, dict)] if isinstance(value, list) else []


def kind(node: Node) -> str:
    return str(node.get("type") or "").lower()


def is_dropped(name: str) -> bool:
    """Whether a node type is an advert, a tracker, a promotion or a control."""
    return name in DROPPED or name in _DROPPED_TYPES or bool(_DROPPED_TYPE.search(name))


def attributes(node: Node) -> dict[str, Any]:
    found = node.get("attribs")
    return found if isinstance(found, dict) else {}


def attribute_words(node: Node, *names: str) -> str:
    """The first words in these attributes, lists of classes included."""
    values = (attributes(node).get(name) for name in names)
    return " ".join(
        " ".join(map(str, v[:_MOST_WORDS])) if isinstance(v, list) else str(v or "")[:_MOST_MARKS]
        for v in values
    )


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
    """The text of nodes as it reads: blanks stay as they are, blocks have one around them."""
    parts: list[str] = []
    waiting: list[tuple[Node | str, int]] = [(node, 0) for node in reversed(list(nodes))]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        name = kind(node)
        if name == "text":
            parts.append(str(node.get("data") or ""))
        elif name == "br":
            parts.append(LINE_BREAK)
        elif name in FRAMES or is_dropped(name) or depth >= MAX_DEPTH:
            continue
        else:
            if name in BLOCKS and depth:
                parts.append(" ")
                waiting.append((" ", depth))
            waiting.extend((child, depth + 1) for child in reversed(children(node)))
    return "".join(parts)


def line_texts(node: Node) -> Iterator[str]:
    """The texts of a box, one for each element that holds text of its own."""
    waiting = [(node, 0)]
    while waiting:
        box, depth = waiting.pop()
        inner = children(box)
        own = "".join(str(c.get("data") or "") for c in inner if kind(c) == "text")
        if own.strip():
            is_line = next(descendants(box, *BLOCKS, *FRAMES), None) is None
            yield text_of([box]) if is_line else own
            if is_line:
                continue
        if depth < MAX_DEPTH:
            shown = (c for c in reversed(inner) if not is_dropped(kind(c)))
            waiting.extend((child, depth + 1) for child in shown)
