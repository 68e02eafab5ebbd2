"""The JSON interface of people for themselves: register, get a link, who am I, a pass, leave.

Parse, call a use case, render.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, Field

from services.registration.limits import ASKING_FOR_LINK, CHANGING, PASSES, REGISTERING
from services.registration.people import access
from services.registration.people.app import Caller, Registration
from services.registration.people.cookies import Cookies
from services.registration.people.form import MOST_FORM_BYTES, Form
from services.registration.people.wanted import Changes
from services.registration.programme.app import Publishing
from services.registration.programme.open_days import coming, lost
from services.registration.programme.state import REFUSALS
from shared.auth.watch_keys import playlist_path
from shared.clock import to_text
from shared.config import Settings
from shared.http.caching import PRIVATE
from shared.http.security import CLEAR_ON_LEAVING, require_same_origin
from shared.service.ports import Ports
from shared.service.route import BODY_KEY, Body, Route, Who

PREFIX: Final = "/api/registration"
NO_SESSION: Final = ("registration.no_session", "registration.hall_over")
MOST_QUESTIONS: Final = 50
MOST_OPTIONS: Final = 100
"""Of one message; a form asks fewer."""
MOST_DAYS: Final = 100
"""Days named in one message; an event has fewer."""
_Short = Annotated[str, Field(max_length=400)]
"""Longer than any good value: the domain says what is wrong with those in between."""
_Days = Annotated[list[_Short] | None, Field(max_length=MOST_DAYS)]
"""Ids of days (`day_choices` of the programme); without the field every day."""


_Answers = Annotated[
    dict[_Short, Annotated[list[Annotated[str, Field(max_length=2000)]], Field(max_length=MOST_OPTIONS)]], Field(max_length=MOST_QUESTIONS)
]
"""The id of a question (`registration.questions` of the programme) → the options, `yes` or `no`, or the one text."""


class RegistrationBody(Body):
    name: _Short
    email: _Short
    door: _Short
    language: _Short
    image_rights: _Short
    days: _Days = None
    headcount: int | None = None
    answers: _Answers | None = None


class PlaceBody(Body):
    """What is not given stays as it is."""

    door: _Short | None = None
    language: _Short | None = None
    image_rights: _Short | None = None
    days: _Days = None
    headcount: int | None = None
    answers: _Answers | None = None


class LinkBody(Body):
    """`to`: the page of this site that the link is to lead to, such as `/watch?session=…`; anything else is ignored."""

    email: _Short
    to: _Short = ""


class MailSent(BaseModel):
    state: str


class Me(BaseModel):
    """`days`: ids of the days they come, as the event stands; `lost_days`: days they chose that the event has no more."""

    person: str
    name: str
    duty: str
    door: str
    language: str
    event: str
    sessions: list[str]
    page: str
    image_rights: str | None
    days: list[str]
    lost_days: list[str]
    headcount: int | None
    answers: dict[str, list[str]]
    """The id of a question → what they answered."""


class PassHolder(BaseModel):
    id: str
    name: str
    duty: str
    door: str
    language: str


class PassAnswer(BaseModel):
    pass_: str = Field(alias="pass")
    expires_at: str
    person: PassHolder
    feed_url: str
    hls_urls: dict[str, str]
    """Stage id → where its stream is found."""


class PeopleApi:
    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        registration: Registration,
        publishing: Publishing,
        cookies: Cookies,
    ) -> None:
        self._ports = ports
        self._settings = settings
        self._registration = registration
        self._publishing = publishing
        self._cookies = cookies

    def routes(self) -> list[Route]:
        return [*self._for_strangers(), *self._for_a_person(), *self._for_a_browser()]

    def _for_strangers(self) -> list[Route]:
        return [
            Route(
                "POST",
                f"{PREFIX}/registrations",
                self.register,
                "register",
                "Register; the answer is the same whether or not the address is known",
                body=RegistrationBody,
                most_bytes=MOST_FORM_BYTES,
                answers={202: MailSent},
                errors=("registration.form", "registration.busy", *REFUSALS),
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
        ]

    def _for_a_person(self) -> list[Route]:
        return [
            Route(
                "GET",
                f"{PREFIX}/me",
                self.me,
                "whoAmI",
                "The person of this browser's session",
                who=Who.SESSION,
                answers={200: Me},
                errors=NO_SESSION,
            ),
            Route(
                "PATCH",
                f"{PREFIX}/me",
                self.change_me,
                "changeMe",
                "Change one's door, language, image choice, days or answers",
                who=Who.SESSION,
                body=PlaceBody,
                most_bytes=MOST_FORM_BYTES,
                answers={200: Me},
                errors=(*NO_SESSION, "registration.form", "registration.place_fixed", "registration.busy", "request.cross_origin"),
                limit=CHANGING,
            ),
        ]

    def _for_a_browser(self) -> list[Route]:
        return [
            Route(
                "POST",
                f"{PREFIX}/pass",
                self.issue_pass,
                "issuePass",
                "A pass of ten minutes for the other services",
                who=Who.SESSION,
                answers={200: PassAnswer},
                errors=(*NO_SESSION, "request.cross_origin"),
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
        ]

    async def register(self, request: web.Request) -> web.StreamResponse:
        body: RegistrationBody = request[BODY_KEY]
        headcount = _text(body.headcount) or ""
        form = Form(body.name, body.email, body.door, body.language, body.image_rights, body.days, headcount, body.answers or {})
        await self._registration.register(form)
        return web.json_response({"state": "mail_sent"}, status=202, headers=PRIVATE)

    async def request_link(self, request: web.Request) -> web.StreamResponse:
        body: LinkBody = request[BODY_KEY]
        await self._registration.request_link(body.email, body.to)
        return web.json_response({"state": "mail_sent"}, status=202, headers=PRIVATE)

    async def me(self, request: web.Request) -> web.StreamResponse:
        return self._me(await self._registration.who_is(self._cookies.session_of(request)))

    async def change_me(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        body: PlaceBody = request[BODY_KEY]
        changes = Changes(body.door, body.language, body.image_rights, body.days, headcount=_text(body.headcount), answers=body.answers)
        return self._me(await self._registration.change_place(self._cookies.session_of(request), changes))

    def _me(self, caller: Caller) -> web.Response:
        person, days = caller.person, self._publishing.open_days(self._ports.clock())
        answer = {
            "person": person.id,
            "name": person.name,
            "duty": person.duty,
            "door": person.attendance,
            "language": person.language,
            "event": person.event,
            "sessions": list(caller.session.sessions),
            "page": access.home_of(person),
            "image_rights": person.image_choice,
            "days": [day.id for day in coming(person.days, person.door, days)],
            "lost_days": list(lost(person.days, days)),
            "headcount": person.headcount,
            "answers": {one.question: list(one.values) for one in person.answers},
        }
        return web.json_response(answer, headers=PRIVATE)

    async def issue_pass(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        signed, caller = await self._registration.issue_pass(self._cookies.session_of(request))
        person = caller.person
        answer: dict[str, Any] = {
            "pass": signed.text,
            "expires_at": to_text(signed.expires_at),
            "person": {
                "id": person.id,
                "name": person.name,
                "duty": person.duty,
                "door": person.attendance,
                "language": person.language,
                "people": person.people,
            },
            "feed_url": self._settings.feed_address,
            "hls_urls": {stage: playlist_path(stage) for stage in self._publishing.stages},
        }
        response = web.json_response(answer, headers=PRIVATE)
        if signed.media:
            self._cookies.keep_media(response, signed.media)
        return response

    async def leave(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        await self._registration.leave(self._cookies.session_of(request))
        response = web.Response(status=204, headers={**PRIVATE, **CLEAR_ON_LEAVING})
        self._cookies.forget(response)
        return response


def _text(number: int | None) -> str | None:
    """As a form would bring it."""
    return None if number is None else str(number)
