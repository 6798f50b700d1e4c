"""Where else a page may have its text than in its elements."""

from __future__ import annotations

from crawler.parsers.generic.body import Reading
from crawler.parsers.generic.container import letters
from crawler.parsers.generic.phrases import is_byline, is_label, is_notice, is_teaser
from crawler.parsers.generic.state import text_in_state
from crawler.reading.draft import Source
from crawler.reading.page import Page
from crawler.text import clean

_LEAST_TEXT = 1_000  # letters in elements; less may be a teaser of what the scripts have
_LEAST_ELSEWHERE = 400  # letters of a text in scripts
_TIMES = 2  # as long as what the elements have


def read_elsewhere(page: Page, headline: str, reading: Reading) -> Source:
    """Take the text from the page's state or JSON-LD if its elements have next to none.

    Returns where the text is from.
    """
    length = sum(map(letters, reading.body.paragraphs))
    if length >= _LEAST_TEXT:
        return "page"
    told = {headline, *reading.summary}
    least = max(_LEAST_ELSEWHERE, _TIMES * length)
    said = page.metadata.article.get("articleBody")
    copy = [clean(line) for line in said.splitlines()] if isinstance(said, str) else []
    sources: list[tuple[Source, list[str]]] = [
        ("state", text_in_state(page, headline)),
        ("json-ld", copy),
    ]
    for source, paragraphs in sources:
        kept = [text for text in paragraphs if text not in told and _is_paragraph(text)]
        if sum(map(letters, kept)) >= least:
            reading.body.paragraphs = kept
            reading.body.subheads.clear()
            return source
    return "page"


def _is_paragraph(text: str) -> bool:
    return bool(text) and not (
        is_label(text) or is_byline(text) or is_teaser(text) or is_notice(text)
    )
