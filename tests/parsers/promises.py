"""What every record promises, whatever the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from crawler.dates import is_plausible
from crawler.items import Article

_UNWANTED = re.compile("[\x00\ud800-\udfff]")


def broken_promises(article: Article) -> list[str]:
    """The promises a record breaks, each as a short phrase."""
    record = article.to_dict()
    broken = [f"{name} is not clean" for name in sorted(set(_unclean_fields(record)))]
    if not all(article.paragraphs):
        broken.append("an empty paragraph")
    if not article.headline:
        broken.append("no headline")
    count = len(article.paragraphs)
    if not all(0 <= head.before < max(1, count) for head in article.subheads):
        broken.append("a subhead outside of the text")
    broken += _broken_dates(article)
    try:
        if json.loads(json.dumps(record, allow_nan=False)) != record:
            broken.append("other values after JSON")
    except (TypeError, ValueError):
        broken.append("no JSON")
    return broken


def _broken_dates(article: Article) -> list[str]:
    broken = []
    for name in ("date_published", "date_modified"):
        moment = getattr(article, name)
        if moment is not None and moment.utcoffset() != timedelta(0):
            broken.append(f"{name} is not in UTC")
        elif moment is not None and not is_plausible(moment):
            broken.append(f"{name} is not plausible")
    return broken


def _unclean_fields(record: dict[str, Any]) -> Iterator[str]:
    for name, value in record.items():
        for text in _strings(value):
            if _UNWANTED.search(text) or text != text.strip():
                yield name


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
