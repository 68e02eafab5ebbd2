"""The running order at work: decided by operators, moved by the clock, told to the other services whenever it changes.

Any number of replicas follow the clock; whoever saves first tells it, and the others take over what was saved. What must not be here: HTTP,
the rules of the day (`commands`, `running_order`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from services.registration.programme.app import Publishing
from services.registration.programme.order.commands import Changed, Decision, changes, decide
from services.registration.programme.order.decisions import Decisions, Kept, adopt
from services.registration.programme.order.store import OrderStore
from services.registration.programme.running_order import Slot, next_change, running_order, slot_ref
from shared import correlation
from shared.bus.port import Delivery
from shared.errors import Conflict, DomainError
from shared.events.running_order import RunningOrderChanged, SlotRef
from shared.service.ports import Ports
from shared.storage.port import Duplicate, StaleVersion

log = logging.getLogger("tablee.registration")

MOST_WAIT_SECONDS: Final = 15.0
"""The clock is looked at this often at least: it may have been set, and another replica may have been told something."""
LEAST_WAIT_SECONDS: Final = 0.05


class OrderKeeper:
    def __init__(self, ports: Ports, store: OrderStore, publishing: Publishing) -> None:
        self._ports = ports
        self._store = store
        self._publishing = publishing
        self._woken = asyncio.Event()

    # --- following the clock and the programme ----------------------------------------------------------------------------
    async def open(self) -> None:
        """At start: tell how the day stands, also those that came to listen since it was last told."""
        await self._tell(always=True)
        self._publishing.on_new_programme = self.settle

    async def follow(self) -> None:
        """A task."""
        while True:
            await self.settle()
            self._woken.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self._pause())

    async def settle(self) -> None:
        """Take over the programme in force and what the clock brought, and tell it where it changed. Never raises a DomainError: what
        failed is done by the next pass."""
        try:
            await self._tell()
        except DomainError as error:
            log.warning("the running order could not be kept", extra={"code": error.code})

    async def on_changed(self, event: RunningOrderChanged, delivery: Delivery) -> None:
        """Another replica told something, or this one."""
        if delivery.envelope.seq > self._publishing.order.version:
            await self.reload()

    async def reload(self) -> None:
        self._take(await self._store.kept(self._ports.event_id))

    async def _tell(self, *, always: bool = False) -> None:
        kept = await self._store.kept(self._ports.event_id)
        self._take(kept)
        decisions = adopt(self._publishing.running.programme, kept.decisions, self._ports.clock())
        told = self._slots(decisions)
        if always or decisions != kept.decisions or told != kept.told:
            with suppress(StaleVersion, Duplicate):  # another replica told it
                await self._save(replace(kept, version=kept.version + 1, decisions=decisions, told=told))

    def _pause(self) -> float:
        now, running = self._ports.clock(), self._publishing.running
        change = next_change(running.programme, now, self._publishing.order.decisions)
        left = (change - now).total_seconds() if change else MOST_WAIT_SECONDS
        return min(MOST_WAIT_SECONDS, max(LEAST_WAIT_SECONDS, left))

    # --- deciding ---------------------------------------------------------------------------------------------------------
    async def carry_out(self, command: Decision, *, expected_version: int, by: str) -> None:
        """`by`: the name of whoever decides. Raises what `commands.decide` raises, Conflict("registration.order_stale")."""
        programme, now = self._publishing.running.programme, self._ports.clock()
        kept = await self._store.kept(self._ports.event_id)
        if not kept.decided <= expected_version <= kept.version:
            raise _stale(kept)
        decisions = decide(programme, kept.decisions, command, now)
        version = kept.version + 1
        new = replace(kept, version=version, decided=version, decided_by=by, decisions=decisions, told=self._slots(decisions))
        if self._announced(kept.decisions) != self._announced(decisions):
            new = replace(new, revision=kept.revision + 1, revised_at=now)
        try:
            await self._save(new)
        except (StaleVersion, Duplicate):
            await self.reload()
            raise _stale(self._publishing.order) from None
        self._woken.set()

    async def preview(self, command: Decision) -> list[Changed]:
        """What it would change now. Raises what `commands.decide` raises."""
        programme, now = self._publishing.running.programme, self._ports.clock()
        before = (await self._store.kept(self._ports.event_id)).decisions
        return changes(programme, before, decide(programme, before, command, now), now)

    async def _save(self, kept: Kept) -> None:
        now = self._ports.clock()
        sealed = RunningOrderChanged(self._ports.event_id, kept.told).to_envelope(
            id=self._ports.new_id(),
            subject=self._ports.event_id,
            seq=kept.version,
            time=now,
            correlationid=correlation.current(),
        )
        await self._store.save(self._ports.event_id, kept, [sealed])
        self._take(kept)
        self._ports.relay_wake()

    # --- reading ----------------------------------------------------------------------------------------------------------
    def _order(self, decisions: Decisions) -> Mapping[str, Slot]:
        return running_order(self._publishing.running.programme, self._ports.clock(), decisions)

    def _slots(self, decisions: Decisions) -> tuple[SlotRef, ...]:
        return tuple(slot_ref(slot) for slot in self._order(decisions).values())

    def _announced(self, decisions: Decisions) -> list[object]:
        """What a calendar shows of the order."""
        return [(slot.announced, slot.progress == "cancelled") for slot in self._order(decisions).values()]

    def _take(self, kept: Kept) -> None:
        self._publishing.take_order(kept)


def _stale(kept: Kept) -> Conflict:
    return Conflict("registration.order_stale", current={"version": kept.version, "by": kept.decided_by})
