"""A fetched page, decoded once and parsed once."""

from __future__ import annotations

from functools import cached_property

from bs4 import BeautifulSoup, Tag
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.errors import NotAnArticle
from crawler.outlets import Outlet
from crawler.reading.bounds import ExcessError, parsed
from crawler.reading.canonical import believed
from crawler.reading.metadata import Metadata
from crawler.reading.nodes import Node, children, element_node, node_of, text_of
from crawler.text import clean, decode_page
from crawler.urls import absolute

_MOST_NODES = 50  # of a selector, looked at for one with text; each may hold all the others
_LONGEST_SOUP = 400_000  # characters; the longest live articles have half of that


class Page:
    """One page to be read. `url` is where it came from; `outlet` is null if nobody's.

    selectolax finds the part of the tree that matters; BeautifulSoup cuts that part.
    """

    def __init__(
        self,
        body: bytes,
        url: str,
        outlet: Outlet | None = None,
        content_type: str | None = None,
    ) -> None:
        self.url = url
        self.outlet = outlet
        self.text = decode_page(body, content_type)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """Raises `NotAnArticle` for a page that would take minutes to be parsed."""
        try:
            return parsed(self.text)
        except ExcessError as error:
            raise NotAnArticle(self.url, str(error)) from None

    @cached_property
    def metadata(self) -> Metadata:
        return Metadata(self.tree)

    @cached_property
    def said_addresses(self) -> list[str]:
        """The addresses the page gives itself, absolute, true or not: see `canonical_link`."""
        links = (absolute(self.url, said) for said in self.metadata.addresses)
        return [link for link in links if link]

    @cached_property
    def canonical_link(self) -> str | None:
        """The first of the addresses it gives itself that is believed."""
        title = self.metadata.first("og:title") or self.first_text("title")
        return believed(self.said_addresses, self.url, title=title, outlet=self.outlet)

    @property
    def address(self) -> str:
        """Its canonical address, else where it came from. Links on it start from here."""
        return self.canonical_link or self.url

    @cached_property
    def html_language(self) -> str | None:
        """The primary tag of `<html lang>`, in lower case."""
        root = self.tree.root
        value = (root.attributes.get("lang") or "") if root else ""
        tag = value.strip().replace("_", "-").split("-")[0].lower()
        return tag if tag.isalpha() and len(tag) in (2, 3) else None

    def first(self, *selectors: str) -> LexborNode | None:
        """The first node of the first selector that finds one."""
        for selector in selectors:
            node = self.tree.css_first(selector)
            if node is not None:
                return node
        return None

    def first_text(self, *selectors: str) -> str | None:
        """The text of the first node, by the selectors' order, that has some."""
        for selector in selectors:
            for node in self.tree.css(selector)[:_MOST_NODES]:
                if text := element_text(node):
                    return text
        return None

    def article_nodes(self, node: LexborNode) -> list[Node]:
        """What an article's element holds, read by BeautifulSoup on that part of the tree.

        A part that would take it seconds is read as the page's own tree has it.
        """
        markup = node.html or ""
        if len(markup) > _LONGEST_SOUP:
            return children(element_node(node))
        parsed = BeautifulSoup(markup, "lxml")
        root = parsed.body or parsed
        element = root if node.tag == "body" else root.find(True)
        return children(node_of(element)) if isinstance(element, Tag) else []


def element_text(element: LexborNode) -> str:
    """The text of an element as it reads, in one line."""
    return clean(text_of(children(element_node(element))))
