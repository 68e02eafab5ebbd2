"""The streaming service as it runs, in one test: real MongoDB, real HTTP application, real RTMP port, real ffmpeg.

The bus is not here: what its adapters promise is tested in tests/contract; a programme is handed to the reaction as a delivery.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry

from services.streaming.app import PATIENCE as USUAL
from services.streaming.app import Patience, Streaming
from services.streaming.service import assemble
from services.streaming.source import Source
from shared.auth.keys import Secrets
from shared.auth.passes import Purpose, Signer, Verifier, new_private_key
from shared.auth.revocations import Revocations
from shared.auth.watch_keys import watch_key
from shared.bus.port import Bus, Delivery
from shared.clock import utc_now
from shared.config import Settings
from shared.events.kind import Event
from shared.events.programme import ProgrammePublished, SessionRef, StageRef
from shared.events.running_order import RunningOrderChanged, SlotRef
from shared.http.application import HttpParts, build_application
from shared.ids import new_id
from shared.mail.port import Mailer
from shared.metrics import new_registry
from shared.service.declaration import Service
from shared.service.lifecycle import Supervisor
from shared.service.ports import Ports
from shared.storage.port import Database
from tests.support.messages import MESSAGES
from tests.support.passes import duty_of

EVENT = "assises-2021"
STAGE = "grande-salle"
SECRET = b"a secret of thirty-two characters"
PATIENCE = 15.0


@dataclass
class StreamingHarness:
    database: Database
    service: Service
    app: Streaming
    client: TestClient[Any, Any]
    revocations: Revocations
    metrics: CollectorRegistry
    signer: Signer
    relay_woken: list[datetime]
    seq: int = 0
    """Of the newest programme or running order."""

    @property
    def source(self) -> Source:
        return self.app.lineup.find(STAGE).source

    @property
    def keyed(self) -> str:
        """Path of the stage for a player without cookies."""
        return f"/hls/k/{watch_key(SECRET, STAGE, utc_now() + timedelta(days=1))}/{STAGE}"

    @property
    def url(self) -> str:
        return str(self.client.make_url(f"{self.keyed}/index.m3u8"))

    def pass_text(self, role: str = "viewer", *, person: str = "", now: datetime | None = None, purpose: Purpose = "api") -> str:
        return self.signer.sign(
            id=new_id(),
            person=person or new_id(),
            duty=duty_of(role),
            event=EVENT,
            sessions=["*"],
            door="remote",
            name="Ada",
            language="fr",
            now=now or utc_now(),
            purpose=purpose,
        )

    def as_role(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.pass_text(role)}"}

    async def text(self, path: str, **query: str | int) -> str:
        async with self.client.get(self.keyed + path, params={name: str(value) for name, value in query.items()}) as response:
            assert response.status == 200, await response.text()
            return await response.text()

    async def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Looks at every part that comes, so that nothing is waited for by the clock alone."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"never came true: {self.source.status()}"
            made = self.source.packager.revision
            await self.source.channel.wait(("test", made), lambda made=made: self.source.packager.revision > made, 0.25)  # type: ignore[misc]

    async def publish_programme(
        self,
        *stages: str,
        name: str = "Grande salle",
        event: str = EVENT,
        sessions: Sequence[SessionRef] = (),
        seq: int | None = None,
    ) -> None:
        """`stages`: ids, STAGE alone if none is given; every one has the same `name`."""
        refs = tuple(StageRef(id, name) for id in stages or (STAGE,))
        await self._tell(
            ProgrammePublished(event_id=event, name="Assises", timezone="Europe/Paris", digest="d", sessions=tuple(sessions), stages=refs),
            seq,
        )

    async def tell_what_is_on(self, *sessions: str, seq: int | None = None) -> None:
        await self._tell(RunningOrderChanged(EVENT, tuple(SlotRef(id, "on", None, None) for id in sessions)), seq)

    async def _tell(self, event: Event, seq: int | None) -> None:
        self.seq = self.seq + 1 if seq is None else self.seq
        envelope = event.to_envelope(id=new_id(), subject=EVENT, seq=self.seq if seq is None else seq, time=utc_now())
        reaction = next(one for one in self.service.reactions if one.takes is type(event))
        await reaction.receive(Delivery(envelope, 1, reaction.group.name))

    async def rtmp_url(self, stage: str = STAGE) -> str:
        """What an operator copies into the encoder."""
        async with self.client.get(f"/api/streaming/stages/{stage}/key", headers=self.as_role("operator")) as response:
            where = await response.json()
        return f"{where['rtmp_url']}/{where['stream_key']}"

    async def operators_see(self, stage: str = STAGE) -> dict[str, Any]:
        async with self.client.get("/api/streaming/stages", headers=self.as_role("operator")) as response:
            found = await response.json()
        return next((one for one in found["stages"] if one["id"] == stage), {})


@asynccontextmanager
async def open_harness(
    database: Database, settings: Settings | None = None, *, programme: bool = True, patience: Patience = USUAL
) -> AsyncIterator[StreamingHarness]:
    key = new_private_key()
    revocations, metrics, woken = Revocations(), new_registry(), list[datetime]()
    ports = Ports(
        database=database, bus=cast("Bus", None), clock=utc_now, new_id=new_id, verifier=Verifier([key.public_key()], event=EVENT),
        revocations=revocations, signer=None, secrets=Secrets(SECRET), mailer=cast("Mailer", None), metrics=metrics,
        relay_wake=lambda: woken.append(utc_now()), event_id=EVENT, messages=MESSAGES,
    )  # fmt: skip
    settings = replace(settings or Settings(recordings="none"), rtmp_port=0)
    service, app = assemble(ports, settings, patience=patience)
    parts = HttpParts(
        settings=settings, verifier=ports.verifier, revocations=revocations, clock=utc_now, metrics=metrics, messages=MESSAGES
    )
    supervisor = Supervisor(metrics)
    assert service.start is not None
    assert service.drain is not None
    assert service.stop is not None
    await service.start()
    supervisor.start(dict(service.tasks))
    try:
        async with TestClient(TestServer(build_application([service], parts))) as client:
            found = StreamingHarness(database, service, app, client, revocations, metrics, Signer(key), woken)
            if programme:
                await found.publish_programme()
                await found.until(lambda: found.source.packager.ready)
            yield found
    finally:
        await service.drain()
        await supervisor.stop()
        await service.stop()


async def following(harness: StreamingHarness, rendition: str, *, parts: int) -> list[str]:
    """Playlists as a player reloads them, `parts` times, each blocking for the next part."""
    texts = [await harness.text(f"/{rendition}/index.m3u8")]
    for _ in range(parts):
        line = harness.source.packager.renditions[rendition].last
        assert line is not None
        async with asyncio.timeout(PATIENCE):
            texts.append(await harness.text(f"/{rendition}/index.m3u8", _HLS_msn=line[0], _HLS_part=line[1] + 1))
    return texts
