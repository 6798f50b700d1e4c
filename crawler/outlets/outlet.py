"""One entry of the outlets file, checked."""

from __future__ import annotations

import pkgutil
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crawler.addresses import bare_host, desktop_form, is_copy_host
from crawler.items import Paywall
from crawler.outlets.cron import parse_cron
from crawler.urls import Host, host_of, normalise, on_host

DEFAULT_DELAY_SECONDS = 2.0


def _http_address(value: str) -> str:
    if host_of(value) is None:
        raise ValueError("must be an http(s) address")
    return value


def _zone_name(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("unknown time zone; use a name such as Asia/Hong_Kong") from error
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def _parser_name(value: str) -> str:
    # Listed, not imported: the parsers themselves know outlets.
    folder = Path(__file__).parent.parent / "parsers"
    known = sorted(module.name for module in pkgutil.iter_modules([str(folder)]))
    if value not in known:
        raise ValueError(f"no parser {value!r}; there are: {', '.join(known)}")
    return value


def _template(value: str) -> str:
    filled = TEMPLATE_KEY.sub("x", value)
    if filled == value or host_of(filled) is None or "{" in filled or "}" in filled:
        raise ValueError("must be an address with keys of a list's items in it, as {id}")
    return value


def _host_name(value: str) -> str:
    found = host_of(f"https://{value}")
    if found is None or value != (found[0] if found[1] is None else f"{found[0]}:{found[1]}"):
        raise ValueError("must be a host name such as m.example.org, in lower case")
    return value


def _cron(value: str) -> str:
    parse_cron(value)
    return value


TEMPLATE_KEY = re.compile(r"\{(\w+)\}")

HttpAddress = Annotated[str, AfterValidator(_http_address)]

Evidence = Literal["feed-seen", "code-seen", "unverified", "none-found"]
"""How sure its addresses are: one was read, public code uses one, hearsay, or none is known."""


class Outlet(BaseModel):
    """A newsroom: its sources, its addresses and the manners it asks for.

    With `paywall` closed its articles are known by what its sources say of them, where their
    pages are not to be read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    name: str
    country: str | None = None
    language: str | None = None
    timezone: Annotated[str, AfterValidator(_zone_name)] = "UTC"
    home: HttpAddress
    feeds: list[HttpAddress] = []
    sitemaps: list[HttpAddress] = []
    pages: list[HttpAddress] = []
    other_hosts: list[Annotated[str, AfterValidator(_host_name)]] = []
    article_urls: list[Annotated[str, AfterValidator(_pattern)]] = []
    parser: Annotated[str, AfterValidator(_parser_name)] | None = None
    on_topic: bool = False
    list_address: Annotated[str, AfterValidator(_template)] | None = None
    paywall: Paywall = "none"
    evidence: Evidence | None = None
    notes: str | None = None
    delay_seconds: float = Field(default=DEFAULT_DELAY_SECONDS, ge=0, le=86_400, strict=True)
    connections: int = Field(default=1, ge=1, le=16, strict=True)
    schedule: Annotated[str, AfterValidator(_cron)] | None = None
    enabled: bool = True

    @cached_property
    def hosts(self) -> frozenset[Host]:
        """The hosts that the entry names, in its addresses and beside them: what the operator
        chose to be asked.
        """
        addresses = [self.home, *self.feeds, *self.sitemaps, *self.pages]
        addresses += [f"https://{name}" for name in self.other_hosts]
        return frozenset(host for host in map(host_of, addresses) if host)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def _article_patterns(self) -> list[re.Pattern[str]]:
        return [re.compile(pattern) for pattern in self.article_urls]

    def is_own(self, url: str) -> bool:
        """Whether the address is on one of the outlet's hosts."""
        host = host_of(url)
        return host is not None and host in self.hosts

    def own_host(self, url: str) -> Host | None:
        """The outlet's host that has what the address's host has: itself, or for a copy for
        telephones and the like the one it is a copy of. Null for a host that is not the
        outlet's under any of these names.
        """
        host = host_of(url)
        if host is None:
            return None
        name, port = host
        bare = bare_host(name)
        others = [own for own in ((f"www.{bare}", port), (bare, port)) if own in self.hosts]
        if host in self.hosts and not (others and is_copy_host(name)):
            return host
        return next(iter(others), host if host in self.hosts else None)

    def desktop_url(self, url: str) -> str:
        """The address of the article's main page, as far as the address met tells it.

        A form that the entry's patterns do not know, where they know the one met, is a guess
        too many. An address that is not the outlet's stays as it is.
        """
        form, met = desktop_form(url), normalise(url)
        if self.is_article_url(met) and not self.is_article_url(form):
            form = met
        host = self.own_host(form)
        return met if host is None else on_host(form, host)

    def is_article_url(self, url: str) -> bool:
        """Whether the address is an article's; without patterns every address may be one."""
        return not self._article_patterns or any(
            pattern.search(url) for pattern in self._article_patterns
        )

    def article_number(self, url: str) -> str | None:
        """What the group `id` of the first matching pattern that has one finds.

        The patterns are shown the address of the main page, then the one met.
        """
        for form in dict.fromkeys((self.desktop_url(url), desktop_form(url), url)):
            for pattern in self._article_patterns:
                found = pattern.search(form)
                if found and "id" in pattern.groupindex and found["id"]:
                    return found["id"]
        return None
