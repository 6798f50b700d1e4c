"""Who wrote an article: persons before newsrooms, metadata before bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.parsers.generic.fields_headline import Headline
from crawler.parsers.generic.newsroom import tight
from crawler.reading.bylines import clean_name, is_person, names_in_byline, names_of
from crawler.reading.draft import Draft, Source
from crawler.reading.jsonld import ld_names
from crawler.reading.page import Page
from crawler.reading.surroundings import ancestors, is_beside, line_of, marks

_METAS = (
    "author", "article:author", "sailthru.author", "og:article:author", "parsely-author",
    "cxenseparse:author", "article:author_name", "dc.creator", "dcterms.creator", "byl",
    "creator", "og:author", "article.author",
)  # fmt: skip
_BYLINE = (
    '[rel~="author"], [itemprop~="author"], [class*="byline"], [class*="Byline"],'
    ' [class*="author"], [class*="Author"], [class*="autor"], [class*="Autor"], address,'
    ' [class*="reporter"], [class*="writer"], [class*="journalist"], [class*="redakt"],'
    ' a[href*="/author/"], a[href*="/autor/"], a[href*="/autoren/"], a[href*="/authors/"],'
    ' a[href*="/profile/"], a[href*="/journalist"]'
)
_NO_BYLINE = re.compile(
    r" (?:comment\w*|bio|biography|avatar|image|img|picture|photo|foto|caption|credits?|copyright"
    r"|description|desc|social|follow|count|search|menu|nav|related|teaser|card|cards) "
)
_LONGEST_BOX = 1500  # characters with the white space of its source
_MOST_BOXES = 60
_NEAR = 4  # boxes around the headline that its byline stands in
_MARKED_LINE = re.compile(
    r"^(?:(?:By|Von|Par|Por)\s|Автор(?:ы|и)?[:\s]|文[:：/]|作者[:：]|(?:新华社|中新社|本报)?(?:記者|记者)|撰文[:：/]|[(（]?责编[:：]|[(（]?责任编辑[:：])\s*\S"
)
_STAFF = re.compile(r"\b(?:staff (?:reporter|writer)|(?:news|web) desk|newsroom)s?$", re.IGNORECASE)
_FIRST = 4  # paragraphs that may be a byline
_MOSTLY = 0.8  # of the letters of a line that is names alone
_LONGEST_MARKED = 120  # characters of a line that is a byline by its first word alone


def offer_authors(page: Page, draft: Draft, headline: Headline | None, site: set[str]) -> None:
    """Newsrooms (`site` has their names), and what else is no person, count only where no
    person is named.
    """
    weak: list[tuple[list[str], Source]] = []
    for names, source in _said(page):
        persons = [name for name in names if tight(name) not in site and not _is_nobody(name)]
        if persons:
            draft.offer("authors", persons, source)
        elif names:
            weak.append((names, source))
    if not draft.has("authors"):
        draft.offer("authors", _printed(page, headline, site), "page")
    for names, source in weak:
        draft.offer("authors", names, source)


def _said(page: Page) -> Iterator[tuple[list[str], Source]]:
    meta = page.metadata
    yield names_of(ld_names(meta.article.get("author"), meta.json_ld_ids)), "json-ld"
    yield names_of(ld_names(meta.article.get("creator"), meta.json_ld_ids)), "json-ld"
    yield names_of(_no_addresses(_marked_authors(page))), "microdata"
    for name in _METAS:
        values = _no_addresses(meta.all(name))
        yield [n for n in names_of(values) if not _is_slug(n)][: len(values) + 8], "meta"


def _marked_authors(page: Page) -> list[str]:
    nodes = page.metadata.marked("author")
    near = [node for node in nodes if node.tag != "figcaption" and not _is_no_byline(node)]
    values = (_marked_name(node) for node in near)
    return list(dict.fromkeys(value for value in values if value))


def _marked_name(node: LexborNode) -> str:
    name = node.css_first('[itemprop="name"]') or node
    return (name.attributes.get("content") or "").strip() or line_of(name)


def _no_addresses(values: list[str]) -> list[str]:
    return [v for v in values if not re.search(r"://|@|^/|^\(", v) and not v.isdigit()]


def _is_slug(name: str) -> bool:
    return name.islower() and "-" in name


def _is_site(name: str) -> bool:
    return bool(re.search(r"\.(?:com|org|net|[a-z]{2})\b", name, re.IGNORECASE)) and " " not in name


def _is_nobody(name: str) -> bool:
    """Whether a name is a site's, or only says that somebody of the newsroom wrote it."""
    return _is_site(name) or bool(_STAFF.search(name))


def _printed(page: Page, headline: Headline | None, site: set[str]) -> list[str]:
    """The first byline near the headline that names a person, else any of the article."""
    around = list(ancestors(headline.node)) if headline else []
    near = around[:_NEAR]
    whole = next((box for box in around if box.tag in ("article", "main")), page.tree.body)
    if whole is not None:
        near.append(whole)
    seen: set[int] = set()
    for box in near:
        for node in box.css(_BYLINE)[:_MOST_BOXES]:
            if node.mem_id in seen:
                continue
            seen.add(node.mem_id)
            if _is_no_byline(node) or is_beside(node, until=box):
                continue
            names = [name for name in _names(node) if tight(name) not in site]
            if names:
                return names
    return _unmarked(near, site) or (_bold(whole) if whole is not None else [])


def _is_no_byline(node: LexborNode) -> bool:
    around = (node, *islice(ancestors(node), 4))
    return any(a.tag in ("figure", "figcaption") or _NO_BYLINE.search(marks(a)) for a in around)


def _names(node: LexborNode) -> list[str]:
    """Those of the byline's links, else of its text."""
    if len(node.text()) > _LONGEST_BOX:
        return []
    linked = [name for link in node.css("a") if (name := clean_name(line_of(link)))]
    persons = [name for name in linked if is_person(name)]
    if persons:
        return list(dict.fromkeys(persons))
    parts = [name for part in node.css("span") if (name := clean_name(line_of(part)))]
    persons = [name for name in parts if is_person(name)]
    return list(dict.fromkeys(persons)) or names_in_byline(line_of(node))


def _unmarked(near: list[LexborNode], site: set[str]) -> list[str]:
    """A short line near the headline that begins as bylines do."""
    seen: set[int] = set()
    for box in near:
        for node in box.css("p, span, div, h4, h5, h6, li, em, strong, i, b")[: _MOST_BOXES * 4]:
            if node.mem_id in seen:
                continue
            seen.add(node.mem_id)
            text = node.text()
            if len(text) <= _LONGEST_MARKED and _MARKED_LINE.match(text.strip()):
                if any(above.tag == "a" for above in ancestors(node)):
                    continue
                names = [n for n in names_in_byline(line_of(node)) if tight(n) not in site]
                if names:
                    return names
    return []


def _bold(article: LexborNode) -> list[str]:
    """A first paragraph that is nothing but names in bold."""
    for paragraph in article.css("p")[:_FIRST]:
        bold = paragraph.css_first("strong, b")
        if bold is not None and line_of(bold) == (line := line_of(paragraph)):
            names = names_in_byline(line)
            if names and sum(map(len, names)) >= _MOSTLY * len(line):
                return names
    return []
