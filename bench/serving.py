"""The qa service in a process of its own, as it is served: HTTP application, outbox relay, bus, live feed.

Driven by `Served`: the order is one JSON object on the command line, the answer a line with the addresses; it ends with its standard input.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from prometheus_client import CollectorRegistry

from bench.child import Child
from services.qa import service as qa
from shared import memory
from shared.auth.capabilities import Duty
from shared.auth.keys import Secrets
from shared.auth.passes import Signer, Verifier, new_private_key, private_from_text, private_to_text
from shared.auth.revocations import Revocations
from shared.bus.embedded.bus import LocalBus
from shared.bus.port import Bus, Group
from shared.bus.rabbit.bus import RabbitBus
from shared.bus.relay import Relay, RelayMetrics
from shared.clock import utc_now
from shared.config import Settings
from shared.events.ledger import LedgerCounted
from shared.events.programme import ProgrammePublished, SessionRef, StageRef
from shared.http.application import HttpParts, build_application
from shared.ids import new_id
from shared.mail.files import FileMailer
from shared.messages.catalogue import load_catalogue
from shared.metrics import new_registry
from shared.service.declaration import Service
from shared.service.lifecycle import Supervisor
from shared.service.ports import Ports
from shared.storage.mongo import MongoStore
from shared.storage.mongod import Mongod
from shared.storage.mongod_program import find_mongod
from shared.storage.port import Collection
from tests.support.ports import free_port

EVENT: Final = "bench"
SESSIONS: Final = ("table-ronde-1", "table-ronde-2", "table-ronde-3", "table-ronde-4")
PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Addresses:
    http: str
    feed: str


class Served(Child):
    """One such process. Without `amqp_url` its bus is the embedded one."""

    def __init__(self, mongo_url: str, folder: Path, *, amqp_url: str = "") -> None:
        super().__init__("the serving process")
        self._key = private_to_text(new_private_key())
        self._order = {"mongo": mongo_url, "folder": str(folder), "amqp": amqp_url, "key": self._key}

    async def start(self) -> Addresses:
        await self.begin(sys.executable, "-m", "bench.serving", json.dumps(self._order))
        return Addresses(**await asyncio.wait_for(self.answer(), PATIENCE))

    @property
    def pid(self) -> int:
        return self.process.pid

    def signer(self) -> Signer:
        return Signer(private_from_text(self._key))


def cpu_seconds(pid: int) -> float:
    """Of a process since it began, whatever else the machine does: what one call costs is the same under load."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sign(signer: Signer, person: str, duty: Duty = "none") -> str:
    """A pass of the benched event."""
    return signer.sign(
        id=new_id(), person=person, duty=duty, event=EVENT, sessions=("*",), door="remote", name=person, language="fr",
        now=utc_now(),
    )  # fmt: skip


@contextlib.asynccontextmanager
async def serving(amqp_url: str = "") -> AsyncIterator[tuple[Addresses, Signer]]:
    """Such a process over a MongoDB of its own; of both nothing is left."""
    with tempfile.TemporaryDirectory(prefix="tablee-bench-") as name:
        mongod = Mongod(Path(name) / "mongo", binary=find_mongod(""))
        try:
            served = Served(await mongod.start(), Path(name), amqp_url=amqp_url)
            try:
                yield await served.start(), served.signer()
            finally:
                await served.stop()
        finally:
            await mongod.stop()


# --- the process --------------------------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def served(order: dict[str, Any]) -> AsyncIterator[Addresses]:
    metrics = new_registry()
    store = MongoStore(order["mongo"], prefix="bench")
    await store.start()
    bus: Bus = RabbitBus(order["amqp"], metrics=metrics) if order["amqp"] else LocalBus(store.database("bus"))
    await bus.start()
    relay = Relay(store.database("qa"), (), bus, metrics=RelayMetrics(metrics), service="qa")
    ports = _ports(order, store, bus, relay, metrics)
    settings = Settings(port=0, feed_port=free_port(), var=Path(order["folder"]))
    service, feed = qa.assemble(ports, settings)
    relay.cover(service.outboxes)
    supervisor = Supervisor(metrics)
    await _join(service, bus)
    supervisor.start({"relay": relay.run, **service.tasks})
    runner = await _listening(service, ports, settings)
    await bus.publish(_programme().to_envelope(id=new_id(), subject=EVENT, seq=1, time=utc_now()))
    await _until_known(feed.hub.refusal, ports.database.collection("floors"))
    try:
        yield Addresses(f"http://127.0.0.1:{runner.addresses[0][1]}", f"ws://127.0.0.1:{feed.port}/feed")
    finally:
        await supervisor.stop()
        await runner.cleanup()
        await feed.stop()
        await bus.stop()
        await store.stop()


def _ports(order: dict[str, Any], store: MongoStore, bus: Bus, relay: Relay, metrics: CollectorRegistry) -> Ports:
    verifier = Verifier([private_from_text(order["key"]).public_key()], event=EVENT)
    return Ports(
        database=store.database("qa"), bus=bus, clock=utc_now, new_id=new_id, verifier=verifier, revocations=Revocations(), signer=None,
        secrets=Secrets(stream_secret=b"bench"), mailer=FileMailer(Path(order["folder"]) / "mail"), metrics=metrics, relay_wake=relay.wake,
        event_id=EVENT, messages=load_catalogue(),
    )  # fmt: skip


async def _join(service: Service, bus: Bus) -> None:
    await bus.declare([*qa.GROUPS, Group("registration.ledgers", (LedgerCounted.TYPE,))])  # who is told of ledgers is not here
    assert service.start is not None
    await service.start()
    for reaction in service.reactions:
        await bus.subscribe(reaction.group, reaction.receive)
    for listener in service.listeners:
        await bus.listen(listener.topics, listener.receive, listener.on_gap)


async def _listening(service: Service, ports: Ports, settings: Settings) -> web.AppRunner:
    parts = HttpParts(
        settings=settings, verifier=ports.verifier, revocations=ports.revocations, clock=utc_now, metrics=ports.metrics,
        messages=ports.messages,
    )  # fmt: skip
    runner = web.AppRunner(build_application([service], parts), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    return runner


async def _until_known(refusal: Any, floors: Collection) -> None:
    """To the feed and to those who ask: two readers of the same event."""
    async with asyncio.timeout(PATIENCE):
        while any(refusal(id, "public") for id in SESSIONS) or await floors.count({}) < len(SESSIONS):  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.05)


def _programme() -> ProgrammePublished:
    refs = tuple(
        SessionRef(
            id=id, kind="round_table", label="", title="", starts_at=None, ends_at=None, room=None, stage="stage", questions=True
        )
        for id in SESSIONS
    )  # fmt: skip
    return ProgrammePublished(EVENT, "Bench", "UTC", "", refs, (StageRef("stage", "Stage"),))


async def _until_input_ends() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


async def _serve(order: dict[str, Any]) -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    async with served(order) as addresses:
        memory.settle()
        sys.stdout.write(json.dumps({"http": addresses.http, "feed": addresses.feed}) + "\n")
        sys.stdout.flush()
        await _until_input_ends()


def main(arguments: Sequence[str]) -> None:
    asyncio.run(_serve(json.loads(arguments[0])))


if __name__ == "__main__":
    main(sys.argv[1:])
