"""What a story comes apart into when an article in it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from storage.stories.bands import keys
from storage.stories.resemblance import Telling, tell_one_story
from storage.stories.tellings import Known, known_by_story


@dataclass(frozen=True, slots=True)
class Home:
    """The story an article was in, and the group that was left of it."""

    story_id: int
    group: int


def left_behind(conn: Connection, parted: Mapping[int, Known]) -> dict[int, Home]:
    """What the stories of `parted` come apart into without them."""
    story_ids = {known.story_id for known in parted.values() if known.story_id is not None}
    left = known_by_story(conn, story_ids)
    homes: dict[int, Home] = {}
    for story_id in story_ids:
        members = {
            number: known.telling
            for number, known in left.items()
            if known.story_id == story_id and number not in parted
        }
        for group in _groups(members):
            homes |= dict.fromkeys(group, Home(story_id, min(group)))
    return homes


def _groups(tellings: Mapping[int, Telling]) -> Iterable[list[int]]:
    """Those that are linked, directly or through others: as many comparisons as copies, mostly."""
    hashes = {number: set(keys(telling)) for number, telling in tellings.items()}
    remaining = dict(tellings)
    while remaining:
        group = [remaining.popitem()[0]]
        for one in group:
            linked = [
                other
                for other, telling in remaining.items()
                if not hashes[one].isdisjoint(hashes[other])
                and tell_one_story(tellings[one], telling)
            ]
            for other in linked:
                del remaining[other]
            group += linked
        yield group
