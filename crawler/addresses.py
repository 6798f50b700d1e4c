"""Addresses of one article: what differs between its copies, and what never does.

Newsrooms serve an article on several hosts, for telephones, as AMP, to be printed, in two
Chinese scripts, and others hang their tracking on its address. What is listed here is taken
away and nothing else: a parameter nobody knows may be the article's number.
"""

from __future__ import annotations

import re
from collections import deque
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from crawler.urls import host_of, normalise, on_host

_COPY_HOST = re.compile(r"^(?:m|mobile|wap|touch|amp|big5)\.(?=[^.]+\.)")
_WWW = re.compile(r"^www\.(?=[^.]+\.)")
_INDEX = re.compile(r"(?:index|default)\.(?:s?html?|php|aspx?|jsp)$", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_GATEWAY = re.compile(r"^/gate/big5/([a-z0-9.-]+\.[a-z]+)(/.*)$")  # Xinhua's and others'
_AMP_FILE = re.compile(r"(?<!\.amp)(?:\.amp)+(\.s?html?)?$", re.IGNORECASE)
_USUAL_PORTS = frozenset([None, 80, 443])
_SCRIPTS = {"trad": "simp", "hant": "hans", "zh-hant": "zh-hans"}

# Whose campaign it was. Names that begin so, and whole names.
_TRACKING = re.compile(
    r"(?:utm|mtm|matomo|pk|piwik|hsa|itm|oly|vero|at|ns|ga|stm|guce|soc|_x_tr|amp_js)_"
    r"|_{1,2}hs(?:enc|fp|mi|sc|tc)$|amp_gsa$|aoh$|usqp$|_gl$|_ga$|_ke$|mc_[ce]id$|mkt_tok$|_openstat$"
    r"|(?:fb|g|dc|y|ys|tw|ms|tt|bc)clid$|igshi?d$|[gw]braid$"
    r"|cmp(?:id)?$|ocid$|xtor$|spm$|scm$|maca$|srnd$|sref$|smid$|smtyp$|ftag$|tpcc$|taid$"
    r"|traffic_source$|guccounter$|share(?:type|_?token|_?from)?$|feed(?:type|name)$"
    r"|ref_(?:src|url)$|__twitter_impression$|nocache$",
    re.IGNORECASE,
)
LIKELY_TRACKING = frozenset(
    "ref referer referrer source src from via campaign medium partner origin rss intcmp ito"
    " icid emc feature module soc".split()
)
"""The same, unless they hold a digit: then they may be what the article is known by."""

_COPY_NAMES = frozenset("amp print printable printpage mobile".split())
_YES = frozenset(["", "1", "true", "yes", "y", "on"])
_AMP_SEGMENTS = frozenset(["amp", "amp.html"])
_PRINT_SEGMENTS = frozenset(["print", "print.html"])
_MODES = frozenset("view mode display format output outputtype version".split())
_COPY_MODES = frozenset("amp print printable print-friendly mobile".split())


def bare_host(name: str) -> str:
    """A host's name without `www.`, `m.`, `amp.`, `big5.` and the like before it."""
    return _WWW.sub("", _COPY_HOST.sub("", _WWW.sub("", name)))


def is_copy_host(name: str) -> bool:
    """Whether the host serves copies: for telephones, as AMP, in traditional characters."""
    return _COPY_HOST.match(name) is not None


@lru_cache(maxsize=1024)  # each address is looked at several times in a row
def desktop_form(url: str) -> str:
    """The address of the page that AMP and print copies are copies of, on the same host,
    without tracking parameters. Not an identity yet: see `article_key`.
    """
    url = normalise(url)
    if host_of(url) is None:
        return url
    parts = urlsplit(url)
    host, path = parts.netloc, _SESSION.sub("", parts.path)
    before = ""
    while path != before:
        before = path
        while through := _GATEWAY.match(path):
            host, path = through[1], through[2]
        path = _desktop_path(path)
    kept = (part for part in parts.query.split("&") if part and not _is_mark(part))
    return urlunsplit((parts.scheme, host, path, "&".join(kept), ""))


def article_key(url: str) -> str:
    """What an article's addresses have in common where they have no number: host, path and
    the parameters that remain, written as an https address whatever it was met as.
    """
    url = desktop_form(url)
    host = host_of(url)
    if host is None:
        return url
    name, port = host
    place = (bare_host(name), None if port in _USUAL_PORTS else port)
    parts = urlsplit(on_host(url, place))
    segments = [_SCRIPTS.get(s.lower(), s) for s in parts.path.split("/") if s]
    while segments and _INDEX.match(segments[-1]):
        segments.pop()
    path = "/" + "/".join(segments)
    return urlunsplit(("https", parts.netloc, path, parts.query, ""))


def _is_mark(parameter: str) -> bool:
    """Whether a parameter is about how a reader came or how the page is shown."""
    name, _, value = parameter.partition("=")
    name, value = name.lower(), value.lower()
    if _TRACKING.match(name):
        return True
    if name in LIKELY_TRACKING:
        return not any(character.isdigit() for character in value)
    return (name in _COPY_NAMES and value in _YES) or (name in _MODES and value in _COPY_MODES)


def _desktop_path(path: str) -> str:
    """The path without `amp` anywhere and without `print` where it begins or ends."""
    segments = path.split("/")
    named = [i for i, segment in enumerate(segments) if segment and not _INDEX.match(segment)]
    if not named:
        return path
    segments[named[-1]] = _AMP_FILE.sub(r"\1", segments[named[-1]])
    kept = deque(i for i in named if segments[i].lower() not in _AMP_SEGMENTS)
    while kept and segments[kept[-1]].lower() in _PRINT_SEGMENTS:
        kept.pop()
    while kept and segments[kept[0]].lower() in _PRINT_SEGMENTS:
        kept.popleft()
    if not kept:
        return path
    dropped = set(named) - set(kept)
    return "/" + "/".join(s for i, s in enumerate(segments) if i and i not in dropped)
