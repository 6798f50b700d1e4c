"""Where an article stands in its outlet: its section, and the label over its headline."""

from __future__ import annotations

import re
from itertools import islice

from crawler.parsers.generic.fields_headline import Headline
from crawler.parsers.generic.newsroom import tight
from crawler.printed_dates import read_printed
from crawler.reading.draft import Draft
from crawler.reading.jsonld import JsonObject, ld_names, ld_objects, ld_text
from crawler.reading.labels import parts_of
from crawler.reading.page import Page
from crawler.reading.surroundings import ancestors, line_of, marks

_SECTION_METAS = ("article:section", "og:section", "parsely-section", "section", "article.section")
_LABEL = (
    '[class*="kicker"], [class*="eyebrow"], [class*="overline"], [class*="topline"],'
    ' [class*="dachzeile"], [class*="spitzmarke"], [class*="rubric"], [class*="rubrik"],'
    ' [class*="topic-label"], [class*="category"], [class*="article-label"], [class*="section"]'
)
_TOPIC_NAMED = re.compile(
    r" (?:kicker|eyebrow|overline|topline|dachzeile|spitzmarke|rubric|rubrik|topic|label|category"
    r"|section|pretitle) "
)
_LONGEST_LABEL = 60
_LONGEST_CRUMB = 60  # characters; longer ones are headlines
_HOME = re.compile(r"^(?:home|startseite|start|homepage|accueil|inicio|portada|главная|головна|首页"
                   r"|首頁|ホーム|トップ|홈|news home|.*\.\w{2,3})$", re.IGNORECASE)  # fmt: skip


def offer_section(page: Page, draft: Draft, headline: Headline | None) -> None:
    """Offer `section` and `topic`."""
    meta, ld = page.metadata, page.metadata.article
    draft.offer("section", _path(page, draft.get("headline") or ""), "json-ld")
    draft.offer("section", " / ".join(parts_of(ld_names(ld.get("articleSection")))), "json-ld")
    draft.offer("section", " / ".join(meta.marked_values("articleSection")[:1]), "microdata")
    draft.offer("section", meta.first(*_SECTION_METAS), "meta")
    for label in (headline.label, _label(headline)) if headline else ():
        if label and tight(label) != tight(headline.text if headline else ""):
            draft.offer("topic", label, "page")


def _path(page: Page, headline: str) -> str | None:
    """The path of the page's breadcrumbs between the start page and the headline."""
    crumbs: list[JsonObject] = [
        entry for entry in page.metadata.json_ld if entry.get("@type") == "BreadcrumbList"
    ]
    for entry in crumbs[:1]:
        items = ld_objects(entry.get("itemListElement"), page.metadata.json_ld_ids)
        names = [_crumb(item) for item in items]
        kept = [n for n in names if n and not _HOME.match(n) and n != headline]
        if (
            kept
            and names
            and names[-1] == kept[-1]
            and len(names) > 1
            and _is_last(kept[-1], headline)
        ):
            kept = kept[:-1]
        return " / ".join(kept) or None
    return None


def _is_last(name: str, headline: str) -> bool:
    """Whether the last crumb is the article itself: its headline, or as long as one."""
    return name.casefold() in headline.casefold() or len(name) > _LONGEST_CRUMB


def _crumb(item: JsonObject) -> str | None:
    inner = item.get("item")
    name = item.get("name") or (inner.get("name") if isinstance(inner, dict) else None)
    return ld_text(name)


def _label(headline: Headline) -> str | None:
    """A short text named as a label, right before the headline."""
    node = headline.node
    for around in [node, *islice(ancestors(node), 2)]:
        before = around.prev
        for _ in range(4):
            if before is None:
                break
            if before.is_element_node:
                for part in (before, *before.css(_LABEL)[:2]):
                    is_named = _TOPIC_NAMED.search(marks(part))
                    if is_named and len(part.text()) < _LONGEST_LABEL * 4:
                        text = line_of(part)
                        if 1 < len(text) <= _LONGEST_LABEL and read_printed(text) is None:
                            return text.strip(" :|/")
            before = before.prev
    return None
