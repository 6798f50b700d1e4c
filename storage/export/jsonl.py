"""JSON Lines: the records as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from crawler.items import Article
from storage.cleaning import clean_values


def write_jsonl(articles: Iterable[Article], stream: TextIO) -> int:
    """One record a line, in UTF-8 as it is; gives how many."""
    written = 0
    for article in articles:
        record = clean_values(article.to_dict())
        stream.write(json.dumps(record, ensure_ascii=False) + "\n")
        written += 1
    return written
