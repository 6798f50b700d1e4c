"""How stories are printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from jobs.output import print_table, say, when
from storage import Story

STORIES_SHOWN = 20
"""Stories that `sinorus stories` prints when not told how many."""

_COLUMNS = ("story", "article", "published", "outlet", "headline")


def print_stories(stories: Iterable[Story]) -> None:
    """A table: each story's earliest article, and under it those that followed."""
    rows: list[list[object]] = []
    number = 0
    for story in stories:
        number += 1
        shown = str(story.id)
        for article in story.articles:
            moment = when(article.published)
            rows.append([shown, article.id, moment, article.outlet, article.headline])
            shown = ""
    if rows:
        print_table(_COLUMNS, rows)
    say(f"{number} stor{'y' if number == 1 else 'ies'} told by several outlets")


def print_stories_json(stories: Iterable[Story]) -> None:
    """One JSON list on standard output, written as the stories are read."""
    separator = "["
    for story in stories:
        text = json.dumps(story.to_dict(), ensure_ascii=False, indent=2)
        sys.stdout.write(f"{separator}\n{text}")
        separator = ","
    sys.stdout.write("[]\n" if separator == "[" else "\n]\n")
