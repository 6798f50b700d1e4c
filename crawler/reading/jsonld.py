"""What a page's JSON-LD says: its objects, the article among them, names and texts in it.

Vocabulary: https://schema.org/NewsArticle. Sites write it by hand and by template, so it is
mended where that cannot change what it says, and every value may be of any type.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from crawler.reading.json_text import is_small, read_json
from crawler.text import clean

JsonObject = dict[str, Any]

_MAX_DEPTH = 12  # of objects below the root; real ones need four
_MAX_OBJECTS = 2000  # of one page; live blogs have hundreds
_MAX_NAMES = 200  # of one list
_LONGEST_TEXT = 20_000  # characters of what is no article's body
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart")
_OPENING = re.compile(r"(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)\s*")
_CLOSING = re.compile(r"(?://\s*)?(?:\]\]>|-->)$")
_LONGEST_CLOSING = 20  # characters, the blanks in it included
_SPARE_COMMA = re.compile(r",(\s*[}\]])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def read_objects(texts: Iterable[str]) -> list[JsonObject]:
    """Every object of these scripts, those inside `@graph`, lists and `mainEntity` included."""
    found: list[JsonObject] = []
    for text in texts:
        for data in _documents(text):
            for entry in _objects(data, _MAX_DEPTH):
                found.append(entry)
                if len(found) >= _MAX_OBJECTS:
                    return found
    return found


def _documents(text: str) -> Iterator[Any]:
    """The values of a script: one, or several in a row, which some templates write."""
    text = _unwrapped(text.strip()).lstrip("\ufeff")
    if not is_small(text):
        return
    try:
        value, end = read_json(text)
    except ValueError:
        value, end = None, -1
    if end == len(text):
        yield value
        return
    text = _SPARE_COMMA.sub(r"\1", text)
    place = 0
    for _ in range(_MAX_OBJECTS):
        try:
            value, place = read_json(text, place)
        except ValueError:
            return
        yield value
        while place < len(text) and text[place] in " \t\r\n;,":
            place += 1


def _unwrapped(text: str) -> str:
    """A script without the comment or CDATA section around it."""
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    closing = _CLOSING.search(text, max(0, len(text) - _LONGEST_CLOSING))
    return text[: closing.start()].rstrip() if closing else text


def _objects(data: Any, depth: int) -> Iterator[JsonObject]:
    if depth <= 0:
        return
    if isinstance(data, list):
        for entry in data:
            yield from _objects(entry, depth - 1)
    elif isinstance(data, dict):
        yield data
        for name in _NESTED:
            if isinstance(data.get(name), dict | list):
                yield from _objects(data[name], depth - 1)


def types_of(entry: JsonObject) -> list[str]:
    kinds = entry.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return [kind for kind in named if isinstance(kind, str)]


def is_article(entry: JsonObject) -> bool:
    """Whether its type is an article's: any `…Article`, a posting, a report."""
    return any(
        kind.rsplit("/", 1)[-1].endswith(("Article", "BlogPosting", "Report"))
        for kind in types_of(entry)
    )


def article_of(objects: list[JsonObject]) -> JsonObject:
    """The article's object; empty where there is none.

    The first one with a headline and a date wins: lists of other articles come later and
    name less.
    """
    articles = [entry for entry in objects if is_article(entry)]
    whole = (e for e in articles if e.get("headline") and e.get("datePublished"))
    named = (e for e in articles if e.get("headline") or e.get("name"))
    return next(whole, None) or next(named, None) or next(iter(articles), {})


def by_id(objects: list[JsonObject]) -> dict[str, JsonObject]:
    """The objects by their `@id`, for references; the fullest of each."""
    found: dict[str, JsonObject] = {}
    for entry in objects:
        name = entry.get("@id")
        if isinstance(name, str) and len(entry) > len(found.get(name, {})):
            found[name] = entry
    return found


def ld_names(value: Any, ids: dict[str, JsonObject] | None = None) -> list[str]:
    """Names of a person, organisation, string, reference, or list of them, each once."""
    return list(dict.fromkeys(_names(value, ids or {}, _MAX_DEPTH)))


def _names(value: Any, ids: dict[str, JsonObject], depth: int) -> Iterator[str]:
    if depth <= 0:
        return
    if isinstance(value, list):
        for entry in value[:_MAX_NAMES]:
            yield from _names(entry, ids, depth - 1)
    elif isinstance(value, dict):
        name = value.get("name") or value.get("@name")
        known = ids.get(str(value.get("@id")))
        if not name and known is not None and known is not value:
            name = known.get("name")
        yield from _names(name, ids, depth - 1)
    elif text := ld_text(value):
        yield text


def ld_text(value: Any) -> str | None:
    """A string, entities and tags in it resolved; null where it is anything else or empty."""
    if not isinstance(value, str):
        return None
    value = value[:_LONGEST_TEXT]
    if "&" in value:
        value = html.unescape(html.unescape(value))  # templates escape twice
    if "<" in value:
        value = _TAG.sub("", value)
    return clean(value) or None


def ld_addresses(article: JsonObject) -> list[str]:
    """The addresses an article's object gives: `url`, then that of the page it is on."""
    page = article.get("mainEntityOfPage")
    if isinstance(page, dict):
        page = page.get("@id") or page.get("url")
    return [said for said in (article.get("url"), page) if isinstance(said, str)]


def ld_objects(value: Any, ids: dict[str, JsonObject]) -> list[JsonObject]:
    """The objects of a value that is one, a reference to one, or a list of them."""
    entries = value[:_MAX_NAMES] if isinstance(value, list) else [value]
    found = (ids.get(str(e.get("@id")), e) for e in entries if isinstance(e, dict))
    return list(found)
