"""Group commit: together, in order, each answered once, everything bounded."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence

import pytest

from shared import correlation
from shared.errors import DomainError, NotFound, Unavailable
from shared.group_commit import ANSWERED_AT_ONCE, CROWDED, GATHER_SECONDS, GroupCommit


class Ledger:
    """Writes numbers; odd ones over a hundred are refused. `gate` holds a group back."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.began = asyncio.Event()
        self.error: Exception | None = None

    async def commit(self, wishes: Sequence[int]) -> Sequence[int | DomainError]:
        self.groups.append(list(wishes))
        self.began.set()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return [NotFound("qa.unknown_question") if wish > 100 and wish % 2 else wish * 10 for wish in wishes]


async def held(ledger: Ledger, line: GroupCommit[int, int]) -> asyncio.Task[int]:
    """A first wish whose group is being written until the gate opens."""
    ledger.gate.clear()
    first = asyncio.create_task(line.submit(0))
    await ledger.began.wait()
    return first


async def test_wishes_that_come_while_one_is_written_go_together_in_their_order() -> None:
    ledger = Ledger()
    line = GroupCommit(ledger.commit, most_together=5)
    first = await held(ledger, line)
    later = [asyncio.create_task(line.submit(number)) for number in range(1, 8)]
    await asyncio.sleep(0)
    ledger.gate.set()
    assert await asyncio.gather(first, *later) == [number * 10 for number in range(8)]
    assert ledger.groups == [[0], [1, 2, 3, 4, 5], [6, 7]]


async def test_a_refusal_is_for_the_one_who_meets_it() -> None:
    ledger = Ledger()
    line = GroupCommit(ledger.commit)
    answers = await asyncio.gather(*(line.submit(wish) for wish in (2, 101, 102)), return_exceptions=True)
    assert answers[0] == 20
    assert isinstance(answers[1], NotFound)
    assert answers[2] == 1020


@pytest.mark.parametrize("error", [Unavailable("store.unavailable"), KeyError("a bug")])
async def test_a_group_that_fails_is_everybodys_answer_and_the_next_one_is_written(error: Exception) -> None:
    ledger = Ledger()
    line = GroupCommit(ledger.commit)
    ledger.error = error
    assert list(await asyncio.gather(line.submit(1), line.submit(2), return_exceptions=True)) == [error, error]
    ledger.error = None
    assert await line.submit(3) == 30


async def test_one_more_than_may_wait_is_told_to_come_back_and_the_others_are_answered() -> None:
    ledger = Ledger()
    line = GroupCommit(ledger.commit, most_waiting=3)
    first = await held(ledger, line)
    waiting = [asyncio.create_task(line.submit(number)) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refused:
        await line.submit(4)
    assert (refused.value.code, refused.value.retry_after) == (CROWDED, 2.0)
    ledger.gate.set()
    assert await asyncio.gather(first, *waiting) == [0, 10, 20, 30]


async def test_whoever_waited_too_long_is_told_so_and_is_not_carried_out_behind_their_back() -> None:
    ledger = Ledger()
    line = GroupCommit(ledger.commit, wait_seconds=0.05)
    first = await held(ledger, line)
    with pytest.raises(Unavailable):
        await line.submit(1)
    with pytest.raises(Unavailable):
        await first
    ledger.gate.set()
    assert await line.submit(2) == 20
    assert [1] not in ledger.groups


async def test_whoever_goes_away_takes_nobody_along() -> None:
    ledger = Ledger()
    line = GroupCommit(ledger.commit)
    first = await held(ledger, line)
    second = asyncio.create_task(line.submit(1))
    await asyncio.sleep(0)
    first.cancel()
    ledger.gate.set()
    assert await second == 10


async def test_what_is_written_for_many_carries_the_id_of_no_single_request() -> None:
    seen: list[str] = []

    async def commit(wishes: Sequence[int]) -> Sequence[int]:
        seen.append(correlation.current())
        return wishes

    with correlation.correlated("a-request-of-somebody"):
        await GroupCommit(commit).submit(1)
    assert seen == [""]


async def test_others_have_a_turn_between_the_answers_of_a_large_group() -> None:
    ledger = Ledger()
    line = GroupCommit(ledger.commit)
    first = await held(ledger, line)
    group = [asyncio.create_task(line.submit(number)) for number in range(3 * ANSWERED_AT_ONCE)]
    ledger.gate.set()
    await first
    answered = []
    while not all(task.done() for task in group):
        await asyncio.sleep(0)
        answered.append(sum(task.done() for task in group))
    steps = [later - before for before, later in itertools.pairwise(answered)]
    assert 0 < max(steps) <= ANSWERED_AT_ONCE


async def test_the_next_group_is_written_while_one_is_answered() -> None:
    ledger = Ledger()
    line = GroupCommit(ledger.commit, most_together=10 * ANSWERED_AT_ONCE)
    first = await held(ledger, line)
    ended: list[int] = []
    ended_when_written: list[int] = []

    async def person(number: int) -> None:
        await line.submit(number)
        _respond()
        ended.append(number)
        if len(ended) == 1:  # comes back at once
            await line.submit(1000)

    async def commit(wishes: Sequence[int]) -> Sequence[int]:
        ended_when_written.append(len(ended))
        return wishes

    group = [asyncio.create_task(person(number)) for number in range(10 * ANSWERED_AT_ONCE)]
    await asyncio.sleep(0)
    line._commit = commit
    ledger.gate.set()
    await asyncio.gather(first, *group)
    assert ended_when_written[0] == 0
    assert ended_when_written[1] < len(group)


def _respond() -> None:
    """The work of an answer: longer than a group gathers, for all that are answered at once."""
    time.sleep(2 * GATHER_SECONDS / ANSWERED_AT_ONCE)
