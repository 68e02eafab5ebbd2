"""The use cases of links to the table: made, listed, revoked by those who lead; used by whoever was sent one. What must not be here:
HTTP, rules.
"""

from __future__ import annotations

from typing import Any, Final

from services.qa.day import floor_for
from services.qa.moving import Announcer
from services.qa.store import QaStore
from services.qa.table import link as rules
from services.qa.table.app import Seats
from services.qa.table.link import TableLink
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.errors import Denied, Full, NotFound
from shared.events.vocabulary import SeatKind, is_door
from shared.ids import new_token
from shared.storage.race import decided_anew

Json = dict[str, Any]

BUSY: Final = "store.unavailable"


class TableLinks:
    def __init__(self, store: QaStore, seats: Seats, announcer: Announcer) -> None:
        self._sessions, self._store, self._seats = store, store.table_links, seats
        self._clock, self._new_id = announcer.clock, announcer.new_id

    async def make(self, by: Pass, session: str, *, name: str, kind: SeatKind) -> Json:
        """The link with its token, which is told this once. Raises NotFound, Denied, Invalid, Full."""
        capabilities.require(by.duty, "seat.invite")
        await floor_for(self._sessions, by, session)
        if len([one for one in await self._store.of_session(session) if one.revoked_at is None]) >= rules.MOST_LINKS:
            raise Full("qa.table_links_full", params={"most": rules.MOST_LINKS})
        token = new_token("tbl")
        made = rules.made(self._new_id(), session, token, name, kind, self._clock())
        await self._store.insert(made)
        return {**_shown(made), "token": token}

    async def all(self, by: Pass, session: str) -> list[Json]:
        """Those that lead somewhere. Raises NotFound, Denied."""
        capabilities.require(by.duty, "seat.invite")
        await floor_for(self._sessions, by, session)
        found = sorted(await self._store.of_session(session), key=lambda one: (one.made_at, one.id))
        return [_shown(one) for one in found if one.revoked_at is None]

    async def revoke(self, by: Pass, id: str) -> None:
        """Whoever came by it is off the table at once. Harmless to repeat. Raises NotFound, Denied."""
        capabilities.require(by.duty, "seat.invite")

        async def step() -> TableLink:
            found = await self._store.link(id)
            if found is None:
                raise NotFound(rules.UNKNOWN)
            if not by.covers(found.session):
                raise Denied("access.session_not_yours")
            changed = rules.revoked(found, self._clock())
            if changed is not None:
                await self._store.save(changed)
            return changed or found

        link = await decided_anew(step, busy=BUSY)
        if link.person:
            await self._seats.withdraw(link.person, link.session)

    async def come(self, by: Pass, session: str, token: str) -> Json:
        """One's own seat, invited, or as it stands. Raises NotFound, Denied, Conflict, Full."""
        capabilities.require(by.duty, "seat.sit")
        await floor_for(self._sessions, by, session)
        if not is_door(by.door):
            raise Denied("qa.seat_not_for_staff")

        async def step() -> TableLink:
            found = await self._store.of_hash(rules.hash_of(token))
            changed = rules.used(found, session, by.person)
            if changed is not None:
                await self._store.save(changed)
            return changed or found  # type: ignore[return-value]  # `used` refuses None

        link = await decided_anew(step, busy=BUSY)
        return await self._seats.come(by, session, link.name, link.kind)


def _shown(link: TableLink) -> Json:
    return {"id": link.id, "name": link.name, "kind": link.kind, "used": bool(link.person)}
