"""The article object in a page's state: Next.js (two roots), or Vue with an Apollo cache.

Each is brought into one plain shape: names without arguments, references followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import chain
from typing import Any

from crawler.parsers.scmp import fields
from crawler.parsers.scmp.labels import article_number
from crawler.reading.draft import Draft
from crawler.reading.json_text import is_small, read_json
from crawler.reading.page import Page

State = dict[str, Any]

_APOLLO = "__APOLLO_STATE__"
_ROOT = re.compile(r"^\$?ROOT_QUERY\.(?:content|article)\(.*\}\)$")
_MAX_DEPTH = 40  # of the search for an article in a state whose root has moved
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")


def offer(page: Page, number: str, draft: Draft) -> None:
    """Offer the fields of the article of that number, if a state holds it."""
    try:
        article = _from_next(page, number) or _from_apollo(page, number)
        if article is not None:
            fields.offer(article, page, draft)
    except RecursionError:
        return  # a state no newsroom writes: the rendered page is left


def _from_next(page: Page, number: str) -> State | None:
    """The article at one of the two roots, or wherever in the state it has moved to."""
    node = page.tree.css_first("script#__NEXT_DATA__")
    data = _decode(node.text()) if node else None
    payload = _at(data, "props", "pageProps", "payload")
    roots = [_at(payload, "data", "article"), _at(payload, "json", "data", "article")]
    found = next((e for e in roots if _is_article(e, number) and _has_body(e)), None)
    found = found or _best([e for e in chain(roots, _dicts(data)) if _is_article(e, number)])
    return _Plain({}).article(found) if found else None


def _from_apollo(page: Page, number: str) -> State | None:
    """The article whose own address has the number: the cache holds others, whole."""
    for script in page.tree.css("script"):
        text = script.text()
        start = text.find("{", text.find(_APOLLO)) if _APOLLO in text else -1
        data = _decode(text[start:]) if start >= 0 else None
        for cache in _caches(data):
            found = {key: e for key, e in cache.items() if _is_article(e, number)}
            roots = [entry for key, entry in found.items() if _ROOT.match(key)]
            best = _best([*roots, *found.values()])
            if best:
                return _Plain(cache).article(best)
    return None


def _best(articles: list[State]) -> State | None:
    """The first with a body: cards of the same article have none."""
    return next(filter(_has_body, articles), next(iter(articles), None))


def _has_body(article: State) -> bool:
    return any(key.split("(")[0] == "body" and value for key, value in article.items())


def _caches(data: Any) -> Iterator[State]:
    """The cache of articles first, then any other, then the object itself."""
    if isinstance(data, dict):
        first = data.get("contentService")
        rest = [value for key, value in data.items() if key != "contentService"]
        yield from (cache for cache in [first, *rest, data] if isinstance(cache, dict))


def _decode(text: str) -> Any:
    """The JSON value a text begins with, what follows it ignored; null if it is broken or large."""
    text = text.strip()
    try:
        return read_json(text)[0] if is_small(text) else None
    except ValueError:
        return None


def _unescaped(value: Any) -> Any:
    """The value with HTML entities in its strings read: some fields are escaped twice."""
    if isinstance(value, str):
        return _ENTITY.sub(lambda found: unescape(found[0]), value) if "&" in value else value
    if isinstance(value, list):
        return [_unescaped(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _unescaped(entry) for key, entry in value.items()}
    return value


def _at(data: Any, *path: str) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _is_article(entry: Any, number: str) -> bool:
    """An article object with a text, of that number by its id or its path."""
    if not isinstance(entry, dict) or not isinstance(entry.get("headline"), str):
        return False
    if not any(key.split("(")[0] in ("body", "subHeadline", "summary") for key in entry):
        return False
    alias = str(entry.get("urlAlias") or "")
    return (article_number(alias) or str(entry.get("entityId") or "")) == number


def _dicts(data: Any) -> Iterator[State]:
    waiting = [(data, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            continue
        if isinstance(value, dict):
            yield value
            waiting.extend((inner, depth + 1) for inner in value.values())
        elif isinstance(value, list):
            waiting.extend((inner, depth + 1) for inner in value)


class _Plain:
    """Objects with their references followed and the arguments cut from their names.

    Several may lead to one object: what walks the whole of the result may never end.
    """

    def __init__(self, cache: State) -> None:
        self._cache = cache
        self._followed: State = {}

    def article(self, entry: State) -> State:
        """The article object, of which only the names are kept that are read."""
        return self._object({k: v for k, v in entry.items() if k.split("(")[0] in fields.NAMES})

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(entry) for entry in value]
        if not isinstance(value, dict):
            return _unescaped(value)
        key = value.get("id") if value.get("type") == "id" else value.get("__ref")
        if isinstance(key, str):
            return self._target(key)
        if isinstance(value.get("json"), list):
            return _unescaped({"json": value["json"], "text": value.get("text")})
        return self._object(value)

    def _target(self, key: str) -> Any:
        """Each is followed once; one that leads back to itself is null."""
        if key not in self._followed:
            self._followed[key] = None
            self._followed[key] = self._value(self._cache.get(key))
        return self._followed[key]

    def _object(self, value: State) -> State:
        """Of one name with several arguments the first that says something is taken, the bare
        name before all.
        """
        plain: State = {}
        for key in sorted(value, key=lambda name: "(" in name):
            name = key.split("(")[0]
            if not plain.get(name):
                plain[name] = self._value(value[key])
        return plain
