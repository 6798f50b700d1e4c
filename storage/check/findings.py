"""What a check is given, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

# A record is some 10 kB: a batch of rows with their texts stays under a few megabytes.
ROWS_PER_BATCH = 100
# Of rows without long texts, as many as make a round trip worth while.
SHORT_ROWS_PER_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be. `id` is null where no one row is at fault."""

    kind: str
    table: str
    id: int | str | None
    sentence: str

    def to_dict(self) -> dict[str, int | str | None]:
        """Ready for `json.dumps`."""
        return {"kind": self.kind, "table": self.table, "id": self.id, "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class Scope:
    """One snapshot to look at. `is_quick`: without reading every text.

    `data_dir` is where the WARC files are, null where they are not to be looked at.
    """

    conn: Connection
    is_quick: bool = False
    data_dir: Path | None = None
