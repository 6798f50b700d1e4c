"""Captions and credits taken apart."""

from __future__ import annotations

import re

from crawler.text import clean

_LONGEST_CREDIT = 300  # characters; what lies further before the end is caption
_LATIN = (
    r"(?:photograph|photo|picture|image|illustration|graphic|infographic|cartoon|artwork)s?"
    r"(?: credit| courtesy| by)?|videos?|source|credit"
)
_OTHER = r"фото|иллюстрация|图源|图片来源|图|摄影|圖|圖源|圖片來源"
_START = r"(?:^|(?<=[.!?…”\"'’)。）\]]\s)|(?<=[.!?…”\"'’)。）\]|/])|(?=[(（\[]))[(（\[]?"
# The credit is what follows the last of these words; never split at the first colon, since
# captions have colons of their own. In a sentence only a capital tells the word from the
# sentence's own ("in a video: ...").
_CREDIT = re.compile(
    rf"(?:{_START}(?i:{_LATIN}|{_OTHER})|(?<=\s)(?=[A-Z])(?i:{_LATIN})|(?<=\s)(?i:{_OTHER}))"
    r"\s*[:：]\s*"
)


def split_credit(text: str | None) -> tuple[str | None, str | None]:
    """(caption, credit) of a caption as printed; each null where there is none.

    The full stop before the marker belongs to the caption.
    """
    text = clean(text or "")
    tail = max(0, len(text) - _LONGEST_CREDIT)
    last = next(reversed(list(_CREDIT.finditer(text, tail))), None)
    if last is None or not text[last.end() :].strip(" .)）]"):
        return text or None, None
    opened = last.group()[0] in "(（["
    credit = text[last.end() :].rstrip(" )）]" if opened else " ")
    if credit.count(".") == 1:
        credit = credit.rstrip(".")
    return text[: last.start()].rstrip(" ,;|–—-") or None, credit
