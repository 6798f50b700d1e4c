"""Pages with far too much of one thing are read or refused, and soon.

How soon at their full 8 MiB, and with how much memory: `python tests/benchmarks/hostile.py`.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crawler.errors import NotAnArticle
from crawler.parsers import parse_article
from tests.parsers import scmp_pages as pages
from tests.parsers.hostile_pages import KINDS, URLS, hostile

SIZE = 2 * 1024 * 1024
"""Of a page; what grows with the square of it is slow at this size too, and the suite is not."""

PATIENCE_SECONDS = 20.0  # of CPU; ten times what a page takes on a machine with nothing else to do


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        pytest.fail(f"over {seconds} s of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_pages_end_soon(kind: str) -> None:
    page = hostile(kind, SIZE)
    for url in URLS.values():
        with alarm(PATIENCE_SECONDS):
            try:
                parse_article(page, url)
            except NotAnArticle as error:
                if error.__cause__:
                    raise error.__cause__ from error


@pytest.mark.parametrize(
    "kind", ["a very deep state", "a deep JSON-LD", "authors in authors", "a state of objects"]
)
def test_the_page_is_read_where_its_data_are_hostile(kind: str) -> None:
    assert parse_article(hostile(kind), URLS["scmp"]).paragraphs == pages.PARAGRAPHS
