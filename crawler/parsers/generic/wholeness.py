"""Whether a page holds the whole of its article."""

from __future__ import annotations

import re

from crawler.parsers.generic.body import Reading
from crawler.parsers.generic.judge import Kind
from crawler.reading.page import Page

_WALL = re.compile(
    r"(?:subscribe|log ?in|sign ?in|register|sign up|become a (?:member|subscriber))"
    r"\b.{0,40}\b(?:continue|keep|read|unlock|access)\b"
    r"|to (?:continue|keep) reading|(?:subscriber|member|premium)s?[- ](?:only|exclusive)"
    r"|(?:only|exclusively|reserved) for (?:our )?(?:subscribers|members)|already a (?:subscriber|member)\?"
    r"|il vous reste \S+ ?% |la suite est réservée|(?:article|contenu) réservé aux abonnés"
    r"|weiterlesen mit|(?:jetzt|um) weiterzulesen|nur für abonnenten|diesen artikel freischalten"
    r"|para (?:seguir|continuar) leyendo|solo para suscriptores|per continuare a leggere"
    r"|exclusivo para assinantes|dostęp(?:ne)? (?:tylko )?dla (?:prenumeratorów|subskrybentów)"
    r"|(?:доступн\w+|только) (?:\w+ )?(?:для |по )?(?:подписчик\w+|подписке)|читать (?:дальше )?по подписке"
    r"|残り\s?\d+\s?文字|続きを読む|有料会員|付费(?:阅读|内容|订阅)|订阅后|登录后(?:阅读|查看)|剩余\s?\d+\s?[%字]",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])$")
_NEXT = 12  # lines below the text in which a wall says so
_COPY_SHARE = 0.7  # of the page's own copy of the text, or of its count of words
_LEAST_WORDS = 100  # of a count that is to be believed
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
    if counted.isascii() and counted.isdigit() and int(counted) >= _LEAST_WORDS:
        return words < _COPY_SHARE * int(counted) and _is_walled(reading)
    return len(paragraphs) <= _FEW_PARAGRAPHS and _is_walled(reading)


def _is_walled(reading: Reading) -> bool:
    last = max(
        (at for at, (_, kind) in enumerate(reading.judged) if kind is Kind.TEXT), default=0
    )
    below = [line.text for line, _ in reading.judged[last + 1 : last + 1 + _NEXT]]
    below += [line.text for line in reading.after[:_NEXT]]
    return bool(_CUT_OFF.search(reading.body.paragraphs[-1])) or any(map(_WALL.search, below))
