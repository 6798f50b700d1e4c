"""Turns within one process: in order, without asking in vain, and called back."""

from __future__ import annotations

import asyncio

import pytest

from crawler.turns import CalledBack, HostTurns, Pace

HOST = "news.example"
ONE = Pace(delay_seconds=0.0, connections=1, lapse_seconds=45.0)
TWO = Pace(delay_seconds=0.0, connections=2, lapse_seconds=45.0)


class Memory:
    """Says what it is told to say, and then that the turn is taken."""

    def __init__(self, *answers: float | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.ended: list[str] = []

    async def take_turn(self, host: str, holder: str, pace: Pace) -> float | None:
        self.asked.append(holder)
        await asyncio.sleep(0)
        return self.answers.pop(0) if self.answers else 0.0

    async def end_turn(self, host: str, holder: str, pace: Pace) -> None:
        self.ended.append(holder)


@pytest.fixture
def turns() -> HostTurns:
    return HostTurns("here")


async def settle() -> None:
    """Lets all go on that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_turns_come_in_the_order_of_asking(turns: HostTurns) -> None:
    """And nobody asks the memory while this process has the turn itself."""

    async def work() -> None:
        memory = Memory()
        order: list[int] = []

        async def one(number: int) -> None:
            holder = await turns.take(memory, HOST, ONE)
            order.append(number)
            await settle()
            await turns.end(memory, HOST, holder, ONE)

        await asyncio.gather(*map(one, range(5)))
        assert order == [0, 1, 2, 3, 4]
        assert memory.asked == memory.ended
        assert len(set(memory.asked)) == 5

    asyncio.run(work())


def test_as_many_at_once_as_may_and_other_hosts_beside(turns: HostTurns) -> None:
    async def work() -> None:
        memory = Memory()
        first = await turns.take(memory, HOST, TWO)
        await turns.take(memory, HOST, TWO)
        third = asyncio.ensure_future(turns.take(memory, HOST, TWO))
        await turns.take(memory, "other.example", ONE)
        await settle()
        assert not third.done()
        await turns.end(memory, HOST, first, TWO)
        await third

    asyncio.run(work())


def test_it_asks_again_when_it_was_told_to(turns: HostTurns) -> None:
    async def work() -> None:
        memory = Memory(0.02, 0.01)
        holder = await turns.take(memory, HOST, ONE)
        assert memory.asked == [holder] * 3

    asyncio.run(work())


@pytest.mark.parametrize("host", [HOST, None])
def test_who_waits_is_called_back_at_once(turns: HostTurns, host: str | None) -> None:
    async def work() -> None:
        memory = Memory(600.0)
        both = [asyncio.ensure_future(turns.take(memory, HOST, ONE)) for _ in range(2)]
        await settle()
        turns.call_back("other.example")
        await settle()
        assert not any(one.done() for one in both)
        turns.call_back(host)
        errors = await asyncio.wait_for(asyncio.gather(*both, return_exceptions=True), 5)
        assert [type(error) for error in errors] == [CalledBack] * 2
        await turns.take(memory, HOST, ONE)

    asyncio.run(work())


def test_a_turn_that_comes_while_it_is_called_back_is_ended(turns: HostTurns) -> None:
    async def work() -> None:
        memory = Memory()
        waiting = asyncio.ensure_future(turns.take(memory, HOST, ONE))
        await asyncio.sleep(0)
        assert memory.asked
        turns.call_back(HOST)
        with pytest.raises(CalledBack):
            await waiting
        assert memory.ended == memory.asked
        await turns.take(memory, HOST, ONE)

    asyncio.run(work())


def test_a_host_that_wants_to_be_left_alone(turns: HostTurns) -> None:
    async def work() -> None:
        with pytest.raises(CalledBack):
            await turns.take(Memory(None), HOST, ONE)

    asyncio.run(work())


def test_one_that_is_cancelled_leaves_the_queue(turns: HostTurns) -> None:
    async def work() -> None:
        memory = Memory(600.0)
        first = asyncio.ensure_future(turns.take(memory, HOST, ONE))
        second = asyncio.ensure_future(turns.take(memory, HOST, ONE))
        await settle()
        first.cancel()
        assert await asyncio.wait_for(second, 5) == memory.asked[-1]

    asyncio.run(work())
