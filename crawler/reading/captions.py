"""Captions and credits taken apart."""

from __future__ import annotations

import re

from crawler.text import clean

# The credit is what follows the last of these words; never split at the first colon, since
# captions have colons of their own.
_CREDIT = re.compile(
    r"(?:^|(?<=[\s.!?…”\"'’)。）\]])|(?=[(（\[]))[(（\[]?"
    r"(?:photos?|pictures?|illustrations?|graphics?|video|image|source|фото|иллюстрация"
    r"|图源|图片来源|图|摄影|圖|圖源|圖片來源)\s*[:：]\s*",
    re.IGNORECASE,
)


def split_credit(text: str | None) -> tuple[str | None, str | None]:
    """(caption, credit) of a caption as printed; each null where there is none.

    The full stop before the marker belongs to the caption.
    """
    text = clean(text or "")
    last = next(reversed(list(_CREDIT.finditer(text))), None)
    if last is None or not text[last.end() :].strip(" .)）]"):
        return text or None, None
    opened = last.group()[0] in "(（["
    credit = text[last.end() :].rstrip(" )）]" if opened else " ")
    if credit.count(".") == 1:
        credit = credit.rstrip(".")
    return text[: last.start()].rstrip(" ,;|–—-") or None, credit
