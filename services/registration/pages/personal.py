"""The pages of one person: where a personal link leads, their own place, withdrawing, leaving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from services.registration.answers.store import AnswerStore
from services.registration.door.tickets import Tickets
from services.registration.limits import CHANGING, ENTERING, LOOKING
from services.registration.pages import asked, posting
from services.registration.pages.choices import choices, days_of
from services.registration.pages.frame import Frame, page_route, see_other, to_link_page
from services.registration.pages.places import doors_now, held_now
from services.registration.people import access
from services.registration.people.app import Caller, Entrance
from services.registration.people.credentials import LinkState
from services.registration.people.diary import begins_at, own_calendar
from services.registration.people.domain import Person
from services.registration.people.records import Records
from services.registration.people.wanted import Changes
from services.registration.places.app import Seating
from services.registration.programme.open_days import coming, lost
from shared.errors import Conflict, Denied, Invalid, NotFound, Unauthenticated
from shared.http import language
from shared.http.caching import PRIVATE
from shared.http.security import CLEAR_ON_LEAVING, require_same_origin
from shared.service.route import Route

STATUS_OF_LINK: Final[Mapping[LinkState, int]] = {LinkState.OK: 200, LinkState.UNKNOWN: 404}
GONE: Final = 410
LATE: Final = ("no_offer", "offer_over", "not_waiting")
"""Codes of what a button on places may meet."""


class PersonalPages:
    def __init__(self, frame: Frame, records: Records, answers: AnswerStore, tickets: Tickets, seating: Seating) -> None:
        self._frame, self._seating = frame, seating
        self._answers = answers
        self._tickets = tickets
        self._records = records

    def routes(self) -> list[Route]:
        return [
            page_route(
                "GET", "/l/{token}", self.link, "personalLink", "Where a personal link leads: harmless, nothing opens by itself", LOOKING
            ),
            page_route("POST", "/l/{token}", self.enter, "enter", "“Entrer”: opens a session", ENTERING),
            page_route("GET", "/place", self.place, "place", "One's own place", LOOKING),
            page_route("POST", "/place", self.change_place, "changePlace", "Change one's door, language or image choice", CHANGING),
            page_route("GET", "/place.ics", self.calendar, "placeCalendar", "One's own days for a calendar", LOOKING),
            page_route("GET", "/withdraw", self.ask_before_withdrawing, "withdrawPage", "Asks before a registration ends", LOOKING),
            page_route("POST", "/withdraw", self.withdraw, "withdraw", "End one's registration: name and address are erased", CHANGING),
            page_route("POST", "/leave", self.leave, "leaveByForm", "End the session", CHANGING),
        ]

    # --- coming in --------------------------------------------------------------------------------------------------------
    async def link(self, request: web.Request) -> web.StreamResponse:
        return await self._entrance(request, await self._frame.registration.look(request.match_info["token"]))

    async def enter(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._frame.settings.origin)
        try:
            token, caller = await self._frame.registration.enter(request.match_info["token"])
        except (NotFound, Unauthenticated):
            entrance = await self._frame.registration.look(request.match_info["token"])
            return await self._entrance(request, Entrance(entrance.state))
        stage, to = request.query.get("stage"), request.query.get("to") or self._frame.cookies.way_back_of(request)
        response = see_other(access.home_of(caller.person, stage if stage in self._frame.publishing.stages else None, to))
        self._frame.cookies.keep_way_back(response, "")
        if self._frame.registration.rules.must_prove(caller.person):
            response = see_other(access.LOGIN)
            self._frame.cookies.keep_way_back(response, access.way_back(to))
        self._frame.cookies.keep_session(response, token)
        if language.COOKIE not in request.cookies and caller.person.kind == "registrant":
            self._frame.cookies.keep_language(response, caller.person.language)
        return response

    async def leave(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._frame.settings.origin)
        await self._frame.registration.leave(self._frame.cookies.session_of(request))
        return self._out()

    async def _entrance(self, request: web.Request, entrance: Entrance) -> web.StreamResponse:
        state = entrance.state
        context = {
            "name": entrance.name,
            "duty": entrance.duty,
            "state": state.value,
            "query": urlencode({name: request.query[name] for name in ("stage", "to") if request.query.get(name)}),
            "person": None,
        }
        status = STATUS_OF_LINK.get(state, GONE)
        response = await self._frame.page(request, "enter.html", context, status=status, preferred=entrance.language)
        # The token stands in the path: other pages of ours must not learn it, yet the form's Origin header must stay.
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    # --- being in ---------------------------------------------------------------------------------------------------------
    async def place(self, request: web.Request) -> web.StreamResponse:
        caller = await self._frame.caller(request)
        if caller is not None and caller.person.kind == "hall":
            return see_other(access.hall_home(caller.session.sessions[0]))
        return to_link_page(request) if caller is None else await self._place(request, caller)

    async def _place(
        self, request: web.Request, caller: Caller, refused: Invalid | None = None, said: Mapping[str, str] | None = None
    ) -> web.StreamResponse:
        """`said`: the form that was refused: what was written in it is not lost."""
        context = {
            "links": [{"path": path, "key": path[1:]} for path in access.pages_of(caller.person) if path != "/place"],
            **self._standing(caller.person, said or {}),
            "ticket": self._tickets.code_of(caller.person.id) if caller.person.has_ticket else "",
            **await self._lines(request, caller.person),
            "told": await self._answers.of_author(caller.person.id),
            "saved": request.query.get("saved") == "1" and refused is None,
            **({"notice": "", "errors": {}} if refused is None else self._frame.refusal(request, refused)),
        }
        return await self._frame.page(request, "place.html", context, caller=caller, status=200 if refused is None else 422)

    def _standing(self, person: Person, said: Mapping[str, str]) -> dict[str, Any]:
        """How the event stands, on which days its holder comes, and when the next of them begins (None while unknown)."""
        publishing, now = self._frame.publishing, self._frame.ports.clock()
        days = publishing.open_days(now)
        mine, gone = coming(person.days, person.door, days), lost(person.days, days)
        questions = publishing.questions() if person.kind == "registrant" else ()
        begins, zone = begins_at(publishing, person, now), ZoneInfo(publishing.running.programme.event.timezone)
        return {
            "state": publishing.state(now),
            "begins": begins.astimezone(zone) if begins else None,
            "days": choices(days, [day.id for day in mine], always=bool(gone)),
            "mine": [{"date": day.date.isoformat(), "off": day.off} for day in mine] if len(days) > 1 else [],
            "lost_days": gone,
            "questions": asked.shown(questions, asked.answers_of(said, questions) if said else asked.kept(person.answers)),
        }

    async def _lines(self, request: web.Request, person: Person) -> dict[str, Any]:
        """What they have in line, how the doors stand, and why a button that was pressed did nothing, as a sentence."""
        frame = self._frame
        if frame.visibility.veils(person.duty):
            return {"held": [], "standing": {}, "late": ""}
        held = await held_now(self._seating, person, frame.publishing.open_days(frame.ports.clock()))
        late = request.query.get("late", "")
        sentence = frame.sentence(Conflict(f"registration.{late}"), frame.language(request)) if late in LATE else ""
        return {"held": held, "standing": doors_now(await self._seating.states()), "late": sentence}

    async def calendar(self, request: web.Request) -> web.StreamResponse:
        """One's own days, without the personal link. Raises Unauthenticated("registration.no_session")."""
        frame, now = self._frame, self._frame.ports.clock()
        person = (await frame.registration.who_is(frame.cookies.session_of(request))).person
        await frame.visibility.require(request)
        calendar = own_calendar(frame.publishing, frame.ports.messages, person, now)
        if not calendar:
            raise NotFound("programme.date_unknown")
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{frame.publishing.event_id}.ics"'}
        return web.Response(text=calendar, content_type="text/calendar", charset="utf-8", headers=headers)

    async def change_place(self, request: web.Request) -> web.StreamResponse:
        frame = self._frame
        fields, token = await posting.read(request, frame.settings.origin), frame.cookies.session_of(request)
        try:
            changes = Changes(
                fields.get("door"),
                fields.get("language"),
                fields.get("image_rights"),
                days_of(fields),
                fields.get("headcount"),
                asked.answers_of(fields, frame.publishing.questions()) if fields.get(asked.MARK) else None,
            )
            caller = await frame.registration.change_place(token, changes)
        except Invalid as refused:
            return await self._place(request, await frame.registration.who_is(token), refused, fields)
        response = see_other("/place?saved=1")
        if chosen := fields.get("language"):
            frame.cookies.keep_language(response, chosen if chosen in frame.ports.messages.languages else caller.person.language)
        return response

    # --- going ------------------------------------------------------------------------------------------------------------
    async def ask_before_withdrawing(self, request: web.Request) -> web.StreamResponse:
        caller = await self._frame.caller(request)
        if caller is None:
            return to_link_page(request)
        if caller.person.kind != "registrant":
            raise Denied("registration.place_fixed")
        return await self._frame.page(request, "withdraw.html", {}, caller=caller)

    async def withdraw(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._frame.settings.origin)
        caller = await self._frame.registration.who_is(self._frame.cookies.session_of(request))
        await self._records.erase(caller.person.id)
        return self._out()

    def _out(self) -> web.Response:
        response = see_other("/")
        response.headers.update(CLEAR_ON_LEAVING)
        self._frame.cookies.forget(response)
        return response
