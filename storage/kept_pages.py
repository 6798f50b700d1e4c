"""The page that an article, at one of its revisions, was read from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from crawler.items import FetchedPage, utc_iso
from storage.errors import StorageError
from storage.pages import read_page
from storage.schema import articles, pages, revisions


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page and where it lies; `removed_at` is when retention took it away, null if it has not.

    `warc_file` is relative to the data directory.
    """

    id: int
    url: str
    fetched_at: datetime
    status: int
    content_type: str | None
    payload_digest: str
    warc_file: str
    warc_offset: int
    warc_length: int
    removed_at: datetime | None

    def to_dict(self) -> dict[str, Any]:
        """Ready for `json.dumps`."""
        names = ("id", "url", "status", "content_type", "payload_digest")
        places = ("warc_file", "warc_offset", "warc_length")
        return {
            **{name: getattr(self, name) for name in names},
            "fetched_at": utc_iso(self.fetched_at),
            **{name: getattr(self, name) for name in places},
            "removed_at": utc_iso(self.removed_at) if self.removed_at else None,
        }


def page_of(conn: Connection, article_id: int, revision: int | None = None) -> KeptPage | None:
    """The page of that revision, of the latest that has one where none is named.

    Null for a revision that no page was read for: it came of a listing, or the page was gone.
    Raises StorageError where there is no such revision.
    """
    if revision is None:
        column = select(articles.c.page_id).where(articles.c.id == article_id)
    else:
        column = select(revisions.c.page_id).where(
            revisions.c.article_id == article_id, revisions.c.revision == revision
        )
    found = conn.execute(column).first()
    if found is None:
        which = f" revision {revision} of" if revision is not None else ""
        raise StorageError(f"there is no{which} article {article_id}")
    return None if found.page_id is None else kept_pages(conn, [found.page_id])[found.page_id]


def kept_pages(conn: Connection, page_ids: list[int]) -> dict[int, KeptPage]:
    """Those pages by id."""
    columns = [pages.c[name] for name in KeptPage.__slots__]
    rows = conn.execute(select(*columns).where(pages.c.id.in_(page_ids)))
    return {row.id: KeptPage(**row._mapping) for row in rows}


def read_kept(data_dir: str | Path, page: KeptPage) -> FetchedPage:
    """The page itself. Raises StorageError where it was removed, is missing or is torn."""
    if page.removed_at is not None:
        raise StorageError(
            f"pages: the page of {utc_iso(page.fetched_at)} was removed by retention "
            f"(keep_pages_days) on {page.removed_at:%Y-%m-%d}"
        )
    return read_page(data_dir, page.warc_file, page.warc_offset)
