"""The tags that a page prints with its article."""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.printed_dates import read_printed
from crawler.reading.labels import labels_of
from crawler.reading.page import Page
from crawler.reading.surroundings import ancestors, line_of, marks
from crawler.text import clean

_MOST_LINKS = 5000  # of a page looked at; real ones have hundreds
_MOST_WRAPPERS = 5  # boxes around one link of a list
_MOST_TAG_LIST = 40  # links; a longer list is a menu
_TAG_BOX = re.compile(
    r" (?:article|post|entry|story|content|news)? ?(?:tags?|tag list|taglist|topics?|keywords?"
    r"|hashtags?|themen|schlagwo\w+|stichw\w+|temas|etiquetas|mots cles|теги|related"
    r" tags|related topics|tags links|articletags|topic list|themes?) "
)
_TAG_LINK = re.compile(
    r"/(?:tags?|topics?|thema|themen|temas?|etiquetas?|keywords?|schlagwort\w*|hashtag|theme|themes"
    r"|dossiers?|sujet|subject|temy|tema|t|personen?|orte?|people)/",
    re.IGNORECASE,
)
_LONGEST_BOX = 400  # characters with the white space of its source
_TAG_HEADING = re.compile(
    r"(?:mehr (?:lesen )?(?:über|zu|zum|zur)|lesen sie mehr (?:über|zu)|themen|tags?|topics"
    r"|related topics|schlagw\w+|stichw\w+|keywords?|теги|темы|тэги|标签|標籤|关键词|關鍵字|タグ"
    r"|キーワード|키워드|태그|temas|etiquetas|mots[- ]clés|temi|argomenti)\b.{0,20}$",
    re.IGNORECASE,
)
_NO_TAG = re.compile(
    r"(?:share|teilen|donate|sign|log|learn|help|email|facebook|twitter|print|pinterest|all|alle|more|mehr|see|view|zu|zum|zur|den|skip|show|tous|todos|ver|все|ещё|еще|更多"
    r"|もっと|follow|folgen|subscribe|themen?|topics?|tags?)\b.*|.*:$|home$|главная$|首页$",
    re.IGNORECASE,
)
_NO_TAG_BOX = frozenset({"header", "aside", "p", "h1", "h2", "h3", "figcaption"})
_SITE_MENU = re.compile(r" (?:navbar|menu|masthead|site header|footer|header nav\w*|trending) ")


def printed_tags(page: Page) -> list[str]:
    """The tags printed with the article: a list that is named so, else links to topics."""
    rel = page.tree.css('a[rel~="tag"]')[:_MOST_TAG_LIST]
    if rel and not _is_site_menu(rel[0]):
        return _texts(rel)
    named: list[str] = []
    linked: list[str] = []
    known: dict[int, bool] = {}
    for box, links in _link_lists(page):
        around = (links[0], box, *islice(ancestors(box), 2))
        is_named = not named and (
            any(_is_tag_box(a, known) for a in around) or _is_below_heading(box)
        )
        is_linked = not linked and len(links) > 1 and all(map(_is_tag_link, links))
        if (is_named or is_linked) and not _is_site_menu(box):
            named = named or (_texts(links) if is_named else [])
            linked = linked or (_texts(links) if is_linked else [])
    return named or linked


def _is_tag_box(node: LexborNode, known: dict[int, bool]) -> bool:
    """Whether an element is named as lists of tags are; `known` remembers it by `mem_id`."""
    key = node.mem_id
    if key not in known:
        known[key] = bool(_TAG_BOX.search(marks(node)))
    return known[key]


def _is_tag_link(link: LexborNode) -> bool:
    return bool(_TAG_LINK.search(link.attributes.get("href") or ""))


def _link_lists(page: Page) -> list[tuple[LexborNode, list[LexborNode]]]:
    """The boxes whose links stand side by side, with these links."""
    lists: dict[int, tuple[LexborNode, list[LexborNode]]] = {}
    alone: dict[int, bool] = {}
    area = page.first("main", "[role=main]", "article") or page.tree.body
    for link in area.css("a[href]")[:_MOST_LINKS] if area is not None else []:
        box = _list_of(link, alone)
        if box is not None:
            lists.setdefault(box.mem_id, (box, []))[1].append(link)
    return [entry for entry in lists.values() if len(entry[1]) <= _MOST_TAG_LIST]


def _texts(links: list[LexborNode]) -> list[str]:
    lines = (line_of(link) for link in links)
    labels = labels_of(line for line in lines if len(line) > 1 and not _NO_TAG.match(line))
    return [label for label in labels if read_printed(label) is None]


def _list_of(link: LexborNode, alone: dict[int, bool]) -> LexborNode | None:
    """The box that has several children, such links among them; or one that is named a tag's
    around a link alone. `alone` remembers the boxes seen, by `mem_id`.
    """
    box = link.parent
    named: LexborNode | None = None
    for _ in range(_MOST_WRAPPERS):
        if box is None or box.tag in _NO_TAG_BOX:
            return None
        key = box.mem_id
        if key not in alone:
            alone[key] = _has_one_element(box)
        if not alone[key]:
            break
        if _TAG_BOX.search(marks(box)):
            named = box
        box = box.parent
    if box is None or box.tag in _NO_TAG_BOX or box.tag == "body":
        return None
    return named if named is not None and box.css_first("p") is not None else box


def _has_one_element(box: LexborNode) -> bool:
    first, last = box.first_child, box.last_child
    while first is not None and not first.is_element_node:
        first = first.next
    while last is not None and not last.is_element_node:
        last = last.prev
    return first is None or last is None or first.mem_id == last.mem_id


def _is_below_heading(box: LexborNode) -> bool:
    """Whether a list stands below a line that says what it lists."""
    for above in (box, *islice(ancestors(box), 1)):
        before = above.prev
        while before is not None and not before.is_element_node:
            before = before.prev
        if before is not None and len(text := before.text()) < _LONGEST_BOX:
            return bool(_TAG_HEADING.match(clean(text)))
    return False


def _is_site_menu(node: LexborNode) -> bool:
    return any(
        above.tag in ("header", "footer", "aside") or _SITE_MENU.search(marks(above))
        for above in (node, *ancestors(node))
    ) and not any(above.tag == "article" for above in ancestors(node))
