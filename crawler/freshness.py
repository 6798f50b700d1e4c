"""How long an answer says that it stays as it is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.items import FetchedPage

_DIRECTIVE = re.compile(r'\s*([\w-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,;]*)))?\s*(?:,|$)')
_LONGEST_SECONDS = 366 * 86_400  # RFC 9111, 1.2.2 lets a recipient cut what it cannot count


def fresh_for(page: FetchedPage) -> timedelta | None:
    """From now on, by max-age, else Expires, less its Age (RFC 9111, 4.2); null where it says
    nothing that can be read, zero where it must not be relied on at all.
    """
    directives = _directives(page)
    if "no-store" in directives or "no-cache" in directives:
        return timedelta(0)
    lifetime: float | None = _seconds(directives.get("max-age"))
    if lifetime is None:
        lifetime = _until_expiry(page)
    if lifetime is None:
        return None
    age = _seconds(page.header("Age")) or 0
    return timedelta(seconds=min(max(lifetime - age, 0), _LONGEST_SECONDS))


def _directives(page: FetchedPage) -> dict[str, str]:
    """By name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for key, value in page.headers:
        if key.lower() == "cache-control":
            for name, quoted, plain in _DIRECTIVE.findall(value[:1000]):
                found.setdefault(name.lower(), quoted or plain)
    return found


def _until_expiry(page: FetchedPage) -> float | None:
    raw = page.header("Expires")
    if raw is None:
        return None
    expires = _http_date(raw)
    if expires is None:
        return 0  # RFC 9111, 5.3: an invalid one, above all "0", is in the past
    date = _http_date(page.header("Date") or "") or page.fetched_at
    return (expires - date).total_seconds()


def _http_date(raw: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else None


def _seconds(raw: str | None) -> int | None:
    return int(raw) if raw and re.fullmatch(r"[0-9]{1,18}", raw.strip()) else None
