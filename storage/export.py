"""Writes records out: JSON Lines as they are, CSV safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import json
import os
import re
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from crawler.items import RECORD_FIELDS, Article
from storage.cleaning import clean_text, clean_values
from storage.errors import StorageError

_JSON_COLUMNS = frozenset(
    {"lead_image", "images", "subheads", "related", "videos", "relevance", "provenance"}
)
# A spreadsheet runs a cell that starts so, white space or invisible characters before it or
# not, as a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"[\t\r]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
STANDARD_OUTPUT = "-"
TEMPORARY_NAME_RANDOM_BYTES = 4
# What `open` gives a new file; the umask takes its part.
NEW_FILE_MODE = 0o666


def write_jsonl(articles: Iterable[Article], stream: TextIO) -> int:
    """One record a line, in UTF-8 as it is; gives how many."""
    written = 0
    for article in articles:
        record = clean_values(article.to_dict())
        stream.write(json.dumps(record, ensure_ascii=False) + "\n")
        written += 1
    return written


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


@contextmanager
def open_output(path: str | Path | None) -> Iterator[TextIO]:
    """A text stream in UTF-8: standard output for null or `-`, else a file.

    The file appears under its name when all is written and on the disk, never in part; a
    file that was there before stays until then. Raises StorageError with the reason.
    """
    if path is None or str(path) == STANDARD_OUTPUT:
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        target = Path(path).resolve()  # a symbolic link stays one
        with _special_file(target) if _is_special(target) else _new_file(target) as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageError(f"output: {path} cannot be written: {error.strerror}") from error


def _is_special(target: Path) -> bool:
    """A pipe or a device: to rename a file over it would replace it."""
    return target.exists() and not target.is_file() and not target.is_dir()


def _special_file(target: Path) -> TextIO:
    return target.open("w", encoding="utf-8", newline="")


@contextmanager
def _new_file(target: Path) -> Iterator[TextIO]:
    if target.is_dir():
        raise IsADirectoryError(None, "it is a directory")
    unique = secrets.token_hex(TEMPORARY_NAME_RANDOM_BYTES)
    temporary = target.with_name(f".{target.name}.{unique}.part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, NEW_FILE_MODE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
