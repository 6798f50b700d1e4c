"""What stands around an element of a page's own tree, by the names sites give their boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborNode

from crawler.reading.nodes import element_node, text_of
from crawler.text import clean

_MAX_ANCESTORS = 60  # climbed; real pages stay below forty
_MAX_MARKS = 400  # characters of classes looked at; generated ones run to thousands
_LONGEST_LINE = 20_000  # characters; no element that is one line has more
_NO_MARKS = "  "
_MOST_ELEMENTS = 500  # of one line; a paragraph full of links has fifty
_KNOWN_MARKS = 4096  # remembered; a page has hundreds, and an outlet's pages have the same
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\s_.:/-]+")
_BESIDE_TAGS = frozenset({"nav", "aside", "footer", "dialog", "form", "template", "noscript"})
_BESIDE = re.compile(
    r" (?:nav|navbar|navigation|breadcrumbs?|menu|footer|sidebar|related|recommend\w*|teasers?"
    r"|cards?|promo\w*|most read|most popular|trending|latest|popular|outbrain|taboola"
    r"|newsletters?|comments?|comment\w*|advert\w*|ads?|sponsor\w*|cookie\w*|consent|modal"
    r"|popup|login|signup|more on|read more|see also|next|ticker|carousel item|site header"
    r"|masthead|share|sharing|social\w*) "
)


def marks(node: LexborNode, other: str | None = None) -> str:
    """The words of an element's class and id, in lower case, blanks between and around.

    `other` is one more attribute whose words count.
    """
    attributes = node.attributes
    if not attributes:
        return _NO_MARKS
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:_MAX_MARKS]
    more = attributes.get(other) if other else None
    return _words(f"{named} {more[:_MAX_MARKS]}" if more else named)


@lru_cache(maxsize=_KNOWN_MARKS)
def _words(named: str) -> str:
    return f" {_SEPARATORS.sub(' ', _HUMP.sub('-', named)).strip().lower()} "


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around an element, the nearest first, the body left out."""
    above = node.parent
    for _ in range(_MAX_ANCESTORS):
        if above is None or above.tag in ("body", "html", None):
            return
        yield above
        above = above.parent


def is_beside(node: LexborNode, until: LexborNode | None = None) -> bool:
    """Whether an element stands in a menu, a list of other articles or the like.

    Boxes from `until` outwards are not judged: the article itself stands in them.
    """
    last = until.mem_id if until is not None else None
    for above in (node, *ancestors(node)):
        if above.mem_id == last:
            return False
        if above.tag in _BESIDE_TAGS or _BESIDE.search(marks(above)):
            return True
    return False


def line_of(node: LexborNode) -> str:
    """The text of a small element as one line; blocks and breaks in it are blanks."""
    first = node.first_child
    if first is not None and first.next is None and first.is_text_node:
        return clean(node.text())
    text = node.text()
    if not text or text.isspace():
        return ""
    if len(text) > _LONGEST_LINE:
        return clean(text[:_LONGEST_LINE])
    return clean(text_of([element_node(node, _MOST_ELEMENTS)]))
