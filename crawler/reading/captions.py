"""Captions and credits taken apart."""

from __future__ import annotations

import re

from crawler.text import clean

_LONGEST_CREDIT = 300  # characters; what lies further before the end is caption
_LONGEST_TAIL = 100  # characters of a credit that no colon announces
_LATIN = (
    r"(?:photograph|photo|picture|image|illustration|graphic|infographic|cartoon|artwork|media)s?"
    r"(?: credits?| courtesy| by)?|videos?|source|credits?|copyright"
    r"|fotos?|(?:bild|foto)(?:quelle|nachweis|rechte)?|quelle|grafik|montage|collage"
    r"|crédits?(?: photo)?"
    r"|photos?|fuente|imagen|vídeo|fonte|foto di|immagine|crédito|fot\.?|zdj\.?|źródło|kilde|bilde"
    r"|kuva|bron|beeld|nuotr|fotoğraf|kaynak|isithombe|imifanekiso|umfanekiso|picha"
)
_OTHER = (
    r"фото|иллюстрация|источник|коллаж|колаж|джерело|ілюстрація|图源|图片来源|图片|图|摄影|摄|圖"
    r"|圖源|圖片來源|圖片|攝影|来源|來源|資料圖|资料图|写真|撮影|提供|사진|출처|제공"
)
_START = r"(?:^|(?<=[.!?…”\"'’)。）\]]\s)|(?<=[.!?…”\"'’)。）\]|/])|(?=[(（\[])|(?<=\|\s))[(（\[]?"
# The credit is what follows the last of these words; never split at the first colon, since
# captions have colons of their own. In a sentence only a capital tells the word from the
# sentence's own ("in a video: ...").
_CREDIT = re.compile(
    rf"(?:{_START}(?i:{_LATIN}|{_OTHER})|(?<=\s)(?=[A-Z])(?i:{_LATIN})|(?<=\s)(?i:{_OTHER}))"
    r"\s*(?:[:：=＝]|\.\.\.|…)\s*"
)
_AGENCY = (
    r"AP|AFP|Reuters|REUTERS|dpa|DPA|EPA|EFE|ANSA|APA|PAP|NTB|TT|ANP|Belga|BELGA|Keystone|KEYSTONE"
    r"|SIPA|Sipa|Getty(?: Images)?|GETTY(?: IMAGES)?|Shutterstock|iStock(?:photo)?|Alamy|IMAGO"
    r"|Imago"
    r"|imago(?: images)?|picture[ -]alliance|Bloomberg|Xinhua|CNA|Kyodo|KYODO|Yonhap|Tass|TASS|ТАСС"
    r"|РИА Новости|Sputnik|Спутник|Интерфакс|УНІАН|УНИАН|Укрінформ|Anadolu(?: Agency)?|ZUMA|Zuma"
    r"|PA|PA Wire|Handout|HANDOUT|Pool|POOL|Supplied|SUPPLIED|Stock image|Unsplash|Pixabay"
    r"|新华社|新華社|中新社|路透社|法新社|美联社|美聯社|彭博社|视觉中国|中央社|共同(?:通信)?|ロイター|時事|ゲッティ|연합뉴스|뉴시스|뉴스1|ＡＰ|ＡＦＰ"
)
_TAILS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\s*[(（\[]?\s*(?:©|\([cC]\)|（[ＣC]）|Copyright\s)\s*(?P<credit>[^©]+?)[)）\]]?$",
        r"\s*\[(?:Photo|Image|Picture)s?(?: by |/)(?P<credit>[^\[\]]+)\]$",
        r"\s*[(（\[](?P<credit>[^()（）\[\]]*?)\s?(?:撮影|摄|攝|撮)[)）\]]$",
        rf"\s*[(（\[](?P<credit>(?:[^()（）\[\]]*[\s/,|])?(?:{_AGENCY})(?:[\s/,|][^()（）\[\]]*)?)[)）\]][.。]?$",
        rf"\s*[＝=]\s?(?P<credit>(?:{_AGENCY})[\w・]*)$",
        rf"\s\|\s(?P<credit>(?:[^|.]{{0,60}}[\s/])?(?:{_AGENCY})(?:[\s/,][^|]*)?)$",
        r"\s/\s(?P<credit>[^/]+(?:/[^/]+)? nuotr\.?)$",
        r"^[(（](?P<credit>[^()（）]{2,60})[)）]$",
        r"(?<=[.!?。”\"])\s*(?P<credit>(?:AP|EPA|AFP|Reuters) (?:Photo|Images?)\b.*)$",
        r"(?:^|(?<=[.!?。)”\"]))\s*\(?(?:Photo|Image|Foto|Picture)s?"
        r" (?:by|via|courtesy of|von|di|de)\s"
        r"(?P<credit>[^()]+)\)?$",
        r"(?<=[。）])\s*图\s?/\s?(?P<credit>.+)$",
        rf"(?<=[.!?。)”\"])\s*(?P<credit>(?:[^.!?。/|]+\s?[/|]\s?)*(?:{_AGENCY})(?:\s?[/|]\s?[^.!?。/|]+)*)$",
        r"(?<=[。！？])\s*(?P<credit>\S{2,20}?)\s?[摄攝]$",
    )
)
_BARE_MARK = re.compile(
    rf"^[\s(（\[]*(?:(?i:{_LATIN}|{_OTHER})\s*[:：=＝/]|图\s?/|©|\([cC]\)|（[ＣC]）"
    r"|(?i:(?:image |photo )?copyright|(?:photo|image|picture|foto)s? (?:by|via|courtesy of)|by)\s"
    r"|(?:Foto|Photo)\s(?=\S))\s*"
)
_ONLY_MARK = re.compile(rf"(?i:{_LATIN}|{_OTHER})")
_RESERVED = re.compile(
    r"[\s.,/]*(?:all rights reserved|alle rechte vorbehalten)\.?$", re.IGNORECASE
)


def split_credit(text: str | None) -> tuple[str | None, str | None]:
    """(caption, credit) of a caption as printed; each null where there is none.

    The full stop before the marker belongs to the caption.
    """
    text = clean(text or "")
    tail = max(0, len(text) - _LONGEST_CREDIT)
    last = next(reversed(list(_CREDIT.finditer(text, tail))), None)
    if last is None or not text[last.end() :].strip(" .)）]"):
        return _split_tail(text)
    last = _first_of_row(text, tail, last)
    opened = last.group()[0] in "(（["
    credit = text[last.end() :].rstrip(" )）]" if opened else " ")
    credit = credit.lstrip("| ")
    if credit.count(".") == 1:
        credit = credit.rstrip(".")
    return text[: last.start()].rstrip(" ,;|–—-") or None, credit


def _first_of_row(text: str, tail: int, last: re.Match[str]) -> re.Match[str]:
    """The first of credits in a row: `Photo: X | Video: Y` are one."""
    for found in reversed(list(_CREDIT.finditer(text, tail, last.start()))):
        if not text[found.end() : last.start()].rstrip().endswith(("|", ";")):
            break
        last = found
    return last


def _split_tail(text: str) -> tuple[str | None, str | None]:
    """A credit that stands at the end in a form of its own: a sign, an agency in brackets."""
    tail = max(0, len(text) - _LONGEST_TAIL)
    for pattern in _TAILS:
        found = pattern.search(text, tail)
        if found and found["credit"].strip(" .)）]"):
            credit = found["credit"].strip(" |)）]")
            return text[: found.start()].rstrip(" ,;|–—-") or None, credit
    return text or None, None


def bare_credit(text: str | None) -> str | None:
    """The name in a credit that stands by itself: without sign, marker and brackets."""
    text = clean(text or "")
    bare = _RESERVED.sub("", _BARE_MARK.sub("", text, count=1))
    if _ONLY_MARK.fullmatch(bare):
        return None
    if bare.count("(") != bare.count(")") or (bare.startswith("(") and bare.endswith(")")):
        bare = bare.strip("() ")
    return bare.strip(" |,;:–—-[]（）") or None
