"""What news agencies print in the text of their reports that is no part of it."""

from __future__ import annotations

import re

from crawler.reading.bylines import names_in_byline

_LONGEST_INITIALS = 80  # characters
# `ab/cd (AFP, Reuters)`, at Deutsche Welle and others: who edited it, and from which wires.
_INITIALS = re.compile(r"[a-z]{1,4}(?:\s?[/,]\s?[A-Za-z]{1,4}){0,4}\s*\([A-Za-z][\w .,&/-]{1,60}\)")
# Xinhua and China News Service end a whole report so; Xinhua's English service with one word.
_END_MARK = re.compile(r"(?<=\S)\s*(?:[(（](?:完|全文完)[)）]|\bEnditem)$")
# `新华社北京4月24日电（记者 甲、乙）`, `中新网4月24日电 (记者 甲)`
_REPORTERS = re.compile(
    r"^\S{2,24}?日电\s?[(（](?P<names>(?:\S{0,4}记者|通讯员)[^()（）]{2,60})[)）]"
)
# `新华社记者甲、乙`: a line of its own between dateline and text.
_REPORTERS_LINE = re.compile(r"(?:新华社|中新社|本报)?记者[ 　]?[\u3400-\u9fff·、 　]{2,40}")


def is_initials(text: str) -> bool:
    """Whether a line is an editor's initials with the wires that a report was made from."""
    return len(text) <= _LONGEST_INITIALS and bool(_INITIALS.fullmatch(text))


def is_reporters(text: str) -> bool:
    """Whether a line only names the reporters of a Chinese agency."""
    return len(text) <= _LONGEST_INITIALS and bool(_REPORTERS_LINE.fullmatch(text))


def without_end_mark(text: str) -> str:
    """A last paragraph without the sign that the report is at its end."""
    return _END_MARK.sub("", text)


def reporters_in(dateline: str) -> list[str]:
    """The reporters whom a Chinese agency names behind the dateline, in the first paragraph."""
    found = _REPORTERS.match(dateline)
    if found is None:
        return []
    names = re.sub(r"^\S{0,4}记者\s*", "记者 ", found["names"].strip())
    return names_in_byline(re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "、", names[3:]))
