"""A crawl's memory that forgets: it keeps what a check has to tell, and no database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, zip_longest

from crawler.discover import Discovery, Part, Source, sources_of
from crawler.errors import CrawlError, ForbiddenError, RefusedError
from crawler.evidence import listed_on_topic
from crawler.items import Article, FetchedPage, Lead, Listing
from crawler.outlets import Outlet
from crawler.relevance import Judge, judge_article
from jobs.checking.advice import advice_on
from jobs.checking.sources import SourceFinding, look_at
from jobs.holds import PassingHolds


@dataclass(slots=True)
class Sample:
    """One page: its article, or why there is none; neither where it was never answered."""

    url: str
    source_url: str
    article: Article | None = None
    error: CrawlError | None = None


@dataclass(slots=True)
class OutletFindings:
    """What a check saw of one outlet: its sources by address, and its samples."""

    outlet: Outlet
    sources: dict[str, SourceFinding] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)


class CheckMemory(PassingHolds):
    """Sees what each source lists, gives a few of the newest pages out, and keeps their records."""

    def __init__(
        self,
        outlets: Sequence[Outlet],
        database_url: str,
        judge: Judge,
        samples: int,
        on_progress: Callable[[str], None],
    ) -> None:
        super().__init__(database_url)
        self.findings = {outlet.id: OutletFindings(outlet) for outlet in outlets}
        for outlet in outlets:
            for source in sources_of(outlet):
                found = SourceFinding(source.url, source.kind)
                self.findings[outlet.id].sources[source.url] = found
        self._judge, self._most, self._on_progress = judge, samples, on_progress
        self._open: dict[int, Sample] = {}
        self._numbers = count(1)

    async def validators(self, outlet: str, source_url: str) -> tuple[None, None]:
        """None: the whole source is wanted, whatever an earlier crawl saw."""
        return None, None

    def answered(self, outlet: str, source: Source, page: FetchedPage) -> None:
        findings = self.findings[outlet]
        self._on_progress(f"{outlet}: read {source.url}")
        findings.sources[source.url] = look_at(source, page, findings.outlet, datetime.now(UTC))

    async def listed(
        self, outlet: str, source_url: str, found: Discovery, page: FetchedPage
    ) -> AsyncIterator[bool]:
        """Nothing new: the next pages of a list are not wanted."""
        yield False

    async def not_modified(self, outlet: str, source_url: str) -> list[Part]:
        return []

    async def source_failed(self, source_url: str, error: CrawlError) -> None:
        findings = self.findings[error.outlet]
        found = findings.sources.setdefault(source_url, SourceFinding(source_url, "sitemap", 1))
        if found.items and not found.articles:
            return  # that none of its addresses is an article's was told, and told why
        if found.status is None:
            found.fault = _fault(error)
        where = f" ({error.url})" if error.url not in (source_url, f"{source_url}/") else ""
        found.note(error.reason + where, advice_on(error, findings.outlet, found))

    async def due(self, outlet: str, after: Lead | None) -> list[Lead]:
        if after is not None:
            return []
        findings = self.findings[outlet]
        leads = []
        for source_url, listing in _newest(list(findings.sources.values()))[: self._most]:
            lead = Lead(
                next(self._numbers), outlet, listing.identity, listing.fetch_url, listing.date,
                headline=listing.headline, lead=listing.lead, authors=listing.authors,
                moment=listing.moment,
            )  # fmt: skip
            self._open[lead.id] = Sample(lead.fetch_url, source_url)
            findings.samples.append(self._open[lead.id])
            leads.append(lead)
        return leads

    async def read(self, lead: Lead, page: FetchedPage | None, article: Article) -> None:
        outlet = self.findings[lead.outlet].outlet
        article.relevance = listed_on_topic(outlet, judge_article(article, self._judge))
        self._open[lead.id].article = article
        self._on_progress(f"{lead.outlet}: read {lead.fetch_url}")

    async def unchanged(self, lead: Lead) -> None:
        """Said to a request without conditions, it is no answer: see `Sample`."""

    async def failed(self, lead: Lead, error: CrawlError, page: FetchedPage | None) -> None:
        self._open[lead.id].error = error
        self._on_progress(f"{lead.outlet}: {error.reason}")


def _fault(error: CrawlError) -> str:
    if isinstance(error, ForbiddenError):
        return "robots.txt"
    return "refused" if isinstance(error, RefusedError) else "no answer"


def _newest(sources: Sequence[SourceFinding]) -> list[tuple[str, Listing]]:
    """The articles of all sources with the address of their source, each once: the newest of
    each, then the second newest of each, and so on.
    """
    oldest = datetime.min.replace(tzinfo=UTC)
    columns = [
        [
            (source.url, listing)
            for listing in sorted(
                source.articles, key=lambda entry: entry.moment or oldest, reverse=True
            )
        ]
        for source in sources
    ]
    found: dict[str, tuple[str, Listing]] = {}
    for row in zip_longest(*columns):
        for entry in filter(None, row):
            found.setdefault(entry[1].identity, entry)
    return list(found.values())
