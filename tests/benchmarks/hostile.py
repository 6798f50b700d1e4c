"""CPU seconds and memory of pages that have far too much of one thing.

    python tests/benchmarks/hostile.py                   every kind, for both readers
    python tests/benchmarks/hostile.py --kind "many l"   those whose name has these words
    python tests/benchmarks/hostile.py --matrix --mib 1  every piece at every place

Each page is read in a process of its own; memory is the growth of its peak. What is over the
limits (2 s, 300 MB) is marked. Exit 1 if anything is.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crawler.errors import NotAnArticle
from crawler.parsers import parse_article
from tests.parsers import scmp_pages
from tests.parsers.hostile_pages import KINDS, PLACES, UNITS, URLS, filled, hostile

MOST_SECONDS = 2.0  # of CPU, with nothing else to do
MOST_MB = 300
_PATIENCE_SECONDS = 120
_MIB = 1024 * 1024

Measured = tuple[float, float, str]
"""Seconds, MB and what came of it."""


def _attempt(page: bytes, url: str) -> str:
    try:
        parse_article(page, url)
    except NotAnArticle as error:
        return error.reason[:60]
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        return f"FAILED {type(error).__name__}: {error}"[:90]
    return "read"


def _read(page: bytes, url: str, answer: Connection) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    outcome = _attempt(page, url)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    answer.send((seconds, (after.ru_maxrss - before.ru_maxrss) / 1024, outcome))


def measured(page: bytes, url: str) -> Measured:
    """What reading a page costs, in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    start = time.monotonic()
    child = multiprocessing.get_context("fork").Process(target=_read, args=(page, url, theirs))
    child.start()
    theirs.close()
    try:
        found: Measured = ours.recv() if ours.poll(_PATIENCE_SECONDS) else (0.0, 0.0, "")
    except EOFError:
        found = (0.0, 0.0, "")
    if not found[2]:
        child.kill()
        found = (time.monotonic() - start, 0.0, "FAILED: no answer")
    child.join()
    return found


def built(make: Callable[[], bytes], place: Path) -> bytes:
    """A page, made in a process of its own: the memory that took is no other's to use."""
    child = multiprocessing.get_context("fork").Process(target=lambda: place.write_bytes(make()))
    child.start()
    child.join()
    return place.read_bytes()


def _pages(arguments: argparse.Namespace) -> Iterator[tuple[str, Callable[[], bytes]]]:
    size = int(arguments.mib * _MIB)
    if arguments.matrix:
        for place in PLACES:
            for unit in UNITS:
                yield f"{unit} in {place}", lambda p=place, u=unit: filled(p, u, size)  # type: ignore[misc]
    else:
        for kind in KINDS:
            yield kind, lambda k=kind: hostile(k, size)  # type: ignore[misc]


def _print_table(arguments: argparse.Namespace, folder: Path) -> int:
    """How many pages are over a limit."""
    over = 0
    print(f"{'kind':<38} {'reader':<8} {'seconds':>7} {'MB':>5}")
    for name, make in _pages(arguments):
        if arguments.kind not in name:
            continue
        page = built(make, folder / "page.html")
        for reader, url in URLS.items():
            seconds, mb, outcome = measured(page, url)
            is_over = seconds > MOST_SECONDS or mb > MOST_MB or outcome.startswith("FAILED")
            over += is_over
            if is_over or seconds >= arguments.least:
                row = f"{name:<38} {reader:<8} {seconds:7.2f} {mb:5.0f}"
                print(row, "OVER" if is_over else "    ", outcome, flush=True)
    print(f"{over} over {MOST_SECONDS} s or {MOST_MB} MB")
    return over


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kind", default="", help="words in the name of the kinds wanted")
    parser.add_argument("--mib", type=float, default=8, help="size of a page, default 8")
    parser.add_argument("--matrix", action="store_true", help="every piece at every place")
    parser.add_argument("--least", type=float, default=0, help="show what takes so many seconds")
    arguments = parser.parse_args()
    _attempt(scmp_pages.next_page(scmp_pages.article()), URLS["scmp"])  # word lists are loaded
    _attempt(scmp_pages.page(scmp_pages.rendered()), URLS["generic"])
    with tempfile.TemporaryDirectory() as folder:
        return int(_print_table(arguments, Path(folder)) > 0)


if __name__ == "__main__":
    sys.exit(main())
