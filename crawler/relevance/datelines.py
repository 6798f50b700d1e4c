"""Takes the datelines out of a text: where and by whom an item was filed is not its subject."""

from __future__ import annotations

import re

LONGEST_CHARACTERS = 90
"""A place or two, a date, an agency and a reporter stand within so many at a line's start."""

# The place, date and agency up to a dash, or to an agency between slashes.
_LATIN_END = re.compile(r"\s*--\s*|\s[-\u2013\u2014]\s+|\u2014\s*|/[A-Z][A-Za-z .-]{1,30}/\.?\s+")
_LATIN_WORDS = re.compile(
    r"\W{0,3}(?:[A-Z][\w.'\u2019-]*|\d{1,4}|\([A-Z][^)]{1,40}\))"
    r"(?:[,.:/ ]{1,3}(?:[A-Z][\w'\u2019-]*|\d{1,4}|\([A-Z][^)]{1,40}\))){0,9}[,.: ]{0,3}"
)
_CAPITALS_DATE_OR_AGENCY = re.compile(r"\b[A-Z]{4,}|\d|\([A-Z]")
"""Without one of these it is the beginning of a sentence: `China – Russia's neighbour`."""
_CYRILLIC = re.compile(
    r"\W{0,3}[А-ЯЁ][А-ЯЁа-яё-]{2,20}(?: [А-ЯЁ][А-ЯЁа-яё-]{0,20}){0,2}[,.]\s?\d{1,2}\s[а-я]{3,8}\.?"
    r"(?:\s\d{4}\.?)?(?:\s?г\.)?\s?"
    r"(?:/[^/\n]{2,30}/\.?"
    r"|[-–—]?\s?[А-ЯЁA-Z][\w-]{1,20}(?:[ .][А-ЯЁA-Z][\w-]{0,20}){0,3}"
    r"(?:,\s[А-ЯЁ][а-яё]{1,20}\s[А-ЯЁ][а-яё-]{1,30})?(?:\.|\s?[-–—])"
    r"|[-–—])\s*"
)
_HAN = re.compile(
    r"\s?[（(【]?[^。，！？；]{2,40}?\d日[综綜]?合?[专專外]?[电電讯訊](?![话話影视視台子力脑腦])\s?[）)】]?"
    r"\s?(?:[（(][^）)]{1,30}[）)])?\s?(?:[题題][:：])?"
)
_HAN_BYLINE = re.compile(
    r"\s?[【（(][^】）)]{0,20}(?:记者|記者|报道|報道|編譯|编译)[^】）)]{0,20}[】）)]"
)
_HAN_SIGN = re.compile(r"日|记者|記者|报道|報道|編譯|编译")


def without_datelines(text: str) -> str:
    """The text without what stands before a line's first sentence to say where it was filed.

    `MOSCOW, Oct 3 (Xinhua) --`, `МОСКВА, 3 окт — РИА Новости.`, `新华社莫斯科11月25日电`.
    """
    return "\n".join(line[_dateline_end(line[:LONGEST_CHARACTERS]) :] for line in text.split("\n"))


def _dateline_end(start: str) -> int:
    """Where the dateline of a line that starts so ends; 0 without one."""
    for end in _LATIN_END.finditer(start):
        before = start[: end.start()]
        if not _LATIN_WORDS.fullmatch(before):
            break
        if end.group()[0] == "/" or _CAPITALS_DATE_OR_AGENCY.search(before):
            return end.end()
    found = _CYRILLIC.match(start)
    if not found and _HAN_SIGN.search(start):
        found = _HAN.match(start) or _HAN_BYLINE.match(start)
    return found.end() if found else 0
