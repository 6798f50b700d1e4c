"""Text as it is kept: decoded once, free of what no database takes, white space folded."""

from __future__ import annotations

import re

from w3lib.encoding import html_to_unicode

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""Most bytes of a body, after decompression; larger ones are refused while they come."""

# Four that nobody sees; NUL is refused by PostgreSQL, lone surrogates by every UTF-8 encoder,
# the rest by terminals.
_UNWANTED = re.compile("[\u200b\u2060\ufeff\u00ad\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")

# Over one replacement character in a thousand the declared charset was wrong (measured).
_WRONG_CHARSET_RATIO = 0.001
_SECOND_CHARSETS = ("gb18030", "windows-1251", "big5")


def clean(text: str) -> str:
    """One line of text: white space folded to single blanks, invisible characters gone."""
    return " ".join(_UNWANTED.sub("", text).split())


def decode_page(body: bytes, content_type: str | None = None) -> str:
    """A page's bytes as text: UTF-8 where they are it, else by the HTML standard's order: BOM,
    header, `<meta>`, content.

    Text in another charset is not valid UTF-8 by chance, while UTF-8 under another label is
    common and leaves no replacement characters under a one-byte charset. Where the label
    leaves more than one of them in a thousand, the charsets of our languages are tried
    strictly, and the first that fits is taken.
    """
    body = body[:MAX_PAGE_BYTES]
    if not body.isascii():
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    _, text = html_to_unicode(content_type, body, default_encoding="utf-8")
    if text.count("\ufffd") <= len(text) * _WRONG_CHARSET_RATIO:
        return text
    for charset in _SECOND_CHARSETS:
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            continue
    return text
