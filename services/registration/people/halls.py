"""Use cases of hall codes: who sits in a hall types what its screen shows and takes part without a mail, as nobody in particular.

A code begins and ends with its session: it opens while that is on, and what it opened ends with it. The room has one, and the local hubs
have another one, which their hosts show, so that everybody counts by the door they are behind. What must not be here: cookies, limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from services.registration.people import access, credentials
from services.registration.people.credentials import SESSION_LIFETIME, BrowserSession
from services.registration.people.domain import Person, State
from services.registration.people.store import PeopleStore
from shared.auth.passes import Pass
from shared.errors import Denied, Invalid, NotFound, Unauthenticated
from shared.events.vocabulary import Door
from shared.ids import new_token
from shared.service.ports import Ports

DOORS_WITH_CODE: Final[tuple[Door, ...]] = ("in_room", "hub")


class HallDay(Protocol):
    """The sessions as the day goes."""

    def has_session(self, id: str) -> bool: ...

    def sessions_on(self, now: datetime) -> Sequence[str]:
        """Those that are on and take questions."""


@dataclass(frozen=True, slots=True)
class HallCode:
    """`code` is empty while the session is not on."""

    session: str
    code: str
    generation: int


class HallDoors:
    def __init__(self, ports: Ports, store: PeopleStore, day: HallDay) -> None:
        self._ports, self._store, self._day = ports, store, day

    async def code(self, session: str, door: Door = "in_room") -> HallCode:
        """Raises NotFound("registration.session_unknown")."""
        if not self._day.has_session(session):
            raise NotFound("registration.session_unknown")
        generation = await self._store.hall_generation(self._ports.event_id, session)
        on = session in self._day.sessions_on(self._ports.clock())
        return HallCode(session, self._code(session, generation, door) if on else "", generation)

    async def code_for_host(self, session: str, by: Pass) -> HallCode:
        """Of the hubs, for the host of one who said how many are there: they are whom it counts with. Raises as `code`, and
        Denied("registration.not_a_host")."""
        if by.door != "hub" or by.people < 1 or not by.covers(session):
            raise Denied("registration.not_a_host")
        return await self.code(session, "hub")

    async def replace(self, session: str) -> HallCode:
        """Another code: the one before opens nothing any more, and whoever came in by it has to type the new one. Raises as `code`."""
        await self.code(session)
        await self._store.replace_hall_code(self._ports.event_id, session)
        return await self.code(session)

    async def enter(self, typed: str, known: tuple[Person, BrowserSession] | None, language: str) -> tuple[str, str]:
        """Opens a browser session: (its token for the cookie, the id of the session that is on). `known`: who is here in this browser
        already; somebody who registered stays in by their own link, and the token is empty; somebody who came in by a code of the same
        session stays who they are. Raises Invalid("registration.code_unknown")."""
        session, generation, door = await self._opened_by(credentials.typed_code(typed))
        if known is not None and known[0].kind != "hall":
            return "", session
        now = self._ports.clock()
        person = await self._person(session, door, known, language, now)
        secret = new_token("ses")
        opened = BrowserSession(
            hash=credentials.hash_of(secret), person=person, credential=credentials.hall_credential(session, generation),
            sessions=(session,), created_at=now, expires_at=now + SESSION_LIFETIME,
        )  # fmt: skip
        await self._store.add_session(opened)
        return secret, session

    async def _opened_by(self, code: str) -> tuple[str, int, Door]:
        for session in self._day.sessions_on(self._ports.clock()) if code else ():
            generation = await self._store.hall_generation(self._ports.event_id, session)
            for door in DOORS_WITH_CODE:
                if self._code(session, generation, door) == code:
                    return session, generation, door
        raise Invalid.about("code", "registration.code_unknown")

    async def _person(self, session: str, door: Door, known: tuple[Person, BrowserSession] | None, language: str, now: datetime) -> str:
        """One browser is one person in a session: whoever types the code of another door stays who they are, and has no second vote."""
        if known is not None and known[0].kind == "hall" and known[1].sessions == (session,):
            return known[0].id
        person = Person(
            id=self._ports.new_id(), event=self._ports.event_id, email=None, name="", door=door, language=language,
            state=State.CONFIRMED, image_rights=(), registered_at=now, confirmed_at=now, kind="hall",
            hub_confirmed=door == "hub",
        )  # fmt: skip
        await self._store.add_person(person, [])
        return person.id

    async def require_open(self, session: BrowserSession) -> None:
        """Of a browser that came in by a code: while the session is on and the code is still the same. Raises Unauthenticated."""
        (of,) = session.sessions
        current = await self.code(of) if self._day.has_session(of) else None
        if current is None or not current.code or session.credential != credentials.hall_credential(of, current.generation):
            raise Unauthenticated("registration.hall_over")

    def _code(self, session: str, generation: int, door: Door) -> str:
        return credentials.hall_code(access.hall_token(self._ports.secrets, self._ports.event_id, session, generation, door))
