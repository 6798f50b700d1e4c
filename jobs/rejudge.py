"""Judges again what is stored: in batches, each one transaction, so that any end is harmless."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from crawler.evidence import listed_on_topic
from crawler.items import Article, Relevance
from crawler.outlets import Catalogue
from crawler.relevance import Judge, judge_article
from jobs.output import print_table, say
from jobs.report import PAGE_LENGTH
from storage import Database, Filters
from storage.inserts import chunks
from storage.patience import Patience, persist
from storage.verdicts import Verdict, ask_again_off_topic, other_verdicts, store_verdicts

# Other writers wait while a batch is judged and written: at most about half a second.
ARTICLES_PER_BATCH = 100
# As a crawl waits: a server that restarts is back within minutes.
PATIENCE_SECONDS = 300.0


@dataclass(slots=True)
class Rejudged:
    """What judging again did. `turned` are the verdicts that went from on to off topic or back."""

    judged: int = 0
    rescored: int = 0
    turned: list[Verdict] = field(default_factory=list)
    due_again: int = 0

    @property
    def unchanged(self) -> int:
        return self.judged - self.rescored - len(self.turned)

    def directions(self) -> dict[str, int]:
        """How many went to each side: `to_on_topic`, `to_off_topic`."""
        counts = Counter(verdict.after.relevant for verdict in self.turned)
        return {"to_on_topic": counts[True], "to_off_topic": counts[False]}

    def to_dict(self) -> dict[str, Any]:
        return {
            "judged": self.judged,
            "unchanged": self.unchanged,
            "rescored": self.rescored,
            **self.directions(),
            "due_again": self.due_again,
            "turned": [
                {
                    "id": one.article_id,
                    "outlet": one.outlet,
                    "headline": one.headline,
                    "relevant": one.after.relevant,
                    "score_before": one.before.score,
                    "score": one.after.score,
                    "reasons": one.after.reasons,
                }
                for one in self.turned
            ],
        }


def rejudge_stored(
    database: Database,
    filters: Filters,
    judge: Judge,
    catalogue: Catalogue,
    on_progress: Callable[[Rejudged, int], None],
) -> Rejudged:
    """Judges the articles that meet the filters and keeps every other verdict.

    `on_progress` is told what was done so far and of how many articles. What an on-topic
    outlet's sources list stays on topic. Raises StorageError.
    """
    patience = Patience(PATIENCE_SECONDS, on_wait=lambda error: say(f"{error}; waiting"))

    def verdict_of(article: Article, is_listed: bool) -> Relevance:
        relevance = judge_article(article, judge)
        outlet = catalogue.get(article.outlet) if article.outlet and is_listed else None
        return listed_on_topic(outlet, relevance) if outlet else relevance

    done = Rejudged()
    ids = database.ids(filters)
    for batch in chunks(ids, ARTICLES_PER_BATCH):
        look = partial(other_verdicts, ids=batch, verdict_of=verdict_of)
        others = persist(database.read, look, patience)
        if others:
            found = [one.article_id for one in others]
            keep = partial(store_verdicts, ids=found, verdict_of=verdict_of)
            others = persist(database.write, keep, patience)
        done.judged += len(batch)
        turned = [one for one in others if one.is_turned]
        done.rescored += len(others) - len(turned)
        done.turned += turned
        on_progress(done, len(ids))
    return done


def ask_again(database: Database, outlets: Sequence[str] | None) -> int:
    """Makes pages that were judged off topic and not kept due at the next crawl."""
    with database.write() as conn:
        return ask_again_off_topic(conn, outlets, datetime.now(UTC))


def print_rejudged(done: Rejudged) -> None:
    """The verdicts that turned, at most a page of them, and a summary."""
    names = {True: "on topic", False: "off topic"}
    if done.turned:
        print_table(
            ("id", "outlet", "from", "to", "score", "headline"),
            (
                (
                    one.article_id,
                    one.outlet,
                    names[one.before.relevant],
                    names[one.after.relevant],
                    f"{one.before.score:.2f} → {one.after.score:.2f}",
                    one.headline,
                )
                for one in done.turned[:PAGE_LENGTH]
            ),
        )
    if len(done.turned) > PAGE_LENGTH:
        say(f"and {len(done.turned) - PAGE_LENGTH} more; --json has them all")
    to = done.directions()
    say(
        f"{done.judged} judged: {to['to_on_topic']} off → on topic, {to['to_off_topic']} on → off "
        f"topic, {done.rescored} with another score or reasons, {done.unchanged} unchanged"
    )
    if done.due_again:
        say(f"{done.due_again} pages judged off topic before are due at the next crawl")
