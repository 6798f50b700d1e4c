"""How well and how fast article pages are read, on a corpus that is not part of the repository.

    python tests/benchmarks/reading.py [CORPUS]            pages a second against trafilatura
    python tests/benchmarks/reading.py [CORPUS] --profile  where our time goes
    python CORPUS/score.py --extractor tests.benchmarks.reading:extract     how well

CORPUS is a folder with `score.py`; ../shared/corpus without it. Both readers take all pages in
turn, some rounds, one core, in one run: the ratio of their best rounds says something on a
noisy machine, the figures alone do not. trafilatura is no dependency:
`pip install "trafilatura==2.3.*" lxml_html_clean` beside.
"""

from __future__ import annotations

import argparse
import cProfile
import importlib.util
import pstats
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from crawler.dates import read_date
from crawler.errors import NotAnArticle
from crawler.parsers import parse_article

_PROFILE_ROWS = 25
_ROUNDS = 5


def extract(html: bytes, url: str) -> dict[str, Any]:
    """The answer `score.py` asks for; nothing where the page is no article."""
    try:
        record = parse_article(html, url).to_dict()
    except NotAnArticle:
        return {}
    lead = [{**record["lead_image"], "is_cover": True}] if record["lead_image"] else []
    return {
        "headline": record["headline"],
        "summary": record["summary"],
        "paragraphs": record["paragraphs"],
        "authors": record["authors"],
        "published": _published(record),
        "images": lead + record["images"],
        "topics": record["topics"],
        "body": "\n".join(_with_subheads(record)),
    }


def _published(record: dict[str, Any]) -> str | None:
    """The moment in the zone that the page names; without one the clock, else the day, it shows.

    `score.py` compares clocks, not moments, where its truth has no zone.
    """
    moment, said = record["date_published"], read_date(record["date_published_raw"])
    if not isinstance(said, datetime):
        return moment or (said.isoformat() if said else None)
    if moment is None:
        return said.isoformat() if said.tzinfo is None else None
    is_same = said.tzinfo and said.replace(microsecond=0) == datetime.fromisoformat(moment)
    return said.isoformat() if is_same else moment


def _with_subheads(record: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for index, paragraph in enumerate(record["paragraphs"]):
        lines += [head["text"] for head in record["subheads"] if head["before"] == index]
        lines.append(paragraph)
    return lines


def _score_module(corpus: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", corpus / "score.py")
    if spec is None or spec.loader is None or not (corpus / "score.py").exists():
        sys.exit(f"{corpus} has no score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _seconds(read: Callable[[bytes, str], Any], pages: list[tuple[bytes, str]]) -> float:
    start = time.process_time()
    for html, url in pages:
        read(html, url)
    return time.process_time() - start


def compare(pages: list[tuple[bytes, str]]) -> None:
    """Pages a CPU second of both readers, each in its best round, and their ratio."""
    try:
        from trafilatura import bare_extraction
    except ImportError:
        sys.exit('trafilatura is missing: pip install "trafilatura==2.3.*"')

    def theirs(html: bytes, url: str) -> Any:
        return bare_extraction(html, url=url)

    readers = {"sinorus": extract, "trafilatura": theirs}
    best = dict.fromkeys(readers, float("inf"))
    for read in readers.values():
        read(*pages[0])  # both load their word lists at the first page
    for _ in range(_ROUNDS):
        for name, read in readers.items():
            best[name] = min(best[name], _seconds(read, pages))
    for name, total in best.items():
        print(f"{name:<12} {len(pages) / total:7.1f} pages a CPU second")
    print(f"ratio        {best['trafilatura'] / best['sinorus']:7.2f}")


def profile(pages: list[tuple[bytes, str]]) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for html, url in pages:
        extract(html, url)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(_PROFILE_ROWS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    default = Path(__file__).parents[3] / "shared" / "corpus"
    parser.add_argument("corpus", nargs="?", type=Path, default=default)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    loaded = _score_module(arguments.corpus).load_dev("all")
    pages = [(html, url) for _, _, url, html, _ in loaded]
    (profile if arguments.profile else compare)(pages)


if __name__ == "__main__":
    main()
