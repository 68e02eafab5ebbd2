"""Many HTTP requests over a few connections kept alive, with as little work between two of them as can be (RFC 9112).

What must not be here: anything of the platform.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Call:
    """One request: method, path, bearer token, JSON body or None."""

    method: str
    path: str
    token: str
    body: object = None

    def wire(self) -> bytes:
        body = b"" if self.body is None else json.dumps(self.body).encode()
        kind = "Content-Type: application/json\r\n" if body else ""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n{kind}"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass(frozen=True, slots=True)
class Answer:
    """`seconds` from the first byte sent to the last one read; `at` is the monotonic instant of the end."""

    status: int
    seconds: float
    at: float
    body: Any


async def press(address: str, calls: Sequence[Call], *, connections: int) -> list[Answer]:
    """Each connection sends its next request when the answer to the one before is there. In the order of finishing."""
    wires = iter([call.wire() for call in calls])
    answers: list[Answer] = []
    await asyncio.gather(*(_work(address, wires, answers) for _ in range(connections)))
    return answers


async def _work(address: str, wires: Iterator[bytes], answers: list[Answer]) -> None:
    where = urlsplit(address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        for wire in wires:
            began = time.monotonic()
            writer.write(wire)
            status, body = await _answer(reader)
            at = time.monotonic()
            answers.append(Answer(status, at - began, at, body))
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0)
    body = await reader.readexactly(length)
    return int(head.split(" ", 2)[1]), json.loads(body) if body else None


def percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
