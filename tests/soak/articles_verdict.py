"""Whether what the papers published is stored: once, whole, with its last text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import storage
from storage.revisions import Revision
from tests.soak.papers import Paper, Story
from tests.soak.trial import Evidence

TOLD_OFTEN = 3
"""Of an article that so many whole answers listed the daemon must have the page."""

_SETTLED_SECONDS = 5.0  # before the end, of the machine's time: then a page is stored

Records = dict[str, list[tuple[dict[str, Any], list[Revision]]]]
"""By address: records, each with its revisions."""


@dataclass
class ArticlesVerdict:
    """`waits` are minutes between publication and storage, by paper, of what was published
    while the daemon watched.
    """

    breaches: list[str] = field(default_factory=list)
    stored: int = 0
    revisions: int = 0
    gone: int = 0
    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def median_wait(self, paper: str) -> float | None:
        """Null where nothing new was stored."""
        return median(self.waits[paper]) if self.waits[paper] else None


@dataclass(frozen=True)
class _Known:
    """What the daemon could know of a story: when its feed told of it, and the last version of
    its page that was served.
    """

    told: list[datetime]
    seen: int


def judge_articles(evidence: Evidence) -> ArticlesVerdict:
    verdict = ArticlesVerdict()
    stored = _stored(evidence)
    for paper in evidence.papers.values():
        known = _known(evidence, paper)
        for story in paper.stories:
            url = evidence.base_urls[paper.id] + story.path
            found = stored.pop(url, [])
            faults = _faults(story, found, known[story.path])
            verdict.breaches += [f"{url} {fault}" for fault in faults]
            for record, history in found:
                verdict.stored += 1
                verdict.revisions += len(history)
                verdict.gone += history[-1].kind == "gone"
                if story.published >= evidence.began:
                    waited = datetime.fromisoformat(record["first_seen"]) - story.published
                    verdict.waits[paper.id].append(waited / timedelta(minutes=1))
    verdict.breaches += [f"{url} is stored and of no paper" for url in stored]
    return verdict


def _stored(evidence: Evidence) -> Records:
    found: Records = defaultdict(list)
    with storage.open(evidence.plan.database_url) as database:
        for article in database.articles(sort="id"):
            record = article.to_dict()
            found[record["url"]].append((record, database.revisions(record["id"])))
    return found


def _known(evidence: Evidence, paper: Paper) -> dict[str, _Known]:
    """By path, of all stories; what was served just before the end may be lost."""
    last = evidence.ended - timedelta(seconds=_SETTLED_SECONDS * evidence.plan.rate)
    told: dict[str, list[datetime]] = defaultdict(list)
    seen: dict[str, int] = {}
    for visit in evidence.visits:
        if not visit.is_whole or visit.moment >= last:
            continue
        if visit.path == paper.feed:
            for story in paper.listed(visit.moment):
                told[story.path].append(visit.moment)
        elif visit.path in paper.by_path and visit.version:
            seen[visit.path] = visit.version
    return {path: _Known(told[path], seen.get(path, 0)) for path in paper.by_path}


def _faults(
    story: Story, found: list[tuple[dict[str, Any], list[Revision]]], known: _Known
) -> list[str]:
    if len(found) > 1:
        return [f"is stored {len(found)} times"]
    if story.kind != "on_topic":
        return [f"is stored and {story.kind}"] if found else []
    is_told = len(known.told) >= TOLD_OFTEN
    if not found:
        return [f"is lost: it was told of {len(known.told)} times"] if is_told else []
    announced = story.announced(known.told[-TOLD_OFTEN]) if is_told else 1
    return _wrong_versions(story, found[0][1], max(known.seen, announced))


def _wrong_versions(story: Story, history: list[Revision], least: int) -> list[str]:
    """The revisions must be versions of the story in order, the last one no older than that."""
    numbers = range(1, len(story.edits) + 2)
    known = {(text.headline, text.paragraphs): n for n in numbers for text in [story.text(n)]}
    versions = []
    for revision in history:
        told = revision.content["headline"], tuple(revision.content["paragraphs"])
        if told not in known:
            return [f"has a revision {revision.revision} that it never was: {told[0]!r}"]
        if revision.kind not in ("gone", "returned"):
            versions.append(known[told])
    if versions != sorted(set(versions)):
        return [f"has revisions of its versions {versions}"]
    if versions[-1] < least:
        return [f"is stored in version {versions[-1]}, version {least} was there to be had"]
    return []
