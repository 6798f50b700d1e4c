"""Who may be connected to, and what a failed connection means."""

from __future__ import annotations

import ipaddress
from typing import Any

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.errors import CrawlError, HardError, RefusedError, SinorusError, TemporaryError
from crawler.text import MAX_PAGE_BYTES

NAMED_HOSTS_SETTING = "SINORUS_NAMED_HOSTS"
"""Scrapy setting: the host names of the outlets' own addresses."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LOCALHOST = "localhost"

_refused_hosts: dict[str, str] = {}


def is_public_address(text: str) -> bool:
    """Whether an IP address is one of the open internet, embedded IPv4 ones included."""
    try:
        address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local:  # of old; Python counts it as global
            return False
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public_address(str(inner))
    return address.is_global and not address.is_multicast


def is_address_name(host: str) -> bool:
    """Whether naming this host names its address: an IP literal, or `localhost`."""
    if host == _LOCALHOST or host.endswith(f".{_LOCALHOST}"):
        return True
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class PublicResolver(CachingThreadedResolver):
    """Resolves names to public addresses only.

    Every connection comes through here, redirects and odd literals (`2130706433`, `0x7f.1`)
    too, after DNS and before connecting: the address checked is the address used. A private
    address is let through only where the operator's outlets file names it as such.
    """

    def __init__(self, reactor: Any, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.named_hosts: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> PublicResolver:
        resolver: PublicResolver = super().from_crawler(crawler, reactor)
        names = crawler.settings.getlist(NAMED_HOSTS_SETTING)
        resolver.named_hosts = frozenset(name for name in names if is_address_name(name))
        return resolver

    def getHostByName(  # noqa: N802 - Twisted's name
        self, name: str, timeout: Any = ()
    ) -> Deferred[str]:
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if name in self.named_hosts or is_public_address(address):
            _refused_hosts.pop(name.rstrip("."), None)
            return address
        _refused_hosts[name.rstrip(".")] = address
        raise DNSLookupError(f"{name} is at {address}, which is no public address")


def crawl_error(
    outlet: str, url: str, host: str, error: BaseException, most_bytes: int = MAX_PAGE_BYTES
) -> CrawlError:
    """A failed download as one of our errors. A fault that is no download's is raised again."""
    if isinstance(error, CrawlError):
        return error
    if isinstance(error, SinorusError):  # the memory's, met on the way
        raise error
    if host in _refused_hosts:
        address = _refused_hosts[host]
        return RefusedError(outlet, url, f"fetch: {host} is at {address}, no public address")
    if isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error):
        return RefusedError(outlet, url, _TOO_LARGE.format(limit=most_bytes))
    for kind, made, reason in _MEANINGS:
        if isinstance(error, kind):
            return made(outlet, url, reason.format(host=host, error=error, limit=most_bytes))
    text = str(error)
    if "certificate" in text.lower() or "SSL" in text or "TLS" in text:
        return HardError(outlet, url, f"fetch: the certificate of {host} is not valid")
    name = type(error).__name__
    return TemporaryError(outlet, url, f"fetch: no answer from {host} ({name})")


_TOO_LARGE = "fetch: body over {limit} bytes"

_MEANINGS: tuple[tuple[type[BaseException], type[CrawlError], str], ...] = (
    (CannotResolveHostError, TemporaryError, "fetch: the name {host} does not resolve"),
    (DNSLookupError, TemporaryError, "fetch: the name {host} does not resolve"),
    (DownloadTimeoutError, TemporaryError, "fetch: no whole answer from {host} in time"),
    (DownloadConnectionRefusedError, TemporaryError, "fetch: {host} refused the connection"),
    (DownloadCancelledError, RefusedError, _TOO_LARGE),
    (ResponseDataLossError, TemporaryError, "fetch: the answer of {host} broke off"),
    (UnsupportedURLSchemeError, RefusedError, "fetch: neither http nor https"),
    (IgnoreRequest, HardError, "fetch: {error}"),
    (ValueError, HardError, "fetch: {host} leads on to what is no address"),
)
