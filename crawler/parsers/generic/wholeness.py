"""Whether a page holds the whole of its article."""

from __future__ import annotations

import re

from crawler.parsers.generic.body import Reading
from crawler.parsers.generic.judge import Kind
from crawler.parsers.generic.phrases import is_wall
from crawler.reading.page import Page

_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])$")
_NEXT = 12  # lines below the text in which a wall says so
_COPY_SHARE = 0.7  # of the page's own copy of the text, or of its count of words
_LEAST_WORDS = 100  # of a count that is to be believed
_MOST_DIGITS = 7  # of such a count; a longer one is an id
_FEW_PARAGRAPHS = 6  # a wall below more of them is an offer


def is_truncated(page: Page, reading: Reading) -> bool:
    """Whether the paragraphs are a part of the text: the page says more, or a wall follows."""
    paragraphs = reading.body.paragraphs
    if not paragraphs:
        return True
    length = sum(map(len, paragraphs))
    ld = page.metadata.article
    copy = ld.get("articleBody")
    if isinstance(copy, str) and length < _COPY_SHARE * len(copy):
        return True
    words = sum(len(text.split()) for text in paragraphs)
    counted = str(ld.get("wordCount") or "")
    is_count = counted.isascii() and counted.isdigit() and len(counted) <= _MOST_DIGITS
    if is_count and int(counted) >= _LEAST_WORDS:
        return words < _COPY_SHARE * int(counted) and _is_walled(reading)
    return len(paragraphs) <= _FEW_PARAGRAPHS and _is_walled(reading)


def _is_walled(reading: Reading) -> bool:
    last = max((at for at, (_, kind) in enumerate(reading.judged) if kind is Kind.TEXT), default=0)
    below = [line.text for line, _ in reading.judged[last + 1 : last + 1 + _NEXT]]
    below += [line.text for line in reading.after[:_NEXT]]
    return bool(_CUT_OFF.search(reading.body.paragraphs[-1])) or any(map(is_wall, below))
