"""The JSON interface: who am I, a pass, register, get a link, the programme, revoke. Parse, call a use case, render.

What must not be here: rules, the store, pages.
"""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel, Field

from services.registration.pages.pages import ASKING_FOR_LINK, REGISTERING
from services.registration.pages.qr import svg_of
from services.registration.people import access, domain
from services.registration.people.app import Registration
from services.registration.people.cookies import Cookies
from services.registration.people.form import Form
from services.registration.programme.app import MOST_TEXT, Publication
from shared.clock import to_text
from shared.config import Settings
from shared.errors import NotFound
from shared.http.security import require_same_origin
from shared.service.ports import Ports
from shared.service.route import BODY_KEY, Body, RateLimit, Route, Who

PREFIX: Final = "/api/registration"
PASSES: Final = RateLimit(600, 60)
"""Passes per client address: a hall of some hundred phones behind one address renews each every few minutes."""
IMPORTS: Final = RateLimit(30, 60)
REVOCATIONS: Final = RateLimit(120, 60)
MOST_IMPORT_BYTES: Final = 700_000
OPEN: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""What is public may be read from any site."""
PUBLIC_CACHE: Final = {**OPEN, "Cache-Control": "public, max-age=30"}
PRIVATE: Final = {"Cache-Control": "no-store"}
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


class ProgrammeBody(Body):
    yaml: Annotated[str, Field(max_length=MOST_TEXT)]
    completion: Annotated[str, Field(max_length=MOST_TEXT)] | None = None
    expected_version: Annotated[int, Field(ge=0)]


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


class PassAnswer(BaseModel):
    pass_: str = Field(alias="pass")
    expires_at: str
    person: PassHolder
    feed_url: str
    hls_url: str | None


class NowAnswer(BaseModel):
    now: str | None
    next: str | None
    at: str


class ImportWarning(BaseModel):
    path: str
    code: str
    params: dict[str, Any]
    sentences: dict[str, str]


class ImportAnswer(BaseModel):
    version: int
    warnings: list[ImportWarning]


class Api:
    def __init__(self, ports: Ports, settings: Settings, registration: Registration, publication: Publication, cookies: Cookies) -> None:
        self._ports = ports
        self._settings = settings
        self._registration = registration
        self._publication = publication
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
                f"{PREFIX}/programme",
                self.programme,
                "readProgramme",
                "The whole public programme",
                answers={200: "application/json"},
            ),
            Route("GET", f"{PREFIX}/now", self.now, "readNow", "What is on now and what comes next", answers={200: NowAnswer}),
            Route(
                "POST",
                f"{PREFIX}/programme",
                self.import_programme,
                "importProgramme",
                "Import a programme; one with an error changes nothing",
                who=Who.PASS,
                action="programme.import",
                body=ProgrammeBody,
                answers={200: ImportAnswer},
                errors=("programme.invalid", "registration.programme_stale"),
                limit=IMPORTS,
                most_bytes=MOST_IMPORT_BYTES,
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
        person, stage = caller.person, self._publication.stage
        answer: dict[str, Any] = {
            "pass": signed.text,
            "expires_at": to_text(signed.expires_at),
            "person": {"id": person.id, "name": person.name, "duty": person.duty, "door": person.attendance, "language": person.language},
            "feed_url": self._settings.feed_address,
            "hls_url": f"/hls/{stage}/index.m3u8" if stage else None,
        }
        response = web.json_response(answer, headers=PRIVATE)
        self._cookies.keep_media(response, signed.media)
        return response

    async def leave(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        await self._registration.leave(self._cookies.session_of(request))
        response = web.Response(status=204, headers=PRIVATE)
        self._cookies.forget(response)
        return response

    async def programme(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(self._publication.public(self._ports.clock()), headers=PUBLIC_CACHE)

    async def now(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(self._publication.now_next(self._ports.clock()), headers={**OPEN, "Cache-Control": "public, max-age=5"})

    async def import_programme(self, request: web.Request) -> web.StreamResponse:
        body: ProgrammeBody = request[BODY_KEY]
        version, found = await self._publication.import_texts(body.yaml, body.completion, expected_version=body.expected_version)
        warnings = [
            {
                "path": one.path,
                "code": one.code,
                "params": dict(one.params or {}),
                "sentences": self._ports.messages.sentences(one.code, one.params or {}),
            }
            for one in found
        ]
        return web.json_response({"version": version, "warnings": warnings}, headers=PRIVATE)

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        body: RevocationBody = request[BODY_KEY]
        await self._registration.revoke(request.match_info["id"], body.reason)
        return web.Response(status=204, headers=PRIVATE)


class Files:
    """The public files beside the pages: calendars, the theme, what robots and browsers ask for by themselves."""

    def __init__(self, ports: Ports, publication: Publication, icon: bytes) -> None:
        self._ports = ports
        self._publication = publication
        self._icon = icon

    def routes(self) -> list[Route]:
        return [
            Route("GET", "/calendar.ics", self.calendar, "readCalendar", "The whole day for a calendar", answers={200: "text/calendar"}),
            Route(
                "GET",
                "/sessions/{id}.ics",
                self.session_calendar,
                "readSessionCalendar",
                "One session for a calendar",
                answers={200: "text/calendar"},
                errors=("registration.session_unknown",),
            ),
            Route(
                "GET",
                "/qr.svg",
                self.qr,
                "readRoomCode",
                "The way to a session's questions as a QR code (`?session=`)",
                answers={200: "image/svg+xml"},
                errors=("registration.session_unknown",),
                internal=True,
            ),
            Route("GET", "/theme.css", self.theme, "readTheme", "The organiser's colours", answers={200: "text/css"}, internal=True),
            Route("GET", "/favicon.svg", self.favicon, "readIcon", "The sign of the site", answers={200: "image/svg+xml"}, internal=True),
            Route("GET", "/favicon.ico", self.favicon, "readIconByOldName", "The same", answers={200: "image/svg+xml"}, internal=True),
            Route("GET", "/robots.txt", self.robots, "readRobots", "What robots may visit", answers={200: "text/plain"}, internal=True),
        ]

    async def calendar(self, request: web.Request) -> web.StreamResponse:
        return self._ics(self._publication.calendar(self._ports.clock()), self._publication.event_id)

    async def session_calendar(self, request: web.Request) -> web.StreamResponse:
        id = request.match_info["id"]
        if not self._publication.has_session(id):
            raise NotFound("registration.session_unknown")
        return self._ics(self._publication.calendar(self._ports.clock(), session=id), id)

    async def qr(self, request: web.Request) -> web.StreamResponse:
        session = request.query.get("session", "")
        if not self._publication.has_session(session):
            raise NotFound("registration.session_unknown")
        address = f"{self._publication.site_url}room?{urlencode({'session': session})}"
        return web.Response(body=svg_of(address), content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})

    @staticmethod
    def _ics(text: str, name: str) -> web.Response:
        headers = {**PUBLIC_CACHE, "Content-Disposition": f'attachment; filename="{name}.ics"'}
        return web.Response(text=text, content_type="text/calendar", charset="utf-8", headers=headers)

    async def theme(self, _: web.Request) -> web.StreamResponse:
        headers = {"Cache-Control": "public, max-age=60"}
        return web.Response(text=self._publication.theme_css, content_type="text/css", charset="utf-8", headers=headers)

    async def favicon(self, _: web.Request) -> web.StreamResponse:
        return web.Response(body=self._icon, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})

    async def robots(self, _: web.Request) -> web.StreamResponse:
        closed = "".join(f"Disallow: {path}\n" for path in ("/l/", "/api/", "/link", "/hls/", *access.PAGES))
        return web.Response(text=f"User-agent: *\n{closed}", headers={"Cache-Control": "public, max-age=86400"})
