"""The raw pages: WARC files that only grow, and the rows that tell where each page lies."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, select

from crawler.items import FetchedPage
from storage.errors import StorageError
from storage.inserts import insert
from storage.schema import pages
from storage.warc import parse_record, payload_digest, response_record, warcinfo_record

# Tells apart two processes of one number on two machines that share a directory.
FILE_NAME_RANDOM_BYTES = 4
# What tools for WARC advise, and one file is gone soon enough where disks are small
# (https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/, annex C).
FILE_BYTES_AT_MOST = 2**30
FOLDER = "pages"
"""Within the data directory; below it a folder a year and a month."""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """Where a page lies: `warc_file` is relative to the data directory."""

    warc_file: str
    warc_offset: int
    warc_length: int
    payload_digest: str


class PageArchive:
    """Appends pages to a WARC file of this process, made when the first page comes.

    A context manager; not for several threads at once. A page is on the disk when `write`
    returns: a record in the database never points at a page that a crash has taken. A file
    ends when it is full and with its UTC day, so an archive may be open for months. While it
    is written it is locked, by which retention knows it: see `storage.retention`.
    """

    def __init__(
        self, data_dir: str | Path, *, file_bytes_at_most: int = FILE_BYTES_AT_MOST
    ) -> None:
        self.data_dir = Path(data_dir)
        self._file_bytes_at_most = file_bytes_at_most
        self._file: FileIO | None = None
        self._name = ""
        self._day = date.min

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the file; a later page starts another."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, page: FetchedPage) -> ArchivedPage:
        """Keeps a page. Raises StorageError when the data directory cannot take it."""
        digest = payload_digest(page.body)
        record = response_record(page, digest)
        day = page.fetched_at.astimezone(UTC).date()
        with self._disk_errors():
            file = self._open_file(day) or self._start(day)
            offset = self._append(file, record)
        return ArchivedPage(self._name, offset, len(record), digest)

    def _open_file(self, day: date) -> FileIO | None:
        """The file under way, unless it is full or of an earlier day."""
        file = self._file
        if file and (day > self._day or file.tell() >= self._file_bytes_at_most):
            self.close()
        return self._file

    def _start(self, day: date) -> FileIO:
        stamp = datetime.now(UTC)
        folder = self.data_dir / FOLDER / f"{stamp:%Y}" / f"{stamp:%m}"
        _make_directory(folder)
        unique = f"{stamp:%Y%m%dT%H%M%SZ}-{os.getpid()}-{secrets.token_hex(FILE_NAME_RANDOM_BYTES)}"
        path = folder / f"sinorus-{unique}.warc.gz"
        self._file = FileIO(path, "xb")
        self._day = day
        with suppress(OSError):  # a file system without locks: retention leaves its files alone
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _sync_directory(folder)
        self._name = path.relative_to(self.data_dir).as_posix()
        self._append(self._file, warcinfo_record(path.name))
        return self._file

    def _append(self, file: FileIO, record: bytes) -> int:
        """One write, on the disk at return; a record that went in half is cut off again."""
        offset = file.tell()
        try:
            written = file.write(record)
            if written != len(record):
                raise OSError(f"only {written} of {len(record)} bytes fitted")
            os.fsync(file.fileno())
        except OSError:
            self._give_up(file, offset)
            raise
        return offset

    def _give_up(self, file: FileIO, offset: int) -> None:
        # If even this fails, the torn end harms no earlier record, and nothing follows it.
        with suppress(OSError):
            file.truncate(offset)
        self.close()

    @contextmanager
    def _disk_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise StorageError(
                f"pages: the data directory {self.data_dir} cannot be written: {reason}",
                temporary=True,
            ) from error


def _make_directory(folder: Path) -> None:
    """Makes a directory and its parents so that they outlast a power cut."""
    if folder.is_dir():
        return
    _make_directory(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_directory(folder.parent)


def _sync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_page(data_dir: str | Path, warc_file: str, warc_offset: int) -> FetchedPage:
    """The page kept there. Raises StorageError when it is missing, torn or not what was kept."""
    where = f"pages: {warc_file} at {warc_offset}"
    root = Path(data_dir).resolve()
    path = (root / warc_file).resolve()
    if not path.is_relative_to(root):
        raise StorageError(f"{where}: the file lies outside the data directory")
    try:
        with path.open("rb") as file:
            file.seek(warc_offset)
            return parse_record(file)
    except FileNotFoundError as error:
        raise StorageError(f"{where}: there is no such file in {data_dir}") from error
    except OSError as error:
        raise StorageError(f"{where}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise StorageError(f"{where}: {error}") from error


def note_page(conn: Connection, page: FetchedPage, archived: ArchivedPage) -> int:
    """The id of the page's row, made if need be."""
    place = {"warc_file": archived.warc_file, "warc_offset": archived.warc_offset}
    page_id = conn.execute(
        insert(conn, pages)
        .values(
            url=page.url,
            fetched_at=page.fetched_at,
            status=page.status,
            content_type=page.header("content-type"),
            payload_digest=archived.payload_digest,
            warc_length=archived.warc_length,
            **place,
        )
        .on_conflict_do_nothing(index_elements=["warc_file", "warc_offset"])
        .returning(pages.c.id)
    ).scalar_one_or_none()
    if page_id is None:
        page_id = conn.execute(select(pages.c.id).filter_by(**place)).scalar_one()
    return int(page_id)


def same_page(conn: Connection, url: str, digest: str) -> int | None:
    """The latest page kept of that address with the very same body, null if there is none."""
    is_same = (pages.c.payload_digest == digest, pages.c.url == url)
    return conn.execute(
        select(pages.c.id)
        .where(*is_same, pages.c.removed_at.is_(None))
        .order_by(pages.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
