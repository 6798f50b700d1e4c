"""Speed and memory of every export, from an SQLite database of invented articles.

    python tests/benchmarks/export.py --articles 100000   also says what a tenth of them takes
    python tests/benchmarks/export.py --format parquet    only that one

Each export writes a file in a process of its own; memory is the growth of its peak after its
libraries are loaded and a first export of a hundred articles, which is what every one takes.
Where memory is constant, a tenth and all of the articles take the same. The database is some
8 kB an article, in a temporary directory.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import storage
from crawler.items import Article, Image, RelatedLink, Relevance, Subhead, Video
from jobs.export import FORMATS, export_records
from storage.inserts import chunks
from storage.records import article_values
from storage.schema import articles as articles_table

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
WARM_UP_ARTICLES = 100
SMALL_SHARE = 10
_PARAGRAPHS = 16
_WORDS = (
    "accord amur border bridge cargo China customs delegation energy exchange figures freight gas "
    "harbour Harbin minister Moscow pipeline quarter rail river Russia talks trade visit границе "
    "переговоры поставки соглашение газ торговля министр 中国 俄罗斯 天然气 合作 边境 会谈 贸易"
).split()


def _sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(_WORDS, k=words)).capitalize()


def an_article(number: int) -> Article:
    """An invented article with every field, the same for the same number."""
    dice = random.Random(number)
    url = f"https://news.example/article/{number}"
    return Article(
        url=url,
        outlet=f"outlet-{number % 20}",
        headline=_sentence(dice, 10),
        language=("en", "ru", "zh")[number % 3],
        topic="China-Russia relations",
        topics=["China-Russia relations", "Energy"],
        section="World / Asia",
        summary=[_sentence(dice, 12), _sentence(dice, 12)],
        authors=[_sentence(dice, 2)],
        date_published=FIRST_DAY + timedelta(minutes=number),
        date_published_raw="as printed",
        lead_image=Image(f"{url}.jpg", _sentence(dice, 8), "Desk"),
        paragraphs=[_sentence(dice, 25) for _ in range(_PARAGRAPHS)],
        subheads=[Subhead(_sentence(dice, 4), 8)],
        related=[RelatedLink(_sentence(dice, 8), f"{url}0")],
        videos=[Video(_sentence(dice, 4), 61, f"{url}/v")],
        comment_count=number % 50,
        relevance=Relevance(True, 0.9, ["names both countries"]),
        parser="generic/1",
        provenance={"headline": "page", "authors": "json-ld"},
    )


def fill(database_url: str, number: int) -> None:
    """A new database with so many articles."""
    with storage.open(database_url, create=True) as database:
        for batch in chunks(map(_row, range(1, number + 1))):
            with database.write() as conn:
                conn.execute(articles_table.insert(), batch)


def _row(number: int) -> dict[str, Any]:
    article = an_article(number)
    seen = FIRST_DAY + timedelta(days=365)
    return {
        **article_values(article),
        **dict.fromkeys(("first_seen", "last_seen", "last_changed"), seen),
        "identity": str(number),
        "identity_hash": f"{number:064}",
        "content_hash": f"{number:064}",
        "revision": 1,
    }


def _export(database_url: str, form: str, path: Path, number: int, answer: Connection) -> None:
    with storage.open(database_url) as database:
        export_records(database, storage.Filters(limit=WARM_UP_ARTICLES), form, path)
        before = _peak_mb()
        start = time.monotonic()
        written = export_records(database, storage.Filters(limit=number), form, path)
        seconds = time.monotonic() - start
    answer.send((written, seconds, before, _peak_mb() - before))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(database_url: str, form: str, path: Path, number: int) -> Iterator[str]:
    """The cells of a row: articles, articles a second, MB before, MB more, size in MB."""
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(
        target=_export, args=(database_url, form, path, number, theirs)
    )
    child.start()
    theirs.close()
    written, seconds, before, growth = ours.recv()
    child.join()
    size = path.stat().st_size / 1e6
    yield from (f"{written}", f"{written / seconds:.0f}", f"{before:.0f}", f"{growth:.1f}")
    yield f"{size:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=10_000, help="how many, default 10000")
    parser.add_argument("--format", choices=FORMATS, help="only that one")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database_url = f"sqlite:///{folder}/sinorus.db"
        fill(database_url, arguments.articles)
        heads = ("format", "articles", "a second", "MB before", "MB more", "file MB")
        print(" ".join(f"{head:>9}" for head in heads))
        for form in [arguments.format] if arguments.format else FORMATS:
            for number in (arguments.articles // SMALL_SHARE, arguments.articles):
                cells = measured(database_url, form, Path(folder) / f"out.{form}", number)
                print(" ".join(f"{cell:>9}" for cell in (form, *cells)), flush=True)


if __name__ == "__main__":
    main()
