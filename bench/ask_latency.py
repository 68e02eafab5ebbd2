"""Time from "ask" accepted to the moderator's frame, at 50 questions a second through the real parts.

One process serves (bench/serving.py). This one asks over HTTP at a steady pace, each question by another person, and listens as a moderator
over WebSocket: both instants are taken here.

    python -m bench.ask_latency [questions]
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp
from websockets.asyncio.client import ClientConnection, connect

from bench.frames import hello
from bench.press import percentile
from bench.serving import PATIENCE, SESSIONS, Addresses, serving, sign
from shared.auth.passes import Signer

SESSION: Final = SESSIONS[0]
QUESTIONS: Final = 500
PER_SECOND: Final = 50.0
WARM_UP: Final = 50
LONGEST_SECONDS: Final = 180.0


@dataclass(frozen=True, slots=True)
class AskLatency:
    """Seconds. `accepted`: from the answer 201 to the moderator's frame (zero when the frame was there first); `sent`: from sending."""

    questions: int
    per_second: float
    accepted_p50: float
    accepted_p99: float
    sent_p50: float
    sent_p99: float


async def measure(questions: int = QUESTIONS) -> AskLatency:
    """Bounded by LONGEST_SECONDS."""
    async with asyncio.timeout(LONGEST_SECONDS):
        async with serving() as (at, signer):
            return await _asked(at, signer, questions)


async def _asked(at: Addresses, signer: Signer, questions: int) -> AskLatency:
    ids = [str(uuid.uuid4()) for _ in range(WARM_UP + questions)]
    tokens = [sign(signer, f"person-{n}") for n in range(len(ids))]
    sent: dict[str, float] = {}
    accepted: dict[str, float] = {}
    async with aiohttp.ClientSession(at.http) as http, connect(at.feed, compression=None) as socket:
        await socket.send(hello(sign(signer, "desk", "moderator"), SESSION, "moderator"))
        for _ in range(2):
            await socket.recv()
        seen = asyncio.create_task(_seen(socket, len(ids)))
        began = time.monotonic()
        asking = []
        for number, (id, token) in enumerate(zip(ids, tokens, strict=True)):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
            asking.append(asyncio.create_task(_ask_one(http, id, token, sent, accepted)))
        await asyncio.gather(*asking)
        arrived = await asyncio.wait_for(seen, PATIENCE)
    return _figures(ids[WARM_UP:], sent, accepted, arrived)


def _figures(measured: Sequence[str], sent: dict[str, float], accepted: dict[str, float], arrived: dict[str, float]) -> AskLatency:
    after_accepted = [max(0.0, arrived[id] - accepted[id]) for id in measured]
    after_sent = [arrived[id] - sent[id] for id in measured]
    rate = (len(measured) - 1) / (max(sent[id] for id in measured) - min(sent[id] for id in measured))
    return AskLatency(
        len(measured), rate, percentile(after_accepted, 50), percentile(after_accepted, 99), percentile(after_sent, 50),
        percentile(after_sent, 99),
    )  # fmt: skip


async def _ask_one(http: aiohttp.ClientSession, id: str, token: str, sent: dict[str, float], accepted: dict[str, float]) -> None:
    body = {"id": id, "text": "Quand la fibre arrivera-t-elle dans les hameaux ?", "language": "fr"}
    sent[id] = time.monotonic()
    path = f"/api/qa/sessions/{SESSION}/questions"
    async with http.post(path, json=body, headers={"Authorization": f"Bearer {token}"}) as answer:
        if answer.status != 201:
            raise RuntimeError(await answer.text())
        accepted[id] = time.monotonic()


async def _seen(socket: ClientConnection, count: int) -> dict[str, float]:
    arrived: dict[str, float] = {}
    while len(arrived) < count:
        frame = json.loads(await socket.recv())
        if frame["op"] == "event" and frame["kind"] == "item":
            arrived.setdefault(frame["data"]["id"], time.monotonic())
    return arrived


def report(result: AskLatency) -> Sequence[str]:
    return (
        f"a question asked, at {result.per_second:.0f} per second ({result.questions} questions)",
        f"  accepted → moderator's frame   p50 {result.accepted_p50 * 1000:7.1f} ms   p99 {result.accepted_p99 * 1000:7.1f} ms",
        f"  sent → moderator's frame       p50 {result.sent_p50 * 1000:7.1f} ms   p99 {result.sent_p99 * 1000:7.1f} ms",
    )


if __name__ == "__main__":
    print("\n".join(report(asyncio.run(measure(*map(int, sys.argv[1:2]))))))
