"""Raw pages are kept for ever, or for as long as the operator says: then whole WARC files go.

The rows first, then the file: a crash between leaves a file that no row needs any more, which
the next call removes. Never a row without its file: that is damage.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage.database import Database
from storage.errors import StorageError
from storage.inserts import chunks
from storage.pages import FOLDER
from storage.schema import pages

# A page is written before its row, which a database that is away keeps waiting for minutes.
ROWS_COME_WITHIN = timedelta(hours=1)

Latest = Mapping[str, datetime | None]
"""By file: when the latest of its pages was fetched that is not removed, null for none."""


@dataclass(slots=True)
class Removed:
    """What was removed; `in_use` are files old enough that a process is still writing to."""

    files: int = 0
    pages: int = 0
    bytes: int = 0
    in_use: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Ready for `json.dumps`."""
        return {
            "files": self.files,
            "pages": self.pages,
            "bytes": self.bytes,
            "in_use": list(self.in_use),
        }


def remove_old_pages(
    database: Database, data_dir: str | Path, before: datetime, now: datetime
) -> Removed:
    """Deletes the WARC files all of whose pages were fetched before then.

    An article's only page goes too: its record and its revisions stay, and the page's row says
    that it was there. A file without a row, left by a crash, goes by the time of its last write.
    Raises StorageError.
    """
    root, removed = Path(data_dir), Removed()
    for paths in chunks(sorted((root / FOLDER).glob("*/*/sinorus-*.warc.gz"))):
        names = [path.relative_to(root).as_posix() for path in paths]
        with database.read() as conn:
            files = _files(conn, names)
        for path, name in zip(paths, names, strict=True):
            if _is_old(path, name, files, before, now):
                _remove(database, path, name, now, removed)
    return removed


def _files(conn: Connection, names: Sequence[str]) -> Latest:
    is_there = pages.c.removed_at.is_(None)
    statement = (
        select(pages.c.warc_file, func.max(pages.c.fetched_at).filter(is_there).label("latest"))
        .where(pages.c.warc_file.in_(names))
        .group_by(pages.c.warc_file)
    )
    return {row.warc_file: row.latest for row in conn.execute(statement)}


def _is_old(path: Path, name: str, files: Latest, before: datetime, now: datetime) -> bool:
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # another process removes too
        return False
    if name not in files:
        return written < min(before, now - ROWS_COME_WITHIN)
    latest = files[name]
    return (latest is None or latest < before) and written < now - ROWS_COME_WITHIN


def _remove(database: Database, path: Path, name: str, now: datetime, removed: Removed) -> None:
    with _locked(path, removed, name) as is_free:
        if not is_free:
            return
        with database.write() as conn:
            number = conn.execute(
                update(pages)
                .where(pages.c.warc_file == name, pages.c.removed_at.is_(None))
                .values(removed_at=now)
            ).rowcount
        size = path.stat().st_size
        path.unlink()
    removed.files += 1
    removed.pages += number
    removed.bytes += size


@contextmanager
def _locked(path: Path, removed: Removed, name: str) -> Iterator[bool]:
    """Whether nobody writes to the file; nobody does then until the end."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        yield False
        return
    except OSError as error:
        raise StorageError(f"pages: {path} cannot be removed: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            removed.in_use.append(name)
            yield False
            return
        try:
            yield True
        except OSError as error:
            raise StorageError(f"pages: {path} cannot be removed: {error.strerror}") from error
    finally:
        os.close(descriptor)
