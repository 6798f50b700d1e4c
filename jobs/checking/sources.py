"""What one source of an entry gave: how many articles, how new, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from crawler.answers import NOT_MODIFIED
from crawler.discover import Reach, Source
from crawler.discover.forms import FEEDS, SITEMAPS, Form, form_of
from crawler.discover.links import is_article_link
from crawler.drafting.patterns import drafted_patterns
from crawler.errors import CrawlError
from crawler.items import FetchedPage, Listing, utc_iso
from crawler.outlets import Outlet
from crawler.parsers import fetch_url_of, identity_of
from crawler.readers import discover
from crawler.urls import host_name, host_of

DEAD_AFTER = timedelta(days=30)
"""A newsroom's feed whose newest item is older has been left behind, however well it answers."""

_WHOLE = Reach(is_backfill=True)
_ANY_ADDRESS = ""  # as a pattern
_FORMS_SHOWN = 3  # of addresses that no pattern knows
_PLACE: dict[str, tuple[frozenset[Form], str]] = {
    "feeds": (FEEDS, "a feed"),
    "sitemaps": (SITEMAPS, "a sitemap"),
    "pages": (frozenset(["HTML", "JSON"]), "a page"),
}


class Problem(NamedTuple):
    """What does not work, and what to do about it, null where the fault says it all."""

    sentence: str
    advice: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        return {"problem": self.sentence, "advice": self.advice}


@dataclass(slots=True)
class SourceFinding:
    """`items` are all addresses it lists, of a page the links to the outlet's hosts; null where
    nothing could be read. `articles` are those that the entry takes for articles, on its own
    hosts; those on others are counted by `stray_hosts`, the commonest first. `newest` is when the
    newest of them seems to be of. `fault` says shortly why there is no `status`.
    """

    url: str
    kind: str
    depth: int = 0
    status: int | None = None
    fault: str | None = None
    led_to: str | None = None
    form: Form | None = None
    items: int | None = None
    articles: list[Listing] = field(default_factory=list)
    newest: datetime | None = None
    stray_hosts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "kind": self.kind,
            "status": self.status,
            "led_to": self.led_to,
            "form": self.form,
            "items": self.items,
            "articles": len(self.articles),
            "newest": utc_iso(self.newest) if self.newest else None,
            "problems": [problem.to_dict() for problem in self.problems],
        }

    def is_dead(self, now: datetime) -> bool:
        return self.newest is not None and self.newest < now - DEAD_AFTER

    def note(self, sentence: str, advice: str | None = None) -> None:
        problem = Problem(sentence, advice)
        if problem not in self.problems:
            self.problems.append(problem)


def look_at(source: Source, page: FetchedPage, outlet: Outlet, now: datetime) -> SourceFinding:
    """What a source's answer holds. That it cannot be read is told by the crawl's own error."""
    found = SourceFinding(
        source.url, source.kind, source.depth, page.status, form=form_of(page.body)
    )
    found.led_to = page.url if page.url != source.url else None
    if page.status == NOT_MODIFIED:
        found.note("fetch: HTTP 304, though nothing was known of it", "its server's cache is wrong")
    if not 200 <= page.status < 300:
        return found
    try:
        whole = discover(page, source, _taking_all(outlet), _WHOLE)
    except CrawlError:
        return found
    if whole.parts and not whole.listings:
        return found  # an index
    found.items = len(whole.listings)
    found.articles = [
        _as_of(outlet, entry) for entry in whole.listings if _is_article(entry, source, outlet)
    ]
    moments = [entry.moment for entry in found.articles or whole.listings if entry.moment]
    found.newest = max(moments, default=None)
    _note_addresses(found, whole.listings, outlet)
    if found.is_dead(now) and not source.depth:
        note_dead(found)
    return found


def note_dead(found: SourceFinding) -> None:
    assert found.newest is not None  # noqa: S101 - `is_dead`
    found.note(
        f"dead: it answers, and its newest item is of {found.newest:%Y-%m-%d}",
        "leave it out of the entry: it will never list a new article",
    )


def _taking_all(outlet: Outlet) -> Outlet:
    values = outlet.model_dump(exclude_unset=True)
    return Outlet.model_validate({**values, "article_urls": [_ANY_ADDRESS]})


def _as_of(outlet: Outlet, listing: Listing) -> Listing:
    """As the entry's own patterns make it, and not those that take everything."""
    address = listing.address
    fetch_url, identity = fetch_url_of(address, outlet), identity_of(address, outlet)
    return replace(listing, fetch_url=fetch_url, identity=identity)


def _is_article(listing: Listing, source: Source, outlet: Outlet) -> bool:
    if source.kind == "page":
        return is_article_link(listing.address, outlet)
    return outlet.is_article_url(listing.address)


def _note_addresses(found: SourceFinding, listings: list[Listing], outlet: Outlet) -> None:
    """What is wrong with the addresses it lists."""
    if not listings:
        found.note(f"{found.kind}: answers, and lists nothing", "look whether it is still in use")
        return
    if not found.articles:
        _note_no_match(found, [entry.address for entry in listings], outlet)
    strays = Counter(
        host_of(entry.address) for entry in found.articles if outlet.own_host(entry.address) is None
    )
    found.articles = [entry for entry in found.articles if outlet.own_host(entry.address)]
    found.stray_hosts = [host_name(host) for host, _ in strays.most_common() if host]
    if found.stray_hosts:
        name = found.stray_hosts[0]
        found.note(
            f"{strays.total()} of {len(listings)} addresses are on hosts not of the entry",
            f'if {name} is the outlet\'s too, add other_hosts = ["{name}"]',
        )


def _note_no_match(found: SourceFinding, urls: list[str], outlet: Outlet) -> None:
    bare = Outlet.model_validate({**outlet.model_dump(exclude_unset=True), "article_urls": []})
    likely = [url for url in urls if is_article_link(url, bare)] if found.kind == "page" else urls
    what = "links" if found.kind == "page" else "addresses"
    rule = "article_urls match" if outlet.article_urls else "the rules for links take"
    problem = f"{rule} none of its {len(urls)} {what}"
    forms = drafted_patterns(likely)[:_FORMS_SHOWN]
    shown = ", ".join(f"'{form.pattern}' ({form.addresses}, as {form.example})" for form in forms)
    found.note(problem, f"the commonest forms are {shown}" if shown else None)


def advice_on_form(found: SourceFinding) -> str | None:
    """Where an address belongs that is not what the entry takes it for; null where nowhere."""
    for key, (forms, name) in _PLACE.items():
        if found.form in forms:
            if key.startswith(found.kind):
                return None
            return f"it is {name} ({found.form}): list it under {key}, if it lists articles"
    return None
