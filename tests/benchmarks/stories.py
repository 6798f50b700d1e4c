"""How well copies of one wire story are told from independent reports, and what that costs.

    python tests/benchmarks/stories.py --pairs labelled.jsonl    precision, recall, the failures
    python tests/benchmarks/stories.py                           the cost of signing and placing
    python tests/benchmarks/stories.py --sizes 10000,100000 --engine sqlite

A line of the pairs file is a group: `merge` (`yes`, `no`, `either`), `kind`, and `items` with
`url`, `site`, `title`, `published` (a day, a month or null) and `excerpt`. Every two items of a
group are stored in a fresh database as two articles, the excerpt as the only paragraph, the site
as outlet, a month as no date; they count as merged where both have the same story id. `either`
is left out. A cost is a mean over a batch of 200 articles of some 600 words in one transaction,
without that of storing the articles; at a size, the best and the median batch of the last ten.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations, islice
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import storage
import storage.articles
from crawler.items import Article
from storage.articles import store_articles
from storage.database import Database
from storage.readings import Reading
from storage.stories.placing import Placing, place, telling_of
from tests.benchmarks.invented import invented
from tests.benchmarks.storage import a_database

ENGINES = ("sqlite", "postgresql")
ARTICLES_PER_BATCH = 200
TIMED_BATCHES = 10
SIGNED = 600
REPEATS = 4
DAY = "2022-11-30"


def article_of(item: dict[str, Any]) -> Article:
    date = item["published"] or ""
    return Article(
        url=item["url"],
        outlet=item["site"],
        headline=item["title"],
        paragraphs=[item["excerpt"]],
        date_published=datetime.fromisoformat(date[: len(DAY)]).replace(tzinfo=UTC)
        if len(date) >= len(DAY)
        else None,
    )


def are_merged(folder: Path, one: Article, other: Article) -> bool:
    """As two crawls of two outlets leave them, one after the other."""
    with tempfile.TemporaryDirectory(dir=folder) as place_of_it:
        address = f"sqlite:///{place_of_it}/sinorus.db"
        with storage.open(address, create=True) as database:
            ids = []
            for identity, article in enumerate((one, other)):
                with database.write() as conn:
                    readings = [Reading(article, str(identity))]
                    ids.append(store_articles(conn, readings, datetime.now(UTC))[0].article_id)
            found = [database.article(number) for number in ids]
            stories = [article.story_id for article in found if article is not None]
    return stories[0] is not None and stories[0] == stories[1]


def judge(path: Path, folder: Path) -> int:
    """Prints what came of the pairs; how many are wrong."""
    counts: Counter[tuple[bool, bool]] = Counter()
    kinds: dict[str, Counter[bool]] = {}
    skipped = 0
    for line in path.read_text("utf-8").splitlines():
        group = json.loads(line)
        for first, second in combinations(group["items"], 2):
            if group["merge"] == "either":
                skipped += 1
                continue
            is_same = group["merge"] == "yes"
            merged = are_merged(folder, article_of(first), article_of(second))
            counts[is_same, merged] += 1
            kinds.setdefault(group["kind"], Counter())[is_same == merged] += 1
            if merged != is_same:
                fault = "merged" if merged else "missed"
                print(f"{fault}  {group['group_id']}  {first['site']} | {second['site']}")
    right, wrong, missed = counts[True, True], counts[False, True], counts[True, False]
    print(f"pairs      {counts.total()} (and {skipped} that may be either)")
    print(f"precision  {right / max(right + wrong, 1):.3f}  ({right} of {right + wrong} merged)")
    print(f"recall     {right / max(right + missed, 1):.3f}  ({right} of {right + missed} copies)")
    for kind, found in sorted(kinds.items()):
        print(f"  {kind:<30} {found[True]} of {found.total()} right")
    return wrong + missed


def print_signing_cost() -> None:
    """The processor's milliseconds an article, by language, at first and when words are known.

    The invented vocabulary is larger than that of news: the truth lies nearer the second.
    """
    articles = list(islice(invented(2), SIGNED))
    for language in ("en", "ru", "zh"):
        some = [article for article in articles if article.language == language]
        characters = sum(len(text) for article in some for text in article.paragraphs)
        taken = []
        for _ in range(REPEATS):
            begun = time.process_time()
            for article in some:
                telling_of(article)
            taken.append((time.process_time() - begun) / len(some) * 1_000)
        print(
            f"signing    {language}: {taken[0]:.2f} ms, then {min(taken):.2f} ms "
            f"({characters // len(some)} characters an article)"
        )


def growth(engine: str, sizes: list[int], folder: Path) -> None:
    """Prints what placing costs at each size, with and without dates, and a page of stories."""
    articles, stored = invented(), 0
    with a_database(engine, folder) as database:
        for size in sizes:
            taken: list[float] = []
            while stored < size:
                taken.append(_place_batch(database, list(islice(articles, ARTICLES_PER_BATCH))))
                stored += ARTICLES_PER_BATCH
            last = taken[-TIMED_BATCHES:]
            batch = [_undated(one) for one in islice(articles, ARTICLES_PER_BATCH)]
            undated = _place_batch(database, batch)
            begun = time.perf_counter()
            number = len(list(database.stories(limit=50)))
            page = (time.perf_counter() - begun) * 1_000
            print(
                f"{engine:>10} {stored:>8} articles: {min(last):.2f} ms best, {median(last):.2f} "
                f"median, {undated:.2f} undated; {number} stories in {page:.0f} ms",
                flush=True,
            )


def _undated(article: Article) -> Article:
    article.date_published = None
    article.url += "?undated"
    return article


def _place_batch(database: Database, batch: list[Article]) -> float:
    """Stores articles and places them; the milliseconds an article that placing took."""
    seconds = 0.0

    def timed(conn: Any, placings: list[Placing]) -> Any:
        nonlocal seconds
        begun = time.perf_counter()
        placed = place(conn, placings)
        seconds = time.perf_counter() - begun
        return placed

    storage.articles.place = timed
    with database.write() as conn:
        readings = [Reading(article, article.url) for article in batch]
        store_articles(conn, readings, datetime.now(UTC))
    return seconds / len(batch) * 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--pairs", type=Path, metavar="FILE", help="labelled groups, JSON Lines")
    parser.add_argument("--sizes", default="2000,10000", help="comma-separated, growing")
    parser.add_argument("--engine", choices=ENGINES, help="only that one")
    parser.add_argument("--folder", type=Path, help="where the databases are made")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        if arguments.pairs:
            print_signing_cost()
            sys.exit(1 if judge(arguments.pairs, Path(folder)) else 0)
        print_signing_cost()
        for engine in [arguments.engine] if arguments.engine else ENGINES:
            growth(engine, [int(size) for size in arguments.sizes.split(",")], Path(folder))


if __name__ == "__main__":
    main()
