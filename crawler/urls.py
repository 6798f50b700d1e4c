"""Addresses: cleaned for comparing, and cut into the parts that decide who is asked."""

from __future__ import annotations

import re
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit

MAX_URL_LENGTH = 8192
"""Longer ones are errors or attacks; HTTP asks servers for 8,000 at least (RFC 9110, 4.1)."""

_UNWANTED = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # in no address, and no database takes them
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_ENCODED = re.compile("%([0-9A-Fa-f]{2})")
_PLAIN = re.compile(r"[A-Za-z0-9._~/=&-]*")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")  # RFC 3986, 2.3
_ALLOWED = "%/:@!$&'()*+,;=?"  # in paths and queries as they are (RFC 3986, 3.3 and 3.4)

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


def host_name(host: Host) -> str:
    """A host as entries write it: `example.org`, `127.0.0.1:8080`."""
    name, port = host
    return name if port is None else f"{name}:{port}"


def absolute(base: str, link: str) -> str | None:
    """A link of a page as an http(s) address without fragment, or null where it is none."""
    try:
        url = urldefrag(urljoin(base, _UNWANTED.sub("", link).strip())).url.strip()
    except ValueError:
        return None
    return url if len(url) <= MAX_URL_LENGTH and host_of(url) else None


def normalise(url: str) -> str:
    """The address as one writes it, whoever wrote it: no fragment, no default port, no user,
    one spelling of percent-encoded characters, no dot segments (RFC 3986, 6.2), parameters in
    order. What parameters say is left alone: see `crawler.addresses`.
    """
    try:
        parts = urlsplit(_UNWANTED.sub("", url).strip())
        host = host_of(url)
    except ValueError:
        host = None
    if host is None:
        return url.partition("#")[0]
    path = _without_dots(percent_encoded(parts.path)) or "/"
    parameters = sorted(part for part in percent_encoded(parts.query).split("&") if part)
    return urlunsplit((parts.scheme, _netloc(host), path, "&".join(parameters), ""))


def on_host(url: str, host: Host) -> str:
    """The same address on another host."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, _netloc(host), parts.path, parts.query, ""))


def percent_encoded(text: str) -> str:
    """A path or a query with every character that needs it encoded, and no other."""
    if _PLAIN.fullmatch(text):
        return text
    text = _LONE_PERCENT.sub("%25", text)
    encoded = quote(text, safe=_ALLOWED, errors="ignore")
    return _ENCODED.sub(_spelt, encoded)


def _spelt(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if _UNRESERVED.match(character) else found[0].upper()


def _without_dots(path: str) -> str:
    """The path without `.` and `..` (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in (".", ".."):
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


def _netloc(host: Host) -> str:
    name, port = host
    name = f"[{name}]" if ":" in name else name
    return name if port is None else f"{name}:{port}"


def without_query(url: str) -> str:
    """The address up to its path."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
