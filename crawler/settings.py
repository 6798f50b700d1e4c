"""Scrapy's settings for a polite, bounded crawl, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crawler.network import NAMED_HOSTS_SETTING
from crawler.outlets import Outlet
from crawler.text import MAX_PAGE_BYTES
from crawler.urls import host_of

FETCH_TIMEOUT_SECONDS = 30
"""For a whole answer, first byte to last: it also ends a body that drips."""

DNS_TIMEOUT_SECONDS = 10
MAX_REDIRECTS = 5

_LEAST_DELAY_SECONDS = 0.001
"""Without any delay Scrapy 2.19 sends all that waits at once, whatever the connections."""


def scrapy_settings(
    outlets: Iterable[Outlet], user_agent: str, beside: Iterable[Outlet] = ()
) -> dict[str, Any]:
    """Settings for one crawl of these outlets, at hosts that they may share with those `beside`."""
    outlets = list(outlets)
    named = {host[0] for outlet in outlets for host in outlet.hosts}
    return {
        "USER_AGENT": user_agent,
        # Our gate asks robots.txt: Scrapy's own lets everything through when it fails.
        "ROBOTSTXT_OBEY": False,
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.gate.GateMiddleware": 550,  # before redirects: each hop passes it again
            "crawler.exchanges.ExchangeMiddleware": 950,  # the last before the wire
            # Retrying is our own decision, by kind of fault and by Retry-After.
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
        },
        "DOWNLOAD_SLOTS": _slots(outlets, beside),
        "DOWNLOAD_DELAY_JITTER": 0,  # a delay is a least time, not a mean
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        # Requests wait for their host inside the downloader; a low total would let one slow
        # host hold up all others.
        "CONCURRENT_REQUESTS": 256,
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",  # leads come newest first
        "DOWNLOAD_TIMEOUT": FETCH_TIMEOUT_SECONDS,
        "DOWNLOAD_MAXSIZE": MAX_PAGE_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": {
            **dict.fromkeys(("file", "data", "ftp", "s3")),
            **dict.fromkeys(("http", "https"), "crawler.downloading.PoliteDownloadHandler"),
        },
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "METAREFRESH_ENABLED": False,
        "TWISTED_DNS_RESOLVER": "crawler.network.PublicResolver",
        NAMED_HOSTS_SETTING: sorted(named),
        "DNS_TIMEOUT": DNS_TIMEOUT_SECONDS,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # a proxy would connect past the address guard
        "HTTPERROR_ALLOW_ALL": True,  # every status has a meaning here
        # Scrapy opens a console and a code-execution port on loopback unless told not to.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
        "STATS_DUMP": False,
        "EXTENSIONS": {"scrapy.extensions.logstats.LogStats": None},
    }


def _slots(outlets: list[Outlet], beside: Iterable[Outlet]) -> dict[str, dict[str, float]]:
    """Delay and connections by host; the gentlest outlet that shares a host decides."""
    slots: dict[str, dict[str, float]] = {}
    ours = {name for outlet in outlets for name, _ in outlet.hosts}
    for outlet in (*outlets, *beside):
        for name in ours.intersection(name for name, _ in outlet.hosts):
            known = slots.setdefault(
                name,
                {
                    "delay": _LEAST_DELAY_SECONDS,
                    "concurrency": outlet.connections,
                    "jitter": 0.0,
                },
            )
            known["delay"] = max(known["delay"], outlet.delay_seconds)
            known["concurrency"] = min(known["concurrency"], outlet.connections)
    return slots


def slot_of(url: str) -> str:
    """The name of the queue that requests of this address's host wait in."""
    host = host_of(url)
    return host[0] if host else ""
