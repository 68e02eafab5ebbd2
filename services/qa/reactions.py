"""What the qa service does about events of other services. Each handler keeps the newest state only, so that an event that comes twice or
late changes nothing and no inbox is needed.
"""

from __future__ import annotations

from typing import Final

from services.qa.day import Days
from services.qa.facts import StageFacts
from services.qa.hands.app import Hands
from services.qa.people import HallCounts, People
from services.qa.polls.planning import PlannedPolls
from services.qa.store import QaStore
from services.qa.table.app import Seats
from shared.bus.port import Delivery, Group, lasting
from shared.clock import from_text
from shared.events.access import AccessRevoked
from shared.events.hall import HallDeclared
from shared.events.person import PersonErased
from shared.events.programme import ProgrammePublished
from shared.events.running_order import RunningOrderChanged
from shared.events.stage import StageChanged

PROGRAMME: Final = Group("qa.programme", (ProgrammePublished.TYPE,))
RUNNING_ORDER: Final = Group("qa.running_order", (RunningOrderChanged.TYPE,))
ACCESS: Final = Group("qa.access", (AccessRevoked.TYPE,))
STAGES: Final = Group("qa.stages", (StageChanged.TYPE,))
HALLS: Final = Group("qa.halls", (HallDeclared.TYPE,))
PEOPLE: Final = Group("qa.people", (PersonErased.TYPE,), patience=lasting(2 * 24 * 3600.0, first=5.0, longest=4 * 3600.0))
"""An erasure that was promised is tried for two days."""


class Reactions:
    def __init__(
        self, store: QaStore, days: Days, planned: PlannedPolls, people: People, hands: Hands, seats: Seats, halls: HallCounts,
        event_id: str,
    ) -> None:  # fmt: skip
        self._store, self._days, self._planned, self._event_id = store, days, planned, event_id
        self._people, self._hands, self._seats, self._halls = people, hands, seats, halls

    async def programme(self, event: ProgrammePublished, delivery: Delivery) -> None:
        if event.event_id == self._event_id:
            await self._days.take_programme(delivery.envelope.seq, event)
            await self._planned.reconcile()

    async def running_order(self, event: RunningOrderChanged, delivery: Delivery) -> None:
        if event.event_id == self._event_id:
            await self._days.take_running_order(delivery.envelope.seq, event)

    async def access(self, event: AccessRevoked, delivery: Delivery) -> None:
        """That of a whole person is kept as long as a pass could live, so that a restart forgets none; the end of one browser session is
        no loss of trust, and its passes last ten minutes."""
        if not event.login:
            await self._store.revoke(event.person_id, from_text(event.revoked_at))
            await self._seats.withdraw(event.person_id)
            await self._hands.withdraw(event.person_id)

    async def hall(self, event: HallDeclared, delivery: Delivery) -> None:
        if event.event_id == self._event_id:
            await self._halls.declared(event.person_id, event.people, from_text(event.declared_at))

    async def erased(self, event: PersonErased, delivery: Delivery) -> None:
        if event.event_id == self._event_id:
            await self._people.erase(event.person_id)

    async def stage(self, event: StageChanged, delivery: Delivery) -> None:
        """Kept so that a restarted feed knows what is on."""
        await self._store.stages.put(StageFacts(event.stage, delivery.envelope.seq, event.state, event.origin, event.reason))
