"""The event page and the live pages: server-rendered, complete without script where they can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from services.registration.limits import LOOKING
from services.registration.pages.frame import Frame, page_route, see_other
from services.registration.pages.moment import moment_of
from services.registration.pages.site import data_block
from services.registration.people import access
from shared.service.route import Handler, Route

LIVE: Final[Mapping[str, str]] = {
    "/watch": "watch.html",
    "/room": "room.html",
    "/moderate": "moderate.html",
    "/stage": "stage.html",
    "/control": "control.html",
}


class Pages:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[Route]:
        seen: list[tuple[str, Handler, str, str]] = [
            ("/", self.event, "eventPage", "The event and its programme"),
            *((path, self.live, path[1:] + "Page", "A live page") for path in LIVE),
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
            return see_other("/link")
        access.require_page(request.path, caller.person.duty)
        await frame.visibility.require(request)
        session = frame.publishing.session_for(request.query.get("session"), frame.ports.clock(), request.query.get("stage"))
        context = {
            "session": session,
            "stage_id": session["stage"]["id"] if session and session["stage"] else None,
            "state": frame.publishing.state(frame.ports.clock()),
            "feed_url": frame.settings.feed_address,
            "page": request.path[1:],
            "display_url": frame.settings.origin,
        }
        return await frame.page(request, LIVE[request.path], context, caller=caller)
