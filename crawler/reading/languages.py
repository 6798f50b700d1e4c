"""The language of an article: what its text is written in, else what the page says."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.languages import SAMPLE_CHARACTERS, are_kin, detect, may_be, script_of
from crawler.reading.draft import Draft, Source
from crawler.reading.page import Page

_METAS = ("og:locale", "content-language", "language", "dc.language", "dcterms.language")


def offer_language(page: Page, draft: Draft) -> None:
    """Offer `language`: that of headline and paragraphs where they are long enough to tell.

    Templates carry the language of another edition, so the page is asked only about short
    texts, and where languages are as near as Norwegian's two; a language that is not written
    in the text's script is not believed. Nothing is offered where all are silent.
    """
    text = _sample(draft)
    detected, script = detect(text), script_of(text)
    said = [(primary_tag(value), source) for value, source in _said(page)]
    if detected and detected.is_sure:
        near = (tag for tag, _ in said if tag and are_kin(tag, detected.tag))
        draft.offer("language", next(near, detected.tag), "page")
    for tag, source in said:
        if tag and may_be(tag, script):
            draft.offer("language", tag, source)
    if detected:
        draft.offer("language", detected.tag, "page")


def primary_tag(said: object) -> str | None:
    """The primary tag of a BCP 47 tag or a locale, in lower case."""
    if isinstance(said, list):
        said = next(iter(said), None)
    if isinstance(said, dict):
        said = said.get("alternateName") or said.get("name")
    tag = str(said or "").strip().replace("_", "-").split(",")[0].split("-")[0].lower()
    return tag if tag.isascii() and tag.isalpha() and len(tag) in (2, 3) else None


def _sample(draft: Draft) -> str:
    parts = [str(draft.get("headline") or "")]
    length = len(parts[0])
    for paragraph in [*(draft.get("paragraphs") or []), *(draft.get("summary") or [])]:
        if length >= SAMPLE_CHARACTERS:
            break
        parts.append(paragraph[:SAMPLE_CHARACTERS])
        length += len(parts[-1])
    return "\n".join(parts)


def _said(page: Page) -> Iterator[tuple[object, Source]]:
    yield page.html_language, "page"
    yield page.metadata.article.get("inLanguage"), "json-ld"
    for name in _METAS:
        yield page.metadata.first(name), "meta"
    yield (page.outlet.language if page.outlet else None), "url"
