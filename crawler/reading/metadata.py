"""What a page says about itself beside its text: `<meta>`, `<link>`, JSON-LD and microdata."""

from __future__ import annotations

from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.reading.jsonld import (
    JsonObject,
    article_of,
    by_id,
    ld_addresses,
    ld_names,
    ld_text,
    read_objects,
)
from crawler.text import clean

__all__ = ["Metadata", "ld_names", "ld_text"]

_MAX_ANCESTORS = 60  # climbed from a marked element to the article it belongs to
_MOST_ELEMENTS = 4000  # of one kind looked at; pages have a hundred
_MOST_ADDRESSES = 3  # canonical links looked at; pages have one
_LONGEST_VALUE = 20_000  # characters of a value
_VALUE_ATTRIBUTES = ("content", "datetime")


class Metadata:
    """The metadata of one page. Absent values are null or empty."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree

    @cached_property
    def _metas(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for node in self._tree.css("meta[content]")[:_MOST_ELEMENTS]:
            attributes = node.attributes
            name = attributes.get("property") or attributes.get("name")
            name = name or attributes.get("itemprop") or attributes.get("http-equiv")
            value = clean((attributes.get("content") or "")[:_LONGEST_VALUE])
            if name and value:
                found.setdefault(name.lower(), []).append(value)
        return found

    def first(self, *names: str) -> str | None:
        """The first value of the first of these `<meta>` names that the page has."""
        metas = self._metas
        for name in names:
            if name in metas:
                return metas[name][0]
        return None

    def all(self, name: str) -> list[str]:
        """Every value of that `<meta>` name, in the page's order, each once."""
        return list(dict.fromkeys(self._metas.get(name, [])))

    @cached_property
    def addresses(self) -> list[str]:
        """What the page says its address is, as written: `rel=canonical`, then `og:url`, then
        the article in JSON-LD.
        """
        nodes = self._tree.css('link[rel~="canonical" i]')[:_MOST_ADDRESSES]
        found = [node.attributes.get("href") for node in nodes]
        found += [self.first("og:url"), *ld_addresses(self.article)]
        return list(dict.fromkeys(said.strip() for said in found if said and said.strip()))

    @cached_property
    def json_ld(self) -> list[JsonObject]:
        """Every JSON-LD object of the page, those inside `@graph` and lists included."""
        nodes = self._tree.css('script[type*="ld+json"]')
        return read_objects(node.text() for node in nodes)

    @cached_property
    def json_ld_ids(self) -> dict[str, JsonObject]:
        """The JSON-LD objects by their `@id`."""
        return by_id(self.json_ld)

    @cached_property
    def article(self) -> JsonObject:
        """The JSON-LD object of the article, or an empty one."""
        return article_of(self.json_ld)

    @cached_property
    def _marked(self) -> dict[str, list[LexborNode]]:
        """The elements with microdata, by property, of articles only (schema.org/…Article)."""
        found: dict[str, list[LexborNode]] = {}
        if self._tree.css_first('[itemtype*="Article"], [itemtype*="Posting"]') is None:
            return found
        for node in self._tree.css("[itemprop]")[:_MOST_ELEMENTS]:
            scope = _scope(node)
            if scope.endswith(("Article", "Posting")):
                for name in (node.attributes.get("itemprop") or "").split():
                    found.setdefault(name.lower(), []).append(node)
        return found

    def marked(self, name: str) -> list[LexborNode]:
        """The elements of that microdata property of the article."""
        return self._marked.get(name.lower(), [])

    def marked_values(self, name: str) -> list[str]:
        """What the elements of a microdata property say, each once: attribute, else text."""
        values = (_marked_value(node) for node in self.marked(name))
        return list(dict.fromkeys(value for value in values if value))


def _scope(node: LexborNode) -> str:
    """The type of the thing an element describes a property of."""
    above = node.parent
    for _ in range(_MAX_ANCESTORS):
        if above is None:
            break
        attributes = above.attributes
        if "itemscope" in attributes or attributes.get("itemtype"):
            return attributes.get("itemtype") or ""
        above = above.parent
    return ""


def _marked_value(node: LexborNode) -> str:
    attributes = node.attributes
    for name in _VALUE_ATTRIBUTES:
        if value := clean((attributes.get(name) or "")[:_LONGEST_VALUE]):
            return value
    name_node = node.css_first('[itemprop="name"]')
    if name_node is not None and name_node.mem_id != node.mem_id:
        return _marked_value(name_node)
    return clean(node.text(separator=" ")[:_LONGEST_VALUE])
