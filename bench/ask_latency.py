"""Time from "ask" accepted to the moderator's frame, at 50 questions a second through the real parts.

One process runs the qa service as it is served: HTTP application, MongoDB, outbox relay, embedded bus, live feed. A second process asks
over HTTP at a steady pace, each question by another person, and listens as a moderator over WebSocket. Both instants are taken there.

    python -m bench.ask_latency [questions]
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp import web
from websockets.asyncio.client import ClientConnection, connect

from services.qa import service as qa
from shared.auth.capabilities import Duty
from shared.auth.keys import Secrets
from shared.auth.passes import Signer, Verifier, new_private_key, private_from_text, private_to_text
from shared.auth.revocations import Revocations
from shared.bus.embedded.bus import LocalBus
from shared.bus.relay import Relay, RelayMetrics
from shared.clock import utc_now
from shared.config import Settings
from shared.events.programme import ProgrammePublished, SessionRef, StageRef
from shared.http.application import HttpParts, build_application
from shared.mail.files import FileMailer
from shared.messages.catalogue import load_catalogue
from shared.metrics import new_registry
from shared.service.lifecycle import Supervisor
from shared.service.ports import Ports
from shared.storage.mongo import MongoStore
from shared.storage.mongod import Mongod
from shared.storage.mongod_program import find_mongod

EVENT: Final = "bench"
SESSION: Final = "table-ronde-1"
QUESTIONS: Final = 500
PER_SECOND: Final = 50.0
WARM_UP: Final = 50
LONGEST_SECONDS: Final = 180.0
PATIENCE: Final = 30.0


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
        with tempfile.TemporaryDirectory(prefix="tablee-bench-") as folder:
            mongod = Mongod(Path(folder) / "mongo", binary=find_mongod(""))
            try:
                async with _served(await mongod.start(), Path(folder)) as asker:
                    return await _asked(asker, questions)
            finally:
                await mongod.stop()


# --- the process that serves ------------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def _served(mongo_url: str, folder: Path) -> AsyncIterator[dict[str, Any]]:
    key, metrics, revocations = new_private_key(), new_registry(), Revocations()
    store = MongoStore(mongo_url, prefix="bench")
    await store.start()
    bus = LocalBus(store.database("bus"))
    await bus.start()
    database = store.database("qa")
    relay = Relay(database, (), bus, metrics=RelayMetrics(metrics), service="qa")
    verifier = Verifier([key.public_key()], event=EVENT)
    messages = load_catalogue()
    ports = Ports(
        database=database, bus=bus, clock=utc_now, new_id=lambda: str(uuid.uuid4()), verifier=verifier, revocations=revocations,
        signer=None, secrets=Secrets(stream_secret=b"bench"), mailer=FileMailer(folder / "mail"), metrics=metrics, relay_wake=relay.wake,
        event_id=EVENT, messages=messages,
    )  # fmt: skip
    settings = Settings(port=0, feed_port=_free_port(), var=folder)
    service, feed = qa.assemble(ports, settings)
    relay.cover(service.outboxes)
    supervisor = Supervisor(metrics)
    await bus.declare(qa.GROUPS)
    assert service.start is not None
    assert service.stop is not None
    await service.start()
    for reaction in service.reactions:
        await bus.subscribe(reaction.group, reaction.receive)
    for listener in service.listeners:
        await bus.listen(listener.topics, listener.receive, listener.on_gap)
    supervisor.start({"relay": relay.run, **service.tasks})
    parts = HttpParts(settings=settings, verifier=verifier, revocations=revocations, clock=utc_now, metrics=metrics, messages=messages)
    runner = web.AppRunner(build_application([service], parts), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    await bus.publish(_programme().to_envelope(id=str(uuid.uuid4()), subject=EVENT, seq=1, time=utc_now()))
    await _until_known(feed.hub.refusal)
    try:
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield {"http": address, "feed": f"ws://127.0.0.1:{feed.port}/feed", "key": private_to_text(key)}
    finally:
        await supervisor.stop()
        await runner.cleanup()
        await service.stop()
        await bus.stop()
        await store.stop()


async def _until_known(refusal: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while refusal(SESSION, "public"):  # noqa: ASYNC110 - there is no event to await from outside
            await asyncio.sleep(0.05)


def _programme() -> ProgrammePublished:
    session = SessionRef(
        id=SESSION, kind="round_table", label="", title="", starts_at=None, ends_at=None, room=None, stage="stage", questions=True
    )
    return ProgrammePublished(EVENT, "Bench", "UTC", "", (session,), (StageRef("stage", "Stage"),))


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _asked(asker: dict[str, Any], questions: int) -> AskLatency:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.ask_latency", "ask", json.dumps({**asker, "questions": questions}), stdout=asyncio.subprocess.PIPE
    )
    try:
        output, _ = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise RuntimeError("the asking process failed; its output is above")
    return AskLatency(**json.loads(output))


# --- the process that asks ----------------------------------------------------------------------------------------------------------


async def ask(order: dict[str, Any]) -> AskLatency:
    signer = Signer(private_from_text(order["key"]))
    count = WARM_UP + order["questions"]
    ids = [str(uuid.uuid4()) for _ in range(count)]
    tokens = [_pass(signer, f"person-{n}", "none") for n in range(count)]
    sent: dict[str, float] = {}
    accepted: dict[str, float] = {}
    async with aiohttp.ClientSession(order["http"]) as http, connect(order["feed"], compression=None) as socket:
        await socket.send(json.dumps({"op": "hello", "v": 1, "pass": _pass(signer, "desk", "moderator"), "session": SESSION,
                                      "view": "moderator", "epoch": None, "seq": None}))  # fmt: skip
        for _ in range(2):
            await socket.recv()
        seen = asyncio.create_task(_seen(socket, count))
        began = time.monotonic()
        asking = []
        for number, (id, token) in enumerate(zip(ids, tokens, strict=True)):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
            asking.append(asyncio.create_task(_ask_one(http, id, token, sent, accepted)))
        await asyncio.gather(*asking)
        arrived = await asyncio.wait_for(seen, PATIENCE)
    measured = ids[WARM_UP:]
    after_accepted = [max(0.0, arrived[id] - accepted[id]) for id in measured]
    after_sent = [arrived[id] - sent[id] for id in measured]
    rate = (len(measured) - 1) / (max(sent[id] for id in measured) - min(sent[id] for id in measured))
    return AskLatency(
        len(measured), rate, _percentile(after_accepted, 50), _percentile(after_accepted, 99), _percentile(after_sent, 50),
        _percentile(after_sent, 99),
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


def _pass(signer: Signer, person: str, role: Duty) -> str:
    return signer.sign(
        id=str(uuid.uuid4()), person=person, duty=role, event=EVENT, sessions=("*",), door="remote", name=person, language="fr",
        now=utc_now(),
    )  # fmt: skip


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def report(result: AskLatency) -> Sequence[str]:
    return (
        f"a question asked, at {result.per_second:.0f} per second ({result.questions} questions)",
        f"  accepted → moderator's frame   p50 {result.accepted_p50 * 1000:7.1f} ms   p99 {result.accepted_p99 * 1000:7.1f} ms",
        f"  sent → moderator's frame       p50 {result.sent_p50 * 1000:7.1f} ms   p99 {result.sent_p99 * 1000:7.1f} ms",
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["ask"]:
        figures = asyncio.run(ask(json.loads(sys.argv[2])))
        print(json.dumps({name: getattr(figures, name) for name in AskLatency.__slots__}))
    else:
        print("\n".join(report(asyncio.run(measure(*map(int, sys.argv[1:2]))))))
