"""The JSON interface of people for operators: who registered, whether mails leave, confirming a hub, withdrawing access.

Parse, call a use case, render.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, Field

from services.registration.limits import LISTING, REVOCATIONS
from services.registration.people import domain
from services.registration.people.delivery import Undeliverable
from services.registration.people.records import DayCount, Records
from shared.clock import to_text
from shared.http.caching import PRIVATE
from shared.service.route import BODY_KEY, Body, Route, Who

PREFIX: Final = "/api/registration"


class RevocationBody(Body):
    reason: Annotated[str, Field(min_length=1, max_length=domain.MOST_REASON)]


class RegistrantAnswer(BaseModel):
    """A person for operators. No address: what operators need is who, by which door, and whether they may come in."""

    id: str
    name: str
    door: str
    hub_confirmed: bool
    state: str
    image_rights: str | None
    registered_at: str
    days: list[str]
    """Ids of the days they chose, in force or not; empty: every day."""
    headcount: int | None


class DayCountAnswer(BaseModel):
    """Confirmed registrations for one day, by door. `off`: `cancelled`, `over`, or empty."""

    day: str
    date: str
    off: str
    doors: dict[str, int]


class PeopleAnswer(BaseModel):
    """`days` is empty for an event of one day."""

    people: list[RegistrantAnswer]
    more: str
    days: list[DayCountAnswer]


class UndeliveredAnswer(BaseModel):
    id: str
    person: str
    name: str
    at: str


class MailAnswer(BaseModel):
    """`troubled_since`: no mail has left since; null when the last attempt went well. `given_up`: mails that will not be sent any more."""

    troubled_since: str | None
    given_up: list[UndeliveredAnswer]


class RecordsApi:
    def __init__(self, records: Records, undeliverable: Undeliverable) -> None:
        self._records = records
        self._undeliverable = undeliverable

    def routes(self) -> list[Route]:
        return [*self._reading(), *self._deciding()]

    def _reading(self) -> list[Route]:
        return [
            Route(
                "GET",
                f"{PREFIX}/people",
                self.people,
                "listPeople",
                "Whoever registered, by name (`?search=`, `?day=`, `?after=` the `more` of the page before), and how many for each day",
                who=Who.PASS,
                action="person.read",
                answers={200: PeopleAnswer},
                limit=LISTING,
            ),
            Route(
                "GET",
                f"{PREFIX}/mail",
                self.mail,
                "readMail",
                "Whether mails leave, and which will not any more",
                who=Who.PASS,
                action="mail.read",
                answers={200: MailAnswer},
                limit=LISTING,
            ),
        ]

    def _deciding(self) -> list[Route]:
        return [
            Route(
                "POST",
                f"{PREFIX}/people/{{id}}/hub",
                self.confirm_hub,
                "confirmHub",
                "Confirm a local hub: from then on it counts as one",
                who=Who.PASS,
                action="person.confirm_hub",
                answers={204: None},
                errors=("registration.person_unknown", "registration.no_hub"),
                limit=REVOCATIONS,
            ),
            Route(
                "POST",
                f"{PREFIX}/people/{{id}}/revocation",
                self.revoke,
                "revokePerson",
                "Withdraw a person's access at once",
                who=Who.PASS,
                action="person.revoke",
                body=RevocationBody,
                answers={204: None},
                errors=("registration.person_unknown",),
                limit=REVOCATIONS,
            ),
        ]

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        body: RevocationBody = request[BODY_KEY]
        await self._records.revoke(request.match_info["id"], body.reason)
        return web.Response(status=204, headers=PRIVATE)

    async def people(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        page = await self._records.registrants(query.get("search", ""), query.get("after", ""), query.get("day", ""))
        days = [shown_count(one) for one in await self._records.by_day()]
        people = [shown_registrant(one) for one in page.people]
        return web.json_response({"people": people, "more": page.more, "days": days}, headers=PRIVATE)

    async def mail(self, _: web.Request) -> web.StreamResponse:
        since = await self._undeliverable.troubled_since()
        given_up = [
            {"id": one.id, "person": one.person, "name": one.name, "at": to_text(one.at)} for one in await self._undeliverable.given_up()
        ]
        return web.json_response({"troubled_since": to_text(since) if since else None, "given_up": given_up}, headers=PRIVATE)

    async def confirm_hub(self, request: web.Request) -> web.StreamResponse:
        await self._records.confirm_hub(request.match_info["id"])
        return web.Response(status=204, headers=PRIVATE)


def shown_registrant(person: domain.Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.shown(None).name,
        "door": person.shown(None).door,
        "hub_confirmed": person.hub_confirmed,
        "state": person.state.value,
        "image_rights": person.image_choice,
        "registered_at": to_text(person.registered_at),
        "days": list(person.shown(None).days),
        "headcount": person.shown(None).headcount,
    }


def shown_count(count: DayCount) -> dict[str, Any]:
    return {"day": count.day.id, "date": count.day.date.isoformat(), "off": count.day.off, "doors": dict(count.doors)}
