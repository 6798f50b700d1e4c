"""What to do about a source or a page that could not be had."""

from __future__ import annotations

from crawler.errors import (
    BlockedError,
    CrawlError,
    ForbiddenError,
    GoneError,
    HostUnavailableError,
    RefusedError,
    TemporaryError,
    UnreadableError,
)
from crawler.outlets import Outlet
from crawler.urls import host_name, host_of
from jobs.checking.sources import SourceFinding, advice_on_form

_OFF_HOSTS = "not on a host of the outlet's entry"


def advice_on(error: CrawlError, outlet: Outlet, found: SourceFinding | None = None) -> str | None:
    """By the kind of the fault; null where the fault says it all. `found` is of a source."""
    if isinstance(error, GoneError):
        return _look_for_others(outlet) if found else _ON_GONE_PAGE
    if isinstance(error, ForbiddenError):
        return "a crawl will never fetch it: leave it out, or ask the publisher"
    if isinstance(error, HostUnavailableError | TemporaryError):
        return "try again later; nothing is fetched from it until it answers"
    if isinstance(error, BlockedError):
        return "the site refuses this program: ask the publisher; `contact` says whom they answer"
    if isinstance(error, RefusedError) and _OFF_HOSTS in error.reason:
        host = host_of(error.url)
        return f'if it is the outlet\'s, add other_hosts = ["{host_name(host)}"]' if host else None
    if isinstance(error, UnreadableError):
        if found is None:
            return _ON_UNREADABLE
        place = advice_on_form(found)
        return f"{place}; {_look_for_others(outlet)}" if place else _look_for_others(outlet)
    return None


def _look_for_others(outlet: Outlet) -> str:
    return f"sinorus outlets new {outlet.home} looks for sources that work"


_ON_GONE_PAGE = "a source lists it, and the site has not got it; one such page is no harm"
_ON_UNREADABLE = (
    "keep the page and look: sinorus parse FILE --url URL --explain; its addresses may be no "
    "articles, or it needs a reader of its own"
)
