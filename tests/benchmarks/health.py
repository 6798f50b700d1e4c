"""False alarms in simulated years of outlets that work, and how soon a break is told.

    python -m tests.benchmarks.health --outlets 20 --days 365

Fields: each outlet is a random mixture of three to five kinds of pages, each with fields and
sources of its own; the mixture differs by weekday and by day, and drifts over the year. Volume:
rates of 2 to 200 addresses a day, by hour and weekday, a day's rate with a random spread, two
holiday weeks at half volume and two days at a tenth. Fields are judged every fourth page.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from math import exp, sqrt

from jobs.health.volume import SLOT, count_in
from jobs.health.watching import Watch, watch_pages, watch_volume
from storage.page_readings import MOST_KEPT, PageReading

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)
FIELDS = 24
SOURCES = ("state", "json-ld", "meta", "page")
TO_BREAK = "f00"  # on 19 of 20 pages of each kind
PAGES_A_RUN = 4


def count(chance: random.Random, mean: float) -> int:
    """A random count of that mean."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, sqrt(mean))))
    number, left, floor = 0, chance.random(), exp(-mean)
    while left > floor:
        number, left = number + 1, left * chance.random()
    return number


class Pages:
    """An outlet's pages, a day at a time."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.kinds = [self._kind() for _ in range(self.chance.randint(3, 5))]
        self.weights = [self.chance.gammavariate(0.7, 1.0) for _ in self.kinds]
        self.sunday = [self.chance.gammavariate(0.7, 1.0) for _ in self.kinds]
        self.a_day = self.chance.choice([3, 5, 12, 30])
        self.number = 0

    def _kind(self) -> dict[str, tuple[float, str]]:
        """{field: (how often it is there, its source)}."""
        often = (0.0, 0.05, 0.5, 0.8, 0.95, 1.0, 1.0)
        kind = {
            f"f{n:02}": (self.chance.choice(often), self.chance.choice(SOURCES))
            for n in range(FIELDS)
        }
        return kind | {TO_BREAK: (0.95, "page")}

    def day(self, moment: datetime, broken: bool) -> list[PageReading]:
        is_sunday = moment.weekday() == 6
        weights = self.sunday if is_sunday else self.weights
        # By day: an event brings live pages, a quiet one reports of agencies.
        of_day = [w * self.chance.gammavariate(2.0, 0.5) + 1e-9 for w in weights]
        self.weights = [w * exp(self.chance.gauss(0, 0.01)) for w in self.weights]
        number = count(self.chance, self.a_day / (6 if is_sunday else 1))
        found = []
        for place in range(number):
            (kind,) = self.chance.choices(self.kinds, of_day)
            fields = {n: s for n, (p, s) in kind.items() if self.chance.random() < p}
            if broken:
                fields.pop(TO_BREAK, None)
            self.number += 1
            at = moment + timedelta(hours=6 + 16 * place / number)
            found.append(PageReading(at, f"/{self.number}", True, "r/1", fields))
        return found


def pages(seed: int, days: int) -> tuple[int, timedelta | None]:
    """False alarms in that many days, and how long until a break after the last was told."""
    outlet, watch, alarms = Pages(seed), Watch(), 0
    kept: deque[PageReading] = deque(maxlen=MOST_KEPT)
    for day in range(days):
        for reading in outlet.day(BEGIN + day * DAY, broken=False):
            kept.append(reading)
            watch.has_news = False
            if int(reading.url[1:]) % PAGES_A_RUN:
                continue
            watch_pages(watch, list(kept), reading.read_at)
            alarms += watch.has_news
    broke = BEGIN + days * DAY
    watch.drops = [drop for drop in watch.drops if drop.field != TO_BREAK]
    for day in range(days, days + 30):
        for reading in outlet.day(BEGIN + day * DAY, broken=True):
            kept.append(reading)
            watch_pages(watch, list(kept), reading.read_at)
            if any(drop.field == TO_BREAK for drop in watch.drops):
                return alarms, reading.read_at - broke
    return alarms, None


def volume(seed: int, days: int) -> int:
    """False alarms of volume in that many days."""
    chance = random.Random(seed)
    a_day, spread = chance.choice([2, 8, 40, 200]), chance.choice([0.2, 0.4, 0.6])
    holidays = {chance.randrange(40, days - 8) + n for _ in range(2) for n in range(7)}
    deep = {chance.randrange(40, days) for _ in range(2)}
    slots: dict[int, int] = {}
    looked, watch, alarms = None, Watch(), 0
    moment = BEGIN
    while moment < BEGIN + days * DAY:
        if moment.hour == 0:
            day = (moment - BEGIN).days
            rate = a_day * chance.gammavariate(1 / spread**2, spread**2)
            rate *= 0.1 if day in deep else 0.5 if day in holidays else 1
            rate *= 1 / 6 if moment.weekday() == 6 else 1
        by_hour = 1.4 if 7 <= moment.hour < 23 else 0.2
        listed = count(chance, rate * by_hour * SLOT.total_seconds() / 86_400)
        slots = count_in(slots, listed, moment, looked)
        looked, watch.has_news = moment, False
        slots = watch_volume(watch, slots, None, moment)
        alarms += watch.has_news
        moment += SLOT
    return alarms


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--outlets", type=int, default=20)
    parser.add_argument("--days", type=int, default=365)
    asked = parser.parse_args()
    years = asked.outlets * asked.days / 365
    started = time.monotonic()
    of_pages = [pages(seed, asked.days) for seed in range(asked.outlets)]
    seconds = time.monotonic() - started
    of_volume = [volume(seed, asked.days) for seed in range(asked.outlets)]
    alarms = sum(found for found, _ in of_pages)
    told = sorted(delay for _, delay in of_pages if delay is not None)
    print(f"{years:.0f} outlet-years")
    print(f"false alarms of fields: {alarms}, of volume: {sum(of_volume)}")
    print(
        f"a field of 95 % that is gone: told in {len(told)} of {asked.outlets},"
        f" median {told[len(told) // 2]}, latest {told[-1]}"
    )
    print(f"fields: {seconds:.0f} s")


if __name__ == "__main__":
    main()
