"""The qa service in a process of its own, as it is served: HTTP application, outbox relay, bus, live feed.

Driven by `Served`: the order is one JSON object on the command line, the answer a line with the addresses; it ends with its standard input.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
import socket
import sys
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from services.qa import service as qa
from services.qa.feed.admission import Limits
from shared.auth.capabilities import Duty
from shared.auth.keys import Secrets
from shared.auth.passes import Signer, Verifier, new_private_key, private_from_text, private_to_text
from shared.auth.revocations import Revocations
from shared.bus.embedded.bus import LocalBus
from shared.bus.port import Bus
from shared.bus.rabbit.bus import RabbitBus
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
from shared.storage.port import Collection

EVENT: Final = "bench"
SESSIONS: Final = ("table-ronde-1", "table-ronde-2", "table-ronde-3", "table-ronde-4")
PATIENCE: Final = 30.0
STOP_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class Addresses:
    http: str
    feed: str


class Served:
    """One such process. `limits`: fields of the feed's Limits that differ from the defaults."""

    def __init__(self, mongo_url: str, folder: Path, *, amqp_url: str = "", key: str = "", **limits: float) -> None:
        self.key = key or private_to_text(new_private_key())
        self._order = {"mongo": mongo_url, "folder": str(folder), "amqp": amqp_url, "key": self.key, "limits": limits}
        self._child: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    async def start(self) -> Addresses:
        self._child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.serving", json.dumps(self._order), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert self._child.stdout is not None
        line = await asyncio.wait_for(self._child.stdout.readline(), PATIENCE)
        if not line:
            raise RuntimeError("the serving process ended; its output is above")
        return Addresses(**json.loads(line))

    async def stop(self) -> None:
        if self._child is None:
            return
        assert self._child.stdin is not None
        self._child.stdin.close()
        try:
            await asyncio.wait_for(self._child.wait(), STOP_SECONDS)
        except TimeoutError:
            self._child.kill()
            await self._child.wait()

    def signer(self) -> Signer:
        return Signer(private_from_text(self.key))


def sign(signer: Signer, person: str, duty: Duty = "none") -> str:
    """A pass of the benched event."""
    return signer.sign(
        id=str(uuid.uuid4()), person=person, duty=duty, event=EVENT, sessions=("*",), door="remote", name=person, language="fr",
        now=utc_now(),
    )  # fmt: skip


# --- the process --------------------------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def served(order: dict[str, Any]) -> AsyncIterator[Addresses]:
    folder, metrics, revocations = Path(order["folder"]), new_registry(), Revocations()
    store = MongoStore(order["mongo"], prefix="bench")
    await store.start()
    amqp = order["amqp"]
    bus: Bus = RabbitBus(amqp, metrics=metrics) if amqp else LocalBus(store.database("bus"))
    await bus.start()
    database = store.database("qa")
    relay = Relay(database, (), bus, metrics=RelayMetrics(metrics), service="qa")
    verifier = Verifier([private_from_text(order["key"]).public_key()], event=EVENT)
    messages = load_catalogue()
    ports = Ports(
        database=database, bus=bus, clock=utc_now, new_id=lambda: str(uuid.uuid4()), verifier=verifier, revocations=revocations,
        signer=None, secrets=Secrets(stream_secret=b"bench"), mailer=FileMailer(folder / "mail"), metrics=metrics, relay_wake=relay.wake,
        event_id=EVENT, messages=messages,
    )  # fmt: skip
    settings = Settings(port=0, feed_port=_free_port(), var=folder)
    service, feed = qa.assemble(ports, settings, Limits(**order["limits"]))
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
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    await bus.publish(_programme().to_envelope(id=str(uuid.uuid4()), subject=EVENT, seq=1, time=utc_now()))
    await _until_known(feed.hub.refusal, database.collection("floors"))
    try:
        yield Addresses(f"http://127.0.0.1:{runner.addresses[0][1]}", f"ws://127.0.0.1:{feed.port}/feed")
    finally:
        await supervisor.stop()
        await runner.cleanup()
        await service.stop()
        await bus.stop()
        await store.stop()


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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _until_input_ends() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


async def _serve(order: dict[str, Any]) -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    async with served(order) as addresses:
        sys.stdout.write(json.dumps({"http": addresses.http, "feed": addresses.feed}) + "\n")
        sys.stdout.flush()
        await _until_input_ends()


def main(arguments: Sequence[str]) -> None:
    asyncio.run(_serve(json.loads(arguments[0])))


if __name__ == "__main__":
    main(sys.argv[1:])
