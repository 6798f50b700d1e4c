"""Imported once, by the process that reading processes are forked from: they share what it loads.

A new reader then begins with its page, and its deadline is the page's.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import TracebackType

from crawler.languages import detect
from crawler.outlets import packaged_catalogue
from crawler.relevance import packaged_judge

for _module in ("crawler.reading_pool", "crawler.parsers.generic"):
    import_module(_module)
packaged_catalogue()
packaged_judge()
detect("Le ministre a signé un accord sur le gaz.")  # by the model: script and words do not tell


def _tell(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """A reader that begins as its pool ends finds nothing of it any more: no fault to print."""
    if not issubclass(kind, FileNotFoundError | EOFError | BrokenPipeError):
        sys.__excepthook__(kind, error, traceback)


sys.excepthook = _tell
