"""What is watched of an outlet from run to run: fields that are missing, and its volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from jobs.health.coverage import Drop, find_drops, is_back
from jobs.health.spans import Spans
from jobs.health.volume import Lack, find_lack, is_quiet, is_volume_back, slot_of
from storage.page_readings import PageReading

ACCEPTED_AFTER = timedelta(days=30)
"""What is missing for so long will not come back: from then on it is the outlet's own past."""

_TOLD = 3  # fields named in a sentence; the evidence has all


@dataclass(slots=True)
class Watch:
    """What is known to be missing. `left_out` are spans by field that no past has.

    `has_news`: something broke that was not broken before.
    """

    drops: list[Drop] = field(default_factory=list)
    lack: Lack | None = None
    left_out: Spans = field(default_factory=Spans)
    quiet: Lack | None = None
    has_news: bool = False

    @property
    def is_broken(self) -> bool:
        return bool(self.drops or self.lack)

    @property
    def began(self) -> datetime | None:
        return min((each.began for each in self._all), default=None)

    @property
    def latest(self) -> datetime | None:
        """When the last of them was found: no two at once, while several may have begun so."""
        return max((each.told for each in self._all), default=None)

    @property
    def sentence(self) -> str:
        sentences = [each.sentence for each in self._all]
        more = len(sentences) - _TOLD
        return "; ".join(sentences[:_TOLD]) + (f"; and {more} more" if more > 0 else "")

    @property
    def _all(self) -> list[Drop | Lack]:
        return [*self.drops, *([self.lack] if self.lack else [])]

    def to_dict(self) -> dict[str, Any]:
        """For `evidence`. `fields` are for people: what is missing, `volume` among them."""
        said: dict[str, Any] = {}
        if self.drops:
            said["drops"] = [drop.to_dict() for drop in self.drops]
        if self.lack:
            said["volume"] = self.lack.to_dict()
        if self.is_broken:
            said["fields"] = [drop.field for drop in self.drops] + ["volume"] * bool(self.lack)
        if self.quiet:
            said["quiet"] = self.quiet.to_dict()
        if self.left_out:
            said["left_out"] = self.left_out.to_dict()
        return said

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        lack, quiet = (
            Lack.from_dict(said[name]) if name in said else None for name in ("volume", "quiet")
        )
        drops = [Drop.from_dict(drop) for drop in said.get("drops", [])]
        return cls(drops, lack, Spans.from_dict(said.get("left_out", {})), quiet)


def watch_pages(watch: Watch, readings: Sequence[PageReading], now: datetime) -> None:
    """Notes what came back and what is missing now, by the readings, the oldest first."""
    still: list[Drop] = []
    for drop in watch.drops:
        if now - drop.told > ACCEPTED_AFTER:
            watch.left_out.add(drop.field, None, drop.began)
        elif is_back(drop, readings):
            watch.left_out.add(drop.field, drop.began, now)
        else:
            still.append(drop)
    known = {drop.field for drop in still}
    # Of pages that are no articles at all the fields say nothing more.
    new = [drop for drop in find_drops(readings, watch.left_out, now) if drop.field not in known]
    watch.drops = still + new
    watch.has_news = watch.has_news or bool(new)


def watch_volume(
    watch: Watch, listed: Mapping[int, int], sample_url: str | None, now: datetime
) -> dict[int, int]:
    """Notes whether its sources list as much as usual; gives the slots to keep as its past."""
    kept = dict(listed)
    watch.quiet = None
    lack = watch.lack
    if lack:
        since = {slot: n for slot, n in kept.items() if slot >= slot_of(lack.told)}
        if now - lack.told > ACCEPTED_AFTER:
            kept = {slot: n for slot, n in kept.items() if slot >= slot_of(lack.began)}
        elif is_volume_back(lack, since, now):
            lost = range(slot_of(lack.began), slot_of(now))
            kept = {slot: n for slot, n in kept.items() if slot not in lost}
        else:
            return kept
        watch.lack = None
    found = find_lack(kept, now)
    if found:
        watch.lack, watch.has_news = replace(found, sample_url=sample_url), True
    else:
        watch.quiet = is_quiet(kept, now)
    return kept
