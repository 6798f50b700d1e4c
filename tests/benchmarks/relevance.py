"""How well and how fast articles are judged: `python tests/benchmarks/relevance.py`.

Reads labelled items, by default those of the shared folder (`SINORUS_SHARED`, else `../shared`
beside the repository) and those invented for the tests, half of which no rule was made for,
and prints precision, recall and F1 for each language, the items judged wrongly with `--misses`,
and judgments a second, of headline with lead and of whole articles.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests" / "crawler" / "relevance")]

from labelled import INVENTED, Item, measure, read_items, shared_items_file  # noqa: E402

from crawler.relevance import judge  # noqa: E402

TIMED_SECONDS = 3.0
ARTICLE_CHARACTERS = 5000
"""A whole article: as long as those of the storage benchmark."""
PLAIN_SENTENCES = (
    "The council met on Tuesday and spoke for an hour about schools, roads and the new hospital.",
    "Officials from China said that the harvest in the north had been better than a year before.",
    "Nobody was hurt, the fire service said, and the street was opened again before the evening.",
    "A spokesman in Moscow declined to say when the next report on prices would be published.",
)


def show(name: str, items: list[Item], *, with_misses: bool) -> None:
    print(f"{name}: {len(items)} items\nlanguage  precision  recall     F1  items wrong")
    for language, tally in measure(items).items():
        numbers = f"{tally.precision:9.3f} {tally.recall:7.3f} {tally.f1:6.3f}"
        print(f"{language:8}  {numbers}  {len(tally.wrong)}")
        for line in tally.wrong if with_misses and language != "all" else ():
            print(f"    {line}")


def per_second(items: list[Item], text_of: Callable[[Item], str]) -> float:
    """Judgments a second in the fastest of several rounds: the others were disturbed."""
    texts = [(item.headline, text_of(item)) for item in items]
    judge("warm")
    best, end = 0.0, time.perf_counter() + TIMED_SECONDS
    while time.perf_counter() < end:
        begin = time.perf_counter()
        for headline, text in texts:
            judge(headline, text)
        best = max(best, len(texts) / (time.perf_counter() - begin))
    return best


def whole_article(item: Item) -> str:
    """The item, then its lead in every fifth sentence of a text as long as an article."""
    unit = f"{item.lead}\n" + "\n".join(PLAIN_SENTENCES) + "\n"
    return (unit * (ARTICLE_CHARACTERS // len(unit) + 1))[:ARTICLE_CHARACTERS]


def sets_of(paths: list[Path]) -> dict[str, list[Item]]:
    """The items by the name of their set."""
    if paths:
        return {str(path): read_items(path) for path in paths}
    invented = [item for path in INVENTED for item in read_items(path)]
    sets = {
        "invented, rules made with these in view": [i for i in invented if not i.is_held_out],
        "invented, held out": [i for i in invented if i.is_held_out],
    }
    if shared_items_file().exists():
        sets["real headlines, rules made with these in view"] = read_items(shared_items_file())
    return sets


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the relevance judgment.")
    parser.add_argument("--items", type=Path, action="append", default=[], metavar="FILE")
    parser.add_argument("--misses", action="store_true", help="show the items judged wrongly")
    options = parser.parse_args()
    missing = [path for path in options.items if not path.exists()]
    if missing:
        print(f"relevance: no labelled items at {missing[0]}", file=sys.stderr)
        return 2
    sets = sets_of(options.items)
    for name, items in sets.items():
        show(name, items, with_misses=options.misses and "held out" not in name)
    timed = list(sets.values())[-1]
    print(f"{per_second(timed, lambda item: item.lead):.0f} a second of headline and lead")
    print(f"{per_second(timed, whole_article):.0f} a second of {ARTICLE_CHARACTERS} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
