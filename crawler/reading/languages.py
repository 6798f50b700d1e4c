"""The language of an article: what the page says, unless its script denies it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.reading.draft import Draft, Source
from crawler.reading.page import Page

_SAMPLE = 600  # characters looked at
_LEAST_LETTERS = 20  # fewer tell nothing
_SCRIPTS = {
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "kana": re.compile("[\u3040-\u30ff]"),
    "hangul": re.compile("[\uac00-\ud7af]"),
    "han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "arabic": re.compile("[\u0600-\u06ff]"),
    "latin": re.compile("[A-Za-zÀ-ɏ]"),
}
_KANA_SHARE = 0.05  # of the letters: Japanese, however many are Han
_LANGUAGES = {
    "cyrillic": frozenset("ru uk be bg sr mk kk ky tg mn tt".split()),
    "kana": frozenset(["ja"]),
    "hangul": frozenset(["ko"]),
    "han": frozenset("zh ja yue".split()),
    "arabic": frozenset("ar fa ur ug ps ckb".split()),
}
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_RUSSIAN = re.compile("[ыэъёЫЭЪЁ]")
_METAS = ("og:locale", "content-language", "language", "dc.language", "dcterms.language")


def offer_language(page: Page, draft: Draft) -> None:
    """Offer `language`: the first one named that is written in the text's script."""
    paragraphs = draft.get("paragraphs") or []
    text = " ".join([str(draft.get("headline") or ""), *paragraphs[:5]])[:_SAMPLE]
    script = _script_of(text)
    for said, source in _said(page):
        tag = primary_tag(said)
        if tag and _is_written_in(tag, script):
            draft.offer("language", tag, source)
    draft.offer("language", _by_script(script, text), "page")


def primary_tag(said: object) -> str | None:
    """The primary tag of a BCP 47 tag or a locale, in lower case."""
    if isinstance(said, list):
        said = next(iter(said), None)
    if isinstance(said, dict):
        said = said.get("alternateName") or said.get("name")
    tag = str(said or "").strip().replace("_", "-").split(",")[0].split("-")[0].lower()
    return tag if tag.isascii() and tag.isalpha() and len(tag) in (2, 3) else None


def _said(page: Page) -> Iterator[tuple[object, Source]]:
    yield page.html_language, "page"
    yield page.metadata.article.get("inLanguage"), "json-ld"
    for name in _METAS:
        yield page.metadata.first(name), "meta"
    yield (page.outlet.language if page.outlet else None), "url"


def _script_of(text: str) -> str | None:
    """The script most letters are in; null for too few letters."""
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS.items()}
    letters = sum(counts.values())
    if letters < _LEAST_LETTERS:
        return None
    if counts["kana"] > _KANA_SHARE * letters:
        return "kana"
    return max(counts, key=lambda name: counts[name])


def _is_written_in(tag: str, script: str | None) -> bool:
    if script is None:
        return True
    if script in _LANGUAGES:
        return tag in _LANGUAGES[script]
    return not any(tag in tags for name, tags in _LANGUAGES.items() if name != "cyrillic")


def _by_script(script: str | None, text: str) -> str | None:
    if script == "cyrillic":
        return "uk" if len(_UKRAINIAN.findall(text)) > len(_RUSSIAN.findall(text)) else "ru"
    return {"kana": "ja", "hangul": "ko", "han": "zh"}.get(script or "")
