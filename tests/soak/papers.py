"""Newspapers that publish, correct and take away: all of it known beforehand, by the seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import cycle, islice
from random import Random
from typing import Any, Literal

from tests.newsrooms.texts import Kind, Text, invent
from tests.soak.compressed import STUCK

ItIs = Literal["on_topic", "off_topic", "bad", "stuck", "hostile"]

LISTED = 20
"""The newest of a paper are in its feed."""

WRITTEN_BEFORE = 12
"""Of each paper, before the beginning: enough to tell its rhythm."""

_ARE: tuple[tuple[ItIs, float], ...] = (
    ("on_topic", 0.66), ("off_topic", 0.29), ("bad", 0.03), ("stuck", 0.01), ("hostile", 0.01),
)  # fmt: skip
_EDITED, _EDITED_TWICE, _TAKEN_AWAY = 0.25, 0.1, 0.06
_EDIT_MINUTES = (10.0, 120.0)
_GONE_MINUTES = (20.0, 300.0)
_IRREGULAR = (0.4, 1.6)  # of the mean time between two articles

# Language, minutes between two articles, then what is special: the first six have all of it.
_PAPERS: tuple[tuple[str, float, dict[str, Any]], ...] = (
    ("en", 8, {}),
    ("zh", 60, {"schedule": "*/20 * * * *"}),
    ("ru", 25, {"max_age_seconds": 2400}),
    ("en", 30, {"host": "shared", "is_atom": True}),
    ("ru", 45, {"host": "shared", "delay_seconds": 0.1}),
    ("zh", 480, {"crawl_delay_seconds": 0.2}),
    ("ru", 12, {"is_atom": True}),
    ("zh", 15, {}),
    ("en", 20, {"has_validators": False}),
    ("ru", 20, {}),
    ("zh", 30, {"is_atom": True}),
    ("en", 30, {}),
    ("ru", 40, {"schedule": "10,40 * * * *"}),
    ("zh", 60, {"is_atom": True}),
    ("en", 60, {}),
    ("ru", 90, {"max_age_seconds": 600}),
    ("zh", 120, {}),
    ("en", 180, {"is_atom": True}),
    ("ru", 240, {}),
    ("zh", 360, {"has_validators": False}),
)


@dataclass(frozen=True)
class Edit:
    """A change of an article; one that is announced is in the feed too."""

    at: datetime
    is_announced: bool


@dataclass(frozen=True)
class Story:
    """An article from its publication to its end; `gone` null is for good."""

    paper: str
    language: str
    number: int
    kind: ItIs
    published: datetime
    edits: tuple[Edit, ...]
    gone: datetime | None

    @property
    def path(self) -> str:
        mark = STUCK if self.kind == "stuck" else "/"
        return f"/{self.paper}/story{mark}{self.number}.html"

    def is_up(self, now: datetime) -> bool:
        return self.published <= now and (self.gone is None or now < self.gone)

    def version(self, now: datetime) -> int:
        """1, and one more for each edit until then."""
        return 1 + sum(1 for edit in self.edits if edit.at <= now)

    def announced(self, now: datetime) -> int:
        """The last version that the feed tells of."""
        told = [n for n, edit in enumerate(self.edits, 2) if edit.is_announced and edit.at <= now]
        return max(told, default=1)

    def changed(self, version: int) -> datetime:
        return self.edits[version - 2].at if version > 1 else self.published

    def text(self, version: int) -> Text:
        """Each version has one more paragraph; the headline tells how many it is."""
        kind: Kind = "off_topic" if self.kind == "off_topic" else "on_topic"
        first = invent(self.language, kind, f"{self.paper} {self.number}")
        if version == 1:
            return first
        more = tuple(
            invent(self.language, kind, f"{self.paper} {self.number} {number}").paragraphs[0]
            for number in range(2, version + 1)
        )
        return Text(f"{first.headline} – {version}", first.summary, first.paragraphs + more)


@dataclass(frozen=True)
class Paper:
    """An outlet; times are of the compressed clock but for delays, which are the machine's."""

    id: str
    language: str
    minutes_between: float
    host: str
    schedule: str | None = None
    max_age_seconds: int | None = None
    delay_seconds: float = 0.05
    crawl_delay_seconds: float | None = None
    is_atom: bool = False
    has_validators: bool = True
    stories: list[Story] = field(default_factory=list)

    def entry(self, base_url: str) -> dict[str, Any]:
        """In the outlets file."""
        said = {
            "id": self.id,
            "name": self.id.title(),
            "language": self.language,
            "home": f"{base_url}/{self.id}/",
            "feeds": [f"{base_url}{self.feed}"],
            "delay_seconds": self.delay_seconds,
        }
        return said | ({"schedule": self.schedule} if self.schedule else {})

    @property
    def feed(self) -> str:
        return f"/{self.id}/feed"

    @cached_property
    def by_path(self) -> dict[str, Story]:
        return {story.path: story for story in self.stories}

    def listed(self, now: datetime) -> list[Story]:
        """What the feed lists then, the newest first."""
        up = (story for story in reversed(self.stories) if story.is_up(now))
        return list(islice(up, LISTED))

    def write(self, chance: Random, began: datetime, until: datetime) -> None:
        """All its stories, some of them of before the beginning."""
        between = timedelta(minutes=self.minutes_between)
        moment = began - between * WRITTEN_BEFORE
        kinds, shares = zip(*_ARE, strict=True)
        while moment < until:
            kind = chance.choices(kinds, shares)[0]
            number = 1001 + len(self.stories)
            self.stories.append(
                Story(
                    self.id, self.language, number, kind, moment.replace(microsecond=0),
                    *_what_becomes_of_it(chance, moment),
                )
            )  # fmt: skip
            moment += between * chance.uniform(*_IRREGULAR)


def _what_becomes_of_it(
    chance: Random, published: datetime
) -> tuple[tuple[Edit, ...], datetime | None]:
    number = (chance.random() < _EDITED) + (chance.random() < _EDITED_TWICE)
    edits, at = [], published
    for _ in range(number):
        at += timedelta(minutes=chance.uniform(*_EDIT_MINUTES))
        edits.append(Edit(at.replace(microsecond=0), chance.random() < 0.5))
    gone = None
    if chance.random() < _TAKEN_AWAY:
        gone = published + timedelta(minutes=chance.uniform(*_GONE_MINUTES))
    return tuple(edits), gone


def write_papers(number: int, seed: int, began: datetime, until: datetime) -> list[Paper]:
    """So many papers, with all that they publish until then."""
    found = []
    for place, (language, minutes, special) in enumerate(islice(cycle(_PAPERS), number), 1):
        name = f"paper-{place:02}"
        paper = Paper(name, language, minutes, **{"host": name, **special})
        paper.write(Random(f"{seed} {name}"), began, until)
        found.append(paper)
    return found
