"""The event page and the live pages: server-rendered, complete without script where they can be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.registration.limits import LOOKING
from services.registration.pages.frame import Frame, page_route, see_other, to_link_page
from services.registration.pages.moment import moment_of
from services.registration.pages.site import data_block
from services.registration.people import access
from services.registration.people.app import Caller
from services.registration.people.domain import MOST_HEADCOUNT
from shared.errors import NotFound
from shared.http.security import WITH_DEVICES
from shared.service.route import Handler, Route

MODERATE: Final = "/moderate"
LITE: Final = "/lite"
ROOM: Final = "/room"
CAMERA: Final = "/camera"
STUDIO: Final = "/studio"
DOOR: Final = "/door"
LIVE: Final[Mapping[str, str]] = {
    "/watch": "watch.html",
    "/room": "room.html",
    access.HUB: "hub.html",
    MODERATE: "moderate.html",
    "/chair": "chair.html",
    "/stage": "stage.html",
    "/control": "control.html",
    CAMERA: "camera.html",
    STUDIO: "studio.html",
    DOOR: "door.html",
}

WITH_CAMERA: Final = frozenset({CAMERA, STUDIO, DOOR, "/watch", "/room"})
"""Pages that may ask for a camera and a microphone; people are called to the table on the last two, tickets are read on the third."""
NAMED: Final = re.compile(r"[a-z0-9-]{1,80}")
"""What a session of a programme may be called."""

OF_LITE: Final = re.compile(r"ask|(mine|poll|count)/[0-9a-f-]{36}")
"""What a page without script of a session may be called."""


def _of_hall(request: web.Request, caller: Caller) -> str:
    """Where somebody in a hall is led: to the room page of its session; empty when they are there."""
    if caller.person.kind != "hall":
        return ""
    (own,) = caller.session.sessions
    return "" if request.path == ROOM and request.query.get("session") == own else access.hall_home(own)


class Pages:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[Route]:
        seen: list[tuple[str, Handler, str, str]] = [
            ("/", self.event, "eventPage", "The event and its programme"),
            *((path, self.live, path[1:] + "Page", "A live page") for path in LIVE),
            (LITE, self.lite, "litePage", "A pass for the page without script of a session, which it leads to"),
        ]
        return [page_route("GET", path, handler, name, summary, LOOKING) for path, handler, name, summary in seen]

    async def event(self, request: web.Request) -> web.StreamResponse:
        await self._frame.visibility.require(request)
        publishing, now = self._frame.publishing, self._frame.ports.clock()
        context = {**moment_of(publishing, now), "structured": data_block(publishing.structured(now))}
        return await self._frame.page(request, "event.html", context)

    async def live(self, request: web.Request) -> web.StreamResponse:
        """The bare page; what is live on it comes with the scripts."""
        frame = self._frame
        caller = await frame.caller(request)
        if caller is None:
            return to_link_page(request)
        access.require_page(request.path, caller.person)
        if away := _of_hall(request, caller):
            return see_other(away)
        await frame.visibility.require(request)
        session, elsewhere = self._session(request)
        context = {
            "session": session,
            "session_elsewhere": elsewhere,
            "stage_id": session["stage"]["id"] if session and session["stage"] else None,
            "state": frame.publishing.state(frame.ports.clock()),
            "display_url": frame.settings.origin,
            "most_headcount": MOST_HEADCOUNT,
            "event_id": frame.publishing.event_id,
        }
        response = await frame.page(request, LIVE[request.path], context, caller=caller)
        if request.path in WITH_CAMERA:
            response.headers["Permissions-Policy"] = WITH_DEVICES
        return response

    async def lite(self, request: web.Request) -> web.StreamResponse:
        """Pages without script come here when their pass has ended: a fresh one, and back (`to`: which page of that session)."""
        frame = self._frame
        caller = await frame.caller(request)
        if caller is None:
            return to_link_page(request)
        access.require_page(LITE, caller.person)
        await frame.visibility.require(request)
        asked = request.query.get("session", "")
        session, to = frame.publishing.session_for(asked, frame.ports.clock()), request.query.get("to", "")
        id = asked if NAMED.fullmatch(asked) else session["id"] if session else ""
        if not id:
            raise NotFound("registration.session_unknown")
        response = see_other(f"{LITE}/{id}{f'/{to}' if OF_LITE.fullmatch(to) else ''}?renewed=1")
        frame.cookies.keep_lite(response, frame.registration.lite_pass(caller))
        return response

    def _session(self, request: web.Request) -> tuple[dict[str, Any] | None, str]:
        """The session of the page. Moderators may ask for one that the programme in force does not have: its id; whether it had it once
        and what was asked in it the questions know."""
        asked = request.query.get("session")
        session = self._frame.publishing.session_for(asked, self._frame.ports.clock(), request.query.get("stage"))
        if asked and request.path == MODERATE and NAMED.fullmatch(asked) and not (session and session["id"] == asked):
            return None, asked
        return session, ""
