"""robots.txt among crawls: read once, read again in time, and what serves while there is none."""

from __future__ import annotations

import asyncio

import pytest

from crawler.robots import RobotsRules, rules_from_response
from crawler.robots_cache import (
    ASK_AGAIN_SECONDS,
    LONGEST_RESERVE_SECONDS,
    LONGEST_USE_SECONDS,
    MOST_ORIGINS,
    SHORTEST_USE_SECONDS,
    ReadRobots,
    RobotsCache,
)

SITE = "https://news.example"
DOWN = rules_from_response(503, b"")
MISSING = rules_from_response(404, b"")
TOO_SLOW = rules_from_response(200, b"User-agent: *\nCrawl-delay: 3600")


def rules(path: str) -> RobotsRules:
    return rules_from_response(200, f"User-agent: *\nDisallow: {path}".encode())


class Site:
    """What its robots.txt says at a time of ours, through one cache."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked = 0
        self.answer = ReadRobots(rules("/first"))
        self.cache = RobotsCache(lambda: self.now)

    async def ask(self) -> ReadRobots:
        self.asked += 1
        await asyncio.sleep(0)
        return self.answer

    def rules(self, at: float, origin: str = SITE) -> RobotsRules:
        self.now = at
        return asyncio.run(self.cache.rules(origin, self.ask))

    def allows(self, at: float, path: str) -> bool:
        return self.rules(at).allows(f"{SITE}{path}")


@pytest.fixture
def site() -> Site:
    return Site()


def test_many_at_once_ask_once(site: Site) -> None:
    async def all_at_once() -> list[RobotsRules]:
        return await asyncio.gather(*(site.cache.rules(SITE, site.ask) for _ in range(5)))

    found = asyncio.run(all_at_once())
    assert site.asked == 1
    assert found == [site.answer.rules] * 5


@pytest.mark.parametrize(
    ("said", "use"),
    [
        (None, LONGEST_USE_SECONDS),
        (86_400.0, LONGEST_USE_SECONDS),
        (600.0, 600.0),
        (0.0, SHORTEST_USE_SECONDS),
    ],
)
def test_rules_are_read_again_in_time(site: Site, said: float | None, use: float) -> None:
    site.answer = ReadRobots(rules("/first"), said)
    assert not site.allows(0, "/first")
    site.answer = ReadRobots(rules("/second"), said)
    assert not site.allows(use - 1, "/first")
    assert site.asked == 1
    assert site.allows(use, "/first")
    assert not site.allows(use, "/second")


def test_the_last_good_copy_serves_for_a_day(site: Site) -> None:
    site.rules(0)
    site.answer = ReadRobots(DOWN)
    later = LONGEST_USE_SECONDS
    assert not site.allows(later, "/first")
    assert site.allows(later, "/other")
    assert site.allows(later + ASK_AGAIN_SECONDS - 1, "/other")
    assert site.asked == 2
    assert site.allows(LONGEST_RESERVE_SECONDS - 1, "/other")
    assert site.rules(LONGEST_RESERVE_SECONDS) == DOWN
    site.answer = ReadRobots(rules("/second"))
    assert not site.allows(LONGEST_RESERVE_SECONDS + ASK_AGAIN_SECONDS, "/second")


def test_that_there_is_none_is_a_good_copy_too(site: Site) -> None:
    site.answer = ReadRobots(MISSING)
    site.rules(0)
    site.answer = ReadRobots(DOWN)
    assert site.allows(LONGEST_USE_SECONDS, "/any")


def test_without_a_good_copy_it_is_closed_and_asked_again_soon(site: Site) -> None:
    site.answer = ReadRobots(DOWN)
    assert site.rules(0) == site.rules(ASK_AGAIN_SECONDS - 1) == DOWN
    assert site.asked == 1
    site.answer = ReadRobots(rules("/first"))
    assert site.allows(ASK_AGAIN_SECONDS, "/other")


def test_what_was_read_and_forbids_all_is_no_bad_day(site: Site) -> None:
    site.rules(0)
    site.answer = ReadRobots(TOO_SLOW)
    assert site.rules(LONGEST_USE_SECONDS) == TOO_SLOW


def test_a_fault_of_asking_reaches_all_and_is_forgotten(site: Site) -> None:
    async def fail() -> ReadRobots:
        await asyncio.sleep(0)
        raise LookupError

    async def both() -> list[object]:
        two = (site.cache.rules(SITE, fail) for _ in range(2))
        return list(await asyncio.gather(*two, return_exceptions=True))

    assert [type(error) for error in asyncio.run(both())] == [LookupError] * 2
    assert site.cache.known(SITE) is None
    assert site.rules(0) == site.answer.rules


def test_it_keeps_so_many_and_no_more(site: Site) -> None:
    for number in range(MOST_ORIGINS + 1):
        site.rules(0, f"https://{number}.example")
    assert site.cache.known("https://0.example") is None
    assert site.cache.known("https://1.example") is not None
    assert site.cache.known(f"https://{MOST_ORIGINS}.example") is not None
