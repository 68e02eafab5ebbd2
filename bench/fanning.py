"""Fan-out of one message to thousands of live clients over one feed process and over two, against plain writes of the same bytes.

Each feed and each plain server is a process of its own with readers of its own, so that none needs more open files than one may have; all
of a kind are told to begin at the same instant, the kinds take turns. A figure is the time from that instant until the readers have their
last byte: 95 in a hundred of them, and the last one.

    python -m bench.fanning [clients] [processes] [rounds]
"""

from __future__ import annotations

import asyncio
import json
import resource
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from bench.child import MOST_LINE_BYTES, Child
from bench.fanout import SESSION, PlainServer, Readers, feed_for, question
from bench.serving import sign
from bench.verdict import aim
from services.qa.feed.server import wire
from shared.events.question import QuestionPublished

SIZES: Final = ((5000, 1), (5000, 2), (10_000, 1), (10_000, 2))
"""(clients, processes)"""
ROUNDS: Final = 20
WARM_UP: Final = 3
SOON: Final = 0.02
"""From the order to the instant at which all begin."""
MOST_RATIO: Final = 1.1
MOST_P95: Final = 0.150
LONGEST_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Fanned:
    """Seconds, medians over the rounds: until the last one has it, and until 95 in a hundred have."""

    clients: int
    processes: int
    feed: float
    feed_p95: float
    plain: float
    plain_p95: float

    @property
    def ratio(self) -> float:
        return self.feed / self.plain


class Sends(Protocol):
    """Something that fans out, with its readers."""

    async def start(self) -> None: ...
    async def order(self, **order: Any) -> dict[str, Any]:
        """`arm` (number, bytes) answers {bytes}; `send` (at) answers {at, p95, encoding}."""

    async def stop(self) -> None: ...


class Sender(Child):
    """One child process: a feed, or a plain server, with its readers."""

    def __init__(self, kind: str, clients: int) -> None:
        super().__init__(f"the process of {kind}")
        self._kind, self._clients = kind, clients

    async def start(self) -> None:
        await self.begin(sys.executable, "-m", "bench.fanning", "child", self._kind, str(self._clients))
        await self.answer()


async def measure(clients: int, processes: int, rounds: int = ROUNDS) -> Fanned:
    """Bounded by LONGEST_SECONDS."""
    senders = {kind: [Sender(kind, clients // processes) for _ in range(processes)] for kind in ("feed", "plain")}
    took = await taken(senders, rounds)
    return Fanned(clients, processes, *took["feed"], *took["plain"])


async def taken(senders: Mapping[str, Sequence[Sends]], rounds: int) -> dict[str, tuple[float, float]]:
    """Kind → seconds until the last reader has it, and until 95 in a hundred have. The first kind says how many bytes it is."""
    started: list[Sends] = []
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            for sender in (sender for each in senders.values() for sender in each):
                await sender.start()
                started.append(sender)
            return await _rounds(senders, rounds)
    finally:
        await asyncio.gather(*(sender.stop() for sender in started))


async def _rounds(senders: Mapping[str, Sequence[Sends]], rounds: int) -> dict[str, tuple[float, float]]:
    took: dict[str, list[tuple[float, float]]] = {kind: [] for kind in senders}
    size = 0
    for number in range(WARM_UP + rounds):
        for kind in senders:
            armed = await asyncio.gather(*(sender.order(do="arm", number=number, bytes=size) for sender in senders[kind]))
            size = armed[0]["bytes"]
            at = time.monotonic() + SOON
            told = await asyncio.gather(*(sender.order(do="send", at=at) for sender in senders[kind]))
            encoding = max(each["encoding"] for each in told)
            took[kind].append((encoding + max(each["at"] for each in told) - at, encoding + max(each["p95"] for each in told) - at))
    return {kind: (_median(rows, 0), _median(rows, 1)) for kind, rows in took.items()}


def _median(rows: Sequence[tuple[float, float]], place: int) -> float:
    return statistics.median(row[place] for row in rows[WARM_UP:])


def report(found: Fanned) -> Sequence[str]:
    ms = 1000
    return (
        f"fan-out to {found.clients} clients over {found.processes} process{'es' if found.processes > 1 else ''}",
        f"  live feed       last {found.feed * ms:7.1f} ms   95 % {found.feed_p95 * ms:7.1f} ms  "
        f" {aim(f'≤ {MOST_P95 * ms:.0f} ms', found.feed_p95 <= MOST_P95)}",
        f"  plain writes    last {found.plain * ms:7.1f} ms   95 % {found.plain_p95 * ms:7.1f} ms",
        f"  ratio                {found.ratio:7.2f}      {aim(f'≤ {MOST_RATIO}', found.ratio <= MOST_RATIO)}",
    )


# --- a child ------------------------------------------------------------------------------------------------------------------------


async def _child(kind: str, clients: int) -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    readers, plain = Readers(), PlainServer()
    hub, feed, signer = feed_for(clients)
    await readers.start()
    try:
        if kind == "plain":
            await readers.order(do="plain", swarm=kind, port=await plain.start(), count=clients)
        else:
            await feed.start()
            tokens = [sign(signer, f"person-{n}") for n in range(clients)]
            await readers.order(do="feed", swarm=kind, port=feed.port, session=SESSION, tokens=tokens)
        _say({"ready": True})
        orders = await input_lines()
        while order := await _next(orders):
            began = time.monotonic()
            outs = hub.on_event(QuestionPublished(question(1002 + order["number"])), seq=1, correlation="") if kind == "feed" else []
            encoding = time.monotonic() - began
            same = wire(outs[0].frame) if outs else bytes(order["bytes"])
            await readers.order(do="receive", swarm=kind, bytes=len(same))
            _say({"bytes": len(same)})
            at = (await _next(orders))["at"]
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            if outs:
                feed.send(outs)
            else:
                plain.send(same)
            _say({**(await readers.answer()), "encoding": encoding})
    finally:
        await readers.stop()
        plain.stop()
        await feed.stop()


async def input_lines(most_bytes: int = MOST_LINE_BYTES) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(most_bytes)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def _next(orders: asyncio.StreamReader) -> dict[str, Any]:
    """Empty when there are no more."""
    line = await orders.readline()
    order: dict[str, Any] = json.loads(line) if line else {}
    return order


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main(words: Sequence[str]) -> None:
    if words[:1] == ["child"]:
        asyncio.run(_child(words[1], int(words[2])))
        return
    numbers = [int(word) for word in words]
    for clients, processes in (tuple(numbers[:2]),) if len(numbers) > 1 else SIZES:
        print("\n".join(report(asyncio.run(measure(clients, processes, *numbers[2:])))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
