"""Parquet: typed columns that read back as the record, in row groups that stay small."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crawler.items import RECORD_FIELDS, Article, Image, Video, plain_value
from storage.database import Database
from storage.errors import StorageError
from storage.export import parquet
from storage.export.output import open_binary_output
from storage.export.parquet import ROW_GROUP_BYTES, write_parquet
from tests.storage.samples import NOW, an_article, store

MIB = 1024 * 1024
TIMES = ("date_published", "date_modified", "first_seen", "last_seen", "last_changed")


def written(*articles: Article) -> pq.ParquetFile:
    stream = io.BytesIO()
    assert write_parquet(iter(articles), stream) == len(articles)
    return pq.ParquetFile(io.BytesIO(stream.getvalue()))


def records(file: pq.ParquetFile) -> list[dict[str, Any]]:
    """The rows as the record has them: times as text, maps as mappings."""
    return [
        {
            **row,
            **{name: plain_value(row[name]) for name in TIMES},
            "provenance": dict(row["provenance"]),
        }
        for row in file.read().to_pylist()
    ]


def test_every_field_reads_back_as_the_record(database: Database) -> None:
    number = store(database, an_article()).article_id
    store(database, an_article(url="https://news.example/2"), "2")
    expected = [article.to_dict() for article in database.articles(sort="id")]
    file = written(*database.articles(sort="id"))
    assert records(file) == expected
    assert expected[0]["id"] == number
    assert all(expected[0][name] not in (None, []) for name in RECORD_FIELDS[3:25])


def test_what_is_unknown_is_null_or_empty() -> None:
    bare = Article(url="https://news.example/1", outlet=None, headline="")
    (record,) = records(written(bare))
    assert record == bare.to_dict()


def test_columns_have_types(database: Database) -> None:
    schema = written().schema_arrow
    assert schema.names == list(RECORD_FIELDS)
    for name in TIMES:
        assert schema.field(name).type == pa.timestamp("us", tz="UTC")
    for name in ("id", "comment_count", "story_id", "revision"):
        assert schema.field(name).type == pa.int64()
    for name in ("truncated", "relevant"):
        assert schema.field(name).type == pa.bool_()
    for name in ("paragraphs", "topics", "authors", "summary", "alternate_urls"):
        assert schema.field(name).type.value_type == pa.string()
    for name in ("images", "subheads", "related", "videos"):
        assert pa.types.is_struct(schema.field(name).type.value_type)
    assert schema.field("relevance").type.field("score").type == pa.float64()
    assert pa.types.is_map(schema.field("provenance").type)
    assert written(*database.articles()).schema_arrow == schema


def test_an_empty_export_has_the_schema_and_no_row() -> None:
    file = written()
    assert file.metadata.num_rows == 0
    assert file.schema_arrow == written(an_article()).schema_arrow


def test_the_file_says_what_wrote_it_and_is_compressed() -> None:
    file = written(an_article())
    assert file.schema_arrow.metadata[b"program"] == b"sinorus"
    assert file.metadata.metadata[b"version"].decode() == version("sinorus")
    assert file.metadata.row_group(0).column(1).compression == "ZSTD"


def test_times_are_utc_and_whole_seconds() -> None:
    (row,) = written(an_article(first_seen=NOW)).read().to_pylist()
    assert row["first_seen"] == NOW.replace(microsecond=0)
    early = datetime(1, 1, 1, tzinfo=UTC)
    (row,) = written(an_article(date_published=early)).read(["date_published"]).to_pylist()
    assert row["date_published"] == early


def test_texts_and_numbers_that_a_column_cannot_hold() -> None:
    article = an_article(
        headline="a\ud800\x00中",
        lead_image=Image("\udfff", None, "\x00"),
        videos=[Video("v", 10**30, None)],
        comment_count=-(10**30),
        provenance={"a\ud800": "b\x00"},
    )
    (record,) = records(written(article))
    assert record["headline"] == "a中"
    assert record["lead_image"] == {"url": "", "caption": None, "credit": ""}
    assert record["videos"] == [{"title": "v", "duration_seconds": None, "url": None}]
    assert record["comment_count"] is None
    assert record["provenance"] == {"a": "b"}


def test_row_groups_end_at_their_size() -> None:
    large = an_article(paragraphs=["x" * MIB])
    file = written(*[large] * 110)
    groups = [file.metadata.row_group(index) for index in range(file.metadata.num_row_groups)]
    most = parquet.ARTICLES_PER_BATCH
    assert most * MIB > ROW_GROUP_BYTES
    assert [group.num_rows for group in groups] == [most, most, 110 - 2 * most]


def test_row_groups_end_at_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP_ARTICLES", 100)
    file = written(*[an_article()] * 250)
    groups = [file.metadata.row_group(index) for index in range(file.metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [100, 100, 50]


def test_memory_does_not_grow_with_the_articles() -> None:
    """What pyarrow holds at its most for 150 MB is what it holds for 50 MB."""

    def peak(number: int) -> int:
        pool = pa.proxy_memory_pool(pa.default_memory_pool())
        before = pa.default_memory_pool()
        pa.set_memory_pool(pool)
        try:
            large = an_article(paragraphs=["x" * MIB])
            with Path(os.devnull).open("wb") as stream:
                write_parquet((large for _ in range(number)), stream)
        finally:
            pa.set_memory_pool(before)
        return int(pool.max_memory())

    first, second = peak(50), peak(150)
    assert first > 0
    assert second <= first * 1.1


def broken(failure: BaseException) -> Iterator[Article]:
    """A row group of articles, and then a failure."""
    yield from [an_article(paragraphs=["x" * MIB])] * parquet.ARTICLES_PER_BATCH
    raise failure


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), StorageError("gone"), OSError(5, "x")])
def test_an_interrupted_export_leaves_nothing(tmp_path: Path, failure: BaseException) -> None:
    path = tmp_path / "out.parquet"
    expected = StorageError if isinstance(failure, OSError) else type(failure)
    with pytest.raises(expected), open_binary_output(path) as stream:
        write_parquet(broken(failure), stream)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), StorageError("gone")])
def test_what_a_pipe_got_before_a_failure_does_not_look_whole(failure: BaseException) -> None:
    stream = io.BytesIO()
    with pytest.raises(type(failure)):
        write_parquet(broken(failure), stream)
    assert stream.getvalue().startswith(b"PAR1")
    with pytest.raises(pa.ArrowInvalid):
        pq.ParquetFile(io.BytesIO(stream.getvalue()))


class _Failing(io.BytesIO):
    """A stream that fails at its n-th write and would take what comes after it."""

    def __init__(self, at: int, failure: BaseException) -> None:
        super().__init__()
        self._left = at
        self._failure = failure

    def write(self, data: Any) -> int:
        self._left -= 1
        if self._left == 0:
            raise self._failure
        return super().write(data)


@pytest.mark.parametrize(
    "failure", [KeyboardInterrupt(), BrokenPipeError(32, "x"), OSError(28, "")]
)
@pytest.mark.parametrize("at", [1, 2, 50, 120])
def test_a_failed_write_is_told_and_no_part_looks_whole(at: int, failure: BaseException) -> None:
    stream = _Failing(at, failure)
    with pytest.raises(type(failure)):
        write_parquet(iter([an_article()] * 3), stream)
    with pytest.raises(pa.ArrowInvalid):
        pq.ParquetFile(io.BytesIO(stream.getvalue()))


def test_a_full_device_is_a_sentence_for_bytes_too() -> None:
    with (
        pytest.raises(StorageError, match="/dev/full cannot be written: No space left"),
        open_binary_output("/dev/full") as stream,
    ):
        write_parquet(iter([an_article()] * 100), stream)
