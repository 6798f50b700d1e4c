"""The database: opening it, its transactions, its read side."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self, Unpack

from sqlalchemy import URL, Connection, Engine

from crawler.errors import ConfigurationError
from crawler.items import Article
from storage import changes, migrate, reading
from storage.changes import Change
from storage.engine import (
    BEGIN_OPTION,
    build_engine,
    parse_address,
    place,
    sqlite_file,
    without_limits,
)
from storage.errors import DatabaseMissing, DatabaseUnavailable, storage_errors
from storage.fencing import check_epoch
from storage.filters import Criteria, Filters
from storage.inserts import chunks
from storage.revisions import Revision, revisions_of
from storage.search.snippets import Hit, hit_of
from storage.stories.reading import TOLD_BY, Story, matching_story_ids, stories
from storage.upkeep import after_commit

# A record is some 10 kB, seldom over 100: a batch stays well under 100 MB.
RECORDS_PER_BATCH = 100
STORIES_PER_BATCH = 100


class Database:
    """An open database; a context manager. `place` is its address without the password."""

    def __init__(
        self, url: URL, engine: Engine, *, fence: Callable[[Connection], None] | None = None
    ) -> None:
        """`fence` is called at the start of each transaction that writes; it raises to refuse."""
        self.engine = engine
        self.place = place(url)
        self._secret = url.password
        self._fence = fence

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
        """Gives back all connections."""
        self.engine.dispose()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end. Raises StorageError for the database's faults."""
        with (
            storage_errors(self.place, secret=self._secret),
            self.engine.connect() as conn,
        ):
            # From the start: a reader that turns writer midway is refused without waiting.
            conn = conn.execution_options(**{BEGIN_OPTION: "BEGIN IMMEDIATE"})
            with conn.begin():
                if self._fence:
                    self._fence(conn)
                yield conn
            after_commit(conn)

    def fenced(self, epoch: int, office: str = "daemon") -> Database:
        """This database for a leader, its connections shared: `write` raises LeadershipLost once
        another took the office (see `storage.leadership`), and what it wrote is undone.
        """
        fence = partial(check_epoch, office=office, epoch=epoch)
        return Database(self.engine.url, self.engine, fence=fence)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One long transaction for reading all as it is at one moment, without a time limit.

        PostgreSQL keeps what is deleted meanwhile, and SQLite's log grows, until it ends.
        """
        with (
            storage_errors(self.place, secret=self._secret),
            self.engine.connect() as conn,
        ):
            if conn.dialect.name == "postgresql":
                conn = conn.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with conn.begin():
                without_limits(conn)
                yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction for reading. Raises StorageError for the database's faults."""
        with (
            storage_errors(self.place, secret=self._secret),
            self.engine.connect() as conn,
        ):
            if conn.dialect.name == "postgresql":
                conn = conn.execution_options(postgresql_readonly=True)
            with conn.begin():
                yield conn

    def articles(
        self, filters: Filters | None = None, **criteria: Unpack[Criteria]
    ) -> Iterator[Article]:
        """The articles that meet the filters, read in batches as they are asked for.

        Which articles, and their order, is settled at the first; each is then given as it is
        when its turn comes. No transaction stays open between two of them, however slowly they
        are taken. In memory are eight bytes an article and one batch of records.
        """
        return self._stream(filters or Filters(**criteria))

    def ids(self, filters: Filters | None = None, **criteria: Unpack[Criteria]) -> array[int]:
        """The ids of the articles that meet the filters, in their order: eight bytes each."""
        with self.read() as conn:
            return array("q", reading.matching_ids(conn, filters or Filters(**criteria)))

    def _stream(self, filters: Filters) -> Iterator[Article]:
        for batch in chunks(self.ids(filters), RECORDS_PER_BATCH):
            with self.read() as conn:
                found = reading.records(conn, batch)
            yield from found

    def stories(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        outlet: str | Sequence[str] | None = None,
        limit: int | None = None,
        told_by: int = TOLD_BY,
    ) -> Iterator[Story]:
        """What at least `told_by` outlets tell, the story told last first, read as asked for.

        A story is given whole if one of its articles is of that time and of such an outlet.
        As for `articles`, no transaction stays open between two, and memory does not grow but
        by eight bytes a story.
        """
        filters = Filters(since=since, until=until, outlet=outlet, limit=limit)
        with self.read() as conn:
            ids = matching_story_ids(conn, filters, told_by)
        for batch in chunks(ids, STORIES_PER_BATCH):
            with self.read() as conn:
                found = stories(conn, batch)
            yield from found

    def changes(self, cursor: str | None = None, limit: int | None = None) -> Iterator[Change]:
        """The articles changed since `cursor`, in the order of their last change, each once.

        From the start for a null or empty cursor. It ends at the last change there was when the
        first was asked for: what changes meanwhile comes with the next call, which goes on from
        the last cursor and misses nothing, however late a writer commits. New articles, edits,
        gone and returned ones, and changes of relevance and of story are all changes; a sight
        alone and a comment count are not. No transaction stays open between two of them. Raises
        ConfigurationError for a cursor that is none, or not of this database.
        """
        if limit is not None and limit < 0:
            raise ConfigurationError(f"limit: {limit} is below 0")
        return self._changes(changes.parse_cursor(cursor), limit)

    def _changes(self, after: int, limit: int | None) -> Iterator[Change]:
        with self.read() as conn:
            last = changes.last_to_give(conn, after)
        left = last if limit is None else limit
        while left > 0:
            with self.read() as conn:
                found = changes.changes_between(conn, after, last, min(left, RECORDS_PER_BATCH))
            if not found:
                return
            yield from found
            after = int(found[-1].cursor)
            left -= len(found)

    def search(
        self, text: str, filters: Filters | None = None, **criteria: Unpack[Criteria]
    ) -> Iterator[Hit]:
        """The articles found by what a person typed, each with what to show of it.

        The best first unless the filters sort otherwise; read as `articles` reads them.
        """
        wanted = replace(filters or Filters(**criteria), search=text)
        return (hit_of(article, text) for article in self._stream(wanted))

    def count(self, filters: Filters | None = None, **criteria: Unpack[Criteria]) -> int:
        """How many articles meet the filters, whatever their limit."""
        with self.read() as conn:
            return reading.count_matching(conn, filters or Filters(**criteria))

    def latest_change(
        self, filters: Filters | None = None, **criteria: Unpack[Criteria]
    ) -> datetime | None:
        """When the content of an article that meets the filters last changed; null for none."""
        with self.read() as conn:
            return reading.latest_change(conn, filters or Filters(**criteria))

    def article(self, id_or_url: int | str) -> Article | None:
        """The article with that id, or met under that address; its fragment does not count."""
        with self.read() as conn:
            return _one(conn, reading.find_id(conn, id_or_url))

    def article_by_identity(self, outlet: str, identity: str) -> Article | None:
        """The article that an outlet knows under that identity."""
        with self.read() as conn:
            return reading.by_identity(conn, outlet, identity)

    def revisions(self, article_id: int) -> list[Revision]:
        """All of an article's revisions, the oldest first; none for an unknown id."""
        with self.read() as conn:
            return revisions_of(conn, article_id)


def _one(conn: Connection, article_id: int | None) -> Article | None:
    found = [] if article_id is None else reading.records(conn, [article_id])
    return found[0] if found else None


def open_database(
    database_url: str, *, create: bool = False, check_schema: bool = True
) -> Database:
    """The database at that address. `create` makes a missing one; a read must not.

    Raises ConfigurationError for an address of another kind, DatabaseMissing, SchemaOutdated,
    DatabaseForeign or DatabaseUnavailable.
    """
    url = parse_address(database_url)
    where = place(url)
    path = sqlite_file(url)
    if path is not None and not path.exists():
        if not path.absolute().parent.is_dir():
            raise DatabaseUnavailable(f"database {where}: there is no such directory")
        if not create:
            raise _missing(where)
        migrate.upgrade(database_url)
    database = Database(url, build_engine(url))
    try:
        with storage_errors(where, DatabaseUnavailable, secret=url.password):
            _check(database, database_url, create=create, check_schema=check_schema)
    except BaseException:
        database.close()
        raise
    return database


def _check(database: Database, database_url: str, *, create: bool, check_schema: bool) -> None:
    """Raises unless the schema is current, and, to `create`, the database writable."""
    with database.engine.connect() as conn:
        state = migrate.schema_state(conn)
        if state == "missing" and not create:
            raise _missing(database.place)
        if state not in ("missing", "current") and check_schema:
            raise migrate.schema_error(state, conn, database.place)
    if state == "missing":
        migrate.upgrade(database_url)
    elif create and not _is_writable(database.engine.url):
        raise DatabaseUnavailable(f"database {database.place}: permission denied to write it")


def _is_writable(url: URL) -> bool:
    """Of a file, and its directory too: SQLite writes its log beside the file."""
    path = sqlite_file(url)
    return path is None or all(
        os.access(needed, os.W_OK) for needed in (path, path.absolute().parent)
    )


def _missing(where: str) -> DatabaseMissing:
    return DatabaseMissing(
        f"no sinorus database at {where} yet: run `sinorus crawl` or `sinorus demo` first"
    )
