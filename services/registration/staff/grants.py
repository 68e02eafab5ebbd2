"""Use cases of the team's links: giving somebody one of their own, seeing who has which and whether it was used, taking one back."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.registration.people import domain
from services.registration.people.domain import Person, State
from services.registration.people.form import check_staff_name
from services.registration.people.links import Links
from services.registration.people.records import Records
from services.registration.people.store import PeopleStore
from services.registration.staff.store import LoginStore
from shared.auth.capabilities import NONE, Duty, is_duty
from shared.errors import FieldError, Invalid, NotFound
from shared.ids import is_uuid, new_token
from shared.messages.catalogue import DEFAULT_LANGUAGE
from shared.service.ports import Ports

WITHDRAWN: Final = "the link was taken back"
log = logging.getLogger("tablee.registration")


@dataclass(frozen=True, slots=True)
class Grant:
    """`name` is empty for a link that is shared. `browsers`: how many are signed in by it; `set_up`: whether its operator has something to
    sign in with."""

    id: str
    name: str
    duty: Duty
    shared: bool
    since: datetime
    withdrawn_at: datetime | None
    uses: int
    last_used_at: datetime | None
    browsers: int
    set_up: bool


@dataclass(frozen=True, slots=True)
class GivenLink:
    """`token` is told this once and kept nowhere."""

    id: str
    name: str
    duty: Duty
    token: str


class Grants:
    def __init__(self, ports: Ports, people: PeopleStore, logins: LoginStore, links: Links, records: Records) -> None:
        self._ports, self._people, self._logins, self._links, self._records = ports, people, logins, links, records

    async def all(self) -> list[Grant]:
        """Those that open first."""
        found = await self._people.holders(self._ports.event_id)
        set_up = await self._logins.set_up([one.id for one in found])
        grants = [await self._grant(one, one.id in set_up) for one in found]
        return sorted(grants, key=lambda one: (one.withdrawn_at is not None, one.shared))

    async def _grant(self, person: Person, set_up: bool) -> Grant:
        links = await self._people.credentials_of(person.id)
        used = [one.last_used_at for one in links if one.last_used_at is not None]
        return Grant(
            person.id, person.name, person.duty, person.kind == "duty", person.registered_at, person.revoked_at,
            sum(one.uses for one in links), max(used, default=None), await self._people.sessions_of(person.id), set_up,
        )  # fmt: skip

    async def give(self, name: str, duty: str, by: str) -> GivenLink:
        """Raises Invalid("registration.form")."""
        if not is_duty(duty) or duty == NONE:
            raise Invalid("registration.form", fields=(FieldError("duty", "registration.duty_required"),))
        checked, now = check_staff_name(name), self._ports.clock()
        person = domain.staff(self._ports.new_id(), self._ports.event_id, checked, duty, DEFAULT_LANGUAGE, now)
        token = new_token("lnk")
        await self._people.add_person(person, [])
        await self._links.mint(token, person, purpose="staff", draft=None)
        log.info("a link of the team was given", extra={"person": person.id, "duty": duty, "by": by})
        return GivenLink(person.id, checked, duty, token)

    async def take_back(self, id: str, by: str) -> None:
        """Harmless to repeat. Raises NotFound("registration.person_unknown"), also for links that nobody was given here."""
        person = await self._people.person(id) if is_uuid(id) else None
        if person is None or person.kind != "staff" or person.event != self._ports.event_id:
            raise NotFound("registration.person_unknown")
        if person.state is not State.REVOKED:
            log.info("a link of the team was taken back", extra={"person": id, "by": by})
        await self._records.revoke(id, WITHDRAWN)
        await self._logins.forget(id)
