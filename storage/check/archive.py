"""The raw pages: each row points into a file that is there and long enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

from storage.check.findings import SHORT_ROWS_PER_BATCH, Finding, Scope
from storage.schema import pages


def pages_on_disk(scope: Scope) -> Iterator[Finding]:
    """One look at the disk a file; then the rows that lie beyond its end.

    Of removed pages the file may be there or not: retention writes their rows first.
    """
    if scope.data_dir is None:
        return
    root = scope.data_dir.resolve()
    files = (
        select(
            pages.c.warc_file,
            func.max(pages.c.warc_offset + pages.c.warc_length).label("needed"),
            func.count().label("number"),
        )
        .where(pages.c.removed_at.is_(None))
        .group_by(pages.c.warc_file)
    )
    found = scope.conn.execute(files.execution_options(yield_per=SHORT_ROWS_PER_BATCH))
    for name, needed, number in found:
        size = _size(root, name)
        if size is None:
            sentence = f"{number} pages lie in {name}, which is not in {scope.data_dir}"
            yield Finding("page", "pages", name, sentence)
        elif size < needed:
            yield from _beyond(scope, name, size)


def _size(root: Path, name: str) -> int | None:
    path = (root / name).resolve()
    if not (path.is_relative_to(root) and path.is_file()):
        return None
    return path.stat().st_size


def _beyond(scope: Scope, name: str, size: int) -> Iterator[Finding]:
    end = pages.c.warc_offset + pages.c.warc_length
    statement = (
        select(pages.c.id, end.label("end"))
        .where(pages.c.warc_file == name, pages.c.removed_at.is_(None), end > size)
        .order_by(pages.c.id)
    )
    for row in scope.conn.execute(statement):
        sentence = f"pages {row.id}: it ends at byte {row.end} of {name}, which has {size}"
        yield Finding("page", "pages", row.id, sentence)
