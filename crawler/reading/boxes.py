"""The boxes of a page and the lines of text in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborNode

_MAX_CLASSES = 400  # characters looked at; generated ones run to thousands
_KNOWN_MARKS = 4096  # remembered; a page has hundreds, and an outlet's pages have the same
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[^A-Za-z0-9]+")
_MARKING = ("class", "role", "itemprop", "data-testid", "data-component", "data-type")
_LONGEST_ID = 30  # characters; longer ones are made from the text below them


class Box:
    """An element that is no inline one. Its lines are `lines[first:last]` of the page.

    `is_beside` and `is_foreign` are what a reader found out about it, null before that.
    """

    __slots__ = (
        "_classes", "_marks", "children", "first", "is_beside", "is_foreign",
        "last", "node", "parent", "tag",
    )  # fmt: skip

    def __init__(self, tag: str, parent: Box | None, node: LexborNode, first: int) -> None:
        self.tag = tag
        self.parent = parent
        self.node = node
        self.first = self.last = first
        self.children: list[Box] = []
        self._classes: str | None = None
        self._marks: str | None = None
        self.is_beside: bool | None = None
        self.is_foreign: bool | None = None

    @property
    def classes(self) -> str:
        if self._classes is None:
            self._classes = self.node.attributes.get("class") or ""
        return self._classes

    @property
    def marks(self) -> str:
        """What its attributes say it is, as words in lower case, each between blanks."""
        if self._marks is None:
            self._marks = _marks(self.node)
        return self._marks

    @property
    def signature(self) -> tuple[str, str]:
        """The same for boxes that the page's templates made alike."""
        return self.tag, self.classes

    def release(self) -> None:
        """Forget the boxes inside, once read. Boxes know each other both ways, so the page's
        whole tree would stay in memory until a garbage collection.
        """
        waiting = [self]
        while waiting:
            box = waiting.pop()
            waiting += box.children
            box.children = []

    def ancestors(self) -> Iterator[Box]:
        """The box itself and all around it, innermost first."""
        box: Box | None = self
        while box is not None:
            yield box
            box = box.parent


class Line:
    """`linked` and `bold` are the share of its letters inside links and bold type."""

    __slots__ = ("_plain", "bold", "box", "index", "link", "linked", "text")

    def __init__(self, text: str, box: Box, linked: float, bold: float, index: int) -> None:
        self.text = text
        self.box = box
        self.linked = linked
        self.bold = bold
        self.index = index
        self.link: LexborNode | None = None
        self._plain: str | None = None

    @property
    def tag(self) -> str:
        return self.box.tag

    @property
    def plain(self) -> str:
        """Its letters and digits, case folded."""
        if self._plain is None:
            self._plain = plain(self.text)
        return self._plain

    @property
    def address(self) -> str | None:
        """Where the first link in it leads, as the page has it."""
        return self.link.attributes.get("href") if self.link is not None else None


def plain(text: str) -> str:
    """Letters and digits alone, case folded: equal for a text and its copy elsewhere."""
    return "".join(filter(str.isalnum, text)).casefold()


def _marks(node: LexborNode) -> str:
    found = node.attributes
    if not found:
        return ""
    words = " ".join([value for name in _MARKING if (value := found.get(name))])[:_MAX_CLASSES]
    # Utility classes (`print:hidden`, `w-[20em]`) say how a box looks, not what it is.
    if ":" in words or "[" in words:
        words = " ".join(w for w in words.split() if ":" not in w and "[" not in w)
    name = found.get("id") or ""
    words = f"{words} {name}" if name and len(name) <= _LONGEST_ID else words
    if "hidden" in found or found.get("aria-hidden") == "true":
        words += " unseen"
    return _in_small_letters(words) if words else ""


@lru_cache(maxsize=_KNOWN_MARKS)
def _in_small_letters(words: str) -> str:
    return f" {_NO_WORD.sub(' ', _HUMP.sub(' ', words)).lower()} "
