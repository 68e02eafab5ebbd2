"""The page where people in a hall type its code. Failures are counted by address, which a whole hall may share; successes are not."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.registration.limits import ENTERING, LOOKING, MISTYPING
from services.registration.pages import posting
from services.registration.pages.frame import Frame, page_route, see_other
from services.registration.people import access
from shared.errors import Invalid, TooMany
from shared.http.limits import Limiter, caller_of, client_address
from shared.service.route import Route

CODE: Final = "/code"


class HallPages:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._mistypes = Limiter(time.monotonic)

    def routes(self) -> list[Route]:
        return [
            page_route(
                "GET", CODE, self.form, "hallCodeForm", "Where the code of a hall is typed: harmless, nothing opens by itself", LOOKING
            ),
            page_route("POST", CODE, self.enter, "enterHall", "Opens a session in which nothing is known of who it is", ENTERING),
        ]

    async def form(self, request: web.Request) -> web.StreamResponse:
        await self._frame.visibility.require(request)
        return await self._show(request, request.query.get("c", "")[:40])

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Raises Denied("request.cross_origin")."""
        frame = self._frame
        fields = await posting.read(request, frame.settings.origin)
        caller = caller_of(client_address(request, frame.settings.trusted_proxies))
        typed = fields.get("code", "")[:40]
        try:
            self._mistypes.take(CODE, caller, MISTYPING)
            token, session = await frame.registration.enter_hall(typed, frame.cookies.session_of(request), frame.language(request))
        except Invalid as refused:
            return await self._show(request, typed, frame.refusal(request, refused), status=422)
        except TooMany as refused:
            return await self._show(request, typed, frame.refusal(request, refused), status=429)
        self._mistypes.give_back(CODE, caller, MISTYPING)
        response = see_other(access.hall_home(session))
        if token:
            frame.cookies.keep_session(response, token)
        return response

    async def _show(self, request: web.Request, code: str, refusal: Mapping[str, Any] | None = None, *, status: int = 200) -> web.Response:
        context = {"values": {"code": code}, **(refusal or {"notice": "", "errors": {}})}
        return await self._frame.page(request, "code.html", context, status=status)
