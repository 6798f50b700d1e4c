"""The way through an outlet's sources in one crawl: each once, and not for ever."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.discover import Part, Reach, Source, sources_of
from crawler.discover.following import MAX_INDEX_DEPTH, following, is_too_deep
from crawler.outlets import Outlet

MAX_SOURCES = 10_000
"""Of one outlet in one crawl; ten years of daily sitemaps are 3,700."""


class Walk:
    """Which sources are still to be read. A loop of indexes ends at the first one met twice."""

    def __init__(self, outlet: Outlet, reach: Reach) -> None:
        self.outlet = outlet
        self.reach = reach
        self._met: set[str] = set()
        self._open = 0

    def begin(self) -> list[Source]:
        """The sources of the outlet's entry."""
        return self._not_met(sources_of(self.outlet))

    def go_on(
        self, source: Source, parts: Sequence[Part], *, has_new: bool
    ) -> tuple[list[Source], list[str]]:
        """The sources to read after this one; what cannot be, in sentences."""
        found = following(source, parts, self.reach, has_new=has_new)
        problems = []
        if any(map(is_too_deep, found)):
            found = []
            problems.append(f"sitemap: an index more than {MAX_INDEX_DEPTH} deep in indexes")
        sources = self._not_met(found)
        room = max(0, MAX_SOURCES - len(self._met) + len(sources))
        if len(sources) > room:
            problems.append(f"sitemap: over {MAX_SOURCES} sources, the rest is left out")
            self._open -= len(sources) - room
        return sources[:room], problems

    def end(self) -> bool:
        """One source was read, or failed; whether it was the last that is open."""
        self._open -= 1
        return self._open == 0

    def _not_met(self, sources: Sequence[Source]) -> list[Source]:
        new: list[Source] = []
        for source in sources:
            if source.url not in self._met:
                self._met.add(source.url)
                new.append(source)
        self._open += len(new)
        return new
