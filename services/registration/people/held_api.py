"""HTTP: everything that is held about the person of this browser's session, as one file."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel

from services.registration.limits import GATHERING
from services.registration.people.cookies import Cookies
from services.registration.people.gathering import Gathering
from shared.clock import to_text
from shared.http.caching import PRIVATE
from shared.service.ports import Ports
from shared.service.route import Route, Who

PATH: Final = "/api/registration/me/data"


class HeldAnswer(BaseModel):
    event: str
    made_at: str
    complete: bool
    missing: list[str]
    """Services that did not answer in time: ask again."""
    services: dict[str, dict[str, Any]]
    """Service → the names of what it keeps → what it is."""


class HeldApi:
    def __init__(self, ports: Ports, gathering: Gathering, cookies: Cookies) -> None:
        self._ports, self._gathering, self._cookies = ports, gathering, cookies

    def routes(self) -> list[Route]:
        return [
            Route(
                "GET", PATH, self.data, "exportMe", "Everything that is held about the person of this browser's session, by every service",
                who=Who.SESSION, answers={200: HeldAnswer},
                errors=("registration.no_session", "registration.place_fixed", "registration.busy"), limit=GATHERING,
            )
        ]  # fmt: skip

    async def data(self, request: web.Request) -> web.StreamResponse:
        held = await self._gathering.of_session(self._cookies.session_of(request))
        answer = {
            "event": self._ports.event_id,
            "made_at": to_text(held.at),
            "complete": not held.missing,
            "missing": list(held.missing),
            "services": held.services,
        }
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{self._ports.event_id}-my-data.json"'}
        return web.json_response(answer, headers=headers)
