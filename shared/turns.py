"""Lets a crowd in a few at a time, so that whoever comes for something else is not behind all of them.

Ten thousand people vote in the same seconds. Each vote is a millisecond of work, but all that have arrived would be worked on before the
event loop looks at anything else, and a question on its way waits for that at each of its steps. Of calls that take their turn here, some
begin in each round of the loop; in between everybody else has a turn too.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

AT_A_TIME: Final = 8
"""Calls that begin in one round."""


class Turns:
    """In the order in which they come. As many wait as there are connections, which have a bound of their own."""

    def __init__(self, at_a_time: int = AT_A_TIME) -> None:
        self._at_a_time = self._left = at_a_time
        self._line: deque[asyncio.Future[None]] = deque()
        self._next_round: asyncio.Handle | None = None

    async def take(self) -> None:
        """Returns when it is the caller's turn, at once while there is no crowd."""
        loop = asyncio.get_running_loop()
        if self._next_round is None:
            self._next_round = loop.call_soon(self._begin_round)
        if self._left and not self._line:
            self._left -= 1
            return
        turn: asyncio.Future[None] = loop.create_future()
        self._line.append(turn)
        await turn

    def _begin_round(self) -> None:
        """Whoever gave up waiting takes nobody's turn."""
        self._left = self._at_a_time
        while self._line and self._left:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)
                self._left -= 1
        waits = self._line or self._left < self._at_a_time
        self._next_round = asyncio.get_running_loop().call_soon(self._begin_round) if waits else None
