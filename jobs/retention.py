"""How long raw pages are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs.settings import Settings


def oldest_kept(settings: Settings, now: datetime) -> datetime | None:
    """Pages fetched before then are to go; null where they are kept for ever."""
    if settings.keep_pages_days is None:
        return None
    return now - timedelta(days=settings.keep_pages_days)
