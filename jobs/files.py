"""Whether a file changed since it was read."""

from __future__ import annotations

from pathlib import Path

Signature = tuple[int, int, int]


def signature_of(path: Path | None) -> Signature | None:
    """Another one where the file was written or replaced; null where there is none."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None
