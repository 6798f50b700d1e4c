"""JSON in pages, read only where it fits in the memory."""

from __future__ import annotations

import json
from typing import Any

MAX_VALUES = 300_000
"""Of one script; a value takes up to 250 bytes. The largest real ones have a twelfth of that."""

_DECODER = json.JSONDecoder(strict=False)  # raw line ends in strings are common and harmless


def is_small(text: str) -> bool:
    """Whether a text has no more values than are read: each stands behind one of these marks,
    which stand in its texts too.
    """
    return sum(map(text.count, "[{,")) <= MAX_VALUES


def read_json(text: str, start: int = 0) -> tuple[Any, int]:
    """The value that begins at `start`, and where it ends.

    Raises json.JSONDecodeError where it is broken, has too many values in each other or a
    number of too many digits.
    """
    try:
        return _DECODER.raw_decode(text, start)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError) as error:
        raise json.JSONDecodeError("too deep, or a number too long", text, start) from error
