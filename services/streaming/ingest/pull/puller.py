"""Fetches what operators named, stage by stage, as long as no encoder sends there; what breaks is tried again, more and more rarely."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.flv.received import ReceivedPublication
from services.streaming.ingest.flv.reception import Reception
from services.streaming.ingest.port import Ingest, IngestRefusal
from services.streaming.ingest.pull.addresses import BadPullAddress, Network, PullAddress, all_allowed, read_address
from services.streaming.media.inputs import Pulled
from shared.backoff import Backoff

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.5
CONNECT_SECONDS: Final = 15.0
IDLE_SECONDS: Final = 10.0
RESOLVE_SECONDS: Final = 5.0
AGAIN: Final = Backoff(first=1.0, longest=30.0)
STEADY_SECONDS: Final = 30.0
"""What lasted this long, or came at all, and breaks is tried again after the first pause."""


@dataclass(frozen=True, slots=True)
class PullOutlets:
    """`wanted`: stage → address, now; `free`: whether nobody sends to a stage; the others as for any sender. `receive` runs a receiver
    until its end; cancelling ends it."""

    wanted: Callable[[], Mapping[str, str]]
    free: Callable[[str], bool]
    on_publish: Callable[[Ingest], None]
    on_refusal: Callable[[IngestRefusal], None]
    receive: Callable[[Pulled, Callable[[bytes], None]], Awaitable[None]]


class Puller:
    """`networks`: those that may be fetched from beside public addresses."""

    def __init__(self, outlets: PullOutlets, networks: Sequence[Network]) -> None:
        self._outlets, self._networks = outlets, networks
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._receptions: dict[str, Reception] = {}

    async def run(self) -> None:
        """For ever; cancelled, every receiver has ended before this returns."""
        try:
            while True:
                self._match(set(self._outlets.wanted().items()))
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._match(set())
            if self._ending:
                await asyncio.wait(self._ending)

    def disconnect(self, stage: str, reason: str) -> None:
        """Ends what is fetched for the stage; it is tried again while it is wanted and nobody else sends."""
        reception = self._receptions.get(stage)
        if reception is not None:
            reception.publication.close(reason)

    def _match(self, wanted: set[tuple[str, str]]) -> None:
        for key in set(self._tasks) - wanted:
            task = self._tasks.pop(key)
            task.cancel()
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        for stage, url in wanted - set(self._tasks):
            self._tasks[stage, url] = asyncio.create_task(self._keep(stage, url), name=f"pull {stage}")

    async def _keep(self, stage: str, url: str) -> None:
        pauses, now = AGAIN.pauses(), asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._outlets.free(stage):
                continue
            began, came = now(), False
            try:
                came = await self._fetch(stage, read_address(url))
            except (BadPullAddress, OSError, TimeoutError) as wrong:
                log.warning("%s: nothing can be fetched: %s", stage, wrong or "no such address")
                self._outlets.on_refusal(IngestRefusal(_peer(url), stage, disconnect_reasons.PULL_UNREACHABLE))
            if came or now() - began > STEADY_SECONDS:
                pauses.reset()
            await pauses.wait()

    async def _fetch(self, stage: str, address: PullAddress) -> bool:
        """One connection, from its beginning to its end; whether anything came. Raises OSError, TimeoutError."""
        peer = f"{address.host}:{address.port}"
        if not await self.may(address):
            self._outlets.on_refusal(IngestRefusal(peer, stage, disconnect_reasons.PULL_HOST))
            return False
        publication = ReceivedPublication(stage, peer, "pull", lambda reason: None)
        reception = Reception(publication, self._outlets.on_publish, connect=CONNECT_SECONDS, idle=IDLE_SECONDS)
        self._receptions[stage] = reception
        try:
            await reception.run(self._outlets.receive(Pulled(address.url, address.scheme), reception.take))
        finally:
            if self._receptions.get(stage) is reception:
                del self._receptions[stage]
        if reception.unsupported is not None:
            code, codec = disconnect_reasons.UNSUPPORTED_CODEC, reception.unsupported
            self._outlets.on_refusal(IngestRefusal(peer, stage, code, codec))
        elif not reception.announced:
            self._outlets.on_refusal(IngestRefusal(peer, stage, disconnect_reasons.PULL_UNREACHABLE))
        return reception.announced

    async def may(self, address: PullAddress) -> bool:
        """Whether this host may be fetched from, by every address it has now. Raises BadPullAddress, OSError, TimeoutError."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        except UnicodeError:  # no name can be like that: a part of it is empty, or longer than 63 letters
            raise BadPullAddress from None
        return all_allowed({str(one[4][0]) for one in found}, self._networks)


def _peer(url: str) -> str:
    """Where it would have been fetched from, without what may be a password."""
    try:
        address = read_address(url)
    except BadPullAddress:
        return "?"
    return f"{address.host}:{address.port}"
