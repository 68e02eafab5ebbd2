"""What registration does when it is told of answers and ledgers: it keeps the newest, so that an event that comes twice or late changes
nothing."""

from __future__ import annotations

from typing import Final

from services.registration.answers.store import AnswerStore
from shared.bus.port import Delivery, Group
from shared.events.answer import AnswerRecorded
from shared.events.ledger import LedgerCounted

ANSWERS: Final = Group("registration.answers", (AnswerRecorded.TYPE,))
LEDGERS: Final = Group("registration.ledgers", (LedgerCounted.TYPE,))


class AnswerReactions:
    def __init__(self, store: AnswerStore) -> None:
        self._store = store

    async def recorded(self, event: AnswerRecorded, delivery: Delivery) -> None:
        await self._store.put(event, delivery.envelope.seq)

    async def counted(self, event: LedgerCounted, delivery: Delivery) -> None:
        await self._store.put_ledger(event, delivery.envelope.seq)
