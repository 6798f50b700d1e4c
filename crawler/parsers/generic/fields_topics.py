"""The topics of an article: its tags and keywords."""

from __future__ import annotations

import re

from crawler.parsers.generic.newsroom import names_site
from crawler.parsers.generic.printed_tags import printed_tags
from crawler.reading.draft import Draft, Source
from crawler.reading.jsonld import ld_names
from crawler.reading.labels import labels_of, parts_of
from crawler.reading.page import Page

_JSON_LD = "json-ld"
# In order of how often they are the article's own and no more (measured).
_LISTS = (
    "news_keywords", "dc.subject", "dcterms.subject", "article:tag", _JSON_LD, "keywords",
    "custom-keywords",
)  # fmt: skip
_LONGEST_SUBJECT = 20_000  # characters searched for words of the labels
_FEWEST_CUT = 4  # words in a row that are a sentence's
_NO_LETTER = re.compile(r"[\W_]+")
_OTHER_LISTS = ("parsely-tags", "cxenseparse:keywords")


def offer_topics(page: Page, draft: Draft, site: set[str]) -> None:
    """Offer `topics`: what metadata lists of this article, else what the page prints.

    The newsroom's names, `site`, are none.
    """
    meta, ld = page.metadata, page.metadata.article
    subject = _subject(page)
    general: list[str] = []
    for name in _LISTS:
        source: Source = "json-ld" if name == _JSON_LD else "meta"
        said = ld_names(ld.get("keywords")) if name == _JSON_LD else meta.all(name)
        labels = labels_of(said)
        own = [label for label in labels if not names_site(label, site)]
        if _is_cut_up(own, subject):
            continue
        if len(own) < len(labels) or (name.endswith("keywords") and not _is_about(own, subject)):
            general = general or own
        else:
            draft.offer("topics", own, source)
    draft.offer("topics", labels_of(meta.marked_values("keywords")), "microdata")
    for name in _OTHER_LISTS:
        draft.offer("topics", labels_of(meta.all(name)), "meta")
    _offer_printed_tags(page, draft)
    draft.offer("topics", general if _is_about(general, subject) else [], "meta")
    draft.offer("topics", labels_of(parts_of(ld_names(ld.get("articleSection")))), "json-ld")


def _offer_printed_tags(page: Page, draft: Draft) -> None:
    """The page's list where metadata has none, or one label only of the page's several."""
    said = draft.get("topics") or []
    if len(said) > 1:
        return
    printed = printed_tags(page)
    if said and len(printed) > 1 and said[0].casefold() in map(str.casefold, printed):
        draft.replace("topics", printed, "page")
    draft.offer("topics", printed, "page")


def _subject(page: Page) -> str:
    """The page's titles and descriptions, case folded."""
    meta = page.metadata
    names = ("og:title", "og:description", "description", "twitter:title", "title")
    said = [*(meta.first(name) or "" for name in names), page.first_text("title", "h1") or ""]
    return " ".join(said)[:_LONGEST_SUBJECT].casefold()


def _is_cut_up(labels: list[str], subject: str) -> bool:
    """Whether labels are the words of a sentence one by one, small words included."""
    folded = [label.casefold() for label in labels]
    is_long_enough = len(folded) >= _FEWEST_CUT and all(" " not in label for label in folded)
    return is_long_enough and " ".join(folded) in _NO_LETTER.sub(" ", subject)


def _is_about(labels: list[str], subject: str) -> bool:
    """Whether a word of the labels is in the subject: else they are the whole site's."""
    words = (word for label in labels for word in label.casefold().split())
    return any(word in subject for word in words if len(word) > 1)
