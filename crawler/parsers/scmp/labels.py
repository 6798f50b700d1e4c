"""Small rules of what SCMP prints round an article: labels, names, paths, addresses."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from crawler.items import RelatedLink
from crawler.text import clean

MAIN_HOST = "www.scmp.com"

_NUMBER = re.compile(r"/article/(\d+)(?:[/.?#]|$)")
_OTHER_HOST = re.compile(
    r"^(?:(?:m|amp|www)\.)?scmp\.com$|^m?cdn\d*\.i-scmp\.com$|^scmp[\w-]*\.azureedge\.net$"
)
# `Opinion | …`, `Exclusive | …`, and the names of columns.
_LABEL = re.compile(r"^\w[\w’'& ]{1,28}\s*\|\s*(?=\S.{10})")
_OWN_HOST = re.compile(rf"{_OTHER_HOST.pattern}|\.scmp\.com$")
_EMAIL = re.compile(r"\S+@\S+")
_NAME_ENDS = re.compile(r"\s*[,;|]\s*(?:and\s+)?|\s+(?:and|&)\s+", re.IGNORECASE)
# In renderings the next author is glued to the place before ("in Hong Kongand Li Mei").
_GLUED_AND = re.compile(r"(?<= in )([A-Z][\w. ]*?[a-z])and (?=[A-Z])")
_PLACE = re.compile(r"\s+in\s+(?:the\s+)?[A-Z].*$")
_LONGEST_BYLINE = 500  # characters that are read
_ROOT_SECTION = "News"


def article_number(url: str) -> str | None:
    """The number in an article's address; slug, section and host may change, it does not."""
    try:
        found = _NUMBER.search(urlsplit(url).path)
    except ValueError:
        return None
    return found[1] if found else None


def on_main(url: str) -> str:
    """The address on the main host, without query and fragment."""
    parts = urlsplit(url)
    scheme, host = parts.scheme, parts.netloc
    if _OTHER_HOST.match((parts.hostname or "").lower()):
        scheme, host = "https", MAIN_HOST
    return urlunsplit((scheme, host, parts.path, "", ""))


def is_own_host(host: str) -> bool:
    """Whether a host in lower case serves their pages, mirrors and graphics included."""
    return bool(_OWN_HOST.search(host))


def on_main_host(links: list[RelatedLink]) -> list[RelatedLink]:
    """Links to articles under their one address, each once."""
    found = (
        replace(link, url=on_main(link.url)) if article_number(link.url) else link for link in links
    )
    return list(dict.fromkeys(found))


def unlabelled(headline: str | None) -> str | None:
    """The headline without the label printed before it."""
    return _LABEL.sub("", headline) if headline else None


def section_path(names: list[str]) -> str | None:
    """A path of sections as printed: without the root, where it has parts."""
    if len(names) > 1 and names[0] == _ROOT_SECTION:
        names = names[1:]
    return " / ".join(names) or None


def names_in(byline: str) -> list[str]:
    """The authors of a printed byline, without "by", places and e-mail addresses."""
    byline = byline[:_LONGEST_BYLINE]
    text = re.sub(r"^by\b[\s:]*", "", clean(_EMAIL.sub("", byline)), flags=re.IGNORECASE)
    parts = _NAME_ENDS.split(_GLUED_AND.sub(r"\1 and ", text))
    names = (clean(_PLACE.sub("", part)) for part in parts)
    return list(dict.fromkeys(name for name in names if name))
