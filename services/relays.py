"""The outbox relays of one process: for a service of which several processes may run, one of them publishes for all.

A part of the composition root. What must not be here: how a relay works.
"""

from __future__ import annotations

from itertools import count
from typing import Final

from shared.bus.port import Bus, Subscription
from shared.bus.relay import Relay, RelayMetrics
from shared.bus.typed import Listener
from shared.clock import utc_now
from shared.events.envelope import Envelope
from shared.events.outbox import OutboxFilled
from shared.ids import new_id
from shared.storage.lease import Lease
from shared.storage.port import Database

REPLICATED: Final = frozenset({"qa"})
"""Services of which several processes may run over one store."""


def relay_of(service: str, database: Database, bus: Bus, metrics: RelayMetrics, *, alone: bool) -> Relay:
    """`alone`: no other process can be there."""
    if alone or service not in REPLICATED:
        return Relay(database, (), bus, metrics=metrics, service=service)
    process, numbers = new_id(), count(1)

    def filled() -> Envelope:
        return OutboxFilled(process).to_envelope(id=new_id(), subject=process, seq=next(numbers), time=utc_now())

    lease = Lease(database.collection("leases"), "relay", process)
    return Relay(database, (), bus, metrics=metrics, service=service, lease=lease, filled=filled)


async def listen(bus: Bus, relay: Relay) -> Subscription:
    """Let the relay look when another process has saved something."""

    async def look(*_: object) -> None:
        relay.look()

    listener = Listener((OutboxFilled,), look, look)
    return await bus.listen(listener.topics, listener.receive, listener.on_gap)
