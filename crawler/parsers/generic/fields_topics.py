"""The labels of an article: its tags, its section's path, the label over its headline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from selectolax.lexbor import LexborNode

from crawler.parsers.generic.fields_headline import Headline
from crawler.reading.draft import Draft
from crawler.reading.jsonld import JsonObject, ld_names, ld_objects, ld_text
from crawler.reading.page import Page
from crawler.reading.surroundings import ancestors, line_of, marks

_TAG_METAS = ("dc.subject", "dcterms.subject", "parsely-tags", "cxenseparse:keywords")
_SECTION_METAS = ("article:section", "og:section", "parsely-section", "section", "article.section")
_BETWEEN = re.compile(r"\s*[,;，、；|]\s*")
_WIDE_BLANK = re.compile(r"(?<=[\u3040-\u9fff])\s+(?=[\u3040-\u9fff])")
# Ids, hosts, paths and what content systems put among their tags for themselves.
_NO_TOPIC = re.compile(
    r"^(?:[0-9a-f]{8}-[0-9a-f-]{20,}|https?://.*|[\w.-]+\.(?:com|org|net|ca|uk)|[\W\d_]*"
    r"|(?:nlp|region|primary|section|type|source|author|ads?|template|format|content)"
    r"(?:[ _-][\w -]+)?:.*)$",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(?:category|tag|topic|keyword|subject)s?\s*[:/]\s*|^#|^[a-z]+/(?=[^/]+$)", re.IGNORECASE
)
_LONGEST_TOPIC = 60  # characters; longer ones are headlines
_MOST_TOPICS = 60
_MOST_WRAPPERS = 5  # boxes around one link of a list
_MOST_TAG_LIST = 40  # links; a longer list is a menu
_TAG_BOX = re.compile(
    r" (?:article|post|entry|story|content|news)? ?(?:tags?|tag list|taglist|topics?|keywords?"
    r"|keyword list|hashtags?|themen|schlagwo\w+|stichw\w+|temas|etiquetas|mots cles|теги|related"
    r" tags|related topics|tags links|articletags|topic list|themes?) "
)
_TAG_LINK = re.compile(
    r"/(?:tags?|topics?|thema|themen|temas?|etiquetas?|keywords?|schlagwort\w*|hashtag|theme|themes"
    r"|dossiers?|sujet|subject|temy|tema|aktuell/thema|noticias/tema|t|personen?|orte?|people)/",
    re.IGNORECASE,
)
_NO_TAG = re.compile(
    r"(?:all|alle|more|mehr|see|view|zu|zum|zur|den|skip|show|tous|todos|ver|все|ещё|еще|更多"
    r"|もっと|follow|folgen|subscribe|themen?|topics?|tags?)\b.*|.*:$",
    re.IGNORECASE,
)
_NO_TAG_BOX = frozenset({"header", "aside", "p", "h1", "h2", "h3", "figcaption"})
_SITE_MENU = re.compile(r" (?:navbar|menu|masthead|site header|footer|header nav\w*|trending) ")
_LABEL = (
    '[class*="kicker"], [class*="eyebrow"], [class*="overline"], [class*="topline"],'
    ' [class*="dachzeile"], [class*="spitzmarke"], [class*="rubric"], [class*="rubrik"],'
    ' [class*="topic-label"], [class*="category"], [class*="article-label"], [class*="section"]'
)
_LONGEST_LABEL = 80
_HOME = re.compile(r"^(?:home|startseite|start|homepage|accueil|inicio|portada|главная|головна|首页"
                   r"|首頁|ホーム|トップ|홈|news home|.*\.\w{2,3})$", re.IGNORECASE)  # fmt: skip


def offer_labels(page: Page, draft: Draft, headline: Headline | None) -> None:
    """Offer `topics`, `section` and `topic`."""
    meta, ld = page.metadata, page.metadata.article
    draft.offer("topics", topics_of(meta.all("news_keywords")), "meta")
    draft.offer("topics", topics_of(chain.from_iterable(map(meta.all, _TAG_METAS[:2]))), "meta")
    draft.offer("topics", topics_of(meta.all("article:tag")), "meta")
    draft.offer("topics", topics_of(_values(ld.get("keywords"))), "json-ld")
    keywords = topics_of(meta.all("keywords") or meta.all("custom-keywords"))
    own = [label for label in keywords if not _names_site(label, page)]
    is_general = len(own) < len(keywords) or not _is_about(own, page)
    draft.offer("topics", [] if is_general else own, "meta")
    draft.offer("topics", topics_of(meta.marked_values("keywords")), "microdata")
    for name in _TAG_METAS[2:]:
        draft.offer("topics", topics_of(meta.all(name)), "meta")
    _offer_printed_tags(page, draft)
    draft.offer("topics", own, "meta")
    draft.offer("topics", topics_of(_sections(ld.get("articleSection"))), "json-ld")
    draft.offer("section", _path(page, draft.get("headline") or ""), "json-ld")
    draft.offer("section", " / ".join(_sections(ld.get("articleSection"))), "json-ld")
    draft.offer("section", " / ".join(meta.marked_values("articleSection")[:1]), "microdata")
    draft.offer("section", meta.first(*_SECTION_METAS), "meta")
    draft.offer("topic", headline.label if headline else None, "page")
    draft.offer("topic", _label(headline) if headline else None, "page")


def _offer_printed_tags(page: Page, draft: Draft) -> None:
    """The page's list where metadata has none, or one label only of the page's several."""
    said = draft.get("topics") or []
    if len(said) > 1:
        return
    printed = _printed_tags(page)
    if said and len(printed) > 1 and said[0].casefold() in map(str.casefold, printed):
        draft.replace("topics", printed, "page")
    draft.offer("topics", printed, "page")


def _names_site(label: str, page: Page) -> bool:
    site = page.metadata.first("og:site_name", "application-name", "copyright") or ""
    names = ld_names(page.metadata.article.get("publisher"), page.metadata.json_ld_ids)
    folded = label.casefold().replace(" ", "")
    wanted = [name.casefold().replace(" ", "") for name in (site, *names) if name]
    return any(folded == name or (len(folded) > 3 and folded in name) for name in wanted)


def _is_about(labels: list[str], page: Page) -> bool:
    """Whether one of the labels is in the title or the description: else they are the site's."""
    meta = page.metadata
    names = ("og:title", "og:description", "description", "twitter:title", "title")
    said = [*(meta.first(name) or "" for name in names), page.first_text("title", "h1") or ""]
    text = " ".join(said).casefold()
    return any(
        word in text for label in labels for word in label.casefold().split() if len(word) > 1
    )


def _values(value: object) -> list[str]:
    return ld_names(value)


def topics_of(values: Iterable[str]) -> list[str]:
    """The labels of one or several lists, each once, without what is none."""
    found: dict[str, str] = {}
    for value in values:
        parts = _BETWEEN.split(ld_text(value) or "")
        if len(parts) == 1:
            parts = _WIDE_BLANK.split(parts[0])
        for part in parts:
            label = _PREFIX.sub("", _PREFIX.sub("", part.strip())).strip(" \"'")
            if label and len(label) <= _LONGEST_TOPIC and not _NO_TOPIC.match(label):
                found.setdefault(label.casefold(), label)
    return list(found.values())[:_MOST_TOPICS]


def _printed_tags(page: Page) -> list[str]:
    """The tags printed with the article: a list that is named so, else links to topics."""
    rel = page.tree.css('a[rel~="tag"]')[:_MOST_TAG_LIST]
    if rel and not _is_site_menu(rel[0]):
        return _texts(rel)
    named: list[str] = []
    linked: list[str] = []
    for box, links in _link_lists(page):
        around = (links[0], box, *islice(ancestors(box), 2))
        is_named = not named and any(_TAG_BOX.search(marks(a)) for a in around)
        is_linked = not linked and len(links) > 1 and all(map(_is_tag_link, links))
        if (is_named or is_linked) and not _is_site_menu(box):
            named = named or (_texts(links) if is_named else [])
            linked = linked or (_texts(links) if is_linked else [])
    return named or linked


def _is_tag_link(link: LexborNode) -> bool:
    return bool(_TAG_LINK.search(link.attributes.get("href") or ""))


def _link_lists(page: Page) -> list[tuple[LexborNode, list[LexborNode]]]:
    """The boxes whose links stand side by side, with these links."""
    lists: dict[int, tuple[LexborNode, list[LexborNode]]] = {}
    for link in page.tree.css("a[href]"):
        box = _list_of(link)
        if box is not None:
            lists.setdefault(box.mem_id, (box, []))[1].append(link)
    return [entry for entry in lists.values() if len(entry[1]) <= _MOST_TAG_LIST]


def _texts(links: list[LexborNode]) -> list[str]:
    lines = (line_of(link) for link in links)
    return topics_of(line for line in lines if len(line) > 1 and not _NO_TAG.match(line))


def _list_of(link: LexborNode) -> LexborNode | None:
    """The box that has several children, such links among them."""
    box = link.parent
    for _ in range(_MOST_WRAPPERS):
        if box is None or box.tag in _NO_TAG_BOX:
            return None
        children = box.iter()
        next(children, None)
        if next(children, None) is not None:
            break
        box = box.parent
    if box is None or box.tag in _NO_TAG_BOX or box.tag == "body":
        return None
    return box


def _is_site_menu(node: LexborNode) -> bool:
    return any(
        above.tag in ("header", "footer", "aside") or _SITE_MENU.search(marks(above))
        for above in (node, *ancestors(node))
    ) and not any(above.tag == "article" for above in ancestors(node))


def _sections(value: object) -> Iterator[str]:
    for name in ld_names(value):
        yield from (part for part in _BETWEEN.split(name) if part)


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
    return name.casefold() in headline.casefold() or len(name) > _LONGEST_TOPIC


def _crumb(item: JsonObject) -> str | None:
    inner = item.get("item")
    name = item.get("name") or (inner.get("name") if isinstance(inner, dict) else None)
    return ld_text(name)


def _label(headline: Headline) -> str | None:
    """A short text named as a label, right before the headline."""
    node = headline.node
    for around in [node, *list(ancestors(node))[:2]]:
        before = around.prev
        for _ in range(4):
            if before is None:
                break
            if before.is_element_node:
                for part in (before, *before.css(_LABEL)[:2]):
                    is_named = _TOPIC_NAMED.search(marks(part))
                    if is_named and len(part.text()) < _LONGEST_LABEL * 4:
                        text = line_of(part)
                        if 1 < len(text) <= _LONGEST_LABEL:
                            return text.strip(" :|/")
            before = before.prev
    return None


_TOPIC_NAMED = re.compile(
    r" (?:kicker|eyebrow|overline|topline|dachzeile|spitzmarke|rubric|rubrik|topic|label|category"
    r"|section|pretitle) "
)
