"""What a daemon tidies up beside its work, in small steps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from scrapy.resolver import dnscache
from sqlalchemy import Connection

from jobs import log
from jobs.crawl import Crawls
from jobs.retention import oldest_kept
from storage import frontier, outbox, retention, runs


async def keep_house(crawls: Crawls) -> None:
    """Called each minute. Raises StorageError."""
    dnscache.clear()  # it knows no time to live, and hosts move
    now = crawls.clock.now()

    def tidy(conn: Connection) -> None:
        crawls.alerts.note_digest(conn, now)
        frontier.drop_expired_holds(conn, datetime.now(UTC))  # the machine's time, as sites'

    await crawls.write(tidy)


async def keep_house_daily(crawls: Crawls) -> None:
    """What is old enough to go. Raises StorageError."""
    now = crawls.clock.now()
    oldest = oldest_kept(crawls.settings, now)

    def tidy(conn: Connection) -> None:
        outbox.drop_old(conn, now)
        runs.drop_old_runs(conn, now)

    await crawls.write(tidy)
    if oldest is not None:
        removed = await asyncio.to_thread(  # it looks at every file: crawls go on meanwhile
            retention.remove_old_pages,
            crawls.database,
            crawls.settings.data_dir,
            oldest,
            now,
        )
        if removed.files:
            log.event("old pages removed", files=removed.files, pages=removed.pages)
