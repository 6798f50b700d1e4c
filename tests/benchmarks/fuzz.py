"""Made-up and damaged pages, read until the time is up: what fails or takes long is reported.

    python tests/benchmarks/fuzz.py                          ten minutes, another seed each time
    python tests/benchmarks/fuzz.py --minutes 1 --seed 7     the same pages each time
    python tests/benchmarks/fuzz.py --corpus ../shared/corpus --save /tmp/failing

Pages are random bytes in all charsets, random trees of what the readers look for, the tests'
own pages and those of the corpus with pieces cut, swapped, doubled and flipped, and pages with
one piece again and again. A failure is any exception but `NotAnArticle`, one that was caught
inside and called so, and a record that breaks a promise. Each kind is told once, its page
shrunk. Exit 1 if anything failed.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crawler.errors import NotAnArticle
from crawler.parsers import parse_article
from tests.parsers.hostile_pages import PLACES, UNITS, URLS, filled
from tests.parsers.promises import broken_promises
from tests.parsers.random_pages import damaged, random_bytes, random_page

MOST_SECONDS = 2.0  # of CPU for the largest page
_HANG_SECONDS = 20  # of CPU, after which a reading is stopped
_SLOWEST_SHOWN = 8
_SHRINKINGS = 400  # readings that shrinking one page may take
_LARGEST_RUN = 2 * 1024 * 1024  # bytes of a page with one piece again and again
_FIXTURES = Path(__file__).parents[1] / "parsers"

Failure = str
"""The type of an exception and where it was raised, or the promise that is broken."""


class Hang(BaseException):
    """A reading took too long. No `Exception`: nothing may catch it on the way."""


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def failure_of(page: bytes, url: str) -> Failure | None:
    """What is wrong with the reading of a page, or null."""
    try:
        with stopped_after(_HANG_SECONDS):
            record = parse_article(page, url)
            again = parse_article(page, url)
    except NotAnArticle as error:
        return f"caught inside: {_place(error.__cause__)}" if error.__cause__ else None
    except Hang as error:
        return f"over {_HANG_SECONDS} s: {_place(error)}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        return _place(error)
    broken = broken_promises(record)
    if record.to_dict() != again.to_dict():
        broken.append("another record the second time")
    return "; ".join(broken) or None


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/crawler/" in frame.filename] or frames
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "nowhere"
    return f"{type(error).__name__} at {where}"


def shrunk(page: bytes, url: str, failure: Failure) -> bytes:
    """The page with every piece dropped that it fails without: halves first, then smaller."""
    size, left = len(page) // 2, _SHRINKINGS
    while size and left:
        for start in range(0, len(page), size):
            less = page[:start] + page[start + size :]
            left -= 1
            if failure_of(less, url) == failure:
                page = less
                break
            if not left:
                break
        else:
            size //= 2
        size = min(size, len(page) // 2)
    return page


class Fuzzer:
    """Makes pages, reads them and keeps what went wrong."""

    def __init__(self, seed: int, corpus: Path | None, save: Path | None) -> None:
        self._random = random.Random(seed)
        self._real = _real_pages(corpus)
        self._save = save
        self.count = 0
        self.failures: dict[Failure, tuple[str, str, int]] = {}
        self.slowest: list[tuple[float, str, str, int]] = []

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            kind, page = self._page()
            reader = self._random.choice(list(URLS))
            self._attempt(kind, reader, page)

    def _page(self) -> tuple[str, bytes]:
        chance = self._random
        makers: list[tuple[str, int, Callable[[], bytes]]] = [
            ("bytes", 15, lambda: random_bytes(chance)),
            ("tree", 40, lambda: random_page(chance)),
            ("damaged tree", 10, lambda: damaged(chance, random_page(chance))),
            ("damaged page", 34, lambda: damaged(chance, chance.choice(self._real))),
        ]
        if chance.random() < 0.01:
            place, unit = chance.choice(list(PLACES)), chance.choice(list(UNITS))
            size = chance.randrange(10_000, _LARGEST_RUN)
            return f"{unit} in {place}", filled(place, unit, size)
        kind, _, make = chance.choices(makers, [weight for _, weight, _ in makers])[0]
        return kind, make()

    def _attempt(self, kind: str, reader: str, page: bytes) -> None:
        start = time.process_time()
        failure = failure_of(page, URLS[reader])
        seconds = (time.process_time() - start) / 2  # each article is read twice
        self.count += 1
        if failure is None and seconds > MOST_SECONDS:
            failure = f"over {MOST_SECONDS} s: {kind}"
        self.slowest = sorted([*self.slowest, (seconds, kind, reader, len(page))], reverse=True)
        del self.slowest[_SLOWEST_SHOWN:]
        if failure and failure not in self.failures:
            self.failures[failure] = (kind, reader, len(page))
            print(f"FAILED  {failure}  ({kind}, {reader}, {len(page)} bytes)", flush=True)
            self._keep(failure, reader, page)

    def _keep(self, failure: Failure, reader: str, page: bytes) -> None:
        if self._save is None:
            return
        self._save.mkdir(parents=True, exist_ok=True)
        if not failure.startswith("over"):
            page = shrunk(page, URLS[reader], failure)
        name = "".join(c if c.isalnum() else "-" for c in failure)[:60]
        (self._save / f"{len(self.failures):03}-{reader}-{name}.html").write_bytes(page)


def _real_pages(corpus: Path | None) -> list[bytes]:
    folders = [_FIXTURES, *([corpus] if corpus else [])]
    paths = sorted(path for folder in folders for path in folder.rglob("*.html*"))
    pages = [path.read_bytes() for path in paths]
    return [gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page for page in pages]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--corpus", type=Path, help="a folder of real pages, *.html or *.html.gz")
    parser.add_argument("--save", type=Path, help="a folder for the pages that fail")
    arguments = parser.parse_args()
    logging.disable()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().getrandbits(32)
    fuzzer = Fuzzer(seed, arguments.corpus, arguments.save)
    fuzzer.run(arguments.minutes * 60)
    print(f"{fuzzer.count} pages in {arguments.minutes:g} minutes, seed {seed}")
    for seconds, kind, reader, size in fuzzer.slowest:
        print(f"{seconds:6.2f} s  {size:8} bytes  {reader:<8} {kind}")
    print(f"{len(fuzzer.failures)} kinds of failure")
    return int(bool(fuzzer.failures))


if __name__ == "__main__":
    sys.exit(main())
