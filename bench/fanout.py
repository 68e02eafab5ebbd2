"""Fan-out of one message to thousands of live clients, against plain socket writes of the same bytes in the same kind of loop.

One process runs the real feed (hub, server, `websockets`) and, beside it, a plain asyncio server that writes given bytes to each of its
transports; a second process reads with as many plain sockets on each. The two take turns, so that the machine is the same for both. A
figure is the time from handing over the message until the last reader has its last byte.

    python -m bench.fanout [clients] [rounds]
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from bench.child import Child
from bench.serving import EVENT, sign
from bench.verdict import aim
from services.qa.facts import Contents
from services.qa.feed.admission import Admission, Limits
from services.qa.feed.aspects import new_aspects
from services.qa.feed.client import Client
from services.qa.feed.hub import Hub
from services.qa.feed.server import FeedServer, wire
from services.qa.floor import Floor
from shared.auth.passes import Signer, Verifier, new_private_key
from shared.auth.revocations import Revocations
from shared.clock import utc_now
from shared.events.question import QuestionPublished, QuestionState
from shared.messages.catalogue import load_catalogue
from shared.metrics import new_registry

CLIENTS: Final = 5000
ROUNDS: Final = 20
WARM_UP: Final = 3
SESSION: Final = "table-ronde-1"
LONGEST_SECONDS: Final = 300.0
MOST_RATIO: Final = 1.1


@dataclass(frozen=True, slots=True)
class Fanout:
    """Seconds, medians over the rounds."""

    clients: int
    frame_bytes: int
    feed: float
    plain: float
    feed_written: float
    """Until the last transport had the bytes: what the event loop was busy with."""
    plain_written: float

    @property
    def ratio(self) -> float:
        return self.feed / self.plain


class PlainServer:
    """The floor to compare with: transports, and a loop that writes."""

    def __init__(self) -> None:
        self.transports: list[asyncio.Transport] = []
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Plain(self.transports), "127.0.0.1", 0, backlog=1024)
        return int(self._server.sockets[0].getsockname()[1])

    def send(self, frame: bytes) -> None:
        for transport in self.transports:
            transport.write(frame)

    def stop(self) -> None:
        for transport in self.transports:
            transport.abort()
        if self._server is not None:
            self._server.close()


class _Plain(asyncio.Protocol):
    def __init__(self, transports: list[asyncio.Transport]) -> None:
        self._transports = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transports.append(transport)


class Readers(Child):
    """The process of `bench.swarm`."""

    def __init__(self) -> None:
        super().__init__("the process of the readers")

    async def start(self) -> None:
        await self.begin(sys.executable, "-m", "bench.swarm")


async def measure(clients: int = CLIENTS, rounds: int = ROUNDS) -> Fanout:
    """Bounded by LONGEST_SECONDS."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    async with asyncio.timeout(LONGEST_SECONDS):
        return await _measure(clients, rounds)


def feed_for(clients: int) -> tuple[Hub[Client], FeedServer, Signer]:
    """A feed of one open session that lets in so many, and who signs their passes."""
    key = new_private_key()
    gate = Admission(Verifier([key.public_key()], event=EVENT), Revocations(), utc_now)
    hub: Hub[Client] = Hub("bench", new_aspects())
    hub.load(Contents(sessions={SESSION: None}, floors=[Floor(SESSION, 1, "open", utc_now())]))
    limits = Limits(connections=clients + 1, joining=clients + 1, opening_seconds=60.0, hello_seconds=60.0)
    feed = FeedServer(hub, gate, load_catalogue(), new_registry(), host="127.0.0.1", port=0, origins=[], limits=limits)
    return hub, feed, Signer(key)


async def _measure(clients: int, rounds: int) -> Fanout:
    hub, feed, signer = feed_for(clients)
    plain, readers = PlainServer(), Readers()
    tokens = [sign(signer, f"person-{n}") for n in range(clients)]
    await feed.start()
    port = await plain.start()
    await readers.start()
    try:
        await readers.order(do="plain", swarm="plain", port=port, count=clients)
        await readers.order(do="feed", swarm="feed", port=feed.port, session=SESSION, tokens=tokens)
        return await _rounds(hub, feed, plain, readers, clients, rounds)
    finally:
        await readers.stop()
        plain.stop()
        await feed.stop()


async def _rounds(hub: Hub[Client], feed: FeedServer, plain: PlainServer, readers: Readers, clients: int, rounds: int) -> Fanout:
    figures: dict[str, list[float]] = {name: [] for name in ("feed", "plain", "feed_written", "plain_written")}
    size = 0
    for number in range(WARM_UP + rounds):
        asked = question(number + 2)
        event = QuestionPublished(asked)
        began = time.monotonic()
        outs = hub.on_event(event, seq=asked.version, correlation="")
        encoded = time.monotonic() - began
        same = wire(outs[0].frame)
        size = len(same)
        turns = [("feed", partial(feed.send, outs), encoded), ("plain", partial(plain.send, same), 0.0)]
        for swarm, send, before in turns if number % 2 else reversed(turns):
            at, written = await _told(readers, swarm, size, send)
            figures[swarm].append(before + at)
            figures[f"{swarm}_written"].append(before + written)
    median = {name: statistics.median(values[WARM_UP:]) for name, values in figures.items()}
    return Fanout(clients=clients, frame_bytes=size, **median)


async def _told(readers: Readers, swarm: str, size: int, send: Callable[[], None]) -> tuple[float, float]:
    """(seconds until the last reader has it, seconds until all of it was written)"""
    await readers.order(do="receive", swarm=swarm, bytes=size)
    began = time.monotonic()
    send()
    written = time.monotonic()
    return (await readers.answer())["at"] - began, written - began


def question(version: int) -> QuestionState:
    instant = "2021-06-03T08:00:00.000Z"
    state = QuestionState(
        id="00000000-0000-4000-8000-000000000001", session=SESSION, version=1, status="published",
        text="Quand la fibre arrivera-t-elle dans les hameaux, et qui paiera le raccordement des maisons isolées ?", original="",
        language="fr", author="somebody", author_name="Anne Le Goff", door="remote", votes=12, votes_rev=12, asked_at=instant,
        changed_at=instant, changed_by="",
    )  # fmt: skip
    return replace(state, version=version)


def report(result: Fanout) -> Sequence[str]:
    return (
        f"fan-out of one message of {result.frame_bytes} bytes to {result.clients} clients, until the last one has it",
        f"  live feed                   {result.feed * 1000:8.1f} ms   (written after {result.feed_written * 1000:.1f} ms)",
        f"  plain writes, same bytes    {result.plain * 1000:8.1f} ms   (written after {result.plain_written * 1000:.1f} ms)",
        f"  ratio                       {result.ratio:8.2f}      {aim(f'≤ {MOST_RATIO}', result.ratio <= MOST_RATIO)}",
    )


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    print("\n".join(report(asyncio.run(measure(*numbers)))))
