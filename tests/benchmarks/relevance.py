"""How well and how fast articles are judged: `python tests/benchmarks/relevance.py`.

Reads the labelled items of the shared folder (`SINORUS_SHARED`, else `../shared` beside the
repository) and prints precision, recall and F1 for each language, the items judged wrongly
with `--misses`, and judgments a second.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from crawler.relevance import judge  # noqa: E402

LANGUAGES = ("en", "ru", "zh")
TIMED_ROUNDS = 5


@dataclass(slots=True)
class Tally:
    """How the judgments of one language met the labels."""

    right: int = 0
    false_alarms: int = 0
    misses: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.false_alarms, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.misses, 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.false_alarms + self.misses, 1)


def labelled_items_file() -> Path:
    """Where the labelled items are, if the shared folder is there."""
    shared = os.environ.get("SINORUS_SHARED") or REPOSITORY.parent / "shared"
    return Path(shared) / "sources" / "relevance-dev.jsonl"


def read_items(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def measure(items: list[dict[str, Any]]) -> dict[str, Tally]:
    """The tally of each language, judged by headline and lead."""
    tallies = {language: Tally() for language in LANGUAGES}
    for item in items:
        tally = tallies[item["language"]]
        found = judge(item["title"], item["lead"] or "", language=item["language"])
        is_relevant = item["label"] == "relevant"
        tally.right += found.relevant and is_relevant
        tally.false_alarms += found.relevant and not is_relevant
        tally.misses += is_relevant and not found.relevant
        if found.relevant != is_relevant:
            kind = "missed" if is_relevant else "false alarm"
            tally.wrong.append(f"{kind} {found.score:.2f}  {item['title']}  ({item['why']})")
    return tallies


def judgments_per_second(items: list[dict[str, Any]]) -> float:
    begin = time.perf_counter()
    for _ in range(TIMED_ROUNDS):
        for item in items:
            judge(item["title"], item["lead"] or "")
    return TIMED_ROUNDS * len(items) / (time.perf_counter() - begin)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the relevance judgment.")
    parser.add_argument("--items", type=Path, default=labelled_items_file())
    parser.add_argument("--misses", action="store_true", help="show the items judged wrongly")
    options = parser.parse_args()
    if not options.items.exists():
        print(f"relevance: no labelled items at {options.items}", file=sys.stderr)
        return 2
    items = read_items(options.items)
    print("language  precision  recall     F1  items wrong")
    for language, tally in measure(items).items():
        numbers = f"{tally.precision:9.3f} {tally.recall:7.3f} {tally.f1:6.3f}"
        print(f"{language:8}  {numbers}  {len(tally.wrong)}")
        for line in tally.wrong if options.misses else ():
            print(f"    {line}")
    print(f"{judgments_per_second(items):.0f} judgments of headline and lead a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
