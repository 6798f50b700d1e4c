"""The article object in a page's state: Next.js (two roots), or Vue with an Apollo cache.

Each is brought into one plain shape: names without arguments, references followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from crawler.parsers.scmp import fields
from crawler.reading.draft import Draft
from crawler.reading.page import Page

State = dict[str, Any]

_APOLLO = "window.__APOLLO_STATE__"
_ROOT = re.compile(r"^\$ROOT_QUERY\.(?:content|article)\(.*\}\)$")
_MAX_DEPTH = 40  # of the search for an article in a state whose root has moved
_REFERENCE_DEPTH = 6  # topics, sections and images lie two or three references away
_NUMBER_IN_PATH = re.compile(r"/article/(\d+)(?:/|$)")


def offer(page: Page, number: str, draft: Draft) -> None:
    """Offer the fields of the article of that number, if a state holds it."""
    article = next((a for a in (_from_next(page, number), _from_apollo(page, number)) if a), None)
    if article is not None:
        fields.offer(article, page, draft)


def _from_next(page: Page, number: str) -> State | None:
    """The article at one of the two roots, or wherever in the state it has moved to."""
    node = page.tree.css_first("script#__NEXT_DATA__")
    data = _decode(node.text()) if node else None
    payload = _at(data, "props", "pageProps", "payload")
    roots = [_at(payload, "data", "article"), _at(payload, "json", "data", "article")]
    for entry in chain(roots, _dicts(data)):
        if _is_article(entry, number):
            return _plain_object(entry, {}, _REFERENCE_DEPTH)
    return None


def _from_apollo(page: Page, number: str) -> State | None:
    """The article whose own address has the number: the cache holds others, whole."""
    for script in page.tree.css("script"):
        text = script.text()
        if _APOLLO not in text:
            continue
        data = _decode(text[text.index("{", text.index(_APOLLO)) :]) if "{" in text else None
        for cache in _caches(data):
            found = [e for e in cache.values() if _is_article(e, number)]
            roots = [e for key, e in cache.items() if _ROOT.match(key) and e in found]
            for entry in [*roots, *found]:
                return _plain_object(entry, cache, _REFERENCE_DEPTH)
    return None


def _caches(data: Any) -> Iterator[State]:
    """The cache of articles first, then any other, then the object itself."""
    if isinstance(data, dict):
        first = data.get("contentService")
        rest = [value for key, value in data.items() if key != "contentService"]
        yield from (cache for cache in [first, *rest, data] if isinstance(cache, dict))


def _decode(text: str) -> Any:
    """The JSON value a text begins with, what follows it ignored; null if it is broken."""
    try:
        # Raw line ends stand inside strings of these pages: hence not strict.
        return json.JSONDecoder(strict=False).raw_decode(text.lstrip())[0]
    except (ValueError, RecursionError):
        return None


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
    in_path = _NUMBER_IN_PATH.search(str(entry.get("urlAlias") or ""))
    if in_path:
        return in_path[1] == number
    return str(entry.get("entityId") or "") == number


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


def _plain(value: Any, cache: State, depth: int) -> Any:
    """A value with its references followed and the arguments cut from its names."""
    if isinstance(value, list):
        return [_plain(entry, cache, depth) for entry in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "id" and isinstance(value.get("id"), str):
        target = cache.get(value["id"])
        return _plain(target, cache, depth - 1) if depth > 0 and target is not None else None
    if value.get("type") == "json" and "json" in value:
        return {"json": value["json"]}
    return _plain_object(value, cache, depth)


def _plain_object(value: State, cache: State, depth: int) -> State:
    """Of one name with several arguments the first that says something is taken, the bare
    name before all.
    """
    plain: State = {}
    for key in sorted(value, key=lambda name: "(" in name):
        name = key.split("(")[0]
        if not plain.get(name):
            plain[name] = _plain(value[key], cache, depth)
    return plain
