"""The papers' servers on loopback, one a host, and a record of every visit."""

from __future__ import annotations

import hashlib
import select
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from tests.faultserver import (
    HTML,
    LONGEST_HANG_SECONDS,
    RSS,
    Exchange,
    FaultServers,
    Route,
    answer,
    reset,
    truncated,
)
from tests.soak.compressed import FETCH_LIMIT_SECONDS, FastClock
from tests.soak.papers import Paper
from tests.soak.printing import feed, page
from tests.soak.weather import Weather

_ATOM = "application/atom+xml"
_ROBOTS = "text/plain"
RETRY_AFTER_SECONDS = 1.0


@dataclass(slots=True)
class Visit:
    """A request: `moment` on the compressed clock; `started` and `answered` on the machine's
    steady one: at `answered` it was still under way, for whoever asked had no whole answer yet.
    `trouble` is what befell it; `version` that of the article it was given, null for others.
    """

    host: str
    path: str
    moment: datetime
    started: float
    answered: float | None = None
    status: int | None = None
    trouble: str | None = None
    version: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whoever asked has it, or knew that it is as before."""
        return self.status in (200, 304) and self.trouble is None


class Press:
    """A context manager: serves while it is open."""

    def __init__(self, papers: list[Paper], weather: Weather, clock: FastClock) -> None:
        self.papers = {paper.id: paper for paper in papers}
        self.visits: list[Visit] = []
        self._weather = weather
        self._clock = clock
        self._servers = FaultServers()
        self._lock = threading.Lock()
        for host in sorted({paper.host for paper in papers}):
            self._servers[host].otherwise = self._route(host)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._servers.__exit__()

    def base_url(self, paper: Paper) -> str:
        return self._servers[paper.host].base_url

    def _route(self, host: str) -> Route:
        def route(exchange: Exchange) -> None:
            now, hit = self._clock.at(exchange.hit.started), exchange.hit
            visit = Visit(host, hit.path, now, hit.started)
            with self._lock:
                self.visits.append(visit)
                visit.trouble = self._weather.at(host, hit.path, now)
            plain = self._plain(visit)
            if visit.trouble == "truncated" and not plain[0]:
                visit.trouble = None  # nothing to cut
            if visit.trouble == "silent":
                visit.answered = _be_silent(exchange)
                return
            try:
                _with_trouble(visit.trouble, plain)(exchange)
            finally:
                visit.answered, visit.status = hit.answering, hit.status

        return route

    def _plain(self, visit: Visit) -> tuple[bytes, Route]:
        """The body and the route that serves it, if all goes well."""
        if visit.path == "/robots.txt":
            return self._robots(visit.host)
        paper = self.papers.get(visit.path.split("/")[1])
        if paper is None:
            return b"", answer("", 404)
        base_url = self.base_url(paper)
        if visit.path == paper.feed:
            body = feed(paper, base_url, visit.moment)
            said = {}
            if paper.max_age_seconds:
                said = {"Cache_Control": f"max-age={paper.max_age_seconds}"}
            return body, answer(
                body, 200, _ATOM if paper.is_atom else RSS, etag=_tag(paper, body), **said
            )
        story = paper.by_path.get(visit.path)
        if story is None or not story.is_up(visit.moment):
            return b"", answer("<h1>404</h1>", 404)
        visit.version = story.version(visit.moment)
        body = page(story, base_url, visit.version)
        return body, answer(body, 200, HTML, etag=_tag(paper, body))

    def _robots(self, host: str) -> tuple[bytes, Route]:
        delays = [paper.crawl_delay_seconds for paper in self.papers.values() if paper.host == host]
        lines = [f"Crawl-delay: {delay}" for delay in delays if delay is not None]
        body = "\n".join(["User-agent: *", "Disallow: /private/", *lines, ""]).encode()
        return body, answer(body, 200, _ROBOTS)


def _tag(paper: Paper, body: bytes) -> str | None:
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"' if paper.has_validators else None


def _with_trouble(trouble: str | None, plain: tuple[bytes, Route]) -> Route:
    body, route = plain
    if trouble == "busy":
        return answer("busy", 503)
    if trouble == "reset":
        return reset
    if trouble == "wait":
        return answer("", 429, Retry_After=f"{RETRY_AFTER_SECONDS:.0f}")
    if trouble == "truncated":
        return truncated(body.decode())
    return route


def _be_silent(exchange: Exchange) -> float:
    """Until whoever asked goes away; when that was, or when its time was up for sure."""
    connection = exchange.handler.connection
    select.select([connection], [], [], LONGEST_HANG_SECONDS)
    exchange.close()
    return min(time.monotonic(), exchange.hit.started + FETCH_LIMIT_SECONDS)
