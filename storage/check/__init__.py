"""Consistency: what must always hold of the database, looked at row by row.

`CHECKS` is the one list of check functions: a new table's check is added there. Each takes a
`Scope` and yields `Finding`s, reads in batches and keeps nothing that grows with the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from storage import migrate
from storage.check import (
    archive,
    contents,
    engine,
    frontier,
    keys,
    revisions,
    search,
    stories,
)
from storage.check.findings import Finding, Scope
from storage.database import Database, open_database
from storage.errors import StorageError

Look = Callable[[Scope], Iterable[Finding]]

CHECKS: tuple[Look, ...] = (
    engine.integrity,
    engine.schema_gaps,
    engine.orphans,
    keys.hashes,
    keys.change_numbers,
    keys.published_times,
    revisions.numbers,
    revisions.gone_times,
    contents.content_hashes,
    stories.orphans,
    stories.schemes,
    stories.story_ids,
    stories.signed_texts,
    search.entries,
    search.tokens,
    frontier.lead_states,
    archive.pages_on_disk,
    search.index,  # the last: searching tunes the planner to the end of the transaction
)

# What a reader of the database's values raises for one that is none of its kind: a damaged time,
# a list that is no JSON, a null where there is none.
_UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)

__all__ = ["CHECKS", "Finding", "Look", "Scope", "check", "check_address", "findings"]


def check_address(
    database_url: str, *, data_dir: str | Path | None = None, quick: bool = False
) -> Iterator[Finding]:
    """As `check`, of the database at that address: damage may keep it from being opened.

    Raises what `open_database` raises for any other reason.
    """
    try:
        database = open_database(database_url, check_schema=False)
    except StorageError as error:
        yield _damage(error)
        return
    except UnicodeDecodeError as error:  # what SQLite says of a damaged schema quotes it
        yield _unreadable(error)
        return
    with database:
        yield from check(database, data_dir=data_dir, quick=quick)


def check(
    database: Database, *, data_dir: str | Path | None = None, quick: bool = False
) -> Iterator[Finding]:
    """All that is not as it must be, as it is found; one snapshot of the database.

    `database` may be opened with `check_schema=False`: of another schema nothing but that is
    told. Raises StorageError where the database cannot be read for another reason than damage.
    """
    try:
        with database.snapshot() as conn:
            state = migrate.schema_state(conn)
            if state != "current":
                yield _schema_finding(database, state)
                return
            yield from findings(Scope(conn, quick, None if data_dir is None else Path(data_dir)))
    except StorageError as error:
        yield _damage(error)
    except _UNREADABLE as error:
        yield _unreadable(error)


def _damage(error: StorageError) -> Finding:
    """Raises what is no damage."""
    if not engine.is_damage(error.__cause__):
        raise error
    return Finding("integrity", "", None, f"it cannot be read on: {error}")


def _unreadable(error: Exception) -> Finding:
    return Finding(
        "integrity", "", None, f"a value cannot be read: {type(error).__name__}: {error}"
    )


def findings(scope: Scope) -> Iterator[Finding]:
    """All that is not as it must be in a database of this program's schema."""
    for look in CHECKS:
        try:
            yield from look(scope)
        except _UNREADABLE as error:
            yield _unreadable(error)


def _schema_finding(database: Database, state: migrate.State) -> Finding:
    if state == "missing":
        return Finding("schema", "", None, "there is no sinorus database here")
    with database.read() as conn:
        return Finding("schema", "", None, str(migrate.schema_error(state, conn, database.place)))
