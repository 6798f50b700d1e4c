"""A draft from the first request to the text of the entry."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pydantic import ValidationError

from crawler.addresses import bare_host
from crawler.discover.forms import form_of
from crawler.drafting.entry import id_of
from crawler.drafting.home import read_home
from crawler.errors import ConfigurationError, CrawlError, NotAnArticle, UnreadableError
from crawler.inquiry import InquirySpider
from crawler.items import Lead
from crawler.network import is_address_name
from crawler.outlets import Outlet
from crawler.outlets.catalogue import fault_sentence, read_catalogue
from crawler.outlets.outlet import DEFAULT_DELAY_SECONDS
from crawler.readers import read_page
from crawler.robots import RobotsRules
from crawler.urls import Host, absolute, host_name, host_of
from jobs.crawl import silence_libraries
from jobs.drafting.compose import Evidence, compose
from jobs.drafting.finding import Search
from jobs.holds import PassingHolds
from jobs.reactor import Interrupted, run
from jobs.settings import Settings
from jobs.spiders import SpiderRunner

DELAY_SECONDS = DEFAULT_DELAY_SECONDS
"""Between two requests, as for an entry that says nothing else; a longer Crawl-delay wins."""

_SOURCE = "the draft"  # as the outlets file's reader calls it


@dataclass(slots=True)
class Draft:
    """The entry's text, null where there is none, and why; `said` are sentences for people."""

    toml: str | None = None
    said: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_interrupted: bool = False


def home_address(url: str) -> str:
    """The address as typed, checked. Raises ConfigurationError for one that cannot be asked."""
    address = absolute("", url)
    parts = urlsplit(address) if address else None
    if address is None or parts is None or parts.username is not None:
        hint = "; write https://… before it" if absolute("", f"https://{url}") else ""
        raise ConfigurationError(f"{url}: not an http(s) address{hint if '.' in url else ''}")
    return address


def draft_outlet(
    settings: Settings, url: str, other_hosts: list[str], on_progress: Callable[[str], None]
) -> Draft:
    """Asks the site, once in a process, as politely as a crawl; nothing is stored.

    Raises `CrawlError` where its home page cannot be had.
    """
    silence_libraries()
    outlet = provisional_outlet(url, other_hosts)
    drafting = _Drafting(outlet, on_progress)
    spiders = SpiderRunner(settings.agent)
    holds = PassingHolds(settings.database_url)
    try:
        with closing(holds):
            run(
                lambda: spiders.run(
                    InquirySpider, [outlet], memory=holds, inquire=drafting.inquire
                ),
                spiders.stop,
                {host[0] for host in outlet.hosts},
                lambda: None,
            )
    except Interrupted:
        drafting.draft.is_interrupted = True
        return drafting.draft
    if drafting.fault is not None:
        raise drafting.fault
    return drafting.draft


def provisional_outlet(url: str, other_hosts: list[str]) -> Outlet:
    """What may be asked: the host that was named, with and without `www.`, and those beside it.

    Raises ConfigurationError for another host that is none.
    """
    host = host_of(url)
    assert host is not None  # noqa: S101 - the command checked
    twins = [] if is_address_name(host[0]) else [_twin(host)]
    values = {
        "id": id_of(host),
        "name": host[0],
        "home": url,
        "other_hosts": twins + other_hosts,
        "delay_seconds": DELAY_SECONDS,
    }
    try:
        return Outlet.model_validate(values)
    except ValidationError as error:
        sentence = fault_sentence(error.errors()[0])
        raise ConfigurationError(f"--other-host {', '.join(other_hosts)}: {sentence}") from error


def _twin(host: Host) -> str:
    bare = bare_host(host[0])
    name = f"www.{bare}" if host[0] == bare else bare
    return host_name((name, host[1]))


class _Drafting:
    """What `inquire` does, and what came of it: Scrapy swallows what it raises."""

    def __init__(self, outlet: Outlet, on_progress: Callable[[str], None]) -> None:
        self.draft = Draft()
        self.fault: BaseException | None = None
        self._outlet, self._on_progress = outlet, on_progress

    async def inquire(self, spider: InquirySpider) -> None:
        try:
            await self._inquire(spider)
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            self.fault = error

    async def _inquire(self, spider: InquirySpider) -> None:
        outlet = self._outlet
        self._on_progress(f"asking for {outlet.home}")
        answer = await spider.ask(outlet.home)
        form = form_of(answer.page.body)
        if form != "HTML" or not answer.is_text:
            kind = form or answer.page.header("Content-Type") or "nothing known"
            reason = f"home: no web page but {kind}; name the site's home page"
            raise UnreadableError(outlet.id, answer.page.url, reason)
        try:
            home = read_home(answer.page, outlet)
        except NotAnArticle as error:
            raise UnreadableError(outlet.id, answer.page.url, f"home: {error.reason}") from error
        search = Search(spider, outlet, datetime.now(UTC), self._on_progress)
        await search.look(answer.page.url, home)
        rules = spider.rules_of(answer.page.url)
        evidence = Evidence(outlet, answer.page.url, home, search, rules or RobotsRules())
        first = _read_back(compose(evidence).to_toml())
        await self._read_sample(spider, first, evidence)
        entry = compose(evidence)
        self.draft.toml = entry.to_toml()
        _read_back(self.draft.toml)
        self.draft.said, self.draft.problems = evidence.said(), evidence.problems()

    async def _read_sample(self, spider: InquirySpider, outlet: Outlet, evidence: Evidence) -> None:
        """One of the newest articles by the drafted entry, if any is listed."""
        listing = evidence.sample_of(outlet)
        if listing is None:
            return
        self._on_progress(f"asking for {listing.fetch_url}")
        evidence.sample_url = listing.fetch_url
        try:
            answer = await spider.ask(listing.fetch_url)
            lead = Lead(1, outlet.id, listing.identity, listing.fetch_url, listing.date)
            evidence.sample = read_page(outlet, lead, answer.page, is_text=answer.is_text)
        except CrawlError as error:
            evidence.sample_fault = error.reason


def _read_back(toml: str) -> Outlet:
    """The entry as the outlets file's reader understands it."""
    (outlet,) = read_catalogue(toml, _SOURCE)
    return outlet
