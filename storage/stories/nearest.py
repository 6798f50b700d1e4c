"""Which stored articles, and which of the same batch, may be copies: those with keys in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from heapq import nsmallest
from itertools import chain

from sqlalchemy import Connection

from storage.stories.bands import PERIOD_FACTOR, keys, rows_near, rows_of
from storage.stories.resemblance import Telling
from storage.stories.tellings import ROWS_PER_LOOKUP, articles_at, known_periods

# Those with the most keys in common are compared. Only what an outlet puts on all its pages
# has more; a wire printed by more outlets than this is linked through the nearest.
CANDIDATES = 200


class Batch:
    """The articles that are placed now, with the rows that will be theirs."""

    def __init__(self, tellings: Mapping[int, Telling]) -> None:
        self.tellings = tellings
        self.keys = {number: keys(telling) for number, telling in tellings.items()}
        self.rows: dict[int, list[int]] = {}
        self.at: dict[int, list[int]] = {}
        for number, telling in tellings.items():
            self.rows[number] = rows_of(telling.published, self.keys[number])
            for row in self.rows[number]:
                self.at.setdefault(row, []).append(number)

    def nearest(self, conn: Connection) -> Iterable[dict[int, list[int]]]:
        """Of each article those with the most keys in common, some articles at a time."""
        is_undated = any(telling.published is None for telling in self.tellings.values())
        periods = known_periods(conn) if is_undated else []
        periods += {row // PERIOD_FACTOR for row in self.at}
        wanted: dict[int, list[int]] = {}
        number_of_rows = 0
        for number, telling in self.tellings.items():
            wanted[number] = rows_near(telling.published, self.keys[number], periods)
            number_of_rows += len(wanted[number])
            if number_of_rows > ROWS_PER_LOOKUP:
                yield self._found(conn, wanted)
                wanted, number_of_rows = {}, 0
        if wanted:
            yield self._found(conn, wanted)

    def _found(self, conn: Connection, wanted: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
        stored = articles_at(conn, chain.from_iterable(wanted.values()))
        found = {}
        for number, rows in wanted.items():
            shared = Counter(
                chain.from_iterable(
                    [at[row] for at in (stored, self.at) for row in rows if row in at]
                )
            )
            del shared[number]
            found[number] = nsmallest(CANDIDATES, shared, key=lambda other: (-shared[other], other))
        return found
