"""South China Morning Post, every generation of its pages since 2010.

State before rendered HTML: the HTML may hold the first paragraphs only while the state is
whole. Each layout is asked in turn and offers what it finds; the first one that has a field
gives it, so rendered HTML fills in where the state is missing, broken or empty.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from crawler.errors import NotAnArticle
from crawler.parsers.scmp import clock, drupal, labels, metadata, rendered, state
from crawler.parsers.scmp.access import offer_access
from crawler.reading.challenge import CHALLENGE, is_challenge
from crawler.reading.draft import Draft, Source
from crawler.reading.page import Page

VERSION = 1

_NO_ARTICLES = "multimedia.scmp.com"


def identity(url: str) -> str | None:
    """The article's number: slug, section and host may change, it does not."""
    return labels.article_number(url)


def fetch_url(url: str) -> str:
    """The address on the main host, without query and fragment."""
    return labels.on_main(url)


def owns(url: str) -> bool:
    """Whether the address is on a host of theirs that no entry names: a mirror, a graphic."""
    host = _host(url)
    return host is not None and labels.is_own_host(host)


def read(page: Page) -> Draft:
    """Raises `NotAnArticle` for topic pages, graphics, challenge and error pages."""
    canonical = next(iter(page.said_addresses), "")
    if any(_host(url) == _NO_ARTICLES for url in (page.url, canonical)):
        raise NotAnArticle(page.url, "a stand-alone graphic")
    number = identity(page.url) or identity(canonical)
    if number is None:
        raise NotAnArticle(page.url, "no article number in its address")
    draft = Draft()
    state.offer(page, number, draft)
    rendered.offer(page, draft)
    drupal.offer(page, draft)
    clock.offer_marked(page, draft)
    metadata.offer(page, draft)
    if is_challenge(page, draft.get("paragraphs") or []):
        raise NotAnArticle(page.url, CHALLENGE)
    clock.offer_printed(page, draft)
    clock.complete(page, draft)
    if not (draft.has("paragraphs") or draft.has("summary") or draft.has("date_published")):
        raise NotAnArticle(page.url, "neither page state nor an article's elements")
    draft.replace("url", _address(page, number, draft), _address_source(draft))
    offer_access(page, draft)
    return draft


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _address(page: Page, number: str, draft: Draft) -> str:
    """The canonical address; a link to another article's number is not believed."""
    base = page.address
    alias = draft.get("url_alias")
    if alias and identity(alias) == number:
        parts, path = urlsplit(base), urlsplit(alias).path
        base = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return fetch_url(base if identity(base) == number else page.url)


def _address_source(draft: Draft) -> Source:
    return "state" if draft.has("url_alias") else "page"
