"""The headline as printed. Social and search titles only where the page prints none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from crawler.parsers.generic.headings import is_hidden, is_no_headline
from crawler.parsers.generic.newsroom import tight
from crawler.reading.draft import Draft
from crawler.reading.jsonld import ld_text
from crawler.reading.page import Page
from crawler.reading.surroundings import ancestors, is_beside, line_of, marks

_MOST_HEADINGS = 40  # looked at; index pages have hundreds
_LONGEST = 400  # characters; a longer heading is a text
_LEAST_WORDS_SHARE = 3  # a printed headline shorter than the title's third is a label
_KICKER = re.compile(
    r" (?:kicker|topline|overline|eyebrow|dachzeile|spitzmarke|rubric|rubrik|label|topic"
    r"|section|category|vorspann|pretitle|supertitle|antetitulo) "
)
_TITLE = re.compile(r" (?:title|headline|heading|titulo|titre|titel|headlines?) ")
_SUFFIX = re.compile(r"\s+(?:[-–—|:•·»]|::)\s+[^-–—|•·»]{2,60}$")


@dataclass(frozen=True, slots=True)
class Headline:
    """A heading of the page: its element, its text, and the label printed in it, if any."""

    node: LexborNode
    text: str
    label: str | None = None


def offer_headline(page: Page, draft: Draft) -> Headline | None:
    """Offer the headline; its element, for what stands around it."""
    meta = page.metadata
    said = ld_text(meta.article.get("headline")) or ld_text(meta.article.get("name"))
    social = meta.first("og:title", "twitter:title", "parsely-title", "sailthru.title")
    bare = _without_site(page, social)
    titles = [title for title in (said, social, bare, meta.first("title", "dc.title")) if title]
    printed = _printed(page, titles)
    if printed:
        draft.offer("headline", _joined(printed.text, titles), "page")
    draft.offer("headline", said, "json-ld")
    second = None if printed else _named_heading(page, titles)
    draft.offer("headline", second.text if second else None, "page")
    draft.offer("headline", next(iter(meta.marked_values("headline")), None), "microdata")
    draft.offer("headline", bare, "meta")
    draft.offer("headline", _without_site(page, page.first_text("title")), "meta")
    return printed or second


def _printed(page: Page, titles: list[str]) -> Headline | None:
    """The first heading equal to a title of the page, an `h1` before others; else an `h1`."""
    headings = page.tree.css("h1")[:_MOST_HEADINGS]
    site = tight(page.metadata.first("og:site_name") or "")
    usable = [h for h in headings if not is_no_headline(page, h)]
    usable = [h for h in usable if not is_hidden(h)] or usable
    found = [made for node in usable if (made := _headline(node, titles))]
    found = [made for made in found if tight(made.text) != site]
    wanted = {tight(title) for title in titles}
    equal = next((made for made in found if tight(made.text) in wanted), None)
    if equal is None:
        second = (made for node in _second(page) if (made := _headline(node, titles)))
        equal = next((made for made in second if tight(made.text) in wanted), None)
    if equal or not found:
        return equal
    return next((made for made in found if _is_long_enough(made.text, titles)), found[0])


def _second(page: Page) -> list[LexborNode]:
    """Some sites print the headline as `h2` and keep the `h1` for a breadcrumb."""
    nodes = page.tree.css("h2, h3, [itemprop=headline]")[:_MOST_HEADINGS]
    return [n for n in nodes if not _has_link(n) or n.attributes.get("itemprop") == "headline"]


def _has_link(node: LexborNode) -> bool:
    return node.css_first("a") is not None


def _named_heading(page: Page, titles: list[str]) -> Headline | None:
    """A second heading that is a headline by its place or name alone."""
    for node in _second(page):
        is_named = node.tag == "h2" and not _has_link(node) and _is_title_box(node)
        if is_named and not is_beside(node):
            made = _headline(node, titles)
            if made is not None and _is_long_enough(made.text, titles):
                return made
    return None


def _is_title_box(node: LexborNode) -> bool:
    around = (node, *list(ancestors(node))[:2])
    return any(a.tag in ("hgroup", "header") or _TITLE.search(marks(a)) for a in around)


def _headline(node: LexborNode, titles: list[str]) -> Headline | None:
    """A heading with or without the label in it, whichever the page's titles have."""
    text = line_of(node)
    if not text or len(text) > _LONGEST:
        return None
    label_node = _label_node(node)
    if label_node is None:
        return _after_label(node, text, titles)
    label = line_of(label_node)
    rest = text[len(label) :].strip() if text.startswith(label) else text
    bare = rest.lstrip(":|–— ").strip()
    wanted = {tight(title) for title in titles}
    if not bare or tight(text) in wanted:
        return Headline(node, text, label.strip(" :|"))
    is_joined = rest.startswith(":") or label.endswith(":")
    if tight(bare) in wanted or not is_joined:
        return Headline(node, bare, label.strip(" :|"))
    return Headline(node, text, label.strip(" :|"))


def _joined(text: str, titles: list[str]) -> str:
    """A heading put together as a title has it: that knows the blanks between its elements,
    and the colon where the page begins a new line.
    """
    if text in titles:
        return text
    bare = text.replace(" ", "")
    alike = [t for t in titles if t.replace(" ", "").replace(":", "") == bare.replace(":", "")]
    return next(iter(alike), text)


def _after_label(node: LexborNode, text: str, titles: list[str]) -> Headline:
    """A heading that ends with a title of the page has a label before it."""
    if tight(text) in map(tight, titles):
        return Headline(node, text)
    for title in titles:
        label = text[: -len(title)].rstrip(" :|–—")
        if text.endswith(title) and 0 < len(label) <= len(title):
            return Headline(node, title, label)
    return Headline(node, text)


def _label_node(node: LexborNode) -> LexborNode | None:
    for child in node.css("span, div, small, p, strong, a"):
        if _KICKER.search(marks(child)) and line_of(child):
            return child
    return None


def _is_long_enough(text: str, titles: list[str]) -> bool:
    longest = max(map(len, titles), default=0)
    return len(text) * _LEAST_WORDS_SHARE >= longest


def _without_site(page: Page, title: str | None) -> str | None:
    """A title without the site's name after it; without a known name, without a short end."""
    if not title:
        return None
    site = page.metadata.first("og:site_name", "application-name", "twitter:site")
    cut = _SUFFIX.sub("", title)
    end = title[len(cut) :]
    is_site = tight(site) in tight(end) if site else len(end) < len(cut)
    return cut if is_site else title
