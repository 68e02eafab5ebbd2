"""Group commit: wishes that come within a few milliseconds are carried out together, and each is answered when all of it is durable.

One write to a journalled, replicated store costs about the same for one wish as for hundreds. While one group is being written the next
one gathers by itself, so the rush decides how large a group is, and a wish that comes alone waits for GATHER_SECONDS and its own write.
While one group is being answered, which is work of this process, the next one is written, which is waiting for the store.
Everything is bounded: how many wait, how many go together, how long one waits.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

from shared.errors import DomainError, Unavailable

log = logging.getLogger("tablee.group_commit")

GATHER_SECONDS: Final = 0.004
"""How long the first wish of a group waits for others."""
MOST_TOGETHER: Final = 400
"""Wishes in one group: a transaction must end long before the store's deadline."""
MOST_WAITING: Final = 4000
"""Wishes in line; one more is told to come back."""
WAIT_SECONDS: Final = 6.0
"""Longest wait for an answer: a group that ended at the store's deadline, and one's own."""
ANSWERED_AT_ONCE: Final = 16
"""Answers given before everybody else has a turn: each one is a response to build and send, and a whole group of them would keep the event
loop for a tenth of a second. Those who are answered a little later also come back a little later."""
AGAIN_SECONDS: Final = 2.0
CROWDED: Final = "request.crowded"

W = TypeVar("W")
R = TypeVar("R")


class _Waiting(NamedTuple, Generic[W, R]):
    wish: W
    answer: asyncio.Future[R]


class GroupCommit(Generic[W, R]):
    """`commit` carries out wishes in the order they came and returns for each its result, or the refusal that only this one meets. What it
    raises is everybody's answer: then it may be unknown what was written, so a wish must be harmless when it is made again."""

    def __init__(
        self,
        commit: Callable[[Sequence[W]], Awaitable[Sequence[R | DomainError]]],
        *,
        most_together: int = MOST_TOGETHER,
        most_waiting: int = MOST_WAITING,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._commit = commit
        self._most_together, self._most_waiting, self._wait_seconds = most_together, most_waiting, wait_seconds
        self._line: deque[_Waiting[W, R]] = deque()
        self._driver: asyncio.Task[None] | None = None
        self._answering: asyncio.Task[None] | None = None

    async def submit(self, wish: W) -> R:
        """Raises what became of it, and Unavailable(CROWDED) when the line is full or the answer takes too long."""
        if len(self._line) >= self._most_waiting:
            raise Unavailable(CROWDED, retry_after=AGAIN_SECONDS)
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._line.append(_Waiting(wish, answer))
        if self._driver is None:
            # in a context of its own: what is logged there belongs to no single request
            self._driver = asyncio.get_running_loop().create_task(self._drive(), context=contextvars.Context())
        try:
            async with asyncio.timeout(self._wait_seconds):
                return await answer
        except TimeoutError:
            raise Unavailable(CROWDED, retry_after=AGAIN_SECONDS) from None

    async def _drive(self) -> None:
        try:
            while self._line:
                await asyncio.sleep(GATHER_SECONDS)
                group = self._next_group()
                results = await self._results(group)
                if self._answering is not None:
                    await self._answering
                self._answering = asyncio.get_running_loop().create_task(_answer(group, results))
        finally:
            self._driver = None

    def _next_group(self) -> list[_Waiting[W, R]]:
        """Whoever gave up waiting is not carried out any more."""
        group: list[_Waiting[W, R]] = []
        while self._line and len(group) < self._most_together:
            waiting = self._line.popleft()
            if not waiting.answer.done():
                group.append(waiting)
        return group

    async def _results(self, group: Sequence[_Waiting[W, R]]) -> Sequence[R | Exception]:
        if not group:
            return []
        try:
            return await self._commit([waiting.wish for waiting in group])
        except DomainError as error:
            return [error] * len(group)
        except Exception as error:
            log.exception("a group of %d could not be carried out", len(group))
            return [error] * len(group)


async def _answer(group: Sequence[_Waiting[W, R]], results: Sequence[R | Exception]) -> None:
    for place, (waiting, result) in enumerate(zip(group, results, strict=True), start=1):
        _tell(waiting, result)
        if place % ANSWERED_AT_ONCE == 0:
            await asyncio.sleep(0)


def _tell(waiting: _Waiting[W, R], result: R | Exception) -> None:
    if waiting.answer.done():
        return
    if isinstance(result, Exception):
        waiting.answer.set_exception(result)
    else:
        waiting.answer.set_result(result)
