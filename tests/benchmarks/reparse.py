"""Reading stored pages again: how fast with all cores, and killed and resumed.

    python tests/benchmarks/reparse.py                    10,000 pages
    python tests/benchmarks/reparse.py --pages 2000 --folder /var/tmp/bench

The pages are invented (see `invented.py`), kept in WARC files, and stored as another reader would
have read them, so that every article is other at first. `sinorus reparse` is killed by SIGKILL at
a random moment, the same command is run to its end, and every row is looked at. Then it is run
again, when nothing is left to write, with all cores and with one, for the ratio of the two.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

sys.path.insert(0, str(Path(__file__).parents[2]))

import storage
from crawler.items import Article, FetchedPage
from crawler.outlets import load_catalogue
from crawler.parsers import identity_of
from storage.articles import store_articles
from storage.inserts import chunks
from storage.pages import PageArchive, note_page
from storage.readings import Reading
from storage.schema import articles, reparses, revisions
from tests.benchmarks.invented import OUTLETS, invented
from tests.jobs.desk import an_article

ROOT = Path(__file__).parents[2]
ARTICLES_PER_BATCH = 500
POLL_SECONDS = 0.02
# A kill comes after so much of the work at most, so that there is something left.
KILLED_BEFORE_RATIO = 0.6
OLD_READER = "generic/0"


def fill(folder: Path, number: int) -> None:
    """So many pages and their articles; an outlets file with all their outlets."""
    entries = (
        f'[[outlet]]\nid = "outlet-{n}"\nname = "Outlet {n}"\n'
        f'home = "https://outlet-{n}.example/"\n'
        for n in range(OUTLETS)
    )
    (folder / "outlets.toml").write_text("\n".join(entries), "utf-8")
    catalogue = load_catalogue(folder / "outlets.toml")
    with (
        storage.open(_url(folder), create=True) as database,
        PageArchive(folder / "sinorus-data") as archive,
    ):
        for some in chunks(islice(invented(), number), ARTICLES_PER_BATCH):
            kept = [(article, page, archive.write(page)) for article, page in map(_page, some)]
            with database.write() as conn:
                readings = []
                for article, page, lies in kept:
                    outlet = catalogue.require(article.outlet or "")
                    page_id = note_page(conn, page, lies)
                    identity = identity_of(article.url, outlet)
                    readings.append(Reading(article, identity, page_id))
                store_articles(conn, readings, kept[-1][1].fetched_at)


def _page(article: Article) -> tuple[Article, FetchedPage]:
    article.parser = OLD_READER
    body = an_article(article.headline, [*article.summary, *article.paragraphs]).encode()
    moment = article.date_published
    assert moment is not None
    headers = [("Content-Type", "text/html; charset=utf-8")]
    return article, FetchedPage(article.url, 200, headers, body, moment)


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """`sinorus reparse --json` in the folder, its report in a file."""
    command = [sys.executable, "-m", "jobs", "reparse", "--json", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SINORUS_OUTLETS_FILE": "outlets.toml"}
    with (folder / "report.json").open("wb") as output:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=output)


def run(folder: Path, *arguments: str) -> tuple[dict[str, Any], float]:
    """The report of a whole run, and its seconds."""
    began = time.monotonic()
    assert start(folder, *arguments).wait() == 0
    return json.loads((folder / "report.json").read_bytes()), time.monotonic() - began


def kill(folder: Path, number: int, dice: random.Random) -> int:
    """Starts it and kills it at a random moment; how many articles it came to."""
    wanted = dice.random() * KILLED_BEFORE_RATIO * number
    process = start(folder)
    while done_through(folder) <= wanted:
        assert process.poll() is None, "it ended before it was killed"
        time.sleep(POLL_SECONDS)
    time.sleep(dice.random() / 10)  # seconds: somewhere within a batch
    process.kill()
    process.wait()
    return done_through(folder)


def done_through(folder: Path) -> int:
    with storage.open(_url(folder)) as database, database.read() as conn:
        unfinished = select(func.max(reparses.c.done_through))
        return int(conn.execute(unfinished.where(reparses.c.finished_at.is_(None))).scalar() or 0)


def assert_nothing_doubled_or_left(folder: Path, report: dict[str, Any], number: int) -> None:
    """Every article was read once, and is at the revision that it must be at."""
    counts = report["counts"]
    assert counts["read"] == counts["changed"] == number, counts
    with storage.open(_url(folder)) as database, database.read() as conn:
        old = select(func.count()).where(articles.c.parser == OLD_READER)
        assert conn.execute(old).scalar_one() == 0
        twice = select(func.max(revisions.c.revision))
        assert conn.execute(twice).scalar_one() <= 2
        kinds = dict(
            conn.execute(select(revisions.c.kind, func.count()).group_by(revisions.c.kind)).all()
        )
        assert kinds["new"] == number
        unfinished = select(func.count()).where(reparses.c.finished_at.is_(None))
        assert conn.execute(unfinished).scalar_one() == 0


def assert_sound(folder: Path) -> None:
    check = [sys.executable, "-m", "jobs", "db", "check"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(check, cwd=folder, env=environment, check=False, capture_output=True)
    assert found.returncode == 0, found.stdout


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'sinorus.db'}"


def measure(folder: Path, number: int) -> None:
    dice, cores = random.Random(), str(os.cpu_count() or 1)
    began = time.monotonic()
    fill(folder, number)
    print(f"{number} pages kept and stored in {time.monotonic() - began:.0f} s")
    done = kill(folder, number, dice)
    print(f"killed after {done} of {number}")
    report, seconds = run(folder)
    rate = (number - done) / seconds
    print(
        f"resumed: {number - done} pages, all other and written, in {seconds:.0f} s: {rate:.0f}/s"
    )
    assert_nothing_doubled_or_left(folder, report, number)
    assert_sound(folder)
    rates = {}
    for processes in (cores, "1"):
        report, seconds = run(folder, "--processes", processes)
        assert report["counts"] == {"read": number, "unchanged": number}
        rates[processes] = number / seconds
        print(f"again, {processes} at once, nothing to write: {rates[processes]:.0f} pages/s")
    print(f"{cores} against 1: {rates[cores] / rates['1']:.2f} times as fast")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="An empty folder to work in.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        measure(options.folder or Path(temporary), options.pages)


if __name__ == "__main__":
    main()
