"""From what was found to the drafted entry, every guess with its reason beside it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from crawler.discover.links import is_article_link
from crawler.discover.source import EVERYTHING
from crawler.drafting.entry import DraftedEntry, Noted, id_of
from crawler.drafting.home import Home
from crawler.drafting.patterns import DraftedPattern, drafted_patterns
from crawler.drafting.zones import offset_of, zone_of
from crawler.items import Article, Listing
from crawler.outlets import Outlet
from crawler.outlets.outlet import DEFAULT_DELAY_SECONDS
from crawler.parsers import fetch_url_of, identity_of
from crawler.robots import RobotsRules
from crawler.urls import host_name, host_of
from jobs.drafting.finding import FoundSource, Search
from jobs.output import counted

_LEAST_LINKS = 3  # on a home page that look like articles: then it is a list of them


@dataclass(slots=True)
class Evidence:
    """What a site showed. `sample` is an article read by the first draft, `sample_fault` why
    there is none.
    """

    outlet: Outlet
    home_url: str
    home: Home
    search: Search
    rules: RobotsRules
    sample_url: str | None = None
    sample: Article | None = None
    sample_fault: str | None = None

    @property
    def listings(self) -> list[Listing]:
        """The addresses that patterns are drafted from: the feeds', else what looks like an
        article in sitemaps.
        """
        of_feeds = [entry for feed in self.search.feeds for entry in feed.articles]
        of_sitemaps = [entry for found in self.search.sitemaps for entry in found.articles]
        return of_feeds or [e for e in of_sitemaps if is_article_link(e.address, self.outlet)]

    @property
    def addresses(self) -> list[str]:
        """The same, else the links of the home page that look like articles, each once."""
        listed = [listing.address for listing in self.listings]
        return list(dict.fromkeys(listed or self.home.articles))

    @property
    def where(self) -> str:
        if self.search.feeds:
            return "its feeds"
        return "its sitemaps" if self.listings else "its home page"

    @property
    def is_list(self) -> bool:
        """Whether the home page has to do as a source."""
        has_sources = bool(self.search.feeds or self.listings)
        return not has_sources and len(self.home.articles) >= _LEAST_LINKS

    def sample_of(self, outlet: Outlet) -> Listing | None:
        """The newest article that the drafted entry takes for one; null where it takes none."""
        own = [entry for entry in self.listings if outlet.is_own(entry.fetch_url)]
        own = [entry for entry in own if outlet.is_article_url(entry.address)]
        if own:
            return max(own, key=lambda entry: entry.moment or EVERYTHING)
        links = (url for url in self.home.articles if outlet.is_article_url(url))
        url = next(links, None)
        return Listing(url, fetch_url_of(url, outlet), identity_of(url, outlet)) if url else None

    def said(self) -> list[str]:
        """What was found, for people."""
        feeds = counted(len(self.search.feeds), "feed")
        found = [f"{feeds} and {counted(len(self.search.sitemaps), 'sitemap')} that work"]
        if self.sample:
            dated = "dated" if self.sample.date_published else "without a date"
            paragraphs = len(self.sample.paragraphs)
            found.append(
                f"one article read, {dated}, {counted(paragraphs, 'paragraph')}: {self.sample_url}"
            )
        return found

    def problems(self) -> list[str]:
        """Why the draft cannot work as it stands; empty where it can."""
        found = []
        if not (self.search.feeds or self.search.sitemaps or self.is_list):
            found.append("no feed, no sitemap and no list of articles found")
        if self.sample_fault:
            found.append(f"{self.sample_fault}: {self.sample_url}")
        return found


def compose(evidence: Evidence) -> DraftedEntry:
    """The entry by all that is known."""
    home, search = evidence.home, evidence.search
    host = host_of(evidence.home_url)
    own_name = Noted(home.name) if home.name else None
    offsets = {
        minutes for source in [*search.feeds, *search.sitemaps] for minutes in source.offsets
    }
    if evidence.sample:
        offsets |= offset_of(evidence.sample.date_published_raw)
    patterns = drafted_patterns(evidence.addresses)
    entry = DraftedEntry(
        id=id_of(host) if host else evidence.outlet.id,
        name=own_name or Noted(evidence.outlet.name, "its host; the page tells no name"),
        home=evidence.home_url,
        language=_language(evidence),
        timezone=Noted(*zone_of(offsets)),
        feeds=[_noted(source) for source in search.feeds],
        sitemaps=_sitemaps(evidence),
        pages=[Noted(evidence.home_url, "no feed and no sitemap")] if evidence.is_list else [],
        other_hosts=_other_hosts(evidence),
        article_urls=_patterns(evidence, patterns),
        is_feed_seen=bool(search.feeds),
    )
    delay = evidence.rules.crawl_delay_seconds
    if delay > DEFAULT_DELAY_SECONDS:
        entry.delay_seconds = delay
    entry.comments = _comments(evidence, patterns)
    return entry


def _noted(source: FoundSource) -> Noted:
    newest = f", the newest of {source.moment:%Y-%m-%d}" if source.moment else ", undated"
    return Noted(source.url, f"{source.form}, {len(source.articles)} addresses{newest}")


def _sitemaps(evidence: Evidence) -> list[Noted]:
    """Beside feeds only those of news: one of the whole site is a thousand pages to fetch."""
    has_feeds = bool(evidence.search.feeds)
    found = [s for s in evidence.search.sitemaps if s.form == "news sitemap" or not has_feeds]
    return [_noted(source) for source in found]


def _language(evidence: Evidence) -> Noted | None:
    sample, home = evidence.sample, evidence.home
    read = sample.language if sample else None
    language = read or home.language
    if language is None:
        return None
    said = home.said_language
    is_other = said is not None and said != language
    return Noted(language, f"of its text; the home page says {said}" if is_other else None)


def _other_hosts(evidence: Evidence) -> list[Noted]:
    """Those that its addresses need, of the ones that might be asked."""
    home = host_of(evidence.home_url)
    known = {home, *(host_of(s.url) for s in (*evidence.search.feeds, *_all_sitemaps(evidence)))}
    needed = Counter(host_of(url) for url in evidence.addresses)
    names = [host for host, _ in needed.most_common() if host and host not in known]
    own = [host for host in names if host in evidence.outlet.hosts]
    return [Noted(host_name(host)) for host in own]


def _all_sitemaps(evidence: Evidence) -> list[FoundSource]:
    listed = {noted.value for noted in _sitemaps(evidence)}
    return [source for source in evidence.search.sitemaps if source.url in listed]


def _patterns(evidence: Evidence, patterns: list[DraftedPattern]) -> list[Noted]:
    total = len(evidence.addresses)
    return [
        Noted(p.pattern, f"{p.addresses} of {total} addresses in {evidence.where}, as {p.example}")
        for p in patterns
    ]


def _comments(evidence: Evidence, patterns: list[DraftedPattern]) -> list[str]:
    """What could not be found, or was left out, each a line."""
    found = []
    if not (evidence.search.feeds or evidence.search.sitemaps):
        found.append("no feed and no sitemap was found: look for them by hand")
    if not patterns:
        found.append("article_urls: too few addresses to tell their form; rules decide without")
    strange = [url for url in evidence.addresses if not _has_form(url, patterns)]
    if patterns and strange:
        told = f"{len(strange)} of {len(evidence.addresses)} addresses in {evidence.where}"
        found.append(f"not matched by article_urls: {told}, as {strange[0]}")
    if _language(evidence) is None:
        found.append("language: unknown")
    listed = {noted.value for noted in _sitemaps(evidence)}
    for source in evidence.search.sitemaps:
        if source.url not in listed:
            found.append(f"of the whole site, for sinorus crawl --backfill: {source.url}")
    found += _on_sample(evidence)
    return found + evidence.search.left_out


def _has_form(url: str, patterns: list[DraftedPattern]) -> bool:
    return any(re.search(drafted.pattern, url) for drafted in patterns)


def _on_sample(evidence: Evidence) -> list[str]:
    sample = evidence.sample
    if sample is None:
        reason = f"{evidence.sample_fault}: {evidence.sample_url}" if evidence.sample_url else None
        return [f"no article was read: {reason or 'none is listed'}"]
    missing = []
    if sample.date_published is None:
        missing.append("a date")
    if not sample.paragraphs:
        missing.append("paragraphs")
    if not missing:
        return []
    return [
        f"without {' and '.join(missing)}: {evidence.sample_url}; look at sinorus parse --explain"
    ]
