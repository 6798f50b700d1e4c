"""Addresses: cleaned for comparing, and cut into the parts that decide who is asked."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from courlan import normalize_url
from w3lib.url import canonicalize_url

MAX_URL_LENGTH = 8192
"""Longer ones are errors or attacks; HTTP asks servers for 8,000 at least (RFC 9110, 4.1)."""

_UNWANTED = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # in no address, and no database takes them
_DEFAULT_PORTS = {"http": 80, "https": 443}

Host = tuple[str, int | None]
"""Host name in lower case and port; the port is null where it is the scheme's own."""


def host_of(url: str) -> Host | None:
    """The host an http(s) address asks, or null where it is no such address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    if port == _DEFAULT_PORTS[parts.scheme]:
        port = None
    return parts.hostname.rstrip("."), port


def absolute(base: str, link: str) -> str | None:
    """A link of a page as an http(s) address without fragment, or null where it is none."""
    try:
        url = urldefrag(urljoin(base, _UNWANTED.sub("", link).strip())).url.strip()
    except ValueError:
        return None
    return url if len(url) <= MAX_URL_LENGTH and host_of(url) else None


def normalise(url: str) -> str:
    """The address for comparing: no tracking parameters, no fragment, query in order.

    courlan is asked in its lenient mode: its strict one drops parameters that are article
    numbers. It drops parameters without a value in any mode (`?20241105`), so it is not asked
    about an address that has one.
    """
    try:
        if all(part.partition("=")[2] for part in urlsplit(url).query.split("&") if part):
            url = normalize_url(url, strict=False, trailing_slash=True)
        return str(canonicalize_url(url))
    except (ValueError, UnicodeError):
        return urldefrag(url).url


def without_query(url: str) -> str:
    """The address up to its path."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
