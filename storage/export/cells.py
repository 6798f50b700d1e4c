"""CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from typing import Any, TextIO

from crawler.items import RECORD_FIELDS, Article
from storage.cleaning import clean_text, clean_values

_JSON_COLUMNS = frozenset(
    {"lead_image", "images", "subheads", "related", "videos", "relevance", "provenance"}
)
# A spreadsheet runs a cell that starts so, white space or invisible characters before it or
# not, as a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"[\t\r]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def write_csv(articles: Iterable[Article], stream: TextIO, *, safe: bool = True) -> int:
    """One record a row under a header; gives how many. `stream` must not translate line ends.

    Lists of texts are joined by line feeds, structured fields are JSON, unknown is empty.
    `safe` puts `'` before text that a spreadsheet would run as a formula.
    """
    writer = csv.writer(stream)
    writer.writerow(RECORD_FIELDS)
    written = 0
    for article in articles:
        record = article.to_dict()
        writer.writerow([_cell(name, record[name], safe) for name in RECORD_FIELDS])
        written += 1
    return written


def _cell(name: str, value: Any, safe: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if name in _JSON_COLUMNS:
        text = json.dumps(clean_values(value), ensure_ascii=False)
    else:
        text = clean_text("\n".join(value) if isinstance(value, list) else value)
    return f"'{text}" if safe and _FORMULA.match(text) else text
