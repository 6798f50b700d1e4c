"""robots.txt as RFC 9309 says. What cannot be read forbids everything."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from protego import Protego

USER_AGENT_TOKEN = "sinorus"
"""The name that robots.txt files know us by (RFC 9309, 2.2.1)."""

MAX_BYTES = 512 * 1024
"""Of a robots.txt that are read; the RFC asks for 500 KiB at least (2.5)."""

MAX_CRAWL_DELAY_SECONDS = 300.0
"""A longer Crawl-delay is an error or means "go away": then the host is left alone."""

_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one host. `unreachable` says why nothing may be fetched, else it is null;
    `is_down` that nothing answered at all.

    `is_passing`: for now, so that an older copy may serve meanwhile. `crawl_delay_seconds` is 0
    where none is asked for.
    """

    unreachable: str | None = None
    is_passing: bool = False
    is_down: bool = False
    crawl_delay_seconds: float = 0.0
    _rules: Protego | None = field(default=None, repr=False)

    @property
    def sitemaps(self) -> list[str]:
        """The addresses of its Sitemap lines, as written (sitemaps.org)."""
        return list(self._rules.sitemaps) if self._rules else []

    def allows(self, url: str) -> bool:
        if self.unreachable:
            return False
        return self._rules is None or bool(self._rules.can_fetch(url, USER_AGENT_TOKEN))


def rules_from_response(status: int, body: bytes) -> RobotsRules:
    """The rules of an answer: 2xx is read, 4xx allows all, anything else forbids all.

    429 is no "there is none" but "not now", and forbids. (RFC 9309, 2.3.1.3 and 2.3.1.4)
    """
    if 200 <= status < 300:
        return _read(body)
    if 400 <= status < 500 and status != _TOO_MANY_REQUESTS:
        return RobotsRules()
    return RobotsRules(f"robots.txt answered HTTP {status}", is_passing=True)


def _read(body: bytes) -> RobotsRules:
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace").replace("\x00", "")
    rules = Protego.parse(text)
    delay = rules.crawl_delay(USER_AGENT_TOKEN)
    seconds = float(delay) if delay and math.isfinite(delay) and delay > 0 else 0.0
    if seconds > MAX_CRAWL_DELAY_SECONDS:
        reason = f"Crawl-delay of {seconds:.0f} s, over {MAX_CRAWL_DELAY_SECONDS:.0f} s"
        return RobotsRules(unreachable=f"robots.txt asks for a {reason}")
    return RobotsRules(crawl_delay_seconds=seconds, _rules=rules)
