"""What `sinorus export` does: records out of the database into one of the formats."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import ConfigurationError
from crawler.urls import absolute
from storage import Database, Filters
from storage.export.output import is_standard_output, open_binary_output, open_output

FORMATS = ("jsonl", "csv", "parquet", "atom")


def check_request(form: str, feed_url: str | None) -> None:
    """Raises ConfigurationError for a format that is none and for an address that is none."""
    if form not in FORMATS:
        raise ConfigurationError(f"--format {form}: use {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    if feed_url is not None and absolute("", feed_url) is None:
        raise ConfigurationError(f"--feed-url {feed_url}: not an http(s) address")


def export_records(
    database: Database,
    filters: Filters,
    form: str,
    output: Path | None,
    *,
    raw_cells: bool = False,
    feed_url: str | None = None,
) -> int:
    """Writes the records that meet the filters; gives how many.

    Each format's libraries are loaded only for it. Raises StorageError, and ConfigurationError
    for what a terminal cannot show.
    """
    if form == "parquet":
        from storage.export.parquet import write_parquet

        with open_binary_output(output) as binary:
            return write_parquet(database.articles(filters), binary)
    if form == "atom":
        return _export_feed(database, filters, output, feed_url)
    with open_output(output) as text:
        if form == "csv":
            from storage.export.cells import write_csv

            return write_csv(database.articles(filters), text, safe=not raw_cells)
        from storage.export.jsonl import write_jsonl

        return write_jsonl(database.articles(filters), text)


def _export_feed(
    database: Database, filters: Filters, output: Path | None, feed_url: str | None
) -> int:
    from storage.export.atom import feed_of, write_atom

    name = "" if output is None or is_standard_output(output) else output.name
    updated = database.latest_change(filters) or datetime.now(UTC)
    feed = feed_of(filters, updated=updated, name=name, url=feed_url)
    with open_output(output) as text:
        return write_atom(database.articles(filters), text, feed)
