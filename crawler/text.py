"""Text as it is kept: decoded once, free of what no database takes, white space folded."""

from __future__ import annotations

import re

from crawler import charsets

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""Most bytes of a body, after decompression; larger ones are refused while they come."""

# Four that nobody sees; NUL is refused by PostgreSQL, lone surrogates by every UTF-8 encoder,
# the rest by terminals.
_UNWANTED = re.compile("[\u200b\u2060\ufeff\u00ad\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """One line of text: white space folded to single blanks, invisible characters gone."""
    line = " ".join(text.split())
    return line if line.isprintable() else " ".join(_UNWANTED.sub("", text).split())


def decode_page(
    body: bytes, content_type: str | None = None, *, most_bytes: int = MAX_PAGE_BYTES
) -> str:
    """A page's bytes as text, by the HTML standard's order: BOM, header, `<meta>`, content.

    Bytes that are UTF-8 are read so whatever their label, since nothing else looks like it.
    Where a label leaves more than one replacement character in a thousand, or letters that no
    text has, the charset under which the page reads best is taken.
    """
    body = body[:most_bytes]
    marked = charsets.by_mark(body)
    if marked:
        name, length = marked
        return body[length:].decode(name, "replace")
    if body.isascii() and b"\x00" not in body:
        return body.decode("ascii")
    unmarked = charsets.without_mark(body)
    if unmarked:
        return body.decode(unmarked, "replace")
    text = charsets.from_utf8(body)
    if text is not None:
        return text
    labelled = charsets.by_label(body, content_type)
    text = _decoded(body, labelled or "utf-8")
    if labelled in (None, "utf-8") and _is_right(text):
        return text
    return _decoded(body, charsets.by_content(body, labelled) or "utf-8")


def _is_right(text: str) -> bool:
    return text.count("\ufffd") <= len(text) * charsets.WRONG_CHARSET_RATIO


def _decoded(body: bytes, name: str) -> str:
    try:
        return body.decode(name, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
