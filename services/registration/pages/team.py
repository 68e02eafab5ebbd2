"""The team's links, for operators: who has which, whether it was used, giving one, taking one back. Works without script."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from services.registration.limits import LISTING, REVOCATIONS
from services.registration.pages import posting
from services.registration.pages.frame import Frame, page_route, see_other, to_link_page
from services.registration.pages.qr import svg_of
from services.registration.people import access
from services.registration.people.app import Caller
from services.registration.staff.grants import GivenLink, Grants
from shared.auth.capabilities import DUTIES, NONE
from shared.errors import Invalid
from shared.service.route import Route

PATH: Final = "/access"
ACTION: Final = "access.manage"


class TeamPages:
    def __init__(self, frame: Frame, grants: Grants) -> None:
        self._frame, self._grants = frame, grants

    def routes(self) -> list[Route]:
        return [
            page_route("GET", PATH, self.all, "accessPage", "Who of the team has a link", LISTING),
            page_route("POST", PATH, self.give, "giveLinkByForm", "Give one of the team a link", REVOCATIONS),
            page_route("POST", PATH + "/{id}/end", self.take_back, "takeLinkBackByForm", "Take a link back", REVOCATIONS),
        ]

    async def all(self, request: web.Request) -> web.StreamResponse:
        caller = await self._frame.caller(request)
        if caller is None:
            return to_link_page(request)
        access.require_page(PATH, caller.person)
        return await self._show(request, caller)

    async def give(self, request: web.Request) -> web.StreamResponse:
        fields = await posting.read(request, self._frame.settings.origin)
        caller, name, duty = await self._frame.allowed(request, ACTION), fields.get("name", ""), fields.get("duty", "")
        try:
            given = await self._grants.give(name, duty, caller.person.id)
        except Invalid as refused:
            return await self._show(request, caller, refused=refused, values={"name": name, "duty": duty})
        return await self._show(request, caller, given=given)

    async def take_back(self, request: web.Request) -> web.StreamResponse:
        await posting.read(request, self._frame.settings.origin)
        caller = await self._frame.allowed(request, ACTION)
        await self._grants.take_back(request.match_info["id"], caller.person.id)
        return see_other(f"{PATH}?done=ended")

    async def _show(
        self,
        request: web.Request,
        caller: Caller,
        *,
        given: GivenLink | None = None,
        refused: Invalid | None = None,
        values: dict[str, str] | None = None,
    ) -> web.Response:
        frame = self._frame
        link = access.link(frame.settings, given.token) if given is not None else ""
        context: dict[str, Any] = {
            "grants": await self._grants.all(),
            "given": given,
            "link": link,
            "picture": svg_of(link).decode() if link else "",
            "duties": [duty for duty in DUTIES if duty != NONE],
            "values": values or {},
            "me": caller.person.id,
            "shared": frame.registration.rules.shared,
            "done": request.query.get("done", ""),
            **(frame.refusal(request, refused) if refused is not None else {"notice": "", "errors": {}}),
        }
        response = await frame.page(request, "access.html", context, caller=caller, status=200 if refused is None else 422)
        response.headers["Cache-Control"] = "no-store"
        return response
