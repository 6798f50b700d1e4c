"""Who may ask a host: one at a time, the delay after each answer, whoever is killed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.database import Database, open_database
from storage.host_turns import ASK_AGAIN_SECONDS, FORGOTTEN_AFTER, end_turn, take_turn
from storage.schema import host_turns
from tests.storage.samples import NOW

HOST = "news.example"
LAPSE = 45.0
DELAY = 2.0


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


class Turns:
    """Asks in transactions of their own, at so many seconds after NOW."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def take(self, holder: str, at: float, **changes: Any) -> float:
        values = {"delay_seconds": DELAY, "connections": 1, "lapse_seconds": LAPSE, "host": HOST}
        values |= changes
        with self.database.write() as conn:
            return take_turn(conn, holder=holder, now=after(at), **values)

    def end(self, holder: str, at: float, delay_seconds: float = DELAY) -> None:
        with self.database.write() as conn:
            end_turn(conn, HOST, holder, delay_seconds=delay_seconds, now=after(at))

    def hosts(self) -> list[str]:
        with self.database.read() as conn:
            return list(conn.execute(select(host_turns.c.host)).scalars())


@pytest.fixture
def turns(database: Database) -> Turns:
    return Turns(database)


def test_the_delay_counts_from_the_answer(turns: Turns) -> None:
    assert turns.take("a", 0) == 0
    turns.end("a", 0.5)
    assert turns.take("b", 1) == pytest.approx(1.5)
    assert turns.take("b", 2.5) == 0


def test_one_at_a_time_and_other_hosts_meanwhile(turns: Turns) -> None:
    assert turns.take("a", 0) == 0
    assert turns.take("b", 10) == DELAY  # it cannot be free earlier
    assert turns.take("b", 10, host="other.example") == 0


def test_without_a_delay_it_is_asked_for_again_soon(turns: Turns) -> None:
    assert turns.take("a", 0, delay_seconds=0.0) == 0
    assert turns.take("b", 0, delay_seconds=0.0) == ASK_AGAIN_SECONDS
    turns.end("a", 1, delay_seconds=0.0)
    assert turns.take("b", 1, delay_seconds=0.0) == 0


def test_two_connections_begin_a_delay_apart(turns: Turns) -> None:
    assert turns.take("a", 0, connections=2) == 0
    assert turns.take("b", 1, connections=2) == pytest.approx(1)
    assert turns.take("b", 2, connections=2) == 0
    assert turns.take("c", 9, connections=2) > 0
    turns.end("a", 9)
    assert turns.take("c", 11, connections=2) == 0


def test_the_fewest_connections_count(turns: Turns) -> None:
    assert turns.take("one", 0, connections=1) == 0
    assert turns.take("two", 9, connections=2) > 0
    turns.end("one", 9)
    assert turns.take("two", 11, connections=2) == 0
    assert turns.take("one", 20, connections=1) > 0


def test_the_longest_delay_counts_of_those_who_asked_and_who_wait(turns: Turns) -> None:
    assert turns.take("slow", 0, delay_seconds=9) == 0
    turns.end("slow", 1, delay_seconds=9)
    assert turns.take("quick", 4, delay_seconds=1) == pytest.approx(6)
    assert turns.take("quick", 10, delay_seconds=1) == 0
    turns.end("quick", 11, delay_seconds=1)
    assert turns.take("slow", 11, delay_seconds=9) == pytest.approx(9)
    # Else those who are in a hurry would always be first.
    assert turns.take("quick", 12, delay_seconds=1) == pytest.approx(8)
    assert turns.take("slow", 20, delay_seconds=9) == 0
    turns.end("slow", 20, delay_seconds=9)
    assert turns.take("quick", 29, delay_seconds=1) == 0
    turns.end("quick", 29, delay_seconds=1)
    assert turns.take("quick", 30, delay_seconds=1) == 0  # and nobody slow is left


def test_an_answer_does_not_cut_the_delay_after_another(turns: Turns) -> None:
    assert turns.take("slow", 0, connections=2, delay_seconds=5) == 0
    assert turns.take("quick", 5, connections=2, delay_seconds=1) == 0
    turns.end("slow", 10, delay_seconds=5)
    turns.end("quick", 11, delay_seconds=1)
    assert turns.take("quick", 12, connections=2, delay_seconds=1) == pytest.approx(3)


def test_the_turn_of_one_who_was_killed_lapses(turns: Turns) -> None:
    assert turns.take("killed", 0) == 0
    assert turns.take("b", LAPSE - 1) == pytest.approx(1)
    assert turns.take("b", LAPSE) == 0
    turns.end("killed", LAPSE + 1)  # it was only slow: the turn stays that of the other
    assert turns.take("c", LAPSE + 9) > 0


def test_a_clock_set_back_stalls_no_host(turns: Turns) -> None:
    """What it wrote before it was set back means no more than if it were written now."""
    day = 86_400.0
    assert turns.take("before", day) == 0
    turns.end("before", day)
    assert turns.take("b", 0) == pytest.approx(DELAY)
    assert turns.take("b", DELAY) == 0
    assert turns.take("killed", day, host="other.example") == 0
    assert turns.take("b", 0, host="other.example") > 0
    assert turns.take("b", LAPSE, host="other.example") == 0


def test_what_is_long_free_is_forgotten_when_a_new_host_comes(turns: Turns) -> None:
    assert turns.take("a", 0) == 0
    later = FORGOTTEN_AFTER.total_seconds()
    turns.take("a", later - 1, host="second.example")
    assert set(turns.hosts()) == {HOST, "second.example"}
    turns.take("a", later + 1, host="third.example")
    assert set(turns.hosts()) == {"second.example", "third.example"}
    turns.end("a", later + 2)  # one that is forgotten can still be ended
    assert turns.take("b", later + 3) == pytest.approx(DELAY - 1)


def test_of_many_at_once_no_more_have_it_than_may(database_url: str) -> None:
    """Each with connections of its own, as processes have them."""
    holding: set[int] = set()
    most: list[int] = []

    def ask(name: int) -> None:
        with open_database(database_url) as opened:
            turns = Turns(opened)
            for _ in range(5):
                while turns.take(str(name), 0, delay_seconds=0.0, connections=2):
                    pass
                holding.add(name)
                most.append(len(holding))
                holding.remove(name)
                turns.end(str(name), 0, delay_seconds=0.0)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))
    assert len(most) == 20
    assert max(most) <= 2
