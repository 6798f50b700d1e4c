"""Pages in, article records out. One module here is one reader; its name is the parser's.

A reader has `VERSION` and `read(page) -> Draft`, and may have `identity(url)` and
`fetch_url(url)` where its outlet's addresses have a rule of their own, and `owns(url)` where
the outlet has hosts beside those of its entry. The file is all there is to add: an outlet's
entry names its parser, and without a name it is found by host in the packaged catalogue, else
it is `generic`.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from crawler.addresses import article_key, desktop_form, is_copy_host
from crawler.dates import is_plausible
from crawler.errors import NotAnArticle
from crawler.items import Article, plain_value
from crawler.outlets import Catalogue, Outlet, packaged_catalogue
from crawler.reading.draft import Draft
from crawler.reading.languages import offer_language
from crawler.reading.page import Page
from crawler.relevance import Judge, judge_article, packaged_judge
from crawler.text import clean
from crawler.urls import host_of, on_host

_GENERIC = "generic"


def parse_article(html: bytes, url: str, *, outlet: str | None = None) -> Article:
    """The article record of a page of the packaged catalogue's outlets, or of any other.

    `outlet` is an outlet id; without it the outlet is found by the address, and its id in
    the record is null where the address is nobody's. Raises `NotAnArticle`, nothing else.
    """
    catalogue = packaged_catalogue()
    entry = catalogue.get(outlet) if outlet else _outlet_of(catalogue, url)
    return read_article(html, url, entry, outlet_id=outlet)


def read_article(
    html: bytes,
    url: str,
    outlet: Outlet | None,
    *,
    content_type: str | None = None,
    outlet_id: str | None = None,
    judge: Judge | None = None,
) -> Article:
    """The article record of a page of that outlet, judged by the packaged topic if no other.

    Raises `NotAnArticle`, nothing else.
    """
    return _read(Page(html, url, outlet, content_type), outlet_id, judge)[0]


def explain_article(
    html: bytes, url: str, outlet: Outlet | None, *, judge: Judge | None = None
) -> dict[str, Any]:
    """The record with one more key: `explain` has for each field where it came from and what
    other sources said of it. Raises `NotAnArticle`.
    """
    article, draft = _read(Page(html, url, outlet), None, judge)
    explained: dict[str, Any] = {
        name: {"from": source, "passed_over": []} for name, source in article.provenance.items()
    }
    for offer in draft.passed_over:
        if offer.name in explained:
            said = {"from": offer.source, "value": plain_value(offer.value)}
            explained[offer.name]["passed_over"].append(said)
    return {**article.to_dict(), "explain": explained}


def _read(page: Page, outlet_id: str | None, judge: Judge | None) -> tuple[Article, Draft]:
    outlet, url = page.outlet, page.url
    name = parser_name(outlet, url)
    parser = _parser(name)
    try:
        draft: Draft = parser.read(page)
    except RecursionError as error:
        raise NotAnArticle(url, "nested too deeply to be read") from error
    if not draft.get("headline"):
        raise NotAnArticle(url, "no headline found")
    offer_language(page, draft)
    article = _article(draft, page, outlet.id if outlet else outlet_id)
    article.parser = f"{name}/{parser.VERSION}"
    article.relevance = judge_article(article, judge or packaged_judge())
    return article, draft


def parser_name(outlet: Outlet | None, url: str) -> str:
    """The reader for an outlet's page: the named one, the host's, or the generic one."""
    if outlet and outlet.parser:
        return outlet.parser
    known = _outlet_of(packaged_catalogue(), url)
    return known.parser if known and known.parser else _GENERIC


def identity_of(url: str, outlet: Outlet) -> str:
    """What makes an address the same article under another: a number in it, or itself.

    The group `id` of the outlet's `article_urls` comes first, then the reader's own rule,
    then what the address has in common with its copies: `article_key`. A number of another
    site, which patterns may know too, makes no address the outlet's article.
    """
    number = outlet.article_number(url)
    if number and outlet.own_host(url):
        return number
    rule = getattr(_parser(parser_name(outlet, url)), "identity", None)
    found: str | None = rule(url) if rule else None
    return found or article_key(url)


def fetch_url_of(url: str, outlet: Outlet) -> str:
    """The address to ask for an article met under `url`: that of its main page."""
    rule = getattr(_parser(parser_name(outlet, url)), "fetch_url", None)
    found: str | None = rule(url) if rule else None
    return found or outlet.desktop_url(url)


def _shown_url(page: Page) -> str:
    """The canonical address the page gives, on the host it names unless that has copies only;
    else the main page's as far as the address it was met under tells.
    """
    if page.outlet is None:
        return desktop_form(page.address)
    url, host = page.outlet.desktop_url(page.address), host_of(page.address)
    return url if host is None or is_copy_host(host[0]) else on_host(url, host)


def _outlet_of(catalogue: Catalogue, url: str) -> Outlet | None:
    """The outlet by the hosts of its entry, else by those that its own reader knows."""
    if found := catalogue.outlet_of(url):
        return found
    with_reader = (outlet for outlet in catalogue if outlet.parser)
    return next((outlet for outlet in with_reader if _owns(outlet, url)), None)


def _owns(outlet: Outlet, url: str) -> bool:
    rule = getattr(_parser(outlet.parser or _GENERIC), "owns", None)
    return bool(rule and rule(url))


def reader_versions() -> dict[str, str]:
    """By reader: its version, which changes with what it makes of a page."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: str(_parser(name).VERSION) for name in names}


def _parser(name: str) -> ModuleType:
    return import_module(f"crawler.parsers.{name}")


_ARTICLE_FIELDS = frozenset(part.name for part in fields(Article))


def _article(draft: Draft, page: Page, outlet_id: str | None) -> Article:
    now = datetime.now(UTC)
    for name in ("date_published", "date_modified"):
        if draft.has(name) and not is_plausible(draft.get(name), now):
            draft.values.pop(name)
    if draft.has("date_published_raw"):
        draft.values["date_published_raw"] = clean(draft.get("date_published_raw"))
    values = {name: value for name, value in draft.values.items() if name in _ARTICLE_FIELDS}
    values.setdefault("url", _shown_url(page))
    article = Article(outlet=outlet_id, **values)
    article.provenance = {n: s for n, s in draft.provenance.items() if n in values}
    article.provenance.setdefault("url", "page" if page.canonical_link else "url")
    return article
