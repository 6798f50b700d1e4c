"""The entries of the catalogue with their hosts exchanged for servers on loopback."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from crawler.outlets import Outlet
from tests.faultserver import FaultServer, FaultServers

# Two seconds are a twentieth of one here, the longest are cut: who is slower stays slower.
DELAY_RATIO = 0.025
LONGEST_DELAY_SECONDS = 0.3


class Loopback:
    """The hosts of the outlets, each a server of its own, made when first asked for."""

    def __init__(self, servers: FaultServers) -> None:
        self.servers = servers
        self.hosts: dict[str, FaultServer] = {}

    def server_at(self, authority: str) -> FaultServer:
        """The server of an address that one of the methods below made."""
        return self.hosts[authority]

    def authority(self, host: str) -> str:
        """`127.0.0.5:8000` for `www.example.org`."""
        server = self.servers[host]
        name = server.base_url.removeprefix("http://")
        self.hosts[name] = server
        return name

    def url(self, real: str) -> str:
        """An address on the server that stands for its host."""
        parts = urlsplit(real)
        query = f"?{parts.query}" if parts.query else ""
        return f"http://{self.authority(parts.netloc)}{parts.path or '/'}{query}"

    def entry(self, outlet: Outlet) -> dict[str, Any]:
        """The outlet's entry with these hosts in it, and less delay; the rest as it is."""
        said = outlet.model_dump(exclude_none=True, exclude_defaults=True)
        for name in ("feeds", "sitemaps", "pages"):
            said[name] = [self.url(address) for address in getattr(outlet, name)]
        return said | {
            "home": self.url(outlet.home),
            "other_hosts": [self.authority(host) for host in outlet.other_hosts],
            "article_urls": [
                local_pattern(pattern, outlet, self.authority) for pattern in outlet.article_urls
            ],
            "delay_seconds": local_delay(outlet),
            **({"list_address": _plain(outlet.list_address)} if outlet.list_address else {}),
        }


def local_delay(outlet: Outlet) -> float:
    return min(outlet.delay_seconds * DELAY_RATIO, LONGEST_DELAY_SECONDS)


def local_pattern(pattern: str, outlet: Outlet, authority: Callable[[str], str]) -> str:
    """The pattern with its host, all up to the first slash, exchanged for those of the outlet's
    hosts that it knows. One that names no host stays as it is.
    """
    is_whole = pattern.startswith("//")
    host, _, path = pattern.removeprefix("//").partition("/")
    if not host:
        return pattern
    knows = re.compile(f"^{host}$" if is_whole else f"{host}$")
    known = sorted(name for name, _ in outlet.hosts if knows.search(name))
    assert known, f"{outlet.id}: no host of the entry matches {pattern}"
    return f"//(?:{'|'.join(re.escape(authority(name)) for name in known)})/{path}"


def _plain(template: str) -> str:
    return template.replace("https://", "http://")
