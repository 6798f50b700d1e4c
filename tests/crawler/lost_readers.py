"""A reader that does what its page says: it stands in for the faults that no page of ours has."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from crawler.items import Article, FetchedPage, Lead
from crawler.outlets import Outlet
from crawler.readers import read_page
from crawler.reading_pool import ReadingPool

DEADLINE_SECONDS = 3.0
MEMORY_BYTES = 64 << 20
STARTED = Path(".reading")
"""In the crawl's folder, as soon as a page is read."""

_MEBIBYTE = 1 << 20


def strict_readers(processes: int, _topic_file: object = None) -> ReadingPool:
    """A pool that loses its readers soon."""
    return ReadingPool(processes, page_deadline_seconds=DEADLINE_SECONDS, memory_bytes=MEMORY_BYTES)


def read_or_be_lost(outlet: Outlet, lead: Lead, page: FetchedPage, is_text: bool) -> Article:
    if Path("outlets.toml").exists():
        STARTED.touch()
    word, _, rest = page.body.partition(b" ")
    if word in _FAULTS:
        _FAULTS[word](rest.decode())
    return read_page(outlet, lead, page, is_text=is_text)


def _hang(_rest: str) -> None:
    while True:
        time.sleep(1)


def _spin(_rest: str) -> None:
    while True:
        pass


def _grow(_rest: str) -> None:
    kept = []
    while True:
        kept.append(bytearray(_MEBIBYTE))


def _be_killed_once(mark: str) -> None:
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)


_FAULTS: dict[bytes, Callable[[str], None]] = {
    b"hang": _hang,
    b"spin": _spin,
    b"grow": _grow,
    b"crash": lambda _: os.kill(os.getpid(), signal.SIGSEGV),
    b"exit": lambda _: os._exit(3),
    b"killed": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    b"killed-once": _be_killed_once,
}
