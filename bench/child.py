"""A process of a bench that takes orders, one JSON object a line on its standard input, and answers in the same way; it ends with its
input."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

STOP_SECONDS: Final = 20.0
MOST_LINE_BYTES: Final = 64_000_000
"""An order may hold the passes of a whole crowd."""


class Child:
    """`name`: as an error says it. Whatever waits is bounded by who calls."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._child: asyncio.subprocess.Process | None = None

    async def begin(self, *command: str) -> None:
        pipe = asyncio.subprocess.PIPE
        self._child = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=MOST_LINE_BYTES)

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._child is not None
        return self._child

    def say(self, order: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")

    async def answer(self) -> dict[str, Any]:
        """Raises RuntimeError when the process has ended."""
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._name} ended; its output is above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def order(self, **order: Any) -> dict[str, Any]:
        self.say(order)
        return await self.answer()

    async def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """Harmless to repeat, and before it began."""
        if self._child is None or self._child.returncode is not None:
            return
        assert self._child.stdin is not None
        self._child.stdin.close()
        try:
            await asyncio.wait_for(self._child.wait(), STOP_SECONDS)
        except TimeoutError:
            await self.kill()
