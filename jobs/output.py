"""What commands print: data on standard output, talk on standard error.

Texts of pages are other people's: nothing in them may steer a terminal.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

_UNTERMINALED_WIDTH = 160  # of tables written to a file or a pipe
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: object) -> str:
    """The text without escape sequences, other controls and marks that reorder it."""
    return _CONTROL.sub("", str(text))


def one_line(text: object) -> str:
    """The printable text with every break of a line as a space: it cannot pass for two."""
    return " ".join(printable(text).splitlines())


def marked(text: str, marks: Iterable[tuple[int, int]], style: str = "") -> Text:
    """The printable text in that style, bold where it is marked: `text[start:end]`."""
    found, done = Text(style=style), 0
    for start, end in marks:
        found.append(printable(text[done:start])).append(printable(text[start:end]), "bold not dim")
        done = end
    return found.append(printable(text[done:]))


def console(*, stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _UNTERMINALED_WIDTH
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def say(sentence: object) -> None:
    """A line for people, on standard error. A closed or full one stops nothing."""
    try:
        sys.stderr.write(printable(sentence) + "\n")
        sys.stderr.flush()
    except OSError:
        pass


def print_json(value: Any) -> None:
    """One JSON value for programs, on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def tell(line: object = "") -> None:
    """A line of the answer itself, on standard output."""
    sys.stdout.write(printable(line) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; numbers stand to the right, what is null is a dash."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    rows = [list(row) for row in rows]
    for index, column in enumerate(columns):
        is_number = bool(rows) and all(isinstance(row[index], int) for row in rows)
        fold = column == "headline"
        table.add_column(
            column,
            justify="right" if is_number else "left",
            no_wrap=not fold,
            overflow="fold" if fold else "ellipsis",
        )
    for row in rows:
        table.add_row(*map(_cell, row))
    console().print(table)


def _cell(value: object) -> Text:
    if isinstance(value, Text):
        return value
    return Text(printable("–" if value is None else value))


def shortened(text: str | None, most: int) -> str | None:
    """At most so many characters, the last of them `…` where some are left out."""
    return text if text is None or len(text) <= most else text[: most - 1].rstrip() + "…"


def counted(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def when(moment: datetime | None) -> str | None:
    """A time as people read it, UTC to the minute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if moment else None
