"""The two forms that strangers fill in: registering, and asking for one's link again. Both work without script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from services.registration.limits import ASKING_FOR_LINK, LOOKING, REGISTERING
from services.registration.pages import posting
from services.registration.pages.asked import QuestionShown, answers_of, shown
from services.registration.pages.choices import choices, days_of
from services.registration.pages.frame import Frame, page_route, see_other
from services.registration.pages.places import doors_now
from services.registration.people import access
from services.registration.people.form import Form
from services.registration.places.app import Seating
from shared.errors import Conflict, Invalid
from shared.service.route import Route

FORM: Final = "inscription.html"


class Forms:
    def __init__(self, frame: Frame, seating: Seating) -> None:
        self._frame, self._seating = frame, seating

    def routes(self) -> list[Route]:
        return [
            page_route("GET", "/inscription", self.form, "registrationForm", "The registration form", LOOKING),
            page_route("GET", "/link", self.hint, "linkForm", "Ask for one's personal link again", LOOKING),
            page_route("POST", "/inscription", self.register, "registerByForm", "The form, without script", REGISTERING),
            page_route("POST", "/link", self.ask_for_link, "askForLinkByForm", "The link again, without script", ASKING_FOR_LINK),
        ]

    async def form(self, request: web.Request) -> web.StreamResponse:
        await self._frame.visibility.require(request)
        return await self._show(request, FORM, {"door": request.query.get("door", "")})

    async def hint(self, request: web.Request) -> web.StreamResponse:
        if await self._frame.has_to_prove(request):
            response: web.StreamResponse = see_other(access.LOGIN)
            if to := access.way_back(request.query.get("to", "")):
                self._frame.cookies.keep_way_back(response, to)
            return response
        response = await self._show(request, "hint.html", {})
        if to := access.way_back(request.query.get("to", "")):
            self._frame.cookies.keep_way_back(response, to)
        return response

    async def register(self, request: web.Request) -> web.StreamResponse:
        async def take(fields: Mapping[str, str]) -> None:
            language = fields.get("language", self._frame.language(request))
            given = {name: fields.get(name, "") for name in ("name", "email", "door", "image_rights", "headcount")}
            answers = answers_of(fields, self._frame.publishing.questions())
            form = Form(
                given["name"], given["email"], given["door"], language, given["image_rights"], days_of(fields), given["headcount"], answers
            )
            await self._frame.registration.register(form)

        return await self._take(request, FORM, take)

    async def ask_for_link(self, request: web.Request) -> web.StreamResponse:
        async def take(fields: Mapping[str, str]) -> None:
            await self._frame.registration.request_link(fields.get("email", ""), fields.get("to", ""))

        return await self._take(request, "hint.html", take)

    async def _take(self, request: web.Request, template: str, take: Callable[[Mapping[str, str]], Awaitable[None]]) -> web.StreamResponse:
        frame = self._frame
        posted = await posting.receive(request, frame.ports.secrets, frame.settings.origin, frame.ports.clock())
        if not posted.machine:
            try:
                await posted.wait_until_read()
                await take(posted.fields)
            except Invalid as refused:
                return await self._show(request, template, posted.fields, frame.refusal(request, refused), status=422)
            except Conflict as refused:  # the event takes nobody any more: the page says so in its own words
                return await self._show(request, template, posted.fields, frame.refusal(request, refused), status=409)
        return see_other(f"{request.path}?sent=1")

    async def _show(
        self, request: web.Request, template: str, values: Mapping[str, str], refusal: Mapping[str, Any] | None = None, *, status: int = 200
    ) -> web.Response:
        names = ("name", "email", "door", "language", "image_rights", "headcount")
        questions = self._questions(values) if template == FORM else ()
        context = {
            "values": {name: values.get(name, "") for name in names},
            "state": self._frame.publishing.state(self._frame.ports.clock()),
            "days": choices(self._frame.publishing.open_days(self._frame.ports.clock()), days_of(values)),
            "questions": questions,
            "asked_labels": {one.name: one.asked.question for one in questions},
            "standing": doors_now(await self._seating.states()) if template == FORM else {},
            "to": access.way_back(values.get("to") or request.query.get("to", "")),
            "sent": request.query.get("sent") == "1" and refusal is None,
            "stamp": posting.stamp(self._frame.ports.secrets, self._frame.ports.clock()),
            **(refusal or {"notice": "", "errors": {}}),
        }
        return await self._frame.page(request, template, context, status=status)

    def _questions(self, values: Mapping[str, str]) -> tuple[QuestionShown, ...]:
        if not self._frame.publishing.state(self._frame.ports.clock()).takes:
            return ()
        questions = self._frame.publishing.questions()
        return shown(questions, answers_of(values, questions))
