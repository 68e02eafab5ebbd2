"""Use cases about the links themselves: making a token a way in, the links that nobody registers for, renewing one that leaked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from services.registration.people import access, credentials
from services.registration.people.credentials import Credential, Purpose
from services.registration.people.domain import Person
from services.registration.people.records import Records
from services.registration.people.store import PeopleStore
from services.registration.programme.format.rehearsal import RehearsalPerson
from shared.auth.passes import ALL_SESSIONS
from shared.service.ports import Ports
from shared.storage.port import Duplicate

RENEWAL_SECONDS: Final = 5.0
"""How soon a running platform notices that a link was renewed."""


class Links:
    """`ends_at` tells when the event ends, None while unknown."""

    def __init__(self, ports: Ports, store: PeopleStore, records: Records, *, ends_at: Callable[[], datetime | None]) -> None:
        self._ports = ports
        self._store = store
        self._records = records
        self._ends_at = ends_at
        self._made: Mapping[str, int] | None = None

    async def person(self, person_id: str) -> Person | None:
        return await self._store.person(person_id)

    async def mint(self, token: str, person: Person, *, purpose: Purpose, draft: str | None) -> None:
        """Make `token` a way in for `person`. Harmless to repeat."""
        now = self._ports.clock()
        await self._store.put_credential(
            Credential(
                hash=credentials.hash_of(token),
                purpose=purpose,
                person=person.id,
                event=person.event,
                sessions=(ALL_SESSIONS,),
                not_before=now,
                expires_at=credentials.link_expiry(self._ends_at(), now),
                draft=draft,
            )
        )

    async def ensure_holders(self, rehearsal: Sequence[RehearsalPerson]) -> None:
        """Whoever holds a link without having registered, at every start the same; one that was revoked stays revoked. Links that were
        renewed since end with their sessions."""
        event, secrets = self._ports.event_id, self._ports.secrets
        generations = dict(secrets.generations())
        found = access.holders(event, rehearsal, generations, self._ports.clock())
        for purpose, person in found.items():
            with suppress(Duplicate):  # there since an earlier start
                await self._store.add_person(person, [])
            kind: Purpose = "duty" if person.kind == "duty" else "rehearsal"
            await self.mint(access.token(secrets, event, purpose), person, purpose=kind, draft=None)
        for renewed in await self._store.renewed_holders(event, [person.id for person in found.values()]):
            await self._records.revoke(renewed.id, "the link was renewed")
        self._made = generations

    async def follow_renewals(self, rehearsal: Sequence[RehearsalPerson]) -> None:
        """A task: `tablee links --renew` counts a link up while the platform runs."""
        while True:
            await asyncio.sleep(RENEWAL_SECONDS)
            if self._ports.secrets.generations() != self._made:
                await self.ensure_holders(rehearsal)
