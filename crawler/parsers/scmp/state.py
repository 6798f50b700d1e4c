"""The article object in a page's state: Next.js (two roots), or Vue with an Apollo cache.

Each is brought into one plain shape: names without arguments, references followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import chain
from typing import Any

from crawler.parsers.scmp import fields
from crawler.parsers.scmp.labels import article_number
from crawler.reading.draft import Draft
from crawler.reading.page import Page

State = dict[str, Any]

_APOLLO = "__APOLLO_STATE__"
_ROOT = re.compile(r"^\$?ROOT_QUERY\.(?:content|article)\(.*\}\)$")
_MAX_DEPTH = 40  # of the search for an article in a state whose root has moved
_REFERENCE_DEPTH = 6  # topics, sections and images lie two or three references away
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
    return _plain_object(found, {}, _REFERENCE_DEPTH, fields.NAMES) if found else None


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
                return _plain_object(best, cache, _REFERENCE_DEPTH, fields.NAMES)
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
    """The JSON value a text begins with, what follows it ignored; null if it is broken.

    Raises RecursionError where it is nested too deeply.
    """
    try:
        # Raw line ends stand inside strings of these pages: hence not strict.
        data = json.JSONDecoder(strict=False).raw_decode(text.lstrip())[0]
    except ValueError:
        return None
    return _unescaped(data) if _ENTITY.search(text) else data


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


def _plain(value: Any, cache: State, depth: int) -> Any:
    """A value with its references followed and the arguments cut from its names."""
    if isinstance(value, list):
        return [_plain(entry, cache, depth) for entry in value]
    if not isinstance(value, dict):
        return value
    key = value.get("id") if value.get("type") == "id" else value.get("__ref")
    if isinstance(key, str):
        target = cache.get(key)
        return _plain(target, cache, depth - 1) if depth > 0 and target is not None else None
    if isinstance(value.get("json"), list):
        return {"json": value["json"], "text": value.get("text")}
    return _plain_object(value, cache, depth)


def _plain_object(
    value: State, cache: State, depth: int, names: frozenset[str] | None = None
) -> State:
    """Of one name with several arguments the first that says something is taken, the bare
    name before all. `names` are those wanted, null for all.
    """
    plain: State = {}
    for key in sorted(value, key=lambda name: "(" in name):
        name = key.split("(")[0]
        if not plain.get(name) and (names is None or name in names):
            plain[name] = _plain(value[key], cache, depth)
    return plain
