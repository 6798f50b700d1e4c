"""What the newsroom of a page calls itself: no author, no topic, no headline."""

from __future__ import annotations

import re

from crawler.reading.bylines import clean_name
from crawler.reading.jsonld import ld_names, types_of
from crawler.reading.page import Page
from crawler.urls import host_of

_ORGANISATIONS = frozenset({"NewsMediaOrganization", "Organization", "WebSite"})
_METAS = ("og:site_name", "application-name", "publisher", "copyright")
_MOST_NAMES = 200  # looked at; pages have a dozen
_LEAST_PART = 4  # letters; a shorter name may begin a word by chance
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def site_names(page: Page) -> set[str]:
    """The names, each as `tight` makes it: of metadata, the outlet and the host."""
    meta = page.metadata
    names = ld_names(meta.article.get("publisher"), meta.json_ld_ids)
    names += [meta.first(name) or "" for name in _METAS]
    names.append(page.outlet.name if page.outlet else "")
    for entry in meta.json_ld:
        if not _ORGANISATIONS.isdisjoint(types_of(entry)):
            names += ld_names(entry.get("name"))
    host = host_of(page.url)
    names += host[0].split(".")[-2:-1] if host else []
    return {tight(clean_name(name) or name) for name in names[:_MOST_NAMES] if name} - {""}


def names_site(label: str, site: set[str]) -> bool:
    """Whether a label is one of a newsroom's names, or one with more after it.

    Of names in Han and kana a part is one as well; of others it may be a town.
    """
    word = tight(label)
    if word in site:
        return True
    parts = (name for name in site if len(name) >= _LEAST_PART)
    is_wide = bool(_WIDE.match(word)) and len(word) > 1
    return any(word.startswith(name) or (is_wide and word in name) for name in parts)


def tight(text: str) -> str:
    """A text's letters and digits: equal for what is printed the same."""
    return "".join(filter(str.isalnum, text)).casefold()
