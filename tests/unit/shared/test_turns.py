"""A crowd that takes turns: some in each round of the event loop, in their order, and others have their turn in between."""

from __future__ import annotations

import asyncio

from shared.turns import Turns

CROWD = 100


async def test_a_crowd_begins_a_few_at_a_time_and_in_its_order() -> None:
    turns, began, each_round = Turns(8), list[int](), list[int]()

    async def come(number: int) -> None:
        await turns.take()
        began.append(number)

    coming = [asyncio.create_task(come(number)) for number in range(CROWD)]
    while len(began) < CROWD:
        before = len(began)
        await asyncio.sleep(0)
        each_round.append(len(began) - before)
    await asyncio.gather(*coming)
    assert began == list(range(CROWD))
    assert max(each_round) <= 8
    assert len(each_round) <= CROWD / 8 + 5


async def test_whoever_comes_alone_does_not_wait() -> None:
    turns = Turns(1)
    for _ in range(3):
        taking = turns.take()
        try:
            taking.send(None)
        except StopIteration:
            pass
        else:
            raise AssertionError("it waited")
        for _ in range(3):
            await asyncio.sleep(0)


async def test_whoever_gives_up_takes_nobodys_turn() -> None:
    turns, began = Turns(1), list[int]()

    async def come(number: int) -> None:
        await turns.take()
        began.append(number)

    coming = [asyncio.create_task(come(number)) for number in range(6)]
    await asyncio.sleep(0)
    for gone in coming[1:5]:
        gone.cancel()
    async with asyncio.timeout(1):
        await coming[5]
    assert began == [0, 5]
