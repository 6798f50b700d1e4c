"""What an article said at each time it changed, and what changed between."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from sqlalchemy import Connection, select, update

from crawler.items import utc_iso
from storage.kinds import Kind
from storage.records import CONTENT_FIELDS, READ_COLUMNS, article_of, content_of
from storage.schema import articles, revisions

Sign = Literal["-", "+"]


@dataclass(frozen=True, slots=True)
class Revision:
    """The content fields as seen at `seen_at`.

    `changed` names those that differ from the revision before; empty where none does: the
    first one, and an article that is gone or returned.
    """

    revision: int
    seen_at: datetime
    kind: Kind
    content: dict[str, Any]
    changed: list[str]

    def to_dict(self) -> dict[str, Any]:
        """Ready for `json.dumps`."""
        return {
            "revision": self.revision,
            "seen_at": utc_iso(self.seen_at),
            "kind": self.kind,
            "changed": list(self.changed),
            "content": self.content,
        }


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after. `lines` tells which paragraphs went (-) and came (+)."""

    field: str
    before: Any
    after: Any
    lines: list[tuple[Sign, str]] = dataclasses.field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Ready for `json.dumps`; `lines` is there for paragraphs only."""
        record = {"field": self.field, "before": self.before, "after": self.after}
        if self.field == "paragraphs":
            record["lines"] = [list(line) for line in self.lines]
        return record


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """The content fields that differ, in the record's order."""
    found = []
    for name in CONTENT_FIELDS:
        old, new = before.get(name), after.get(name)
        if old != new:
            lines = paragraph_lines(old or [], new or []) if name == "paragraphs" else []
            found.append(FieldChange(name, old, new, lines))
    return found


def paragraph_lines(before: Sequence[str], after: Sequence[str]) -> list[tuple[Sign, str]]:
    """The paragraphs that went and came, in reading order; those that stayed are left out."""
    lines: list[tuple[Sign, str]] = []
    matcher = SequenceMatcher(a=before, b=after)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if operation != "equal":
            lines += [("-", text) for text in before[old_start:old_end]]
            lines += [("+", text) for text in after[new_start:new_end]]
    return lines


def revisions_of(conn: Connection, article_id: int) -> list[Revision]:
    """All of an article's revisions, the oldest first."""
    row = conn.execute(select(*READ_COLUMNS).where(articles.c.id == article_id)).mappings().first()
    if row is None:
        return []
    content = content_of(article_of(row, []))
    found = []
    newest_first = (
        select(revisions)
        .where(revisions.c.article_id == article_id)
        .order_by(revisions.c.revision.desc())
    )
    for entry in conn.execute(newest_first):
        content = content if entry.content is None else entry.content
        found.append(Revision(entry.revision, entry.seen_at, entry.kind, content, entry.changed))
    return found[::-1]


def revision_values(
    article_id: int,
    revision: int,
    kind: Kind,
    hashed: str,
    *,
    changed: Sequence[str] = (),
    page_id: int | None,
    now: datetime,
) -> dict[str, Any]:
    """The row of a new revision, whose content is the article's own."""
    return {
        "article_id": article_id,
        "revision": revision,
        "seen_at": now,
        "kind": kind,
        "content_hash": hashed,
        "changed": list(changed),
        "content": None,
        "page_id": page_id,
    }


def note_revisions(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps revisions for good; each number must be new for its article."""
    if rows:
        conn.execute(revisions.insert(), list(rows))


def keep_superseded(
    conn: Connection, article_id: int, revision: int, content: Mapping[str, Any]
) -> None:
    """The content that the article's last revision had, before the article takes another."""
    conn.execute(
        update(revisions)
        .where(revisions.c.article_id == article_id, revisions.c.revision == revision)
        .values(content=content)
    )
