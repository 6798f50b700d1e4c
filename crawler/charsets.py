"""Which charset the bytes of a page are in, where its labels are missing or wrong."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder

from w3lib.encoding import http_content_type_encoding, resolve_encoding

_HEAD_BYTES = 16_384  # searched for a label; the standard's 1024 are too few for real pages
_LABEL = re.compile(
    rb"""<(?:meta\s[^>]{0,200}?charset|\?xml\s[^>]{0,80}?encoding)\s*=\s*["']?\s*([\w.:-]{2,30})""",
    re.IGNORECASE,
)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
WRONG_CHARSET_RATIO = 0.001
"""Over one replacement character in a thousand the charset was wrong (measured)."""

CANDIDATES = (
    "utf-8", "gb18030", "windows-1251", "koi8-u", "big5hkscs", "cp932", "euc_jp", "euc_kr",
    "windows-1252",
)  # fmt: skip
"""The charsets of our languages; the first of equals is taken."""

_WIDE_CHARSETS = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "euc_kr", "cp949"})

# The same with more letters. Of Korean the narrow one is judged by: nearly all pairs of bytes are
# some syllable of the wide one.
_WIDER = {"koi8-r": "koi8-u", "euc_kr": "cp949"}

# Codecs of the language that no page is written in; some fail on bytes that they do not know.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"}
)

_SAMPLE_BYTES = 200_000  # judged; more bytes tell no more
_CHUNK_BYTES = 65_536
_SURE = 0.8  # of a text's foreign characters likely: then its charset is right
_BETTER = 0.2  # more of them likely under another charset: then the label was wrong
_FOREIGN = re.compile(r"[^\x00-\x7f]")
# What texts are made of. A Cyrillic letter beside a Latin one, or an accent that is not, comes
# from reading the bytes of another charset; so do capitals and frames within words.
_LIKELY = re.compile(
    r"(?<![A-Za-zА-яҐЇ\u2500-\u25ff])[А-ЯЁІЇЄ]?[а-яёіїєґ]+(?![A-Za-zА-Я\u2500-\u25ff])"
    r"|(?<=[A-Za-z])[ß-öø-ÿœšž]+|[ß-öø-ÿÄÖÜÉœšž](?=[a-z])"
    r"|[\u3040-\u30ff]+|[\uac00-\ud7a3]+|[“”‘’–—…«»©、。「」]+"
    r"|[的一是不了在人有我他这這个個中大来來上国國到说說们們为為子和你地出道也时時年得就那要下以生会會自着去之过過家学學对對可她里裡后後小么麼心多天而能好都然没沒日于於起还還发發成事只作当當想看文无無开開手十用主行方又如前所本见見经經头頭面公同三已老从從动動两兩长長"
    r"月新报報闻聞民市部外全关關系係俄中美华華社记記者电電网網]+"
)


def by_mark(body: bytes) -> tuple[str, int] | None:
    """The charset that a byte order mark names, and the mark's length."""
    return next(((name, len(mark)) for mark, name in _BOMS if body.startswith(mark)), None)


def by_label(body: bytes, content_type: str | None) -> str | None:
    """The charset that the header names, else the page; null for none or an unknown one.

    A page that can be searched for a label is not in UTF-16, whatever it says (HTML standard).
    """
    header = http_content_type_encoding(content_type) if content_type else None
    if header and header not in _NO_CHARSETS:
        return _WIDER.get(header, header)
    found = _LABEL.search(body[:_HEAD_BYTES])
    name = resolve_encoding(found[1].decode("ascii", "ignore")) if found else None
    if name in _NO_CHARSETS:
        return None
    if name and name.startswith(("utf-16", "utf-32")):
        return "utf-8"
    return _WIDER.get(name, name) if name else None


def without_mark(body: bytes) -> str | None:
    """UTF-16 that no mark announces: every other byte of markup is zero."""
    head = body[:400]
    if len(head) < 8 or head.count(0) < len(head) // 3:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8, whatever their label, and no charset that uses only ASCII's
    (UTF-16 has NUL, ISO-2022 has ESC). Large ones are not held in memory twice for it.
    """
    if b"\x00" in body or b"\x1b" in body:
        return False
    decoder = getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(body), _CHUNK_BYTES):
            decoder.decode(body[start : start + _CHUNK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def from_utf8(body: bytes) -> str | None:
    """Bytes that are UTF-8, but for a character cut at the end, as text; null for others."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.reason == "unexpected end of data"
    return body.decode("utf-8", "replace") if is_cut else None


def likelihood(text: str) -> float:
    """The share of a text's characters beyond ASCII that texts of our languages have; 1 if all."""
    foreign = len(_FOREIGN.findall(text))
    if not foreign:
        return 1.0
    likely = sum(len(_FOREIGN.findall(found.group())) for found in _LIKELY.finditer(text))
    return likely / foreign


def by_content(body: bytes, labelled: str | None) -> str | None:
    """The charset under which the bytes read best; the labelled one unless clearly worse."""
    sample = body[:_SAMPLE_BYTES]
    scores: dict[str, float] = {}
    for name in dict.fromkeys([*([labelled] if labelled else []), *CANDIDATES]):
        try:
            text = sample.decode(name, "replace")
        except LookupError:
            continue
        wrong = text.count("\ufffd") > max(1, len(text) * WRONG_CHARSET_RATIO)
        scores[name] = -1.0 if wrong else likelihood(text)
        if name == labelled and scores[name] >= _SURE:
            return labelled
    best = max(scores, key=lambda name: scores[name], default=None)
    if labelled in scores and best is not None and scores[best] < scores[labelled] + _BETTER:
        return labelled
    if {labelled, best} <= _WIDE_CHARSETS and scores[labelled or ""] >= 0:
        return labelled  # of Korean all syllables are likely, of Chinese the commonest characters
    return _WIDER.get(best, best) if best else None
