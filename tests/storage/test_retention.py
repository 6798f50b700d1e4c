"""Retention: old pages go by whole files, whatever interrupts it, and nothing else goes."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.check import check
from storage.database import Database
from storage.errors import StorageError
from storage.kept_pages import page_of, read_kept
from storage.pages import ArchivedPage, PageArchive, note_page, same_page
from storage.retention import Removed, remove_old_pages
from storage.schema import pages
from tests.storage.samples import HOUR, NOW, a_page, an_article, store

DAY = timedelta(days=1)
LATER = NOW + 40 * DAY


def keep(database: Database, archive: PageArchive, number: int, age: timedelta) -> int:
    """Keeps a page fetched so long before NOW; its file was last written then, too."""
    page = a_page(body=b"%d" % number, fetched_at=NOW - age)
    lies = archive.write(page)
    set_written(archive.data_dir / lies.warc_file, NOW - age)
    with database.write() as conn:
        return note_page(conn, page, lies)


def set_written(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def remove(database: Database, data_dir: Path, before: datetime, now: datetime = LATER) -> Removed:
    return remove_old_pages(database, data_dir, before, now)


def kept_files(data_dir: Path) -> list[str]:
    return [p.relative_to(data_dir).as_posix() for p in sorted(data_dir.rglob("*.warc.gz"))]


def removed_ids(database: Database) -> list[int]:
    with database.read() as conn:
        found = conn.execute(select(pages.c.id).where(pages.c.removed_at.is_not(None)))
        return sorted(found.scalars())


def test_files_whose_pages_are_all_old_go_and_their_rows_tell_when(
    database: Database, tmp_path: Path
) -> None:
    with PageArchive(tmp_path) as archive:
        old = [keep(database, archive, 1, 9 * DAY), keep(database, archive, 2, 9 * DAY - HOUR)]
        mixed = [keep(database, archive, 3, 5 * DAY), keep(database, archive, 4, 5 * DAY - HOUR)]
    stored = store(database, an_article(), page_id=old[0])
    assert len(kept_files(tmp_path)) == 2
    removed = remove(database, tmp_path, NOW - 5 * DAY + HOUR / 2)
    assert (removed.files, removed.pages, removed.in_use) == (1, 2, [])
    assert removed.bytes > 0
    assert removed_ids(database) == old
    with database.read() as conn:
        page = page_of(conn, stored.article_id)
        assert page is not None
        assert (page.id, page.removed_at) == (old[0], LATER)
        assert same_page(conn, page.url, page.payload_digest) is None
    with pytest.raises(StorageError, match="removed by retention"):
        read_kept(tmp_path, page)
    assert list(check(database, data_dir=tmp_path)) == []
    assert remove(database, tmp_path, NOW - 5 * DAY + HOUR / 2) == Removed()
    assert remove(database, tmp_path, NOW).pages == len(mixed)
    assert kept_files(tmp_path) == []


def test_a_file_that_is_written_stays_until_it_is_closed(
    database: Database, tmp_path: Path
) -> None:
    with PageArchive(tmp_path) as archive:
        keep(database, archive, 1, 9 * DAY)
        (name,) = kept_files(tmp_path)
        assert remove(database, tmp_path, NOW) == Removed(in_use=[name])
        assert removed_ids(database) == []
    assert remove(database, tmp_path, NOW).files == 1


def test_a_file_whose_last_row_may_be_under_way_stays(database: Database, tmp_path: Path) -> None:
    """The page of one day before, then one whose row waits for the database."""
    with PageArchive(tmp_path) as archive:
        keep(database, archive, 1, 9 * DAY)
        lies = archive.write(a_page(body=b"late", fetched_at=NOW - 9 * DAY))
    set_written(tmp_path / lies.warc_file, LATER - HOUR / 2)
    assert remove(database, tmp_path, NOW) == Removed()
    assert remove(database, tmp_path, NOW, LATER + HOUR).files == 1


def test_a_crash_between_rows_and_file_is_no_damage_and_is_made_good(
    database: Database, tmp_path: Path
) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    with PageArchive(data) as archive:
        keep(database, archive, 1, 9 * DAY)
    shutil.copytree(data, copy)
    assert remove(database, data, NOW).pages == 1
    assert list(check(database, data_dir=copy)) == []
    assert (removed := remove(database, copy, NOW)).files == 1
    assert removed.pages == 0
    assert kept_files(copy) == []


def test_a_file_without_rows_goes_by_its_last_write(database: Database, tmp_path: Path) -> None:
    with PageArchive(tmp_path) as archive:
        lies = archive.write(a_page())
    other = tmp_path / "pages" / "notes.txt"
    other.write_text("a person's own")
    set_written(other, NOW - 90 * DAY)
    set_written(tmp_path / lies.warc_file, NOW)
    assert remove(database, tmp_path, NOW) == Removed()
    assert remove(database, tmp_path, NOW + HOUR).files == 1
    assert other.exists()


def test_without_a_data_directory_there_is_nothing_to_do(
    database: Database, tmp_path: Path
) -> None:
    assert remove(database, tmp_path / "none", NOW) == Removed()


def test_a_lost_file_is_still_damage(database: Database, tmp_path: Path) -> None:
    with PageArchive(tmp_path) as archive:
        keep(database, archive, 1, 9 * DAY)
    (name,) = kept_files(tmp_path)
    (tmp_path / name).unlink()
    assert remove(database, tmp_path, NOW) == Removed()
    assert [finding.kind for finding in check(database, data_dir=tmp_path)] == ["page"]


def test_an_archive_begins_a_file_with_each_day_and_when_one_is_full(tmp_path: Path) -> None:
    midnight = datetime(2026, 3, 5, tzinfo=UTC)

    def write(archive: PageArchive, moment: datetime) -> ArchivedPage:
        return archive.write(a_page(fetched_at=moment, body=os.urandom(500)))

    with PageArchive(tmp_path) as archive:
        files = [
            write(archive, midnight + minutes * timedelta(minutes=1)).warc_file
            for minutes in (-10, -1, 0, 1, -1)  # the last was fetched before, and comes late
        ]
    assert files[0] == files[1] != files[2] == files[3] == files[4]
    with PageArchive(tmp_path, file_bytes_at_most=1_500) as archive:
        lies = [write(archive, midnight) for _ in range(5)]
    assert len({page.warc_file for page in lies}) > 1
    for page in lies:
        assert page.warc_offset < 1_500
        assert (tmp_path / page.warc_file).stat().st_size < 1_500 + page.warc_length
