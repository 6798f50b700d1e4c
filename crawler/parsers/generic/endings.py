"""What stands at the end of a text, set as its paragraphs are, and is none of them."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.parsers.generic.agencies import is_initials
from crawler.parsers.generic.judge import Kind
from crawler.parsers.generic.phrases import is_separator, is_vita
from crawler.reading.boxes import Line

_MOST_LINES = 4  # looked at, from the end
_LONGEST_VITA = 600  # characters of a line on an author; a profile's paragraphs are longer
_LEAST_NAME = 2  # words of an author's name; single ones are agencies and ordinary words


def drop_endings(judged: list[tuple[Line, Kind]], authors: Iterable[str]) -> None:
    """Mark the lines on the authors below the last paragraph, and marks over nothing."""
    names = [name.casefold() for name in authors if len(name.split()) >= _LEAST_NAME]
    texts = [at for at, (_, kind) in enumerate(judged) if kind is Kind.TEXT]
    for at in reversed(texts[1:][-_MOST_LINES:]):
        line = judged[at][0]
        if is_initials(line.text):
            judged[at] = (line, Kind.BYLINE)
        elif is_separator(line.text):
            judged[at] = (line, Kind.LABEL)
        elif len(line.text) <= _LONGEST_VITA and _is_on_author(line.text, names):
            judged[at] = (line, Kind.BYLINE)
        else:
            return


def _is_on_author(text: str, names: list[str]) -> bool:
    folded = text.casefold()
    return any(name in folded for name in names) and is_vita(text)
