"""Parquet: the records as typed columns, for pandas, polars, DuckDB and the like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from crawler.items import RECORD_FIELDS, Article
from storage.cleaning import clean_values
from storage.export.program import PROGRAM, VERSION
from storage.inserts import chunks

# A row group is in memory twice, as columns and as what is written of them: this is some 50 MB.
ROW_GROUP_BYTES = 16 * 1024 * 1024
# Readers skip whole row groups: many articles without a text need not be one.
ROW_GROUP_ARTICLES = 20_000
# So many records at once become columns: their size is known only then.
ARTICLES_PER_BATCH = 50
LARGEST_INTEGER = 2**63 - 1
# zstd's own default; pyarrow's is 1.
ZSTD_LEVEL = 3

_TIME = pa.timestamp("us", tz="UTC")
_TEXT = pa.string()
_TEXTS = pa.list_(pa.field("element", _TEXT, nullable=False))
_INTEGER = pa.int64()


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


def _structs(kind: pa.DataType) -> pa.DataType:
    return pa.list_(pa.field("element", kind, nullable=False))


_IMAGE = pa.struct([_required("url", _TEXT), ("caption", _TEXT), ("credit", _TEXT)])
_SUBHEAD = pa.struct([_required("text", _TEXT), ("before", _INTEGER)])
_RELATED = pa.struct([_required("headline", _TEXT), _required("url", _TEXT)])
_VIDEO = pa.struct([("title", _TEXT), ("duration_seconds", _INTEGER), ("url", _TEXT)])
_RELEVANCE = pa.struct([_required("score", pa.float64()), _required("reasons", _TEXTS)])

_TYPES: dict[str, pa.DataType] = {
    "id": _INTEGER, "url": _TEXT, "alternate_urls": _TEXTS, "outlet": _TEXT, "language": _TEXT,
    "topic": _TEXT, "topics": _TEXTS, "section": _TEXT, "headline": _TEXT, "summary": _TEXTS,
    "authors": _TEXTS, "date_published": _TIME, "date_modified": _TIME,
    "date_published_raw": _TEXT, "lead_image": _IMAGE, "images": _structs(_IMAGE),
    "paragraphs": _TEXTS, "subheads": _structs(_SUBHEAD), "related": _structs(_RELATED),
    "videos": _structs(_VIDEO), "comment_count": _INTEGER, "paywall": _TEXT,
    "truncated": pa.bool_(), "relevant": pa.bool_(), "relevance": _RELEVANCE,
    "story_id": _INTEGER, "revision": _INTEGER, "first_seen": _TIME, "last_seen": _TIME,
    "last_changed": _TIME, "gone_at": _TIME, "parser": _TEXT, "provenance": pa.map_(_TEXT, _TEXT),
}  # fmt: skip
_NULLABLE = frozenset(
    {"id", "outlet", "language", "topic", "section", "date_published", "date_modified",
     "date_published_raw", "lead_image", "comment_count", "story_id", "first_seen", "last_seen",
     "last_changed", "gone_at"}
)  # fmt: skip
_TIMES = tuple(name for name, kind in _TYPES.items() if kind == _TIME)

SCHEMA = pa.schema(
    [pa.field(name, _TYPES[name], nullable=name in _NULLABLE) for name in RECORD_FIELDS],
    metadata={"program": PROGRAM, "version": VERSION},
)
"""The record's fields in their order. Times are UTC, to the second as in all exports."""


class _Sink:
    """The stream as pyarrow writes to it.

    Abandoned, it takes nothing more: the writer ends its file whatever happened, and with that
    end a part would look like a whole.
    """

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream: BinaryIO | None = stream

    def write(self, data: bytes) -> None:
        if self._stream:
            self._stream.write(data)

    def flush(self) -> None:
        if self._stream:
            self._stream.flush()

    def close(self) -> None:
        """The stream is closed by whoever opened it."""

    def abandon(self) -> None:
        self._stream = None


def write_parquet(articles: Iterable[Article], stream: BinaryIO) -> int:
    """The records in row groups of bounded size, under zstd; gives how many.

    Lists and structures are columns of their kind, `provenance` is a map, null is null. The
    file's metadata has `program` and `version`. A failure leaves no readable file.
    """
    sink = _Sink(stream)
    writer = pq.ParquetWriter(sink, SCHEMA, compression="zstd", compression_level=ZSTD_LEVEL)
    written = 0
    try:
        for table in _row_groups(articles):
            writer.write_table(table, row_group_size=table.num_rows)
            written += table.num_rows
            del table  # or it would stay until the next one is whole
        writer.close()
    except BaseException:
        sink.abandon()
        with suppress(OSError, pa.ArrowException):  # what was wrong is on its way already
            writer.close()
        raise
    return written


def _row_groups(articles: Iterable[Article]) -> Iterator[pa.Table]:
    """The articles as tables of bounded size, each a row group."""
    batches: list[pa.RecordBatch] = []
    held_bytes = held_articles = 0
    for records in chunks(map(_columns_of, articles), ARTICLES_PER_BATCH):
        batches.append(pa.RecordBatch.from_pylist(records, schema=SCHEMA))
        held_bytes += batches[-1].nbytes
        held_articles += batches[-1].num_rows
        if held_bytes >= ROW_GROUP_BYTES or held_articles >= ROW_GROUP_ARTICLES:
            yield _emptied(batches)
            held_bytes = held_articles = 0
    if batches:
        yield _emptied(batches)


def _emptied(batches: list[pa.RecordBatch]) -> pa.Table:
    """The batches as a table, which alone holds them from then on."""
    table = pa.Table.from_batches(batches)
    batches.clear()
    return table


def _columns_of(article: Article) -> dict[str, Any]:
    """The record with times as times. A number that no column can hold is unknown: null."""
    record: dict[str, Any] = clean_values(article.to_dict())
    for name in _TIMES:
        moment = getattr(article, name)
        record[name] = moment.replace(microsecond=0) if moment else None
    record["comment_count"] = _integer(article.comment_count)
    for video in record["videos"]:
        video["duration_seconds"] = _integer(video["duration_seconds"])
    return record


def _integer(number: int | None) -> int | None:
    return number if number is not None and abs(number) <= LARGEST_INTEGER else None
