"""What a page says about itself beside its text: `<meta>`, `<link>` and JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler.text import clean

_MAX_DEPTH = 12  # of JSON-LD below its root; real ones need four


class Metadata:
    """The metadata of one page. Absent values are null or empty."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree

    @cached_property
    def _metas(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for node in self._tree.css("meta[content]"):
            attributes = node.attributes
            name = attributes.get("property") or attributes.get("name")
            name = name or attributes.get("itemprop")
            value = clean(attributes.get("content") or "")
            if name and value:
                found.setdefault(name.lower(), []).append(value)
        return found

    def first(self, *names: str) -> str | None:
        """The first value of the first of these `<meta>` names that the page has."""
        return next((self._metas[name][0] for name in names if name in self._metas), None)

    def all(self, name: str) -> list[str]:
        """Every value of that `<meta>` name, in the page's order, each once."""
        return list(dict.fromkeys(self._metas.get(name, [])))

    @cached_property
    def canonical(self) -> str | None:
        node = self._tree.css_first('link[rel="canonical"]')
        return (node.attributes.get("href") or None) if node else None

    @cached_property
    def json_ld(self) -> list[dict[str, Any]]:
        """Every JSON-LD object of the page, those inside `@graph` and lists included."""
        objects: list[dict[str, Any]] = []
        for node in self._tree.css('script[type="application/ld+json"]'):
            try:
                # Raw line ends inside strings are common and harmless: hence not strict.
                data = json.loads(node.text(), strict=False)
            except (ValueError, RecursionError):
                continue
            objects.extend(_objects(data, _MAX_DEPTH))
        return objects

    @cached_property
    def article(self) -> dict[str, Any]:
        """The JSON-LD object of the article: its type ends in `Article`, or is empty."""
        return next((entry for entry in self.json_ld if _is_article(entry)), {})


def _is_article(entry: dict[str, Any]) -> bool:
    kinds = entry.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(n, str) and (n.endswith("Article") or n == "BlogPosting") for n in names)


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth <= 0:
        return
    if isinstance(data, list):
        for entry in data:
            yield from _objects(entry, depth - 1)
    elif isinstance(data, dict):
        yield data
        for value in (data.get("@graph"), data.get("mainEntity")):
            yield from _objects(value, depth - 1)


def ld_names(value: Any) -> list[str]:
    """Names of a JSON-LD person, organisation, string, or list of them."""
    if isinstance(value, list):
        return [name for entry in value for name in ld_names(entry)]
    if isinstance(value, dict):
        value = value.get("name")
        return ld_names(value) if isinstance(value, list) else ld_names(str(value or ""))
    return [clean(value)] if isinstance(value, str) and clean(value) else []


def ld_text(value: Any) -> str | None:
    """A JSON-LD string, or null where it is something else or empty."""
    return (clean(value) or None) if isinstance(value, str) else None
