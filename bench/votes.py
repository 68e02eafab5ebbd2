"""A room that votes at once, answers a poll at once and asks at once, through the real parts: HTTP, MongoDB, the bus, the live feed.

10,000 people vote for one question over 200 connections kept alive, each sending its next vote when the last is answered; meanwhile people
ask in another session at a steady pace, and a viewer follows the board. As many people then answer one poll in the same way, and people
ask in three sessions as fast as they are answered. Everybody has been there before, as whoever has the page open has been: the signature of
their pass was checked then.

    python -m bench.votes [embedded|rabbitmq] [votes]
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect

from bench.frames import hello
from bench.press import Answer, Call, percentile, press
from bench.serving import SESSIONS, Addresses, serving, sign
from bench.verdict import aim
from shared.auth.passes import Signer
from tests.support.servers import RabbitServer

VOTES: Final = 10_000
ASKS: Final = 3_000
CONNECTIONS: Final = 200
OTHER_PER_SECOND: Final = 10.0
LONGEST_SECONDS: Final = 300.0
BOARD_SECONDS: Final = 10.0

BUSES: Final = ("embedded", "rabbitmq")


@dataclass(frozen=True, slots=True)
class Room:
    """Seconds, but `board_hz` and `asks_per_second`. `board`: from the last vote's answer to the frame that shows all of them."""

    bus: str
    votes: int
    total: float
    p50: float
    p99: float
    board: float
    board_hz: float
    other_p99: float
    answers_total: float
    answers_p99: float
    asks: int
    asks_per_second: float
    asks_p99: float


async def measure(bus: str = "embedded", votes: int = VOTES, asks: int = ASKS) -> Room:
    """Bounded by LONGEST_SECONDS. A wrong count or a refused vote is an error."""
    with tempfile.TemporaryDirectory(prefix="tablee-bench-") as name:
        rabbit = RabbitServer(Path(name) / "rabbit") if bus == "rabbitmq" else None
        try:
            if rabbit is not None:
                await rabbit.start()
            async with serving(rabbit.url if rabbit else "") as (at, signer), asyncio.timeout(LONGEST_SECONDS):
                return await _measured(bus, at, signer, votes, asks)
        finally:
            if rabbit is not None:
                rabbit.close()


async def _measured(bus: str, at: Addresses, signer: Signer, votes: int, asks: int) -> Room:
    question = await _published(at, signer)
    calls = [Call("PUT", f"/api/qa/questions/{question}/vote", sign(signer, f"voter-{n}")) for n in range(votes)]
    await _come(at, [call.token for call in calls])
    async with connect(at.feed, compression=None) as viewer:
        await viewer.send(hello(sign(signer, "viewer"), SESSIONS[0], "public"))
        board = asyncio.create_task(_board(viewer, question, votes))
        waits: list[float] = []
        other = asyncio.create_task(_others(at, signer, waits))
        began = time.monotonic()
        answers = _accepted(await press(at.http, calls, connections=CONNECTIONS), 200)
        total = max(answer.at for answer in answers) - began
        frames = await asyncio.wait_for(board, BOARD_SECONDS)
        other.cancel()
        await asyncio.wait([other])
    answered, took_answers = await _polled(at, signer, votes)
    asking = _questions(signer, SESSIONS[1:], asks)
    await _come(at, [call.token for call in asking])
    asked = _accepted(await press(at.http, asking, connections=CONNECTIONS), 201)
    took = max(answer.at for answer in asked) - min(answer.at - answer.seconds for answer in asked)
    return Room(
        bus, votes, total, _of(answers, 50), _of(answers, 99), frames[-1] - max(answer.at for answer in answers),
        (len(frames) - 1) / max(frames[-1] - frames[0], 1.0), percentile(waits, 99), took_answers, _of(answered, 99),
        asks, asks / took, _of(asked, 99),
    )  # fmt: skip


async def _come(at: Addresses, tokens: Sequence[str]) -> None:
    """Everybody shows their pass once; what they ask for is not theirs to read, and costs nothing more."""
    _accepted(await press(at.http, [Call("GET", "/api/qa/screens", token) for token in tokens], connections=CONNECTIONS), 403)


async def _polled(at: Addresses, signer: Signer, people: int) -> tuple[Sequence[Answer], float]:
    """Each answer to one poll, and how long all of them took."""
    poll = await _opened(at, signer)
    calls = [Call("PUT", f"/api/qa/polls/{poll}/answer", sign(signer, f"voter-{n}"), {"choice": [str(n % 3 + 1)]}) for n in range(people)]
    began = time.monotonic()
    answers = _accepted(await press(at.http, calls, connections=CONNECTIONS), 200)
    await _counted(at, signer, people)
    return answers, max(answer.at for answer in answers) - began


async def _opened(at: Addresses, signer: Signer) -> str:
    body = {"id": str(uuid.uuid4()), "kind": "single", "question": "Que faut-il d’abord ?", "options": ["La fibre", "La poste", "L’école"]}
    desk = sign(signer, "desk", "moderator")
    prepare = Call("POST", f"/api/qa/sessions/{SESSIONS[0]}/polls", desk, body)
    _accepted(await press(at.http, [prepare], connections=1), 201)
    opening = Call("POST", f"/api/qa/polls/{body['id']}/open", desk, {"expected_version": 1})
    _accepted(await press(at.http, [opening], connections=1), 200)
    return str(body["id"])


async def _counted(at: Addresses, signer: Signer, people: int) -> None:
    """Raises RuntimeError when not everybody is counted once."""
    results = Call("GET", f"/api/qa/sessions/{SESSIONS[0]}/polls/results", sign(signer, "desk", "moderator"))
    (answer,) = _accepted(await press(at.http, [results], connections=1), 200)
    counted = sum(answer.body["results"][0]["tally"]["answers"].values())
    if counted != people:
        raise RuntimeError(f"{counted} answers are counted, not {people}")


def _accepted(answers: Sequence[Answer], status: int) -> Sequence[Answer]:
    refused = [answer for answer in answers if answer.status != status]
    if refused:
        raise RuntimeError(f"{len(refused)} of {len(answers)} were refused, the first with {refused[0].status} {refused[0].body}")
    return answers


def _of(answers: Sequence[Answer], percent: int) -> float:
    return percentile([answer.seconds for answer in answers], percent)


async def _published(at: Addresses, signer: Signer) -> str:
    ask = _questions(signer, SESSIONS[:1], 1)
    (asked,) = _accepted(await press(at.http, ask, connections=1), 201)
    id = asked.body["id"]
    publish = Call("POST", f"/api/qa/questions/{id}/publish", sign(signer, "desk", "moderator"), {"expected_version": 1})
    _accepted(await press(at.http, [publish], connections=1), 200)
    return str(id)


def _questions(signer: Signer, sessions: Sequence[str], count: int) -> list[Call]:
    return [
        Call("POST", f"/api/qa/sessions/{sessions[n % len(sessions)]}/questions", sign(signer, f"{uuid.uuid4()}"),
             {"id": str(uuid.uuid4()), "text": "Quand la fibre arrivera-t-elle dans les hameaux ?", "language": "fr"})
        for n in range(count)
    ]  # fmt: skip


async def _others(at: Addresses, signer: Signer, waits: list[float]) -> None:
    """Until cancelled: each asks on a connection of their own. `waits`: how long each of them waited."""
    async with asyncio.TaskGroup() as group:
        while True:
            group.create_task(_ask_one(at, _questions(signer, SESSIONS[3:], 1), waits))
            await asyncio.sleep(1 / OTHER_PER_SECOND)


async def _ask_one(at: Addresses, calls: Sequence[Call], waits: list[float]) -> None:
    (answer,) = _accepted(await press(at.http, calls, connections=1), 201)
    waits.append(answer.seconds)


async def _board(viewer: ClientConnection, question: str, votes: int) -> list[float]:
    """When each count came, until it is the whole room's."""
    at: list[float] = []
    while True:
        frame: dict[str, Any] = json.loads(await viewer.recv())
        if frame["op"] == "ping":
            await viewer.send('{"op":"pong"}')
        if frame["op"] != "event" or frame["kind"] != "votes":
            continue
        at.append(time.monotonic())
        if frame["data"]["counts"].get(question) == votes:
            return at


def report(result: Room) -> Sequence[str]:
    ms, share = 1000, result.votes / VOTES
    board = aim("≤ 10 Hz and 500 ms", result.board_hz <= 10 and result.board <= 0.5)
    answers = aim("≤ 10 s for 10,000, p99 ≤ 500 ms", result.answers_total <= 10 * share and result.answers_p99 <= 0.5)
    return (
        f"{result.votes} votes on one question, {CONNECTIONS} at a time, {result.bus} bus",
        f"  all of them              {result.total:8.1f} s   {aim('≤ 10 s for 10,000', result.total <= 10 * share)}",
        f"  an answer                p50 {result.p50 * ms:.0f} ms   p99 {result.p99 * ms:.0f} ms   {aim('≤ 500 ms', result.p99 <= 0.5)}",
        f"  the board                {result.board_hz:8.1f} Hz   right after {result.board * ms:.0f} ms   {board}",
        f"  asks of another session  p99 {result.other_p99 * ms:.0f} ms   {aim('≤ 100 ms', result.other_p99 <= 0.1)}",
        f"  answers to one poll      {result.answers_total:8.1f} s   p99 {result.answers_p99 * ms:.0f} ms   {answers}",
        f"  asks alone               {result.asks_per_second:8.0f} a second   {aim('≥ 800', result.asks_per_second >= 800)}"
        f"   p99 {result.asks_p99 * ms:.0f} ms",
    )


if __name__ == "__main__":
    chosen = sys.argv[1:2] or list(BUSES)
    for each in chosen:
        print("\n".join(report(asyncio.run(measure(each, *map(int, sys.argv[2:4]))))), flush=True)
