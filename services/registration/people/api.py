"""The JSON interface of people: register, get a link, who am I, a pass, leave; for operators the list of people and what they may do.

Parse, call a use case, render.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, Field

from services.registration.limits import ASKING_FOR_LINK, LISTING, PASSES, REGISTERING, REVOCATIONS
from services.registration.people import access, domain
from services.registration.people.app import Registration
from services.registration.people.cookies import Cookies
from services.registration.people.delivery import Undeliverable
from services.registration.people.form import Form
from services.registration.people.records import Records
from services.registration.programme.app import Publishing
from shared.auth.watch_keys import playlist_path
from shared.clock import to_text
from shared.config import Settings
from shared.http.caching import PRIVATE
from shared.http.security import CLEAR_ON_LEAVING, require_same_origin
from shared.service.route import BODY_KEY, Body, Route, Who

PREFIX: Final = "/api/registration"
_Short = Annotated[str, Field(max_length=400)]
"""Longer than any good value: the domain says what is wrong with those in between."""


class RegistrationBody(Body):
    name: _Short
    email: _Short
    door: _Short
    language: _Short
    image_rights: _Short


class LinkBody(Body):
    email: _Short


class RevocationBody(Body):
    reason: Annotated[str, Field(min_length=1, max_length=domain.MOST_REASON)]


class MailSent(BaseModel):
    state: str


class Me(BaseModel):
    person: str
    name: str
    duty: str
    door: str
    language: str
    event: str
    sessions: list[str]
    page: str


class PassHolder(BaseModel):
    id: str
    name: str
    duty: str
    door: str
    language: str


class RegistrantAnswer(BaseModel):
    """A person for operators. No address: what operators need is who, by which door, and whether they may come in."""

    id: str
    name: str
    door: str
    hub_confirmed: bool
    state: str
    image_rights: str | None
    registered_at: str


class PeopleAnswer(BaseModel):
    people: list[RegistrantAnswer]
    more: str


class UndeliveredAnswer(BaseModel):
    id: str
    person: str
    name: str
    at: str


class MailAnswer(BaseModel):
    """`troubled_since`: no mail has left since; null when the last attempt went well. `given_up`: mails that will not be sent any more."""

    troubled_since: str | None
    given_up: list[UndeliveredAnswer]


class PassAnswer(BaseModel):
    pass_: str = Field(alias="pass")
    expires_at: str
    person: PassHolder
    feed_url: str
    hls_url: str | None


class PeopleApi:
    def __init__(
        self,
        settings: Settings,
        registration: Registration,
        records: Records,
        undeliverable: Undeliverable,
        publishing: Publishing,
        cookies: Cookies,
    ) -> None:
        self._settings = settings
        self._registration = registration
        self._records = records
        self._undeliverable = undeliverable
        self._publishing = publishing
        self._cookies = cookies

    def routes(self) -> list[Route]:
        no_session = ("registration.no_session",)
        return [
            Route(
                "POST",
                f"{PREFIX}/registrations",
                self.register,
                "register",
                "Register; the answer is the same whether or not the address is known",
                body=RegistrationBody,
                answers={202: MailSent},
                errors=("registration.form", "registration.busy"),
                limit=REGISTERING,
            ),
            Route(
                "POST",
                f"{PREFIX}/links",
                self.request_link,
                "requestLink",
                "Ask for one's personal link again; always the same answer",
                body=LinkBody,
                answers={202: MailSent},
                errors=("registration.form", "registration.busy"),
                limit=ASKING_FOR_LINK,
            ),
            Route(
                "GET",
                f"{PREFIX}/me",
                self.me,
                "whoAmI",
                "The person of this browser's session",
                who=Who.SESSION,
                answers={200: Me},
                errors=no_session,
            ),
            Route(
                "POST",
                f"{PREFIX}/pass",
                self.issue_pass,
                "issuePass",
                "A pass of ten minutes for the other services",
                who=Who.SESSION,
                answers={200: PassAnswer},
                errors=(*no_session, "request.cross_origin"),
                limit=PASSES,
            ),
            Route(
                "POST",
                f"{PREFIX}/leave",
                self.leave,
                "leave",
                "End this browser's session",
                who=Who.SESSION,
                answers={204: None},
                errors=("request.cross_origin",),
            ),
            Route(
                "GET",
                f"{PREFIX}/people",
                self.people,
                "listPeople",
                "Whoever registered, by name (`?search=`, `?after=` the `more` of the page before)",
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

    async def register(self, request: web.Request) -> web.StreamResponse:
        body: RegistrationBody = request[BODY_KEY]
        await self._registration.register(
            Form(name=body.name, email=body.email, door=body.door, language=body.language, image_rights=body.image_rights)
        )
        return web.json_response({"state": "mail_sent"}, status=202, headers=PRIVATE)

    async def request_link(self, request: web.Request) -> web.StreamResponse:
        body: LinkBody = request[BODY_KEY]
        await self._registration.request_link(body.email)
        return web.json_response({"state": "mail_sent"}, status=202, headers=PRIVATE)

    async def me(self, request: web.Request) -> web.StreamResponse:
        caller = await self._registration.who_is(self._cookies.session_of(request))
        person = caller.person
        answer = {
            "person": person.id,
            "name": person.name,
            "duty": person.duty,
            "door": person.attendance,
            "language": person.language,
            "event": person.event,
            "sessions": list(caller.session.sessions),
            "page": access.home_of(person),
        }
        return web.json_response(answer, headers=PRIVATE)

    async def issue_pass(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        signed, caller = await self._registration.issue_pass(self._cookies.session_of(request))
        person, stage = caller.person, self._publishing.stage
        answer: dict[str, Any] = {
            "pass": signed.text,
            "expires_at": to_text(signed.expires_at),
            "person": {"id": person.id, "name": person.name, "duty": person.duty, "door": person.attendance, "language": person.language},
            "feed_url": self._settings.feed_address,
            "hls_url": playlist_path(stage) if stage else None,
        }
        response = web.json_response(answer, headers=PRIVATE)
        self._cookies.keep_media(response, signed.media)
        return response

    async def leave(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        await self._registration.leave(self._cookies.session_of(request))
        response = web.Response(status=204, headers={**PRIVATE, **CLEAR_ON_LEAVING})
        self._cookies.forget(response)
        return response

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        body: RevocationBody = request[BODY_KEY]
        await self._records.revoke(request.match_info["id"], body.reason)
        return web.Response(status=204, headers=PRIVATE)

    async def people(self, request: web.Request) -> web.StreamResponse:
        page = await self._records.registrants(request.query.get("search", ""), request.query.get("after", ""))
        return web.json_response({"people": [shown_registrant(one) for one in page.people], "more": page.more}, headers=PRIVATE)

    async def mail(self, _: web.Request) -> web.StreamResponse:
        since = self._undeliverable.outlook.troubled_since
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
    }
