"""Everybody comes back at once: a process of qa with its clients is killed and started again, and each client reconnects as a page does.

The clients are in two processes of their own. A figure is the time from the moment the new process can be reached until the last client
has its state again, and the memory of the serving process then.

    python -m bench.returning [clients]
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bench.child import Child
from bench.fanning import input_lines
from bench.frames import hello
from bench.serving import SESSIONS, Served, cpu_seconds, sign
from bench.verdict import aim
from shared.storage.mongod import Mongod
from shared.storage.mongod_program import find_mongod

CLIENTS: Final = 10_000
PROCESSES: Final = 2
MOST_SECONDS: Final = 15.0
FIRST_RETRY: Final = 0.5
LONGEST_RETRY: Final = 8.0
LONGEST_SECONDS: Final = 400.0
UPGRADE: Final = (
    b"GET /feed HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Returned:
    """Seconds, and megabytes of the serving process with everybody there."""

    clients: int
    half: float
    last: float
    tries: float
    memory: float
    serving_cpu: float
    clients_cpu: float
    """Seconds of a processor: of the serving process from its start on, of those of the clients while everybody came back."""


async def measure(clients: int = CLIENTS) -> Returned:
    """Bounded by LONGEST_SECONDS."""
    with tempfile.TemporaryDirectory(prefix="tablee-bench-") as name:
        mongod = Mongod(Path(name) / "mongo", binary=find_mongod(""))
        served = Served(await mongod.start(), Path(name))
        crowds = [await _crowd() for _ in range(PROCESSES)]
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                return await _measured(served, crowds, clients)
        finally:
            for crowd in crowds:
                await crowd.kill()
            await served.stop()
            await mongod.stop()


async def _crowd() -> Child:
    crowd = Child("a process of clients")
    await crowd.begin(sys.executable, "-m", "bench.returning", "child")
    return crowd


async def _measured(served: Served, crowds: Sequence[Child], clients: int) -> Returned:
    signer = served.signer()
    tokens = [sign(signer, f"person-{n}") for n in range(clients)]
    parts = [tokens[n :: len(crowds)] for n in range(len(crowds))]

    async def come(port: int) -> list[dict[str, Any]]:
        return list(await asyncio.gather(*(crowd.order(port=port, tokens=part) for crowd, part in zip(crowds, parts, strict=True))))

    await come(urlsplit((await served.start()).feed).port or 0)
    await served.kill()
    at = await served.start()
    began, cpu = time.monotonic(), sum(cpu_seconds(crowd.process.pid) for crowd in crowds)
    told = await come(urlsplit(at.feed).port or 0)
    instants = sorted(instant for each in told for instant in each["at"])
    tries = sum(each["tries"] for each in told) / clients
    return Returned(
        clients, instants[len(instants) // 2] - began, instants[-1] - began, tries, _megabytes(served.pid),
        cpu_seconds(served.pid), sum(cpu_seconds(crowd.process.pid) for crowd in crowds) - cpu,
    )  # fmt: skip


def _megabytes(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def report(found: Returned) -> Sequence[str]:
    return (
        f"{found.clients} clients come back at once after a restart of their process",
        f"  half of them         {found.half:7.1f} s",
        f"  all of them right    {found.last:7.1f} s   {aim(f'≤ {MOST_SECONDS:.0f} s', found.last <= MOST_SECONDS)}",
        f"  tries of each        {found.tries:7.1f}",
        f"  memory of the process {found.memory:6.0f} MB",
        f"  processor: serving   {found.serving_cpu:7.1f} s, clients {found.clients_cpu:.1f} s",
    )


# --- a process of clients -----------------------------------------------------------------------------------------------------------


class _Page:
    """A client that knows nothing but how to come back: at once or, being refused, after a growing pause of chance length."""

    def __init__(self, token: str) -> None:
        self.token, self.tries, self.at = token, 0, 0.0
        self._writer: asyncio.StreamWriter | None = None
        self._place: dict[str, Any] = {"epoch": None, "seq": None}

    async def come(self, port: int) -> None:
        self.tries = 0
        if self._writer is not None:
            self._writer.close()
        while True:
            self.tries += 1
            try:
                await self._connect(port)
            except (OSError, EOFError):
                pause = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(self.tries, 8))
                await asyncio.sleep(random.uniform(pause / 2, pause))
            else:
                self.at = time.monotonic()
                return

    async def _connect(self, port: int) -> None:
        """Raises OSError, EOFError when it was not let in."""
        reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        self._writer.write(UPGRADE)
        if b" 101 " not in await reader.readuntil(b"\r\n\r\n"):
            self._writer.close()
            raise ConnectionRefusedError
        first = json.loads(hello(self.token, SESSIONS[0], "public")) | self._place
        self._writer.write(_masked(json.dumps(first).encode()))
        welcome = json.loads(await _frame(reader))
        state = json.loads(await _frame(reader))
        self._place = {"epoch": welcome["epoch"], "seq": state["seq"]}


def _masked(payload: bytes) -> bytes:
    return b"\x81" + bytes([0x80 | 126]) + len(payload).to_bytes(2, "big") + b"\0\0\0\0" + payload


async def _frame(reader: asyncio.StreamReader) -> bytes:
    length = (await reader.readexactly(2))[1] & 0x7F
    if length >= 126:
        length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8), "big")
    return await reader.readexactly(length)


async def _child() -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    orders, pages = await input_lines(), [_Page("")][:0]
    while line := await orders.readline():
        order = json.loads(line)
        pages = pages or [_Page(token) for token in order["tokens"]]
        await asyncio.gather(*(page.come(order["port"]) for page in pages))
        sys.stdout.write(json.dumps({"at": [page.at for page in pages], "tries": sum(page.tries for page in pages)}) + "\n")
        sys.stdout.flush()


def main(words: Sequence[str]) -> None:
    if words[:1] == ["child"]:
        asyncio.run(_child())
        return
    print("\n".join(report(asyncio.run(measure(*map(int, words[:1]))))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
