"""What an article said at each time it changed, and what changed between."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from sqlalchemy import Connection, select

from crawler.items import utc_iso
from storage.cleaning import content_hash
from storage.records import CONTENT_FIELDS
from storage.schema import revisions

Sign = Literal["-", "+"]


@dataclass(frozen=True, slots=True)
class Revision:
    """The content fields as seen at `seen_at`; `changed` is empty for the first."""

    revision: int
    seen_at: datetime
    content: dict[str, Any]
    changed: list[str]

    def to_dict(self) -> dict[str, Any]:
        """Ready for `json.dumps`."""
        return {
            "revision": self.revision,
            "seen_at": utc_iso(self.seen_at),
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
    rows = conn.execute(
        select(revisions).where(revisions.c.article_id == article_id).order_by(revisions.c.revision)
    )
    return [Revision(row.revision, row.seen_at, row.content, row.changed) for row in rows]


def note_revision(
    conn: Connection,
    article_id: int,
    revision: int,
    content: dict[str, Any],
    *,
    changed: list[str],
    page_id: int | None,
    now: datetime,
) -> None:
    """Keeps a content for good; the number must be new for the article."""
    conn.execute(
        revisions.insert().values(
            article_id=article_id,
            revision=revision,
            seen_at=now,
            content=content,
            content_hash=content_hash(content),
            changed=changed,
            page_id=page_id,
        )
    )
